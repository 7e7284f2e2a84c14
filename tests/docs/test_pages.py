"""What any page of the documents names must be there: links, commands, targets, rooms; and both READMEs tell the same figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from luytre.cli.main import COMMANDS
from tests.docs.reference import ROOT, codes, codes_in_first_cells, page, sections
from tests.docs.test_cli_reference import COMMANDS as EVERY_COMMAND
from tests.docs.test_settings_reference import SETTING, settings_read

FOLDERS = ("", "design", "ref", "guide", "bench")
PAGES = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(text: str) -> set[str]:
    """Headings as GitHub makes links of them."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text("utf-8")):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), target
        assert not anchor or anchor in anchors(found.read_text("utf-8")), target


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_what_is_named_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), flags=re.MULTILINE))
    assert set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", text, flags=re.MULTILINE)) <= targets
    benches = {file.stem for file in (ROOT / "bench").glob("*.py")}
    assert set(re.findall(r"python -m bench\.(\w+)", text)) <= benches
    assert set(re.findall(r"`(?:\.venv/bin/)?luytre ([a-z]+)", text)) <= set(COMMANDS)
    groups = "|".join(name.partition(" ")[2] for name in EVERY_COMMAND if name.count(" ") == 1)
    for command in re.findall(rf"luytre ((?:{groups}) [a-z]+)", text):
        assert f"luytre {command}" in EVERY_COMMAND or command.split()[0] in ("serve", "record", "simulate"), command
    assert {code for code in codes(text) if SETTING.fullmatch(code)} <= settings_read()


def test_every_room_is_in_the_plan() -> None:
    rooms = {
        ".".join(path.parent.relative_to(ROOT / "src" / "luytre").parts)
        for folder in ("", "media", "civic")
        for path in (ROOT / "src" / "luytre" / folder).glob("*/__init__.py")
    }
    told = {code for code in codes_in_first_cells(page("design/house.md")) if code != "media"}
    assert told == rooms - {"media"}


def test_every_bench_is_told() -> None:
    """A bench is what has a table to print."""
    measuring = {file.stem for file in (ROOT / "bench").glob("*.py") if "def main" in file.read_text("utf-8")} - {
        "load",
        "viewers",
        "bare_copy",
    }
    assert measuring == set(re.findall(r"python -m bench\.(\w+)", page("bench/README.md")))
    assert measuring == set(re.search(r"^BENCH \?= (.*)$", page("Makefile"), re.MULTILINE)[1].split())  # type: ignore[index]


def figures(text: str) -> list[list[str]]:
    """Command and numbers of each row of the measurements, whatever the language writes for a decimal point."""
    rows = [line for line in text.splitlines() if line.startswith("|") and "python -m bench" in line]
    return [[*re.findall(r"bench\.\w+", row), *re.findall(r"\d+(?:\.\d+)?", row.replace(",", "."))] for row in rows]


def test_both_readmes_tell_the_same_figures() -> None:
    english = figures(sections(page("README.md"))["Measured"])
    vietnamese = figures(sections(page("README.vi.md"))["Đã đo"])
    assert len(english) >= 6
    assert english == vietnamese
