"""Icons are built in by name: every one that a page names is among them, and no other (a missing one is an error page)."""

from __future__ import annotations

import re
from pathlib import Path

from luytre.web.context import NAVIGATION

ROOT = Path(__file__).parents[2]
OURS = {"bracket-open", "bracket-close"}


def test_every_icon_that_is_named_is_built_in() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "src" / "luytre" / "web").rglob("*.html")]
    code = [path.read_text("utf-8") for path in (ROOT / "src" / "luytre" / "web").rglob("*.py")]
    named = {name for text in texts for name in re.findall(r'{% icon "([a-z0-9-]+)"', text)}
    named |= {place.icon for group in NAVIGATION for place in group.places}
    built = set(re.findall(r'"([a-z0-9-]+)"', re.search(r"const ICONS = \[(.*?)\];", _config(), re.DOTALL)[1]))  # type: ignore[index]
    assert named <= built | OURS
    words = {name for text in [*texts, *code] for name in re.findall(r"['\"]([a-z0-9-]+)['\"]", text)}
    assert built <= words, "icons that nothing names are dropped"


def _config() -> str:
    return (ROOT / "web-ui" / "vite.config.mjs").read_text("utf-8")
