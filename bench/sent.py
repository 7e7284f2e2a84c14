"""When each marked picture left its camera: the load server's ledger, read after it stopped."""

from __future__ import annotations

import bisect
import json
from collections import defaultdict
from pathlib import Path

from bench.load import first_of, load_clip, sub_clip


class Sent:
    """Times are UTC seconds, by the clock that the page's `Date.now()` reads too."""

    def __init__(self, ledger: Path) -> None:
        self._times: dict[tuple[str, int], list[float]] = defaultdict(list)
        clips = {"main": load_clip(), "sub": sub_clip()}
        numbers: dict[int, int] = defaultdict(int)
        with ledger.open() as file:
            for line in file:
                entry = json.loads(line)
                path, connection = entry["path"], entry["connection"]
                clip = clips[path.rpartition("/")[2]]
                first = first_of(clip, int(path.split("/")[1].removeprefix("cam")) - 1)
                mark = (first + numbers[connection]) % len(clip.units)
                numbers[connection] += 1
                self._times[path, mark].append(entry["sent_utc_90k"] / 90_000)
        for times in self._times.values():
            times.sort()

    def before(self, path: str, mark: int, at_s: float) -> float | None:
        """When the picture with this mark left for the last time before `at_s`."""
        times = self._times.get((path, mark), [])
        place = bisect.bisect_right(times, at_s)
        return times[place - 1] if place else None

    def nearest(self, path: str, mark: int, at_s: float) -> float | None:
        times = self._times.get((path, mark), [])
        return min(times, key=lambda time: abs(time - at_s), default=None)
