"""The words of a plan's forms; what is said of a plan is `civic.planning.words`, handed on here."""

from __future__ import annotations

from luytre.base.i18n import N_
from luytre.civic.planning.words import (
    LEVEL_WORDS,
    compass,
    conflict_words,
    kind_words,
    proof_words,
    reasons,
    seen_words,
    share,
)

__all__ = [
    "COST_WORDS", "FIGURE_WORDS", "LEVEL_WORDS", "WEIGHT_WORDS", "compass", "conflict_words", "kind_words", "proof_words",
    "reasons", "seen_words", "share",
]  # fmt: skip

COST_WORDS = {
    "camera_vnd": N_("Camera"),
    "pole_vnd": N_("Pole or bracket, once for the place"),
    "cable_vnd": N_("Cable and network"),
    "power_vnd": N_("Power"),
    "upkeep_vnd": N_("Upkeep a year"),
}
FIGURE_WORDS = {
    "detect": N_("Detect, pixels a metre"),
    "observe": N_("Observe, pixels a metre"),
    "recognise": N_("Recognise, pixels a metre"),
    "identify": N_("Identify, pixels a metre"),
    "new_hfov_deg": N_("Field of view, degrees"),
    "new_width_px": N_("Width of the picture, pixels"),
    "new_height_m": N_("Height above the ground, m"),
    "new_tilt_deg": N_("Tilt downward, degrees"),
    "new_ir_range_m": N_("Its own light reaches, m"),
    "bearings": N_("Bearings that are tried at each place"),
    "home_margin_m": N_("Nobody is to be recognised nearer to a home than, m"),
    "camera_vnd": N_("Camera, dong"),
    "pole_vnd": N_("Pole or bracket, dong"),
    "cable_vnd": N_("Cable and network, dong"),
    "power_vnd": N_("Power, dong"),
    "upkeep_vnd": N_("Upkeep a year, dong"),
}
WEIGHT_WORDS = {
    "route_100m": N_("100 m of a route"),
    "thousand_vehicles": N_("1,000 vehicles a day, for each 100 m"),
    "residential": N_("residential point"),
    "hundred_residents": N_("100 residents"),
    "hot_spot": N_("hot spot"),
    "school": N_("school"),
    "market": N_("market"),
    "temple": N_("temple, pagoda or church"),
    "cultural_house": N_("cultural house"),
    "office": N_("office, health station"),
    "other": N_("other institution"),
    "need_low": N_("need that can wait"),
    "need_middle": N_("need of this year"),
    "need_high": N_("need at once"),
    "past_incident": N_("past incident of the last year"),
}
