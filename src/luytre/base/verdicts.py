"""What a camera's picture tells of it, and in which light it was taken: codes and their words, one list for both planes."""

from __future__ import annotations

from enum import StrEnum

from luytre.base.errors import Words
from luytre.base.i18n import N_


class Verdict(StrEnum):
    """Stable codes: stored, sent over HTTP, shown as `VERDICT_WORDS`."""

    WELL = "well"
    FROZEN = "frozen"
    DARK = "dark"
    COVERED = "covered"
    BLURRED = "blurred"
    TURNED = "turned"
    NO_REFERENCE = "no_reference"


FAULTS = frozenset({Verdict.FROZEN, Verdict.DARK, Verdict.COVERED, Verdict.BLURRED, Verdict.TURNED})
"""Those that somebody must do something about."""


class Light(StrEnum):
    """The light of a picture: pictures of one light are compared with each other."""

    DAY = "day"
    DUSK = "dusk"
    NIGHT_LAMP = "night_lamp"
    NIGHT_IR = "night_ir"


VERDICT_WORDS: dict[Verdict, Words] = {
    Verdict.WELL: Words(N_("the picture is as it should be"), ""),
    Verdict.FROZEN: Words(
        N_("the picture stands still, though the camera goes on sending"),
        N_("Restart the camera. If this returns, update its firmware."),
    ),
    Verdict.DARK: Words(
        N_("the picture is black"),
        N_("Look whether the lens is covered, and whether the camera's night light and the lamps nearby still work."),
    ),
    Verdict.COVERED: Words(
        N_("something covers the lens"), N_("Send somebody to look: a bag, paint, a branch or a spider's web.")
    ),
    Verdict.BLURRED: Words(N_("the picture is out of focus"), N_("Clean the lens. If it stays blurred, set the focus again.")),
    Verdict.TURNED: Words(
        N_("the camera looks elsewhere than when it was accepted"),
        N_("Compare both pictures, then turn the camera back or accept its new view."),
    ),
    Verdict.NO_REFERENCE: Words(
        N_("there is no accepted picture of this light to compare with yet"),
        N_("Accept the camera's view by day. Pictures of dusk and night are learnt from it within a day or two."),
    ),
}

LIGHT_WORDS: dict[Light, str] = {
    Light.DAY: N_("by day"),
    Light.DUSK: N_("at dusk or dawn"),
    Light.NIGHT_LAMP: N_("at night by lamps"),
    Light.NIGHT_IR: N_("at night by infrared"),
}
