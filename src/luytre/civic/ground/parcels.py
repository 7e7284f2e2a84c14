"""A file that was handed in: kept in a folder while it is looked at and brought in, with how far that is. Gone when it is done.

The web hands in and shows; the jobs' process does the work where it takes long. Both see the same folder. The state is one small
JSON file, written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.access.models import User
from luytre.civic.ground.bounds import CommuneLand
from luytre.civic.ground.bring_in import FileNote, Plan, Planner, carry_out
from luytre.civic.ground.from_geojson import eye_rows, read_layer, read_osm, sentence
from luytre.civic.ground.osm_file import OsmTaker, read_extract
from luytre.civic.ground.wishes import FileFault, Layer, Wishes
from luytre.civic.registry import eye_sheet
from luytre.civic.registry.models import Eye

OSM = "osm"
"""Beside the layers: roads, buildings and institutions of an extract of OpenStreetMap."""
KINDS = (*Layer, OSM)
MOST_BYTES = 64 * 1024 * 1024
MOST_GEOJSON_BYTES = 24 * 1024 * 1024
"""JSON takes some twenty times its size in memory."""
MOST_FAULTS = 200
"""So many are shown; all are counted."""
AGE_S = 86_400
_KEY = re.compile(r"[0-9a-z]{10}")


class Stage(StrEnum):
    """How far a parcel is. `planned`: it was looked at, and waits for a word; `failed`: it cannot be read at all."""

    WAITING = "waiting"
    READING = "reading"
    PLANNED = "planned"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class State:
    """`done` of `of`: how far the present stage is, where that is known. `error`: a sentence in `language`."""

    kind: str
    name: str
    language: str
    unnamed: bool = False
    """Roads without a name are taken too (OpenStreetMap)."""
    stage: str = Stage.WAITING
    done: int = 0
    of: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    left_out: int = 0
    fault_count: int = 0
    faults: tuple[FileFault, ...] = ()
    error: str = ""

    @property
    def can_be_done(self) -> bool:
        return self.stage == Stage.PLANNED and not self.fault_count and bool(self.new or self.changed)

    @property
    def is_moving(self) -> bool:
        """Somebody works at it, or will."""
        return self.stage in (Stage.WAITING, Stage.READING, Stage.WRITING)


class Parcel:
    def __init__(self, root: Path, key: str) -> None:
        """Errors: UsageError for what is no parcel's key."""
        if _KEY.fullmatch(key) is None:
            raise UsageError(N_("there is no such file"), subject=key)
        self.key, self.folder = key, root / key

    @classmethod
    def new(cls, root: Path, state: State, file: Path) -> Parcel:
        """Takes the file (moved, not copied) in."""
        made = cls(root, new_id())
        made.folder.mkdir(mode=0o700, parents=True)
        file.replace(made.file)
        made.set(state)
        return made

    @property
    def file(self) -> Path:
        return self.folder / "file"

    def state(self) -> State | None:
        """None where there is none (any longer)."""
        try:
            kept = json.loads((self.folder / "state.json").read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return State(**kept | {"faults": tuple(FileFault(**fault) for fault in kept["faults"])})

    def set(self, state: State) -> State:
        draft = self.folder / "state.draft"
        draft.write_text(json.dumps(asdict(state), ensure_ascii=False), "utf-8")
        draft.replace(self.folder / "state.json")
        return state

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def forget_old(root: Path, now_s: float) -> int:
    """Removes what was handed in more than `AGE_S` before `now_s` (seconds since 1970), done or not; returns how many."""
    old = [folder for folder in root.glob("*") if folder.stat().st_mtime < now_s - AGE_S] if root.is_dir() else []
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True) if folder.is_dir() else folder.unlink(missing_ok=True)
    return len(old)


def look(parcel: Parcel, at: datetime) -> None:
    """Reads the file and says what it would do. What is wrong is in the state afterwards."""
    state = parcel.state()
    if state is None:
        return
    state = parcel.set(replace(state, stage=Stage.READING, done=0, of=0))
    try:
        found = _planned(parcel, state, at)
    except UsageError as error:
        parcel.set(replace(state, stage=Stage.FAILED, error=sentence(error, state.language)))
        return
    parcel.set(found.into(replace(state, stage=Stage.PLANNED, done=0, of=0)))


def bring(parcel: Parcel, by: User | None, at: datetime) -> None:
    """Looks at it once more, since the land may have changed, and does it; then the file goes."""
    state = parcel.state()
    if state is None or state.stage not in (Stage.PLANNED, Stage.WRITING):
        return
    state = parcel.set(replace(state, stage=Stage.WRITING, done=0, of=state.new + state.changed))
    try:
        found = _planned(parcel, state, at)
        if found.fault_count:
            parcel.set(found.into(replace(state, stage=Stage.PLANNED)))
            return
        found.do(by, at, lambda done, of: _tell(parcel, state, done, of))
    except UsageError as error:
        parcel.set(replace(state, stage=Stage.FAILED, error=sentence(error, state.language)))
        return
    parcel.set(found.into(replace(state, stage=Stage.DONE)))
    parcel.file.unlink(missing_ok=True)


def _tell(parcel: Parcel, state: State, done: int, of: int) -> None:
    parcel.set(replace(state, done=done, of=of))


@dataclass(frozen=True, slots=True)
class _Found:
    """A plan of any kind: its counts, its faults, and what does it."""

    counts: dict[str, int]
    faults: tuple[FileFault, ...]
    do: Callable[[User | None, datetime, Callable[[int, int], None]], Any]

    @property
    def fault_count(self) -> int:
        return len(self.faults)

    def into(self, state: State) -> State:
        return replace(state, fault_count=self.fault_count, faults=self.faults[:MOST_FAULTS], **self.counts)  # type: ignore[arg-type]


def _planned(parcel: Parcel, state: State, at: datetime) -> _Found:
    """Errors: UsageError for what cannot be read."""
    is_extract = _is_extract(parcel, state)
    if not is_extract and parcel.file.stat().st_size > MOST_GEOJSON_BYTES:
        raise UsageError(N_("this file is too large"), hint=N_("A GeoJSON file has at most 24 MB here: cut it into parts."))
    content = b"" if is_extract else parcel.file.read_bytes()
    if state.kind == Layer.EYES:
        return _planned_eyes(content, state, at)
    plan = Planner(at, state.language).plan(_wishes(parcel, state, content), lambda done, of: _tell(parcel, state, done, of))
    with parcel.file.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    note = FileNote(state.name, digest, state.kind)
    return _Found(_counts(plan), plan.faults, lambda by, at, tell: carry_out(by, plan, at, note, tell))


def _is_extract(parcel: Parcel, state: State) -> bool:
    """Whether it is a file for osmium, and no GeoJSON."""
    if state.kind != OSM:
        return False
    with parcel.file.open("rb") as file:
        return not file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"["))


def _wishes(parcel: Parcel, state: State, content: bytes) -> Wishes:
    if state.kind != OSM:
        return read_layer(content, state.kind, state.language)
    taker = OsmTaker(CommuneLand.of_commune(), unnamed=state.unnamed)
    if content:
        return read_osm(content, taker, state.language)
    return read_extract(parcel.file, taker, lambda count: _tell(parcel, state, count, 0))


def _counts(plan: Plan) -> dict[str, int]:
    return {action: plan.count(action) for action in ("new", "changed", "same", "removed")} | {"left_out": plan.left_out}


def _planned_eyes(content: bytes, state: State, at: datetime) -> _Found:
    rows, faults = eye_rows(content, state.language)
    eyes = list(Eye.objects.filter(archived=False).select_related("site__hamlet", "camera"))
    plans = eye_sheet.Planner(eyes, at, state.language).plan(rows)
    for item in plans:
        path = f"features[{item.row.number - 1}]"
        for name, words in item.wrong.items():
            inner = "geometry" if name == "position" else "id" if name == "key" else f"properties.{name}"
            faults.append(FileFault(item.row.number, item.name, f"{path}.{inner}", words))
    counts = {action: sum(item.action == action for item in plans) for action in ("new", "changed", "same")}
    return _Found(counts, tuple(faults), lambda by, at, _tell: eye_sheet.carry_out(by, plans, at))
