"""What longer distances between key frames save at the same quality: `python -m bench.gop [FILE]` encodes a street with people.

The file is OpenCV's vtest.avi (Debian: opencv-doc) unless another is named. What `civic.upkeep.forecast` takes is the quotient of
4 s and 2 s.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

import av
from av.video.frame import VideoFrame

STREET = "/usr/share/doc/opencv-doc/examples/data/vtest.avi"
FPS, CRF = 10, 26


def frames(path: str) -> Iterator[VideoFrame]:
    with av.open(path) as container:
        yield from container.decode(video=0)


def coded_bytes(path: str, distance_s: int) -> tuple[int, int]:
    """Bytes of all packets, and how many frames, with a key frame each `distance_s` and nowhere else."""
    total = count = 0
    with av.open(io.BytesIO(), "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=FPS)
        stream.pix_fmt = "yuv420p"
        gop = str(distance_s * FPS)
        kept = {"crf": str(CRF), "preset": "veryfast", "tune": "zerolatency"}
        stream.options = kept | {"g": gop, "keyint_min": gop, "sc_threshold": "0"}
        for frame in frames(path):
            if not count:
                stream.width, stream.height = frame.width, frame.height
            coded = frame.reformat(format="yuv420p")
            coded.pts = count
            count += 1
            total += sum(packet.size for packet in stream.encode(coded))
        total += sum(packet.size for packet in stream.encode())
    return total, count


def main() -> None:
    path = sys.argv[1] if len(sys.argv) > 1 else STREET
    first = 0
    for distance_s in (1, 2, 4, 8):
        size, count = coded_bytes(path, distance_s)
        first = first or size
        print(f"{distance_s} s: {size * 8 * FPS / count / 1000:.0f} kbit/s, {size / first:.3f} of 1 s")


if __name__ == "__main__":
    main()
