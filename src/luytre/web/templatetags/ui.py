"""Tags for pages: what Vite built, icons, and values in words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luytre.base.money import dong
from luytre.base.redact import redact_url
from luytre.web.lengths import length_words

register = template.Library()


@lru_cache(maxsize=4)
def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    except FileNotFoundError as error:
        raise ImproperlyConfigured("the pages are not built: run `make setup`") from error
    return manifest


@lru_cache(maxsize=4)
def _icons(folder: Path) -> dict[str, str]:
    icons: dict[str, str] = json.loads((folder / "icons.json").read_text("utf-8"))
    return icons


@register.simple_tag
def entry(name: str) -> SafeString:
    """Style sheets and the module of one of web-ui's entries, with what it imports loaded ahead."""
    manifest = _manifest(settings.LUYTRE_BUILD_DIR)
    chunk = manifest[f"src/{name}.ts"]
    imported = _imports(manifest, chunk, {})
    styles = dict.fromkeys(style for part in (*imported.values(), chunk) for style in part.get("css", ()))
    links = format_html_join("\n", '<link rel="stylesheet" href="{}build/{}">', ((settings.STATIC_URL, s) for s in styles))
    ahead = format_html_join(
        "\n", '<link rel="modulepreload" href="{}build/{}">', ((settings.STATIC_URL, p["file"]) for p in imported.values())
    )
    script = format_html('<script type="module" src="{}build/{}"></script>', settings.STATIC_URL, chunk["file"])
    return format_html("{}\n{}\n{}", links, ahead, script)


@register.simple_tag(takes_context=True)
def waiting(context: dict[str, Any], route: str) -> SafeString:
    """How many things on a page of the navigation wait for this person; nothing where none does."""
    return _waiting(context.get("waiting", {}).get(route, 0))


@register.simple_tag(takes_context=True)
def waiting_among(context: dict[str, Any], places: Iterable[Any]) -> SafeString:
    """The same for several places of the navigation together, where they hide behind one button."""
    counts = context.get("waiting", {})
    return _waiting(sum(counts.get(place.route, 0) for place in places))


def _waiting(count: int) -> SafeString:
    if not count:
        return mark_safe("")
    words = ngettext("%(count)s waits for you", "%(count)s wait for you", count) % {"count": count}
    told = format_html('<span class="visually-hidden"> ({})</span>', words)
    return format_html('<span class="badge waiting" title="{}">{}{}</span>', words, count, told)


@register.simple_tag
def style(name: str) -> SafeString:
    """An entry's style sheets alone, for a page without scripts."""
    styles = _manifest(settings.LUYTRE_BUILD_DIR)[f"src/{name}.ts"].get("css", ())
    return format_html_join("\n", '<link rel="stylesheet" href="{}build/{}">', ((settings.STATIC_URL, one) for one in styles))


def built_file(name: str) -> str:
    """Where an entry's script lies within the build folder."""
    return str(_manifest(settings.LUYTRE_BUILD_DIR)[f"src/{name}.ts"]["file"])


def _imports(manifest: dict[str, Any], chunk: dict[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    for name in chunk.get("imports", ()):
        if name not in seen:
            _imports(manifest, manifest[name], seen)
            seen[name] = manifest[name]
    return seen


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of Tabler's, in the text's colour, hidden from readers of the screen."""
    inner = mark_safe(_icons(settings.LUYTRE_BUILD_DIR)[name])
    return format_html(
        '<svg class="icon" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        inner,
    )


@register.filter
def as_bytes(count: int) -> str:
    """1,5 TB: decimal units, as disks are sold."""
    from django.utils.formats import number_format

    size, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB", "PB"):
        if size < 1000 or unit == "PB":
            break
        size /= 1000
    return f"{number_format(size, 0 if size >= 100 or unit == 'B' else 1)} {unit}"


@register.filter
def as_bitrate(bits_a_second: float) -> str:
    """4,1 Mbit/s."""
    from django.utils.formats import number_format

    return f"{number_format(bits_a_second / 1e6, 1)} Mbit/s"


@register.filter
def as_metres(metres: float) -> str:
    """120 m, 1,4 km: as far as people can tell."""
    from django.utils.formats import number_format

    return f"{round(metres, -1):.0f} m" if metres < 1000 else f"{number_format(metres / 1000, 1)} km"


@register.filter
def redacted(url: str) -> str:
    """An address without a password in it."""
    return redact_url(url)


@register.filter
def as_days(days: float) -> str:
    whole = int(days)
    if whole < 1:
        return _("less than a day")
    return ngettext("%(count)d day", "%(count)d days", whole) % {"count": whole}


@register.filter
def as_length(seconds: float) -> str:
    """`12 minutes`."""
    return length_words(seconds)


@register.filter
def as_codec(code: str) -> str:
    """H.264 for `avc1.640028` (RFC 6381) and for `h264`."""
    kind = code.lower().partition(".")[0]
    return {"avc1": "H.264", "avc3": "H.264", "h264": "H.264", "hvc1": "H.265", "hev1": "H.265", "h265": "H.265"}.get(
        kind, code.upper()
    )


_BROWSERS = {
    "Edg": "Edge", "CocCoc": "Cốc Cốc", "coc_coc": "Cốc Cốc", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac", "Linux": "Linux",
}  # fmt: skip
"""Marks in a browser's name for itself, the telling ones first: Edge calls itself Chrome too."""


@register.filter
def as_device(user_agent: str) -> str:
    """`Chrome, Windows`: enough for somebody to know their own device again."""
    found = [next((name for mark, name in marks.items() if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    return ", ".join(part for part in found if part) or _("unknown device")


@register.filter
def as_dong(amount: int) -> str:
    """1.350.000, as it stands on paper here."""
    return dong(amount)
