"""Passwords of devices: which are weak, and how one is changed so that nothing is lost whatever breaks.

Judged is only what somebody typed; nothing is ever tried against a device to find out.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import transaction

from luytre.base.i18n import N_, translate
from luytre.civic.access.models import User
from luytre.civic.devices.models import Device, StepCode
from luytre.civic.devices.reaching import access_of
from luytre.civic.devices.steps import came, wished
from luytre.civic.ports import DeviceChange, DeviceControl
from luytre.civic.registry.models import Camera
from luytre.civic.registry.seal import seal, unseal

SHORTEST, LONGEST = 8, 32
A_CHANGE_TAKES = timedelta(minutes=2)
TRIED_FOR = timedelta(hours=2)
"""After this a person reads the device."""

DEFAULTS: dict[str, frozenset[str]] = {
    "": frozenset({"", "admin", "root", "user", "guest", "password", "pass", "123456", "12345", "1234", "12345678", "888888",
                   "666666", "111111", "000000", "system", "camera", "tljwpbo6", "admin123", "admin1234", "abcd1234",
                   "123456a@", "admin@123", "admin12345"}),
    "hikvision": frozenset({"12345", "hik12345", "hik12345+", "abc12345", "hikvision"}),
    "dahua": frozenset({"admin", "888888", "666666", "admin123", "dahua123", "dahua"}),
    "kbvision": frozenset({"admin", "admin123", "kbvision", "kbvision123", "kbvision@123"}),
    "imou": frozenset({"admin", "imou123"}),
    "ezviz": frozenset({"12345", "ezviz123"}),
    "tp-link": frozenset({"admin", "tplink", "vigi", "tapo", "tapo123"}),
    "uniview": frozenset({"123456", "admin", "uniview123"}),
    "axis": frozenset({"pass", "root"}),
    "hanwha": frozenset({"4321", "1111111", "no password", "111111"}),
    "samsung": frozenset({"4321", "1111111"}),
    "panasonic": frozenset({"12345", "password"}),
    "vantech": frozenset({"admin", "vantech123"}),
    "questek": frozenset({"admin", "888888"}),
}  # fmt: skip
"""As makers and installers publish them, in small letters, by the maker; the first are anybody's."""

_LABEL_CODE = re.compile(r"[A-Z]{6}|L2[0-9A-Z]{6}|(?=.*[A-F])[0-9A-F]{8}")
_RUN = "abcdefghijklmnopqrstuvwxyz 01234567890 09876543210 qwertyuiop asdfghjkl zxcvbnm"

EMPTY = N_("The camera has no password: whoever is on the network sees and sets everything.")
DEFAULT = N_("This is a password that makers and installers publish: it is the first that anybody tries.")
LABEL = N_("This looks like the code on the camera's label: whoever has held the camera, or its box, knows it.")
SHORT = N_("The password is shorter than 8 characters.")
LIKE_THE_USER = N_("The password contains the user name.")
COMMON = N_("The password is one of the most common in the world.")
ONE_KIND = N_("The password is made of one kind of characters only, or of a row of the keyboard.")


def weak_words(password: str, maker: str = "", username: str = "") -> str:
    """Why a password is weak, as a message id; empty: it is not. Judged from what was typed, and nothing else."""
    folded = password.strip().lower()
    if not folded:
        return EMPTY
    if folded in DEFAULTS[""] or any(folded in known for name, known in DEFAULTS.items() if name and name in maker.lower()):
        return DEFAULT
    if any(folded in known for known in DEFAULTS.values()):
        return DEFAULT  # of another maker: many cameras are sold under several names
    if _LABEL_CODE.fullmatch(password):
        return LABEL
    if len(password) < SHORTEST:
        return SHORT
    if len(username) >= 3 and username.lower() in folded and len(password) - len(username) < SHORTEST:
        return LIKE_THE_USER
    if folded in _common():
        return COMMON
    return ONE_KIND if _is_simple(folded) else ""


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _is_simple(folded: str) -> bool:
    return len(set(folded)) < 4 or folded in _RUN or (folded.isdigit() and len(folded) < 12)


PENDING = N_("a change of this camera's password is not settled yet")
PENDING_HINT = N_("Read the device first: that tells which of the two passwords it has.")


def change_password(control: DeviceControl, camera: Camera, by: User, new: str, language: str, now: datetime) -> DeviceChange:
    """Tells the device, and keeps the new one in place of the old.

    Errors: django.db.Error, LuytreError; both passwords are kept then.
    """
    at = access_of(camera, language)
    with transaction.atomic():
        device = _locked(camera)
        if device.sealed_next:
            return DeviceChange(False, "pending", translate(PENDING, language), translate(PENDING_HINT, language))
        device.sealed_next, device.next_since, device.next_by = seal(new), now, by
        device.save()
        wish = wished(by, camera, StepCode.PASSWORD, now)
    answer = control.set_password(at, new)
    with transaction.atomic():
        if answer.ok:
            _take_new(camera, new)
        elif answer.problem != "unsure":
            _forget_new(camera)
        came(wish, camera, answer, now)
    return answer


def is_pending(camera: Camera) -> bool:
    return Device.objects.filter(camera=camera).exclude(sealed_next="").exists()


def settle(control: DeviceControl, camera: Camera, language: str, now: datetime) -> str:
    """Finds out which of two passwords the device has, where a change was left open. Both were typed by people.

    `none`: nothing was open; `old`, `new`: it has this one; `open`: it lets neither in, or does not answer.
    """
    device = Device.objects.filter(camera=camera).exclude(sealed_next="").select_related("next_by").first()
    if device is None:
        return "none"
    new = unseal(device.sealed_next)
    first = control.facts(access_of(camera, language))
    if first.ok:
        with transaction.atomic():
            _forget_new(camera)
        return "old"
    if first.problem not in ("wrong_password", "password_needed"):
        return "open"
    if not control.facts(access_of(camera, language, new)).ok:
        return "open"
    with transaction.atomic():
        wish = wished(device.next_by, camera, StepCode.PASSWORD, now)
        _take_new(camera, new)
        came(wish, camera, DeviceChange(True), now)
    return "new"


def settle_left_open(control: DeviceControl, now: datetime) -> int:
    """Settles what has been open for longer than a change takes, up to `TRIED_FOR`, each once; how many have the new one.

    The jobs' process calls it every few minutes: a recorder that knocks with the old password would lose footage, and one
    failed login in five minutes locks no camera. Errors: django.db.Error, LuytreError.
    """
    between = (now - TRIED_FOR, now - A_CHANGE_TAKES)
    left = (
        Device.objects.filter(next_since__range=between, camera__archived=False).exclude(sealed_next="").select_related("camera")
    )
    return sum(settle(control, device.camera, "en", now) == "new" for device in left)


def _locked(camera: Camera) -> Device:
    Device.objects.get_or_create(camera=camera)
    return Device.objects.select_for_update().get(camera=camera)


def _take_new(camera: Camera, new: str) -> None:
    camera.set_password(new)
    camera.save(update_fields=["sealed_password", "changed"])
    _forget_new(camera)


def _forget_new(camera: Camera) -> None:
    Device.objects.filter(camera=camera).update(sealed_next="", next_since=None, next_by=None)
