"""A resident's HEIC photo (ISO/IEC 23008-12, as iPhones take them), made a JPEG by a child that bounds itself (`heic_child`)."""

from __future__ import annotations

import subprocess
import sys
import threading

from luytre.base.i18n import N_
from luytre.civic.survey.photos import MOST_BYTES, PhotoRefused
from luytre.civic.tips.video import HEIF

CHILD_S = 20
WAIT_S = 15
AT_ONCE = threading.BoundedSemaphore(2)
"""One takes a second or so: the next waits for its turn."""


def is_heic(head: bytes) -> bool:
    """By its first 12 bytes. AVIF lies in the same container and is not decoded here."""
    return head[4:8] == b"ftyp" and head[8:12] in HEIF - {b"avif"}


def as_jpeg(data: bytes) -> bytes:
    """Its main picture, upright, nothing else of the file. Errors: PhotoRefused, for any bytes whatever."""
    if len(data) > MOST_BYTES:
        raise PhotoRefused(N_("the photo is larger than 8 MB"), N_("Take it again with the telephone's camera, at a lower size."))
    if not AT_ONCE.acquire(timeout=WAIT_S):
        raise PhotoRefused(N_("other photos are being read at this moment"), N_("Add it under the code in a minute."))
    try:
        command = [sys.executable, "-m", "luytre.civic.tips.heic_child"]
        done = subprocess.run(command, input=data, capture_output=True, timeout=CHILD_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise _refused() from error
    finally:
        AT_ONCE.release()
    if done.returncode != 0 or not done.stdout:
        raise _refused()
    return done.stdout


def _refused() -> PhotoRefused:
    hint = N_("On an iPhone: Settings → Camera → Formats → Most Compatible, then take it again.")
    return PhotoRefused(N_("this HEIC photo cannot be read"), hint)
