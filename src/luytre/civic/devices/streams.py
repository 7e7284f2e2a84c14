"""A stream's settings: what is wished checked, and what it means for the disk. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

from luytre.base.i18n import N_
from luytre.civic.ports import DeviceFacts, DeviceStream, StreamChoice, StreamWish

DAY_S = 86_400
CODECS = ("h264", "h265")
FPS = range(1, 61)
GOP_S = range(1, 11)
KBPS = range(64, 32_769)
SIDE_PX = range(64, 8193)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a bitrate does to the disk. Days are of the whole archive: None where nobody knows how full it gets."""

    bytes_a_day: int
    bytes_a_day_now: int
    days: float | None
    days_now: float | None


def bytes_a_day(kbps: float) -> int:
    """A bitrate is a number of bits a second, and all of them are kept."""
    return round(kbps * 1000 / 8 * DAY_S)


def effect_of(before_kbps: int, after_kbps: int, room_bytes: int, all_bps: float) -> Effect:
    """`room_bytes`: what footage may fill, used and free together; `all_bps`: what all cameras write now, bits a second, this one
    with `before_kbps` among them. Days are how long that room lasts."""
    now_bps = all_bps if all_bps > 0 else 0.0
    then_bps = max(0.0, now_bps + (after_kbps - before_kbps) * 1000)
    days = [room_bytes / (bps / 8 * DAY_S) if room_bytes > 0 and bps >= 1 else None for bps in (then_bps, now_bps)]
    return Effect(bytes_a_day(after_kbps), bytes_a_day(before_kbps), days[0], days[1])


def faults_of(wish: StreamWish, facts: DeviceFacts) -> dict[str, str]:
    """By field (codec, size, fps, gop, bitrate_kbps): what is not possible at all, and what this device does not offer."""
    offered = next((one for one in facts.choices if (one.token, one.codec) == (wish.token, wish.codec)), None)
    return _impossible(wish) | (_not_offered(wish, offered) if offered is not None else {})


def _impossible(wish: StreamWish) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if wish.codec not in CODECS:
        wrong["codec"] = N_("Choose H.264 or H.265.")
    if wish.width_px not in SIDE_PX or wish.height_px not in SIDE_PX:
        wrong["size"] = N_("Choose a size that the camera offers.")
    if wish.fps not in FPS:
        wrong["fps"] = N_("From 1 to 60 pictures a second.")
    elif not 1 <= wish.gop <= wish.fps * GOP_S[-1]:
        wrong["gop"] = N_("A key frame at least every ten seconds: looking back jumps from one to the next.")
    if wish.bitrate_kbps not in KBPS:
        wrong["bitrate_kbps"] = N_("From 64 to 32768 kbit/s.")
    return wrong


def _not_offered(wish: StreamWish, offered: StreamChoice) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if offered.sizes and (wish.width_px, wish.height_px) not in offered.sizes:
        wrong["size"] = N_("Choose a size that the camera offers.")
    for field, value, (least, most) in (
        ("fps", wish.fps, offered.fps), ("gop", wish.gop, offered.gop), ("bitrate_kbps", wish.bitrate_kbps, offered.bitrate_kbps),
    ):  # fmt: skip
        if most and not least <= value <= most:
            wrong[field] = N_("The camera does not offer this.")
    return wrong


def words_of(stream: DeviceStream | StreamWish) -> str:
    """For a row of the log: `enc1 h264 1920×1080 25 fps GOP 50 4096 kbit/s`."""
    size = f"{stream.width_px}×{stream.height_px}"
    return f"{stream.token} {stream.codec} {size} {stream.fps} fps GOP {stream.gop} {stream.bitrate_kbps} kbit/s"
