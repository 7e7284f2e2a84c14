"""The English ways to name a moment (`yesterday 9 pm`, `half past nine last night`), put into the Vietnamese that `when` reads.

Pure, text in, text out, both folded. A word that is not about time is never touched: each rule needs a whole phrase, and
those that a Vietnamese place name could hold (`am`, `at`) need a number beside them.
"""

from __future__ import annotations

import re

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_REST_OF_MONTH = r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}){_REST_OF_MONTH}"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NUMBER = "|".join(_NUMBERS)
_SPELLED = re.compile(
    rf"\b(?P<word>{_NUMBER})(?=\s+(?:o'?clock|am|pm|hours?|minutes?|days?)\b)|(?<=\bpast )(?P<past>{_NUMBER})\b"
)
_HALF = re.compile(r"\b(?P<kind>half|quarter) past (?P<hour>\d{1,2})\b(?:\s*(?P<half>am|pm)\b)?")
_CLOCK = re.compile(
    r"\b(?:at\s+)?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?::(?P<second>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)(?![a-z])"
)
_DATES = (
    re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}\b(?:,?\s+(?P<year>\d{{4}}))?"),
    re.compile(rf"\b{_MONTH}\s+{_DAY}\b(?:,?\s+(?P<year>\d{{4}}))?"),
)
_PHRASES = tuple(
    (re.compile(rf"\b(?:{english})\b"), vietnamese)
    for english, vietnamese in (
        (r"(?:the )?day before yesterday", "hom kia"),
        ("last night|yesterday (?:evening|night)", "toi qua"),
        ("yesterday morning", "sang qua"),
        ("yesterday noon", "trua qua"),
        ("yesterday afternoon", "chieu qua"),
        ("yesterday", "hom qua"),
        ("this morning", "sang nay"),
        ("this afternoon", "chieu nay"),
        ("this evening|tonight", "toi nay"),
        ("today", "hom nay"),
        ("in the morning", "sang"),
        ("in the afternoon", "chieu"),
        ("in the evening|at night", "toi"),
        (r"half an hour ago", "nua gio truoc"),
        (r"an? hour ago", "1 gio truoc"),
        (r"a minute ago", "1 phut truoc"),
        (r"(\d{1,4}) hours? ago", r"\1 gio truoc"),
        (r"(\d{1,4}) min(?:ute)?s? ago", r"\1 phut truoc"),
        (r"(\d{1,4}) days? ago", r"\1 ngay truoc"),
        (r"(?:at )?(\d{1,2}) o'?clock", r"\1 gio"),
        (r"(?:at )?midnight", "nua dem"),
        (r"(?:at )?noon", "12:00"),
        (r"(?:on |last )?monday", "thu hai"),
        (r"(?:on |last )?tuesday", "thu ba"),
        (r"(?:on |last )?wednesday", "thu tu"),
        (r"(?:on |last )?thursday", "thu nam"),
        (r"(?:on |last )?friday", "thu sau"),
        (r"(?:on |last )?saturday", "thu bay"),
        (r"(?:on |last )?sunday", "chu nhat"),
        (r"at (?=\d)", ""),
    )
)


def in_vietnamese(text: str) -> str:
    """The same folded text, its English words of time said in (folded) Vietnamese. What is not understood stays as it is."""
    text = text.replace("’", "'")
    text = _SPELLED.sub(lambda found: str(_NUMBERS.index(found["word"] or found["past"]) + 1), text)
    text = _HALF.sub(_half_past, text)
    text = _CLOCK.sub(_clock, text)
    for pattern in _DATES:
        text = pattern.sub(_date, text)
    for phrase, said in _PHRASES:
        text = phrase.sub(said, text)
    return text


def _hour(found: re.Match[str]) -> int:
    """On a clock of 24; one that no half of a day has stays wrong, and so is refused by the reader."""
    hour = int(found["hour"])
    if found["half"] is None or not 1 <= hour <= 12:
        return hour if found["half"] is None else 99
    return hour % 12 + (12 if found["half"].startswith("p") else 0)


def _half_past(found: re.Match[str]) -> str:
    return f"{_hour(found)}:{30 if found['kind'] == 'half' else 15}"


def _clock(found: re.Match[str]) -> str:
    return f"{_hour(found)}:{found['minute'] or '00'}" + (f":{found['second']}" if found["second"] else "")


def _date(found: re.Match[str]) -> str:
    return f"{found['day']}/{_MONTHS.index(found['month']) + 1}" + (f"/{found['year']}" if found["year"] else "")
