"""Bars of a period beside those of the one before, as one SVG for page, PDF and Word. Pure; readable in black and white.

Nothing but attributes of presentation is in it, so the strictest page shows it; the text's own colour is the bars'. The same
numbers stand in a table beside each chart, so readers of the screen lose nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from luytre.base.i18n import N_, translate
from luytre.civic.reports.figures import Figures, Section, SectionFigures, Unit
from luytre.civic.reports.told import amount

WIDTH = 360
"""In units that are pixels on a telephone."""
_BARS, _LINE, _NOW, _BEFORE = 225, 15, 12, 8
_ITEM = _LINE + _NOW + _BEFORE + 13
_MOST_LABEL = 52
MOST_BARS = 30


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    svg: str
    height: int


def bars(title: str, name: str, items: Sequence[Bar], unit: Unit, language: str) -> Chart | None:
    """`name`: the drawing's own among those of a page. None where every bar would be nothing."""
    shown = [one for one in items if one.now or one.before][:MOST_BARS]
    most = max((max(one.now, one.before) for one in shown), default=0)
    if most <= 0:
        return None
    height = len(shown) * _ITEM + 26
    parts = [_opening(name, title, height), _key(name, height - 14, language)]
    for number, one in enumerate(shown):
        parts.append(_item(name, one, number * _ITEM, most, unit, language))
    return Chart(title, "".join([*parts, "</svg>"]), height)


def _opening(name: str, title: str, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img"'
        f' aria-label={quoteattr(title)} font-family="Times New Roman, Liberation Serif, Libertinus Serif, serif" font-size="12"'
        f' fill="currentColor"><defs><pattern id="{name}" width="4" height="4" patternUnits="userSpaceOnUse">'
        f'<path d="M0 4L4 0" stroke="currentColor" stroke-width="1"/></pattern></defs>'
    )


def _key(name: str, y: int, language: str) -> str:
    now, before = (escape(translate(text, language)) for text in (N_("this period"), N_("the period before")))
    return (
        f'<rect x="0" y="{y}" width="14" height="10"/><text x="19" y="{y + 9}">{now}</text>'
        f'{_hatched(name, 130, y, 14, 10)}<text x="149" y="{y + 9}">{before}</text>'
    )


def _hatched(name: str, x: int, y: int, width: float, height: int) -> str:
    return (
        f'<rect x="{x + 0.5}" y="{y + 0.5}" width="{max(0.0, width - 1):.1f}" height="{height - 1}" fill="url(#{name})"'
        f' stroke="currentColor" stroke-width="1"/>'
    )


def _item(name: str, one: Bar, top: int, most: int, unit: Unit, language: str) -> str:
    label = one.label if len(one.label) <= _MOST_LABEL else one.label[: _MOST_LABEL - 1] + "…"
    now, before = (_BARS * max(0, value) / most for value in (one.now, one.before))
    y = top + _LINE + 2
    said = [escape(amount(value, unit, language)) for value in (one.now, one.before)]
    return (
        f'<text x="0" y="{top + 12}">{escape(label)}</text><rect x="0" y="{y}" width="{now:.1f}" height="{_NOW}"/>'
        f'<text x="{now + 5:.1f}" y="{y + 10}">{said[0]}</text>'
        + (_hatched(name, 0, y + _NOW + 1, before, _BEFORE) if before else "")
        + f'<text x="{before + 5:.1f}" y="{y + _NOW + 9}" font-size="10">{said[1]}</text>'
    )


def charts_of(section: Section, figures: Figures, places: Mapping[str, str], language: str) -> tuple[Chart, ...]:
    """Of one section: its figures that belong side by side, and the first of those that are told by hamlet."""
    found = figures.section(section.key)
    if found is None:
        return ()
    made = (_of_figures(section, found, language), _of_hamlets(section, found, places, language))
    return tuple(one for one in made if one is not None)


def _of_figures(section: Section, found: SectionFigures, language: str) -> Chart | None:
    specs = [one for one in section.specs if one.chart]
    pairs = [(one, found.figure(one.key)) for one in specs]
    items = [Bar(_capital(translate(one.words, language)), each.value, each.before) for one, each in pairs if each is not None]
    if len(items) < 2:
        return None
    return bars(translate(section.words, language), f"h-{section.key}", items, specs[0].unit, language)


def _of_hamlets(section: Section, found: SectionFigures, places: Mapping[str, str], language: str) -> Chart | None:
    key = section.by_hamlet[0]
    spec, figure = section.spec(key), found.figure(key)
    if spec is None or figure is None:
        return None
    items = [Bar(named(one.place, places, language), one.value, one.before) for one in figure.places]
    title = translate(N_("%(what)s, by hamlet"), language) % {"what": _capital(translate(spec.words, language))}
    return bars(title, f"p-{section.key}", items, spec.unit, language)


def named(place: str, places: Mapping[str, str], language: str) -> str:
    """A hamlet in words; what belongs to none is the whole commune's."""
    return places.get(place, "") or translate(N_("hamlet not known, or the whole commune"), language)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
