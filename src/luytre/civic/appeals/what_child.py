"""The child that tells what an owner's file is.

    python -m luytre.civic.appeals.what_child FILE

Knows no Django: started for one file by `what`, it bounds its own time and memory before it reads anything, opens nothing but
that file, and decodes no picture. Prints container, codec, width, height and seconds. Exit 0: told; 3: nothing that it knows.
"""

from __future__ import annotations

import resource
import sys

import av

REFUSED = 3
CPU_S = 15
MEMORY_BYTES = 2 * 1024**3
CONTAINERS = frozenset({"mov", "matroska", "avi", "mpegts", "mpeg", "h264", "hevc", "dhav", "asf", "flv"})
"""The first of a format's names. Playlists and anything that names other files are no film here."""


def tell(path: str) -> str:
    """Errors: av.FFmpegError, ValueError for what is not known."""
    with av.open(path, options={"protocol_whitelist": "file"}) as found:
        container = found.format.name.split(",")[0]
        if container not in CONTAINERS or not found.streams.video:
            raise ValueError("no film")
        picture = found.streams.video[0]
        seconds = found.duration / 1_000_000 if found.duration and found.duration > 0 else 0.0
        codec = picture.codec_context
        return f"{container} {codec.name} {codec.width} {codec.height} {seconds:.1f}"


def main(arguments: list[str]) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        told = tell(arguments[0])
    except (av.FFmpegError, ValueError, IndexError, MemoryError):
        return REFUSED
    sys.stdout.write(told + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
