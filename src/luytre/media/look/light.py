"""The light of a picture, by its level and its colour: pictures of one light are compared with each other first."""

from __future__ import annotations

from luytre.base.verdicts import Light
from luytre.media.look.signature import Signature

NO_COLOUR = 1.0
"""Mean distance from grey below which a picture has no colour; the palest of day's have twice as much."""
DAY_MEAN, DUSK_MEAN = 75.0, 45.0
BLACK = 28.0
"""Nineteen of twenty pixels are darker than this in a black picture."""


def light_of(signature: Signature) -> Light:
    """Of a picture that shows something. What it is called matters little: another light's pictures are tried as well."""
    if signature.colour < NO_COLOUR:
        return Light.NIGHT_IR
    if signature.mean >= DAY_MEAN:
        return Light.DAY
    return Light.DUSK if signature.mean >= DUSK_MEAN else Light.NIGHT_LAMP


def is_black(signature: Signature) -> bool:
    return signature.light_part < BLACK
