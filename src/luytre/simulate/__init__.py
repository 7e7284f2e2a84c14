"""simulate: cameras that are not there. An RTSP server of its own, moving scenes, and every way a camera can misbehave.

Owns: RTSP 1.0 (RFC 2326) from the camera's side over interleaved TCP; packetising of H.264 (RFC 6184), H.265 (RFC 7798)
and AAC (RFC 3640); the pictures of the simulated cameras; `Quirks`, the catalogue of misbehaviour; the ledger of what
was sent to whom.
Never: imports another room than `base`. It is the other side of the wire, written independently of `luytre.media`, so
that a misunderstanding of a standard shows itself instead of cancelling out.
Runs in: `luytre simulate`, tests, bench.
Invariants:
- An access unit is handed to a client whole or not at all, unless a quirk damages it on purpose; what a slow client
  could not take is missing with its sequence numbers, and is marked so in the ledger.
- A client's queue is bounded; the server's memory does not grow with a client's slowness.
- Pictures leave at the pace of their timestamps.
- Parameter sets are not among an access unit's `nals`: where they travel (SDP, in band, both) is the camera's habit.
"""
