"""A day before a fixed camera, from any still picture: sun and moving shadows, clouds, dusk, lamps, infrared, fog, rain, traffic.

For judging pictures, not for watching: one small grey picture a moment and how colourful it is, as a camera with automatic
exposure would give it. Everything is drawn from a seed, so that a day can be had again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH_PX, HEIGHT_PX = 320, 180
DAY_S = 86_400
SUNRISE_H, SUNSET_H = 5.6, 17.9
TWILIGHT_H = 0.45
Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Habits:
    """Of one camera and its place. Hours are of its clock."""

    has_infrared: bool = True
    lamps: int = 3
    """Street lamps in the picture, on from dusk to dawn."""
    lamps_off_h: float | None = None
    """When they are switched off at night."""
    traffic: float = 0.4
    """Chance that something passes in a picture; it is large in one of ten."""
    fog: float = 0.2
    """Chance of a morning with fog."""
    rain: float = 0.3
    """Chance of rain at any hour, for an hour or two."""
    sway_px: float = 0.6
    """By wind, of 320."""
    noise: float = 1.2
    """Grey levels by day, of a pixel of 320; several times as much at night."""
    shadows: float = 0.8
    """How deep the sun's shadows are."""


@dataclass(frozen=True, slots=True)
class Seen:
    grey: NDArray[np.uint8]
    colour: float


class DayCamera:
    """`view` is the picture by even light, levels 0 to 255, at least 320x180; what is wider is there for cameras that turn."""

    def __init__(self, view: Plane, habits: Habits, seed: int) -> None:
        self._view, self._habits = view.astype(np.float32), habits
        self._dice = np.random.default_rng(seed)
        height, width = view.shape
        self._depth = np.linspace(1.0, 0.05, height, dtype=np.float32)[:, None]
        self._posts = [(float(self._dice.uniform(0, width)), float(self._dice.uniform(0.4, 1))) for _ in range(9)]
        self._lamps = [
            (float(self._dice.uniform(0.05, 0.95)) * width, float(self._dice.uniform(0.1, 0.5)) * height)
            for _ in range(habits.lamps)
        ]
        self._foliage = _smooth_noise(self._dice, height, width, 12)
        self._weather: dict[int, tuple[float, float | None, float, Plane]] = {}

    def _of_day(self, day: int) -> tuple[float, float | None, float, Plane]:
        """Fog in the morning (depth), when it rains (hour), how cloudy, and the clouds' course through the day."""
        if day not in self._weather:
            dice = np.random.default_rng(self._dice.integers(1 << 30) + day)
            fog = float(dice.uniform(0.5, 6)) if dice.random() < self._habits.fog else 0.0
            rain = float(dice.uniform(0, 24)) if dice.random() < self._habits.rain * 2 else None
            walk = np.cumsum(dice.normal(0, 0.12, 24 * 12)).astype(np.float32)
            self._weather = {day: (fog, rain, float(dice.uniform(0, 0.7)), walk)}
        return self._weather[day]

    def see(self, at_s: float, left_px: int = 0, top_px: int = 0) -> Seen:
        """At so many seconds after the first midnight. `left_px`, `top_px`: where in the view the camera looks."""
        habits = self._habits
        day, hour = int(at_s // DAY_S), at_s % DAY_S / 3600
        fog, rain_h, cloudy, walk = self._of_day(day)
        cover = float(np.clip(cloudy + 0.4 * math.sin(float(walk[int(hour * 12) % len(walk)])), 0, 1))
        sun = _sun(hour)
        scene = self._lit(hour, sun, cover)
        infrared = habits.has_infrared and sun < 0.02
        if infrared:
            scene = scene + self._infrared()
        scene = self._pass_by(scene, sun, infrared)
        rains = rain_h is not None and rain_h <= hour < rain_h + 1.5
        scene = self._through_air(scene, sun, fog * _fog_at(hour) + (1.2 if rains else 0.0))
        if rains:
            scene = self._rain(scene, sun)
        seen = self._shot(scene, left_px, top_px)
        return Seen(self._exposed(seen, infrared), 0.3 if infrared else 4.0 + 8.0 * min(sun * 4, 1))

    def _lit(self, hour: float, sun: float, cover: float) -> Plane:
        """Reflected light; 1.0 is white in full sun."""
        albedo = self._view / 255
        direct, sky = sun * (1 - cover), sun * (0.35 + 0.3 * cover) + 0.0015
        light = sky + direct * (1 - self._habits.shadows * self._shadows(hour)) if direct > 0.01 else np.full_like(albedo, sky)
        off = self._habits.lamps_off_h
        burns = sun < 0.05 and not (off is not None and (hour >= off or hour < 5))
        return np.asarray(albedo * (light + (self._lamplight() if burns else 0)), np.float32)

    def _shadows(self, hour: float) -> Plane:
        """Of posts and houses: they lie long in the morning and in the evening, and turn."""
        height, width = self._view.shape
        angle = (hour - 12) / 6 * 1.25
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        out = np.zeros_like(self._view)
        for foot, size in self._posts:
            along = (height - y) * size
            middle = foot + math.tan(angle) * along * 0.5
            reach = along < height * (0.35 + 0.5 * abs(angle)) * size
            out = np.maximum(out, np.where((np.abs(x - middle) < 7 + 14 * size) & reach, 1, 0))
        return out.astype(np.float32)

    def _lamplight(self) -> Plane:
        height, width = self._view.shape
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        out = np.zeros_like(self._view)
        for left, top in self._lamps:
            out += 0.09 * np.exp(-(((x - left) / 60) ** 2 + ((y - top - 60) / 55) ** 2))
            out += 1.5 * np.exp(-(((x - left) / 3) ** 2 + ((y - top) / 3) ** 2))
        return out

    def _infrared(self) -> Plane:
        """The camera's own light: strong in the middle and near, leaves shine, shirts and walls change places."""
        height, width = self._view.shape
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        spot = np.exp(-(((x - width / 2) / (width * 0.45)) ** 2 + ((y - height * 0.6) / (height * 0.5)) ** 2))
        albedo = np.clip(0.25 + 0.5 * self._view / 255 + 0.35 * self._foliage, 0, 1)
        return np.asarray(0.08 * spot * albedo, np.float32)

    def _pass_by(self, scene: Plane, sun: float, infrared: bool) -> Plane:
        """People and motorbikes, seldom a lorry; at night their lamps."""
        dice = self._dice
        for _ in range(4):
            if dice.random() >= self._habits.traffic:
                continue
            large = dice.random() < 0.1
            height, width = scene.shape
            h = int(height * (dice.uniform(0.35, 0.6) if large else dice.uniform(0.08, 0.2)))
            w = int(h * (dice.uniform(1.2, 1.8) if large else dice.uniform(0.4, 1.2)))
            left, top = int(dice.uniform(-w / 2, width - w / 2)), int(dice.uniform(height * 0.35, height - h / 2))
            part = scene[max(top, 0) : top + h, max(left, 0) : left + w]
            part[:] = dice.uniform(0.05, 0.9) * (sun * 0.7 + 0.004 + (0.05 if infrared else 0.0))
            part[:, ::17] *= 0.6
            part[::23] *= 0.7
            if sun < 0.05 and dice.random() < 0.7:
                y, x = np.mgrid[0:height, 0:width].astype(np.float32)
                size = dice.uniform(6, 25)
                scene = scene + 0.8 * np.exp(-((x - left) ** 2 + (y - top - h / 2) ** 2) / size**2)
        return scene

    def _through_air(self, scene: Plane, sun: float, thickness: float) -> Plane:
        if thickness <= 0:
            return scene
        through = np.exp(-thickness * self._depth)
        return np.asarray(scene * through + (0.55 * sun + 0.002) * (1 - through), np.float32)

    def _rain(self, scene: Plane, sun: float) -> Plane:
        height, width = scene.shape
        drops = (self._dice.random((height, width)) < 0.004).astype(np.float32)
        streaks = sum(np.roll(drops, step, axis=0) for step in range(9))
        return np.asarray(scene + streaks * (0.1 * sun + 0.01), np.float32)

    def _shot(self, scene: Plane, left_px: int, top_px: int) -> Plane:
        """What the camera sees of it, with the pole swaying."""
        shake = np.rint(self._dice.normal(0, self._habits.sway_px, 2)).astype(int)
        left = int(np.clip(left_px + shake[0], 0, scene.shape[1] - WIDTH_PX))
        top = int(np.clip(top_px + shake[1], 0, scene.shape[0] - HEIGHT_PX))
        return scene[top : top + HEIGHT_PX, left : left + WIDTH_PX]

    def _exposed(self, seen: Plane, infrared: bool) -> NDArray[np.uint8]:
        """Automatic exposure within its bounds, the sensor's noise, gamma."""
        gain = float(np.clip(0.22 / max(float(seen.mean()), 1e-5), 0.3, 25.0))
        noise = self._habits.noise / 255 * (1 + 0.18 * gain) * self._dice.normal(0, 1, seen.shape)
        level = np.clip(seen * gain, 0, 1) ** (1 / 2.2) + noise
        return np.asarray(np.clip(np.rint(level * 255), 0, 255), np.uint8)


def _sun(hour: float) -> float:
    """0 at night to 1 at noon; twilight in between falls by half a decade in a few minutes, as it does in the tropics."""
    middle, half = (SUNRISE_H + SUNSET_H) / 2, (SUNSET_H - SUNRISE_H) / 2
    high = math.cos((hour - middle) / half * math.pi / 2) if abs(hour - middle) < half else 0.0
    before = min(abs(hour - SUNRISE_H), abs(hour - SUNSET_H))
    if high <= 0:
        return 0.06 * math.exp(-before / TWILIGHT_H * 6)
    return 0.06 + 0.94 * high


def _fog_at(hour: float) -> float:
    """Comes in the small hours, goes with the sun."""
    return float(np.clip((hour - 2) / 2, 0, 1) * np.clip((9 - hour) / 2, 0, 1))


def _smooth_noise(dice: np.random.Generator, height: int, width: int, cell: int) -> Plane:
    coarse = dice.random((height // cell + 2, width // cell + 2)).astype(np.float32)
    return np.kron(coarse, np.ones((cell, cell), np.float32))[:height, :width]
