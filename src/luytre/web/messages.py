"""`python -m luytre.web.messages extract|compile|check`: the catalogue of every word that users read.

One catalogue a language, `locale/<language>/LC_MESSAGES/luytre.po`, for all rooms: `base.i18n` reads it as `luytre.mo`,
Django as `django.mo`; both are compiled from it and not kept in git. Scripts of the pages hold no texts: theirs come
from `web.words` through the page. Needs Babel, which is only there to build.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from luytre.base.i18n import DOMAIN, LOCALE_DIR

SOURCE = LOCALE_DIR.parent
LANGUAGE = "vi"
KEYWORDS: dict[str, Any] = {
    "_": None, "N_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
KEY = re.compile(r'^(?:msgctxt|msgid) .*(?:\n".*")*', re.MULTILINE)
PLACES = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)(?:[:!][^}]*)?\}")


def catalogue_path(language: str = LANGUAGE) -> Path:
    return LOCALE_DIR / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def found_messages() -> Iterator[tuple[str, int, Any, str | None]]:
    """(file, line, msgid or (singular, plural), context) of all Python sources and templates."""
    from babel.messages.extract import extract

    for path in sorted(SOURCE.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            text = path.read_bytes()
        elif path.suffix == ".html":
            text = _as_python(path)
        else:
            continue
        for line, message, _comments, context in extract("python", BytesIO(text), KEYWORDS, (), {}):
            if message:
                yield path.relative_to(SOURCE).as_posix(), line, message, context


def _as_python(path: Path) -> bytes:
    """Django's own way of making a template readable for a Python extractor."""
    from django.conf import settings
    from django.utils.translation import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
    text = templatize(path.read_text("utf-8"), origin=str(path))
    return "\n".join(line.lstrip() for line in text.split("\n")).encode()  # a template's indentation is not Python's


def template() -> Any:
    """A fresh babel Catalog of what the sources say, without line numbers (they would change with every edit)."""
    from babel.messages.catalog import Catalog

    catalog = Catalog(domain=DOMAIN, project="luytre", fuzzy=False)
    for name, _line, message, context in found_messages():
        catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def read(language: str = LANGUAGE) -> Any:
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN, project="luytre", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def extract_all() -> None:
    """Brings the catalogue to what the sources say; translations stay, what is no longer used goes."""
    from babel.messages.pofile import write_po

    catalog = read()
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = "# Lũy Tre: every word that users read. Made by `python -m luytre.web.messages extract`."
    catalog.last_translator, catalog.language_team, catalog.msgid_bugs_address = "Lũy Tre", "vi", ""
    path = catalogue_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    write_po(buffer, catalog, width=120, omit_header=False, sort_output=True, include_lineno=False)
    kept = [line for line in buffer.getvalue().splitlines() if not line.startswith((b'"POT-Creation-Date', b'"PO-Revision-Date'))]
    path.write_bytes(b"\n".join(kept) + b"\n")


def compile_all() -> None:
    """Both names of the compiled catalogue, written whole or not at all."""
    from babel.messages.mofile import write_mo

    buffer = BytesIO()
    write_mo(buffer, read())
    for domain in (DOMAIN, "django"):
        path = catalogue_path().with_name(f"{domain}.mo")
        draft = path.with_suffix(f".mo.{os.getpid()}")
        draft.write_bytes(buffer.getvalue())
        draft.replace(path)


def faults() -> list[str]:
    """What is missing or does not agree: untranslated messages, places that are lost, words no longer used or there twice."""
    catalog, wanted = read(), template()
    known = {
        (message.id if isinstance(message.id, str) else message.id[0], message.context): message
        for message in catalog
        if message.id
    }
    complaints: list[str] = []
    for message in wanted:
        if not message.id:
            continue
        single = message.id if isinstance(message.id, str) else message.id[0]
        counted = single if isinstance(message.id, str) else message.id[-1]  # Vietnamese has the plural's form alone
        complaints += _compare(single, counted, known.pop((single, message.context), None))
    complaints += [f"no longer used: {single!r}" for single, _context in known]
    return complaints + [f"twice: {words}" for words in twice(catalogue_path().read_text("utf-8"))]


def twice(text: str) -> list[str]:
    """Of a catalogue's text, what stands in it more than once: of two translations one would win, unseen."""
    keys = Counter("".join(KEY.findall(block)) for block in text.split("\n\n"))
    return [key for key, count in keys.items() if key and count > 1]


def _compare(single: str, counted: str, translated: Any) -> list[str]:
    texts = [] if translated is None else [translated.string] if isinstance(translated.string, str) else list(translated.string)
    if not texts or not all(texts):
        return [f"no translation: {single!r}"]
    return [f"places differ: {single!r}" for text in texts if set(PLACES.findall(text)) != set(PLACES.findall(counted))]


def main(arguments: list[str]) -> int:
    match arguments:
        case ["extract"]:
            extract_all()
        case ["compile"]:
            compile_all()
        case ["check"]:
            complaints = faults()
            print("\n".join(complaints), end="\n" if complaints else "")
            return 1 if complaints else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
