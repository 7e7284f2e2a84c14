"""A moment of the past as people here say it: `21h30 tối qua`, `9 rưỡi tối hôm qua`, `thứ hai 7 giờ kém 10`, `20/11 14:05`.

Pure: `now` is handed in, nothing is asked of a clock. Reads with or without accents, and gives back what of the text was
not about time, so that one box takes a place and a time together. English is understood too (`when_english`).
The future is never meant: a time of day that is still to come was yesterday's, a weekday was the last one; a whole date in
the future is not understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from luytre.base.letters import fold
from luytre.base.when_english import in_vietnamese

_PARTS = r"nua dem|sang|trua|chieu|toi|dem|khuya"
_VAGUE = {"sang": 8, "trua": 12, "chieu": 15, "toi": 20, "dem": 23, "khuya": 23, "nua dem": 24}
"""The hour that is shown where only a part of the day was said."""
_NUMBERS = {"muoi mot": 11, "muoi hai": 12, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8,
            "chin": 9, "muoi": 10}  # fmt: skip
_WEEKDAYS = {"hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4, "bay": 5, "7": 5}
_BEFORE_A_NUMBER = ("thon", "xom", "to", "ap", "ngo", "hem", "so", "km", "cam", "camera", "cong", "duong", "lo", "khu", "cau")
_NO_NAME = "".join(rf"(?<!\b{word} )" for word in _BEFORE_A_NUMBER)
"""`thôn 3 tối qua`: the number belongs to the hamlet."""
_HOUR = r"(?P<hour>\d{1,2})"
_SIGN = r"(?:\s*(?:gio|g|h)\b\s*|\s*(?:g|h)\s*(?=\d))"
_CLOCKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_HOUR}(?:{_SIGN}|\s+)kem\s+(?P<less>\d{{1,2}})(?:\s*(?:phut|p)\b)?",
        rf"\b{_HOUR}(?:{_SIGN}|\s+)ruoi\b",
        rf"\b{_HOUR}\s*:\s*(?P<minute>\d{{2}})(?:\s*:\s*(?P<second>\d{{2}}))?(?!\d)",
        rf"\b{_HOUR}{_SIGN}(?P<minute>\d{{1,2}})(?:\s*(?:phut|p|m)(?![a-z])(?:\s*(?P<second>\d{{1,2}})\s*(?:giay|s)\b)?)?(?![\d/])",
        rf"\b{_HOUR}{_SIGN}(?=\D|$)",
        rf"\b{_NO_NAME}{_HOUR}\s+(?=(?:{_PARTS})\b)",
    )
)
_SPELLED = re.compile(rf"\b({'|'.join(_NUMBERS)})(?=\s+(?:gio|ruoi|kem)\b)|(?<=\bkem )({'|'.join(_NUMBERS)})\b")
_AGO = re.compile(r"\b(?P<count>\d{1,4}|nua)\s*(?P<unit>phut|tieng|gio|ngay)\s+truoc\b")
_DATE = re.compile(r"\b(?:ngay\s+)?(?P<day>\d{1,2})\s*[/-]\s*(?P<month>\d{1,2})(?:\s*[/-]\s*(?P<year>\d{4}|\d{2}))?(?![\d/-])")
_LONG_DATE = re.compile(r"\b(?:ngay\s+)?(?P<day>\d{1,2})\s+thang\s+(?P<month>\d{1,2})(?:\s+nam\s+(?P<year>\d{4}))?\b")
_WEEKDAY = re.compile(r"\b(?:thu\s+(?P<name>hai|ba|tu|nam|sau|bay|[2-7])|t(?P<short>[2-7])|(?P<sunday>chu\s+nhat|cn))\b"
                      r"(?P<last>\s+tuan\s+(?:truoc|roi))?")  # fmt: skip
_DAYS = tuple((re.compile(rf"\b(?:hom|bua)\s+{word}\b"), days) for word, days in (("kia", 2), ("qua", 1), ("nay", 0)))
_PART_AND_DAY = re.compile(rf"\b(?P<part>{_PARTS})\s+(?P<day>qua|nay)\b")
_PART = re.compile(rf"\b(?P<part>{_PARTS})\b")
_FILLERS = re.compile(r"\b(?:luc|vao|hoi|khoang|tam|tu|den)\b")
_AFTERNOONS = {"trua": range(1, 4), "chieu": range(1, 12), "toi": range(1, 12), "dem": range(6, 12), "khuya": range(6, 12)}
_NIGHTS = ("dem", "khuya", "nua dem")


@dataclass(frozen=True, slots=True)
class When:
    """`moment` in UTC; `rest` is the folded text that was not about time."""

    moment: datetime
    rest: str


@dataclass(slots=True)
class _Found:
    """What the text says of time, piece by piece; `text` loses each piece that is understood."""

    text: str
    clock: tuple[int, int, int] | None = None
    part: str = ""
    day: date | None = None
    year_said: bool = True
    is_weekday: bool = False
    day_said: bool = False

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self.text)
        if match is not None:
            self.text = f"{self.text[: match.start()]} {self.text[match.end() :]}"
        return match


def read_when(text: str, now: datetime, zone: tzinfo) -> When | None:
    """The moment that a text speaks of, or None where it speaks of none. `now` must know its zone."""
    found = _Found(in_vietnamese(" ".join(fold(text).split())))
    here = now.astimezone(zone)
    ago = found.take(_AGO)
    if ago is not None and ago["unit"] != "ngay":
        return _answer(found, now - _ago(ago))
    try:
        if ago is not None:
            found.day, found.day_said = here.date() - timedelta(days=_count(ago)), True
        found.text = _SPELLED.sub(lambda match: str(_NUMBERS[match[0]]), found.text)
        _take_day(found, here.date())
        _take_clock(found)
        moment = _moment(found, here)
    except (ValueError, OverflowError):
        return None
    return None if moment is None or moment > now else _answer(found, moment)


def _answer(found: _Found, moment: datetime) -> When:
    rest = _FILLERS.sub(" ", found.text)
    return When(moment.astimezone(UTC), " ".join(rest.split()).strip(" ,;.-"))


def _count(match: re.Match[str]) -> int:
    return 0 if match["count"] == "nua" else int(match["count"])


def _ago(match: re.Match[str]) -> timedelta:
    unit_s = 60 if match["unit"] == "phut" else 3600
    return timedelta(seconds=unit_s / 2 if match["count"] == "nua" else int(match["count"]) * unit_s)


def _take_day(found: _Found, today: date) -> None:
    """Sets the day, where one is said. Errors: ValueError for one that no calendar has."""
    match = found.take(_LONG_DATE) or found.take(_DATE)
    if match is not None:
        year = match["year"]
        found.year_said = year is not None
        number = today.year if year is None else int(year) + (2000 if len(year) == 2 else 0)
        found.day, found.day_said = _day_of_year(number, int(match["month"]), int(match["day"]), today, found.year_said), True
        return
    match = found.take(_PART_AND_DAY)
    if match is not None:
        found.part = match["part"]
        found.day, found.day_said = today - timedelta(days=match["day"] == "qua"), True
    for pattern, days in _DAYS:
        if found.take(pattern):
            found.day, found.day_said = today - timedelta(days=days), True
    match = found.take(_WEEKDAY)
    if match is not None:
        weekday = 6 if match["sunday"] else _WEEKDAYS[match["name"] or match["short"]]
        back = (today.weekday() - weekday) % 7
        if match["last"]:
            back = today.weekday() + 7 - weekday
        found.day, found.day_said, found.is_weekday = today - timedelta(days=back), True, True


def _day_of_year(year: int, month: int, day: int, today: date, year_said: bool) -> date:
    """Without a year: the last such day that is not in the future (29 February goes back further)."""
    for candidate in range(year, year - (1 if year_said else 9), -1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year_said or found <= today:
            return found
    raise ValueError("no such day")


def _take_clock(found: _Found) -> None:
    """Sets hour, minute, second and the part of the day. Errors: ValueError for a clock that no day has."""
    for pattern in _CLOCKS:
        match = found.take(pattern)
        if match is not None:
            found.clock = _clock_of(match)
            break
    if not found.part and (found.clock is not None or found.day_said):
        part = found.take(_PART)
        found.part = part["part"] if part else ""


def _clock_of(match: re.Match[str]) -> tuple[int, int, int]:
    groups = match.groupdict()
    hour = int(groups["hour"])
    if "less" in groups:
        minutes = hour * 60 - int(groups["less"])
        if not 1 <= int(groups["less"]) < 60 or minutes < 0:
            raise ValueError("no such time")
        return minutes // 60, minutes % 60, 0
    minute = 30 if "ruoi" in match[0] else int(groups.get("minute") or 0)
    second = int(groups.get("second") or 0)
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise ValueError("no such time")
    return hour, minute, second


def _moment(found: _Found, here: datetime) -> datetime | None:
    if found.clock is None and not found.part and not found.day_said:
        return None
    hour, minute, second = found.clock or (_VAGUE.get(found.part, 0), 0, 0)
    days = 0
    if found.clock is not None and found.part:
        hour, days = _by_part(hour, found.part, night_goes_on=found.day_said and found.year_said and not found.is_weekday)
    hour, days = (0, days + 1) if hour == 24 else (hour, days)
    day = (found.day or here.date()) + timedelta(days=days)
    moment = datetime.combine(day, time(hour, minute, second), here.tzinfo)
    if moment <= here:
        return moment
    return _not_ahead(found, moment, here)


def _not_ahead(found: _Found, moment: datetime, here: datetime) -> datetime | None:
    """What is still to come was the one before: yesterday's, last week's, last year's. A whole date stays what it is."""
    if found.is_weekday:
        return moment - timedelta(days=7)
    if not found.day_said or found.day == here.date():
        return moment - timedelta(days=1) if not found.day_said or found.part in _NIGHTS else None
    if not found.year_said:
        day = _day_of_year(moment.year - 1, moment.month, moment.day, here.date(), year_said=False)
        return datetime.combine(day, moment.timetz())
    return moment - timedelta(days=1) if found.part in _NIGHTS else None


def _by_part(hour: int, part: str, *, night_goes_on: bool) -> tuple[int, int]:
    """The hour on a clock of 24, and how many days later: the night of a day goes on after midnight."""
    if part == "sang":
        return (0 if hour == 12 else hour), 0
    if hour == 12 and part in ("toi", "dem", "khuya", "nua dem"):
        return 0, 1
    if part in _NIGHTS and hour < 6:
        return hour, 1 if night_goes_on else 0
    return (hour + 12 if hour in _AFTERNOONS.get(part, ()) else hour), 0
