"""The words that users read. Message ids are English; the Vietnamese catalogue comes first, English is the source itself.

`_()` marks and translates in the language of the present context (`use_language`). The catalogue's domain is `luytre`
under `locale/`; it is compiled at set-up. The web keeps Django's language in step with this one.
"""

from __future__ import annotations

import gettext as _gettext
import os
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"
DOMAIN = "luytre"
LANGUAGES = ("vi", "en")
_language: ContextVar[str] = ContextVar("luytre_language", default="vi")


@lru_cache(maxsize=4)
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, LOCALE_DIR, [language], fallback=True)


def use_language(language: str) -> None:
    """Sets the language of this context; anything but `en` is Vietnamese."""
    _language.set("en" if language.lower().startswith("en") else "vi")


def language() -> str:
    return _language.get()


def language_from_environment() -> str:
    """`LUYTRE_LANG` decides; else an English locale asks for English; else Vietnamese."""
    asked = os.environ.get("LUYTRE_LANG") or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or ""
    return "en" if (asked or os.environ.get("LANG", "")).lower().startswith("en") else "vi"


def _(message: str) -> str:
    return _catalogue(_language.get()).gettext(message)


def translate(message: str, to: str) -> str:
    return _catalogue("en" if to.startswith("en") else "vi").gettext(message)


def N_(message: str) -> str:
    """Marks a message for the catalogue; it is translated where it is shown."""
    return message
