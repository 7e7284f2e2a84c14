"""The child that decodes a resident's HEIC photo: from standard input to a JPEG on standard output, nothing else of its file.

    python -m luytre.civic.tips.heic_child < IN > OUT

Knows no Django: it is started for one photo by `heic`, and bounds its own time and memory before it reads anything. libheif turns
the picture upright by itself. Exit 0: done; 3: this is no photo that is taken.
"""

from __future__ import annotations

import resource
import sys
from io import BytesIO

import pillow_heif

LONGEST_SIDE_PX = 1600
MOST_PIXELS = 60_000_000
REFUSED = 3
CPU_S = 15
MEMORY_BYTES = 2 * 1024**3
MOST_READ_BYTES = 16 * 1024**2


def jpeg_of(data: bytes) -> bytes:
    """Errors: ValueError and what libheif raises for what it does not take."""
    found = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
    width, height = found.size
    if not width or not height or width * height > MOST_PIXELS:
        raise ValueError("too many pixels")
    picture = found.to_pillow().convert("RGB")
    picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    picture.info.clear()
    written = BytesIO()
    picture.save(written, "JPEG", quality=95)  # it is made anew once more by whoever keeps it
    return written.getvalue()


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        made = jpeg_of(sys.stdin.buffer.read(MOST_READ_BYTES))
    except (ValueError, RuntimeError, OSError, SyntaxError, EOFError, IndexError, KeyError, MemoryError):
        return REFUSED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
