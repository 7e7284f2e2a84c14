"""The process's memory: kept from the C library's habits, and measured.

glibc gives memory back to the kernel and asks for it again at every tick: a recorder takes and frees the same few hundred
kilobytes five times a second; with the defaults each round costs hundreds of page faults (measured: 1,500 a second with 16
cameras; none afterwards).
"""

from __future__ import annotations

import ctypes
import resource
from pathlib import Path

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3
KEEP_BYTES = 16 << 20
MMAP_BYTES = 32 << 20


def keep_heap() -> bool:
    """Sets glibc's thresholds (mallopt(3)); false where there is no glibc, which is only slower."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    settings = ((_M_TRIM_THRESHOLD, KEEP_BYTES), (_M_TOP_PAD, KEEP_BYTES // 8), (_M_MMAP_THRESHOLD, MMAP_BYTES))
    return all(mallopt(name, value) == 1 for name, value in settings)


def peak_rss_bytes() -> int:
    """The most memory this program held. From `VmHWM` of proc(5): `ru_maxrss` outlives exec(2), and would tell of whoever
    started us."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
