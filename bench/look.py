"""What looking at pictures costs, what it finds how soon, and how often it is wrong at dusk and dawn.

    python -m bench.look [--part cost faults days] [--cameras 9] [--days 4] [--footage DIR] [--seed 1] [--jobs 2]

`cost`: the real child is given key frames of 200 cameras; the kernel says what processor time it took. `faults`: cameras before
real and drawn views (vtest.avi and other pictures of Debian's `opencv-doc`, what `--footage` holds, the scenes of `simulate`)
are covered, turned, put out of focus, frozen and darkened at three hours. `days`: the same views through dusk and dawn with
clouds, fog, rain, lamps, infrared, traffic and wind (`simulate.day`), by fifty seconds as the recorder looks; and in how many of
their nights the view was compared at all.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from bench.load import kept_clip
from bench.measure import print_table
from luytre.base.verdicts import FAULTS, Light, Verdict
from luytre.media.look.eye import Eye, When
from luytre.media.look.glance import glance_of
from luytre.media.look.keeping import surplus
from luytre.media.look.light import light_of
from luytre.media.look.messages import HEAD, Look, ViewHead, pack_views, unpack_head
from luytre.media.look.reading import Reading
from luytre.media.look.reference import Reference
from luytre.media.look.signature import Signature, signature_of
from luytre.media.look.sizes import LARGE_HEIGHT_PX, LARGE_WIDTH_PX
from luytre.media.look.steady import Steady
from luytre.media.recorder.looking import PACE
from luytre.media.recorder.looking_child import LookingChild
from luytre.media.unit import VideoFormat
from luytre.simulate.day import DAY_S, DayCamera, Habits
from luytre.simulate.encode import EncoderOptions, encode_clip
from luytre.simulate.scene import Scene
from luytre.simulate.source import Clip
from luytre.simulate.units import Codec

COST_PERCENT, FOUND_S, FOUND_PART, FALSE_PERCENT = 10.0, 120.0, 0.95, 1.0
CAMERAS, ROUNDS = 200, 3
KINDS: tuple[tuple[Codec, int, int, bool, float], ...] = (
    ("h264", 640, 360, True, 60.0), ("h264", 640, 360, False, 60.0), ("h265", 640, 360, True, 60.0),
    ("h264", 1920, 1080, True, 60.0), ("h265", 1920, 1080, True, PACE.slowest_s),
)  # fmt: skip
"""What is decoded, whether it shows what the references show, and by how many seconds it is promised to be looked at."""
VIEW_PX = (520, 220)
LEFT_PX, TOP_PX = 60, 20
"""Where in a view its camera looks, before it turns."""
EXAMPLES = Path("/usr/share/doc/opencv-doc/examples/data")
STILLS = ("building.jpg", "home.jpg", "leuvenA.jpg", "stuff.jpg")
DUSK_H, DAWN_H = (16.5, 20.0), (4.5, 8.0)
NIGHT_H = (20.0, 4.5)
BETWEEN_S = 600.0
"""Pause of the looks at other hours, which are not what is asked."""
Picture = NDArray[np.uint8]


# -- views ---------------------------------------------------------------------------------------------------------------


def _still(path: Path) -> Picture | None:
    """A picture, or what stands still in a video. None for what is neither."""
    try:
        if path.suffix in (".jpg", ".png"):
            return np.asarray(Image.open(path).convert("L"))
        with av.open(str(path)) as container:
            frames = [frame.to_ndarray(format="gray") for index, frame in enumerate(container.decode(video=0)) if index % 20 == 0]
    except (OSError, av.error.FFmpegError):
        return None
    return np.asarray(np.median(np.stack(frames[:40]), axis=0), np.uint8) if frames else None


def views(footage: Path | None) -> dict[str, NDArray[np.float32]]:
    cached = Path(__file__).parents[1] / ".cache" / "footage" / "vtest.avi"
    wanted = [next((path for path in (EXAMPLES / "vtest.avi", cached) if path.exists()), cached)]
    wanted += [EXAMPLES / name for name in STILLS] + (sorted(footage.iterdir()) if footage is not None else [])
    found = {path.name: picture for path in wanted if path.exists() and (picture := _still(path)) is not None}
    for index in (0, 2, 3, 5):
        found[f"scene {index}"] = Scene(index).picture(0, 0.0, 0)[:720]
    return {
        name: np.asarray(Image.fromarray(one).resize(VIEW_PX, Image.Resampling.BICUBIC), np.float32)
        for name, one in found.items()
    }


def cameras(seen: dict[str, NDArray[np.float32]], count: int, seed: int) -> Iterator[tuple[str, Habits, DayCamera]]:
    """Before the views in turn, each with habits of its own."""
    dice = np.random.default_rng(seed)
    names = list(seen)
    for index in range(count):
        habits = Habits(
            has_infrared=bool(dice.random() < 0.6),
            lamps=int(dice.integers(0, 5)),
            lamps_off_h=23.0 if dice.random() < 0.2 else None,
            traffic=float(dice.uniform(0.1, 0.8)),
            fog=0.35,
            rain=0.4,
            sway_px=float(dice.uniform(0, 1.5)),
            noise=float(dice.uniform(0.5, 2)),
            shadows=float(dice.uniform(0.3, 0.85)),
        )
        name = names[index % len(names)]
        yield name, habits, DayCamera(seen[name], habits, seed * 1000 + index)


# -- the recorder's side of it ---------------------------------------------------------------------------------------------


@dataclass
class Post:
    """A camera that is looked at, by the clock of its day."""

    camera: DayCamera
    eye: Eye = field(default_factory=Eye)
    steady: Steady = field(default_factory=Steady)
    told: list[tuple[float, Verdict, Reading]] = field(default_factory=list)
    """Faults, when they were told."""
    looks: int = 0
    known: int = 0
    doubts: int = 0
    nights: dict[int, Counter[Verdict | None]] = field(default_factory=dict)
    """What single pictures said between `NIGHT_H`."""

    def accept(self, at_s: float) -> None:
        seen = self.camera.see(at_s, LEFT_PX, TOP_PX)
        signature = signature_of(seen.grey, seen.colour, 640)
        self.eye.references = (Reference("accepted", signature, light_of(signature), True, at_s),)
        self.steady = Steady(Verdict.WELL, at_s)

    def look(self, at_s: float, happens: Callable[[Picture], Picture] | None = None, left_px: int = LEFT_PX) -> Reading:
        seen = self.camera.see(at_s, left_px, TOP_PX)
        luma = happens(seen.grey) if happens is not None else seen.grey
        signature = signature_of(luma, seen.colour, 640)
        glance = glance_of(luma, signature.grey)
        reading = self.eye.see(signature, glance, When(at_s, int(at_s % DAY_S // 1800), int(at_s // DAY_S)))
        before, self.steady = self.steady, self.steady.hear(reading.verdict, at_s)
        self.looks += 1
        hour = at_s % DAY_S / 3600
        if hour >= NIGHT_H[0] or hour < NIGHT_H[1]:
            self.nights.setdefault(int((at_s - DAY_S / 2) // DAY_S), Counter())[reading.verdict] += 1
        self.doubts = self.doubts + 1 if reading.in_doubt else 0
        if self.steady.verdict in FAULTS and self.steady.verdict is not before.verdict and not before.is_fault:
            self.told.append((at_s, self.steady.verdict, reading))
        if self.steady.verdict in (Verdict.WELL, Verdict.NO_REFERENCE):
            self._learn(signature, reading, at_s)
        return reading

    @property
    def looks_again(self) -> bool:
        return self.steady.wants_another or 0 < self.doubts <= PACE.most_doubts

    def _learn(self, signature: Signature, reading: Reading, at_s: float) -> None:
        place = self.eye.worth_keeping(signature, reading, at_s)
        if place is None:
            return
        self.known += 1
        known = (*self.eye.references, Reference(f"learnt {self.known}", signature, reading.light, False, at_s, *place))
        gone = set(surplus(known))
        self.eye.references = tuple(one for one in known if one.id not in gone)

    def live(self, from_s: float, to_s: float) -> None:
        at_s = from_s
        while at_s < to_s:
            self.look(at_s)
            if self.looks_again:
                self.look(at_s + PACE.again_s)
            hour = at_s % DAY_S / 3600
            asked = DAWN_H[0] <= hour < DAWN_H[1] or DUSK_H[0] <= hour < DUSK_H[1]
            at_s += PACE.every_s if asked else BETWEEN_S

    def until_told(self, from_s: float, happens: Callable[[Picture], Picture], left_px: int) -> tuple[float, Verdict | None]:
        """A fault from that moment on, half-way between two looks; how long until it is told, and as what."""
        at_s, count = from_s + PACE.every_s / 2, len(self.told)
        while at_s < from_s + 3 * FOUND_S:
            self.look(at_s, happens, left_px)
            if len(self.told) > count:
                return at_s - from_s, self.told[-1][1]
            at_s += PACE.again_s if self.looks_again else PACE.every_s
        return float("inf"), None


# -- parts -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lived:
    """What became of one camera through its days."""

    row: list[str]
    faults: int
    looks: int
    light: str
    nights: int
    compared: int
    """Nights in which at least half of the pictures were found to show the view."""


def _lived(through: int, one: tuple[str, Habits, DayCamera]) -> Lived:
    name, habits, camera = one
    post = Post(camera)
    post.accept(10 * 3600)
    post.live(10 * 3600 + PACE.every_s, (through + 10 / 24) * DAY_S)
    light = "infrared" if habits.has_infrared else "lamps" if habits.lamps else "neither"
    compared = sum(2 * night[Verdict.WELL] >= night.total() for night in post.nights.values())
    lights = " ".join(f"{light}:{n}" for light, n in sorted(Counter(one.light for one in post.eye.references).items()))
    wrong = "; ".join(f"{at_s / DAY_S:.0f}d {at_s % DAY_S / 3600:.1f}h {verdict}" for at_s, verdict, _ in post.told[:3])
    row = [name, f"{light} {habits.lamps}", lights, f"{compared} of {len(post.nights)}", str(len(post.told)), wrong]
    return Lived(row, len(post.told), post.looks, light, len(post.nights), compared)


def days(seen: dict[str, NDArray[np.float32]], count: int, through: int, seed: int, jobs: int) -> tuple[list[list[str]], bool]:
    with ProcessPoolExecutor(jobs) as pool:
        lived = list(pool.map(partial(_lived, through), cameras(seen, count, seed)))
    faults, looks = sum(one.faults for one in lived), sum(one.looks for one in lived)
    rows = [one.row for one in lived]
    for light in sorted({one.light for one in lived}):
        of = [one for one in lived if one.light == light]
        rows.append(
            [f"{len(of)} by night", light, "", f"{sum(one.compared for one in of)} of {sum(one.nights for one in of)}", "", ""]
        )
    part = 100 * faults / max(count * through, 1)
    rows.append([f"{count * through} camera-days", "", f"{looks} looks", "", str(faults), f"{part:.1f} % false a camera-day"])
    return rows, part <= FALSE_PERCENT


def _blur(radius: float) -> Callable[[Picture], Picture]:
    return lambda picture: np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(radius)))


def _freeze() -> Callable[[Picture], Picture]:
    kept: list[Picture] = []

    def happens(picture: Picture) -> Picture:
        kept.append(picture)
        return kept[0]

    return happens


def _hand(picture: Picture) -> Picture:
    """Something near and out of focus, with what shines through at its edge."""
    y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]]
    return np.asarray(
        60 + 40 * np.sin(x / 60) + 20 * np.cos(y / 45) + np.random.default_rng(3).normal(0, 1, picture.shape), np.uint8
    )


FAULTS_MADE: tuple[tuple[str, Callable[[], Callable[[Picture], Picture]], float, frozenset[Verdict]], ...] = (
    ("a cap on the lens", lambda: lambda picture: picture // 20, 0, frozenset({Verdict.DARK})),
    (
        "a bag, light through it",
        lambda: lambda picture: np.full_like(picture, 120),
        0,
        frozenset({Verdict.COVERED, Verdict.DARK}),
    ),
    ("a hand near the lens", lambda: _hand, 0, frozenset({Verdict.COVERED, Verdict.BLURRED})),
    ("out of focus by 0.5 % of the width", lambda: _blur(1.6), 0, frozenset({Verdict.BLURRED})),
    ("out of focus by 1 %", lambda: _blur(3.2), 0, frozenset({Verdict.BLURRED})),
    ("out of focus by 3 %", lambda: _blur(10), 0, frozenset({Verdict.BLURRED, Verdict.COVERED})),
    ("turned by 8 % of the width", lambda: lambda picture: picture, 0.08, frozenset({Verdict.TURNED})),
    ("turned by 15 %", lambda: lambda picture: picture, -0.15, frozenset({Verdict.TURNED})),
    ("turned by 40 %", lambda: lambda picture: picture, 0.4, frozenset({Verdict.TURNED})),
    ("turned right round", lambda: lambda picture: np.roll(picture[:, ::-1], 40, axis=1), 0, frozenset({Verdict.TURNED})),
    ("the same picture again and again", _freeze, 0, frozenset({Verdict.FROZEN})),
)
"""What happens, how it is made, by how much the camera turns, how it may be called. What is right round has as much in it as
the view, so it is the same picture mirrored."""
UNBOUND = "turned right round"
HOURS = (9.5, 15.5, 21.5)


def faults(seen: dict[str, NDArray[np.float32]], count: int, seed: int) -> tuple[list[list[str]], bool]:
    posts = [
        (hour, f"{name}{'' if habits.has_infrared else ', no infrared'}", _settled(camera, hour))
        for name, habits, camera in cameras(seen, count, seed)
        for hour in HOURS
    ]
    rows, is_met = [], True
    for name, make, turn, names in FAULTS_MADE:
        for when, hours in (("day", HOURS[:2]), ("21:30", HOURS[2:])):
            times, called = [], Counter[str]()
            for hour, view, settled in posts:
                if hour in hours:
                    post = deepcopy(settled)
                    wait_s, verdict = post.until_told(DAY_S + hour * 3600, make(), LEFT_PX + round(turn * LARGE_WIDTH_PX))
                    times.append(wait_s)
                    called[verdict.value if verdict else f"not ({view})"] += 1
            found = [one for one in times if one <= FOUND_S]
            right = sum(called[one.value] for one in names)
            rows.append([
                name, when, f"{len(found)} of {len(times)}", f"{max(found, default=0):.0f}", f"{right}",
                " ".join(f"{key}:{n}" for key, n in called.most_common(4)),
            ])  # fmt: skip
            is_met = is_met and (when != "day" or name == UNBOUND or len(found) >= FOUND_PART * len(times))
    return rows, is_met


def _settled(camera: DayCamera, hour: float) -> Post:
    """Accepted the day before at ten, and looked at until the hour comes: now and then, but through dusk as the recorder does."""
    post = Post(camera)
    post.accept(10 * 3600)
    dusk = np.arange(17.5, 18.5, PACE.every_s / 3600)
    for at_h in (12.0, 15.0, *dusk, 19.0, 20.0, 21.4):
        for step in range(1 if at_h in dusk else 3):
            post.look(at_h * 3600 + step * PACE.every_s)
    for step in range(5, 0, -1):
        post.look(DAY_S + hour * 3600 - step * PACE.every_s)
    post.steady = Steady(Verdict.WELL, DAY_S)
    return post


# -- cost ------------------------------------------------------------------------------------------------------------------


def _clip(codec: Codec, width_px: int, height_px: int) -> Clip:
    def make() -> Clip:
        scene = Scene(3, width_px, height_px)
        dice = np.random.default_rng(1)
        noisy = (
            np.clip(scene.picture(n, n / 2, 0) + dice.normal(0, 2, (height_px * 3 // 2, width_px)), 0, 255) for n in range(6)
        )
        options = EncoderOptions(codec, width_px, height_px, 2, 1, crf=26)
        return encode_clip(options, (np.asarray(picture, np.uint8) for picture in noisy))

    return kept_clip(f"look-{codec}-{width_px}x{height_px}", make)


def _cpu_s(pid: int) -> float:
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def _references(width_px: int, *, fits: bool) -> list[tuple[ViewHead, bytes]]:
    """Ten, as a camera has them after some weeks; without `fits` none of them does, so that all are tried."""
    scene = Scene(3 if fits else 6).picture(0, 0.0, 0)[:720]
    shown = np.asarray(Image.fromarray(scene).resize((LARGE_WIDTH_PX, LARGE_HEIGHT_PX)), np.uint8)
    data = signature_of(shown, 10.0, width_px).pack()
    lights = [light for light in Light for _ in range(3)][:10]
    return [(ViewHead(f"{n}", light, n == 0, float(n)), data) for n, light in enumerate(lights)]


def cost() -> tuple[list[list[str]], bool]:
    rows, is_met = [], True
    for codec, width_px, height_px, fits, promised_s in KINDS:
        clip = _clip(codec, width_px, height_px)
        keys = [unit.nals for unit in clip.units if unit.is_key][1:]  # the first is coded better than those that follow
        video = VideoFormat(codec, width_px, height_px, clip.description.parameter_sets, "")
        used_s, peak_mb = _looked_at(video, keys, _references(width_px, fits=fits))
        every_s = max(PACE.every_s, used_s / PACE.share)
        shows = "the view" if fits else "another, all references tried"
        rows.append([
            f"{codec} {width_px}x{height_px}, {shows}", f"{np.mean([sum(map(len, key)) for key in keys]) / 1024:.0f}",
            f"{1000 * used_s / CAMERAS:.1f}", f"{100 * used_s / 60:.1f}", f"{every_s:.0f}", f"{100 * used_s / every_s:.1f}",
            f"{peak_mb:.0f}", f"{COST_PERCENT:g} by {promised_s:g} s",
        ])  # fmt: skip
        is_met = is_met and 100 * used_s / promised_s <= COST_PERCENT
    return rows, is_met


def _looked_at(video: VideoFormat, keys: list[tuple[bytes, ...]], known: list[tuple[ViewHead, bytes]]) -> tuple[float, float]:
    """Seconds of the processor for a look at each camera, the mean of some rounds; the child's memory at most, MiB."""
    with subprocess.Popen(LookingChild.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        for camera in range(CAMERAS):
            child.stdin.write(pack_views(f"cam{camera}", known))
        _round(child, video, keys[0], -1)
        started_s = _cpu_s(child.pid)
        for each in range(ROUNDS):
            _round(child, video, keys[(each + 1) % len(keys)], each)
        used_s = (_cpu_s(child.pid) - started_s) / ROUNDS
        peak = Path(f"/proc/{child.pid}/status").read_text().partition("VmHWM:")[2].split()[0]
        child.stdin.close()
    return used_s, int(peak) / 1024


def _round(child: subprocess.Popen[bytes], video: VideoFormat, nals: tuple[bytes, ...], number: int) -> None:
    assert child.stdin is not None
    assert child.stdout is not None
    samples = b"".join(len(nal).to_bytes(4, "big") + nal for nal in nals)
    for camera in range(CAMERAS):
        child.stdin.write(Look(f"cam{camera}", number * PACE.every_s, 20, 1, video, samples).pack())
        child.stdin.flush()
        _kind, size = unpack_head(child.stdout.read(HEAD.size))
        child.stdout.read(size)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", nargs="+", choices=("cost", "faults", "days"), default=["cost", "faults", "days"])
    parser.add_argument("--cameras", type=int, default=9)
    parser.add_argument("--days", type=int, default=4)
    parser.add_argument("--footage", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="processes that live through the days")
    args = parser.parse_args()
    seen, met = views(args.footage), []
    if "cost" in args.part:
        rows, is_met = cost()
        heads = [
            "200 cameras, each once", "KB a key frame", "ms a look", "% of a core by 60 s", "s between looks", "% then", "MB",
            "bound",
        ]  # fmt: skip
        print_table(heads, rows)
        met.append(is_met)
    if "faults" in args.part:
        rows, is_met = faults(seen, args.cameras, args.seed)
        print_table(["what happens", "when", f"told in {FOUND_S:g} s", "latest s", "by a right name", "as"], rows)
        met.append(is_met)
    if "days" in args.part:
        rows, is_met = days(seen, args.cameras, args.days, args.seed, args.jobs)
        print_table(["view", "night", "references", "nights compared", "false", "when"], rows)
        met.append(is_met)
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
