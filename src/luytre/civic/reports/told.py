"""Figures in words and numerals as people here write them: 1.234, 98,7 %, more by 12. Pure; papers ask for `vi`."""

from __future__ import annotations

from dataclasses import dataclass

from luytre.base.i18n import N_, translate
from luytre.civic.reports.figures import FEW, Figure, Figures, Section, Spec, Unit

HOUR_S = 3600
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as a table has it; what does not apply is empty."""

    key: str
    words: str
    value: str
    share: str
    weekly: str
    before: str
    change: str


def numeral(value: float, language: str, decimals: int = 0) -> str:
    """`1.234,5` in Vietnamese."""
    text = f"{value:,.{decimals}f}"
    return text if language.startswith("en") else text.translate(str.maketrans(",.", ".,"))


def amount(value: int, unit: Unit, language: str) -> str:
    """Seconds as hours. With its unit."""
    if unit is Unit.SECONDS:
        return translate(N_("%(hours)s h"), language) % {"hours": numeral(value / HOUR_S, language, 1)}
    if unit is Unit.VND:
        return translate(N_("%(amount)s dong"), language) % {"amount": numeral(value, language)}
    return numeral(value, language)


def per_cent(part: int, whole: int, language: str) -> str:
    """`98,7 %`, never torn apart; empty where the whole is too small for one, or nothing."""
    return f"{numeral(100 * part / whole, language, 1)}\u00a0%" if whole >= FEW else ""


def share(figure: Figure, unit: Unit, language: str) -> str:
    """`12 of 20 (60,0 %)`: always with what it is a share of."""
    if figure.of is None:
        return ""
    if not figure.of:
        return "—"
    told = {"part": amount(figure.value, unit, language), "whole": amount(figure.of, unit, language)}
    text = translate(N_("%(part)s of %(whole)s"), language) % told
    cent = per_cent(figure.value, figure.of, language)
    return f"{text} ({cent})" if cent else text


def weekly(value: int, days: int, language: str) -> str:
    return numeral(value * DAYS_A_WEEK / days, language, 1) if days else "—"


def change(figure: Figure, unit: Unit, language: str) -> str:
    """Against the period before: by how much, and in per cent where both are no small numbers. Shares by their points."""
    if figure.of is not None:
        return _points(figure, language)
    more = figure.value - figure.before
    if not more:
        return translate(N_("as before"), language)
    text = translate(N_("more by %(amount)s") if more > 0 else N_("less by %(amount)s"), language)
    said = text % {"amount": amount(abs(more), unit, language)}
    small = unit is Unit.COUNT and min(figure.value, figure.before) < FEW
    return said if small or figure.before <= 0 else f"{said} ({numeral(100 * abs(more) / figure.before, language, 1)}\u00a0%)"


def _points(figure: Figure, language: str) -> str:
    if min(figure.of or 0, figure.of_before or 0) < FEW:
        return "—"
    points = 100 * figure.value / (figure.of or 1) - 100 * figure.before / (figure.of_before or 1)
    if round(abs(points), 1) == 0:
        return translate(N_("as before"), language)
    text = N_("higher by %(points)s points") if points > 0 else N_("lower by %(points)s points")
    return translate(text, language) % {"points": numeral(abs(points), language, 1)}


def line_of(spec: Spec, figure: Figure, figures: Figures, language: str) -> Line:
    words = translate(spec.words, language)
    return Line(
        spec.key, words[:1].upper() + words[1:], amount(figure.value, spec.unit, language), share(figure, spec.unit, language),
        weekly(figure.value, figures.days, language) if spec.weekly else "", _before(spec, figure, language),
        change(figure, spec.unit, language),
    )  # fmt: skip


def _before(spec: Spec, figure: Figure, language: str) -> str:
    said = amount(figure.before, spec.unit, language)
    if figure.of_before is None:
        return said
    return translate(N_("%(part)s of %(whole)s"), language) % {
        "part": said, "whole": amount(figure.of_before, spec.unit, language),
    }  # fmt: skip


def lines_of(section: Section, figures: Figures, language: str) -> tuple[Line, ...]:
    """A figure that an older report does not have is left out."""
    found = figures.section(section.key)
    pairs = [(spec, found.figure(spec.key)) for spec in section.specs] if found else []
    return tuple(line_of(spec, figure, figures, language) for spec, figure in pairs if figure is not None)
