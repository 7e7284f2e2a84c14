"""ref/settings.md against the code: every setting that is read, and none that is not."""

from __future__ import annotations

import ast
import re
from functools import cache

from luytre.base.environment import read_environment
from tests.docs.reference import ROOT, codes_in_first_cells, first_cells, page

SETTING = re.compile(r"LUYTRE_[A-Z_]+")


@cache
def settings_read() -> frozenset[str]:
    """Names that stand alone as a string: that is how the environment is asked."""
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tools").rglob("*.py")]
    named = [text for path in files if "LUYTRE_" in (text := path.read_text("utf-8"))]  # to parse all of them takes seconds
    nodes = [node for text in named for node in ast.walk(ast.parse(text))]
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return frozenset(text for text in texts if SETTING.fullmatch(text))


def test_every_setting_is_told_and_no_other() -> None:
    told = {code for code in codes_in_first_cells(page("ref/settings.md")) if SETTING.fullmatch(code)}
    assert told == settings_read()
    assert len(told) > 10


def test_each_has_its_consequence() -> None:
    rows = [line for line in page("ref/settings.md").splitlines() if line.startswith("| `LUYTRE_")]
    assert len(rows) == len([cell for cell in first_cells(page("ref/settings.md")) if SETTING.fullmatch(cell.strip("`"))])
    for row in rows:
        name, default, consequence = [cell.strip() for cell in row.strip("|").split("|")]
        assert default, name
        assert len(consequence) > 25, name


def test_the_defaults_told_are_those_in_force() -> None:
    text = page("ref/settings.md")
    environment = read_environment({})
    assert f"| `LUYTRE_WEB_ADDR` | `{environment.web.host}:{environment.web.port}` |" in text
    assert f"| `LUYTRE_MEDIA_ADDR` | `{environment.media.host}:{environment.media.port}` |" in text
    assert f"| `LUYTRE_TIME_ZONE` | `{environment.time_zone}` |" in text
    assert environment.data.name == "var"
    assert environment.archive == environment.data / "archive"
