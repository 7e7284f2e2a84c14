"""The house's own rules, held against every file: directions, sizes, edges, words of the packages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "luytre"
LONG_FUNCTION_LINES, LONG_FUNCTIONS_PART, LONGEST_FILE_LINES = 35, 0.1, 600

EDGES = {
    "bridge/onvif/asking.py": "one device's thread: handed to whoever waits for the answer",
    "media/source/ticker.py": "one camera's poll, on the loop of all: handed to its owner",
    "media/recorder/session.py": "one camera's session: its fault must not end it",
    "media/recorder/http.py": "a request's edge",
    "media/archive/writer.py": "the writer thread's edge",
}
"""Where any exception may be caught. Each logs it and counts it, or hands it to who does."""

MADE_BY_DJANGO = {"migrations", "formats", "templatetags"}
"""Packages whose name and content Django demands; they have nothing to tell."""


def python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def rooms() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("__init__.py") if not MADE_BY_DJANGO & set(path.parts))


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_rooms_import_only_downward() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def function_lengths() -> Iterator[tuple[int, str]]:
    for path in python_files("src"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield node.end_lineno - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


def test_functions_are_short() -> None:
    lengths = list(function_lengths())
    long = sorted((one for one in lengths if one[0] >= LONG_FUNCTION_LINES), reverse=True)
    assert len(long) <= LONG_FUNCTIONS_PART * len(lengths), long


def test_files_are_short() -> None:
    files = [*python_files("src", "tests", "bench", "tools"), *(ROOT / "web-ui" / "src").rglob("*.ts")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: lines for name, lines in lengths.items() if lines >= LONGEST_FILE_LINES} == {}


def caught(handler: ast.ExceptHandler) -> set[str]:
    if handler.type is None:
        return {"BaseException"}
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {ast.unparse(kind).rpartition(".")[2] for kind in kinds}


def swallows_everything(handler: ast.ExceptHandler) -> bool:
    """Cleaning up and raising it again is no swallowing."""
    goes_on = isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None
    return bool(caught(handler) & {"Exception", "BaseException"}) and not goes_on


def test_only_edges_catch_every_exception() -> None:
    found = {
        str(path.relative_to(SOURCE))
        for path in python_files("src")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and swallows_everything(node)
    }
    assert found == set(EDGES)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("except Exception: pass", True),
        ("except: x()", True),
        ("except (ValueError, Exception) as e: raise e", True),
        ("except BaseException:\n  x()\n  raise", False),
        ("except ValueError: pass", False),
    ],
)
def test_a_swallowed_exception_is_seen(code: str, expected: bool) -> None:
    tried = ast.parse(f"try: y()\n{code}").body[0]
    assert isinstance(tried, ast.Try)
    assert swallows_everything(tried.handlers[0]) is expected


@pytest.mark.parametrize("path", rooms(), ids=lambda path: str(path.parent.relative_to(SOURCE.parent)))
def test_a_package_says_what_it_is(path: Path) -> None:
    text = ast.get_docstring(tree_of(path)) or ""
    assert text, "no docstring"
    if path.parent not in (SOURCE, SOURCE / "media", SOURCE / "web" / "views"):  # houses of rooms, and a folder of one
        missing = [word for word in ("Owns:", "Never:", "Runs in:", "Invariant") if word not in text]
        assert not missing, missing


def test_modules_say_what_they_are_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files("src", "bench", "tools")
        if tree_of(path).body and not ast.get_docstring(tree_of(path)) and path.name != "apps.py"
    ]
    assert silent == []


MACHINE = re.compile(
    rb"(?<![\w.~-])/(?:work|tmp|home|root)/\w|index-ur[l] +\S+//|\x22resolved\x22: *\x22(?!https://registry\.npm)"
)


def test_nothing_of_one_machine_is_kept() -> None:
    """Paths and package hosts of the machine where something was written would break it on every other."""
    found = [
        f"{path.relative_to(ROOT)}: {match[0]!r}"
        for path in tracked_files()
        if path.suffix not in {".png", ".mp4"} and (match := MACHINE.search(path.read_bytes()))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", [b"in /" + b"tmp/x", b"--index-" + b"url https://p.example/", b"\x22resolved\x22: \x22http://a/b\x22"]
)
def test_a_machine_is_seen(text: bytes) -> None:
    assert MACHINE.search(text)


UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|NotImplemented" + r"Error)\b|mark\.(?:skip|xfail)|pytest\.skip\(")


def test_nothing_is_left_for_later() -> None:
    code = [
        path
        for path in tracked_files()
        if path.suffix in {".py", ".ts", ".css", ".html", ".toml", ".md"} or path.name == "Makefile"
    ]
    found = {str(path.relative_to(ROOT)): match[0] for path in code if (match := UNFINISHED.search(path.read_text("utf-8")))}
    assert found == {}
