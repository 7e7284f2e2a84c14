"""What the fields of an eye are called, wherever they are read: pages, sheets, history. Message ids."""

from luytre.base.i18n import N_

EYE_FIELDS: dict[str, str] = {
    "name": N_("Name"),
    "site": N_("Mounting place"),
    "hamlet": N_("Hamlet"),
    "site_kind": N_("Kind of place"),
    "road": N_("Road"),
    "position": N_("Coordinates"),
    "address": N_("Postal address"),
    "owner_kind": N_("Whose it is"),
    "owner_name": N_("Owner's name"),
    "owner_phone": N_("Owner's telephone"),
    "tier": N_("What the owner agreed to"),
    "bearing_deg": N_("Looks towards"),
    "tilt_deg": N_("Tilted down"),
    "height_m": N_("Height above the ground"),
    "hfov_deg": N_("Angle of view"),
    "focal_mm": N_("Focal length"),
    "sensor": N_("Sensor"),
    "width_px": N_("Picture's width"),
    "height_px": N_("Picture's height"),
    "ir_range_m": N_("Sees at night up to"),
    "recorder": N_("Records to"),
    "days_kept": N_("Days kept"),
    "clock_error_s": N_("Its clock is ahead by"),
    "power": N_("Power"),
    "network": N_("Network"),
    "label": N_("Label of QCVN 135:2024"),
    "maker": N_("Maker"),
    "model": N_("Model"),
    "firmware": N_("Firmware"),
    "warranty_until": N_("Under warranty until"),
    "condition": N_("Condition"),
    "condition_day": N_("Condition seen on"),
    "sees": N_("What it sees"),
    "homes_in_view": N_("Whose homes are in view"),
    "note": N_("Note"),
}
"""In the order in which sheets and pages have them."""
EYE_HINTS: dict[str, str] = {
    "site": N_("The pole or wall. Empty: named as the eye. Two eyes on one pole share it."),
    "position": N_("As a map on a phone shows them: 21.0285, 105.8542."),
    "bearing_deg": N_("Degrees clockwise from north: 0 north, 90 east, 180 south, 270 west."),
    "tilt_deg": N_("Degrees below the horizon; 0 looks straight ahead, 90 straight down."),
    "height_m": N_("Metres."),
    "ir_range_m": N_("Metres, as the maker says."),
    "hfov_deg": N_("Degrees from the left edge to the right one. Empty: reckoned from focal length and sensor."),
    "focal_mm": N_("Millimetres, such as 2,8 or 4."),
    "sensor": N_("In inches, as makers write it: 1/2.8."),
    "clock_error_s": N_("Seconds; with a minus where it is behind."),
    "homes_in_view": N_("Doors, windows and yards that should be hidden."),
    "sees": N_("Such as: the gate, the crossing, 50 m of the road."),
}
"""What is to be written into a field, where its name does not say it."""
EYE_UNITS: dict[str, str] = {
    "bearing_deg": "°", "tilt_deg": "°", "hfov_deg": "°", "height_m": "m", "ir_range_m": "m", "focal_mm": "mm",
    "width_px": "px", "height_px": "px", "clock_error_s": N_("s"), "days_kept": N_("days"),
}  # fmt: skip
DAY_FIELDS = ("condition_day", "warranty_until")
WHOLE_FIELDS = ("width_px", "height_px", "days_kept")
FIGURE_FIELDS = ("bearing_deg", "tilt_deg", "height_m", "hfov_deg", "focal_mm", "ir_range_m", "clock_error_s")
