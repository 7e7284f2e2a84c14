"""Holds: footage that nobody deletes. Kept in `holds.json` beside the index, so that they outlive it.

Invariant: once `add` has returned, nothing in the hold is deleted until it is removed. Whoever deletes takes `lock` from
looking at the holds until the deletion is decided (its tombstone is committed).
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import asdict

from luytre.base.errors import ArchiveError, UsageError
from luytre.base.i18n import N_
from luytre.media.archive.disk import Disk
from luytre.media.archive.paths import HOLDS
from luytre.media.archive.values import Hold


class HoldBook:
    """Thread-safe. What the disk could not take yet stays in force and is written when it can (`save`)."""

    def __init__(self, root: str, disk: Disk) -> None:
        self._path, self._disk = os.path.join(root, HOLDS), disk
        self._holds: dict[str, Hold] = {}
        self.lock = threading.RLock()
        self.version = 0
        self._saved_version = 0

    def load(self) -> None:
        """From the file. ArchiveError where there is one that cannot be read: deleting blindly is not an option."""
        try:
            with open(self._path, encoding="utf-8") as file:
                rows = json.load(file)["holds"]
            loaded = {
                str(row["id"]): Hold(
                    str(row["id"]), str(row["camera"]), int(row["from_utc_90k"]), int(row["to_utc_90k"]), str(row["reason"])
                )
                for row in rows
            }
        except FileNotFoundError:
            loaded = {}
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveError(
                N_("the list of holds, holds.json, cannot be read"), operation=N_("Reading holds"), subject=self._path,
                hint=N_("Repair or remove the file; holds that were set in the web come back by themselves."),
            ) from error  # fmt: skip
        with self.lock:
            self._holds = {**loaded, **self._holds}
            self.version += 1
            self._saved_version = self.version if loaded == self._holds else 0

    def all(self) -> tuple[Hold, ...]:
        with self.lock:
            return tuple(self._holds.values())

    def add(self, hold: Hold) -> None:
        if hold.to_utc_90k <= hold.from_utc_90k:
            raise UsageError(N_("a hold must end after it begins"), subject=hold.id)
        self._change({**self._current(), hold.id: hold})

    def remove(self, hold_id: str) -> None:
        """A hold that is not there is no error."""
        self._change({key: hold for key, hold in self._current().items() if key != hold_id})

    def sync(self, holds: Iterable[Hold]) -> None:
        """From now on these and no others."""
        self._change({hold.id: hold for hold in holds if hold.to_utc_90k > hold.from_utc_90k})

    def _current(self) -> dict[str, Hold]:
        with self.lock:
            return self._holds

    def _change(self, holds: dict[str, Hold]) -> None:
        with self.lock:
            if holds == self._holds:
                return
            self._holds = holds
            self.version += 1
            self.save()

    def save(self) -> bool:
        """Writes what is not yet on the disk; False where the disk did not take it."""
        with self.lock:
            if self._saved_version == self.version:
                return True
            rows = [asdict(hold) for hold in self._holds.values()]
            try:
                self._disk.replace_file(self._path, json.dumps({"holds": rows}, ensure_ascii=False, indent=1).encode())
            except OSError:
                return False
            self._saved_version = self.version
            return True

    def fill(self, db: sqlite3.Connection, also: Iterable[Hold] = ()) -> None:
        """The holds, and others beside them, as temporary table `held` of this connection, for the queries that choose what to
        delete."""
        with self.lock:
            db.execute("CREATE TEMP TABLE IF NOT EXISTS held (camera TEXT, start_utc_90k INTEGER, end_utc_90k INTEGER)")
            db.execute("DELETE FROM temp.held")
            db.executemany(
                "INSERT INTO temp.held VALUES (?, ?, ?)",
                [(hold.camera, hold.from_utc_90k, hold.to_utc_90k) for hold in (*self._holds.values(), *also)],
            )
