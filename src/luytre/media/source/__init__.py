"""source: cameras into samples. One camera, one connection, one receive buffer.

Owns: an RTSP 1.0 client over interleaved TCP (RFC 2326, RFC 7826's lenient parts), RTP depacketising of H.264 (RFC 6184),
H.265 (RFC 7798) and AAC (RFC 3640), RTCP sender reports, the ticker that wakes all cameras together, and PyAV behind the
same seam (`Source`) for what is not RTSP over TCP, with its sound where that is AAC. Never: writes a file, decodes a picture
(but for a probe), retries: a source runs once and ends with a `CameraError`; the recorder decides when to try again.
Runs in: the recorder, `luytre record`, `luytre camera test`.

Invariants:
- What is delivered begins with a `FormatChange` and a key frame, and so does what follows each `Break`.
- A frame is delivered whole or not at all; a lost packet becomes a `Break`, never a patched picture.
- Reading never waits for the sink, the disk or another camera.
- A password is in no exception, log line or URL that leaves this room.
"""
