"""A program's own peak of memory, whoever started it."""

from __future__ import annotations

import subprocess
import sys

SMALL = "from luytre.media.recorder.memory import peak_rss_bytes; print(peak_rss_bytes())"
LARGE = f"import os, sys; held = b'x' * 300_000_000; os.execv(sys.executable, [sys.executable, '-c', {SMALL!r}])"


def told(program: str) -> int:
    return int(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def test_the_peak_is_not_that_of_whoever_started_it() -> None:
    assert 4_000_000 < told(SMALL) < 100_000_000
    assert told(LARGE) < 100_000_000


def test_what_was_held_once_counts() -> None:
    assert told(f"held = b'x' * 300_000_000; del held; {SMALL}") > 300_000_000
