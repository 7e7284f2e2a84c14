"""How fast the map moves in Chromium, with 500 eyes and 5,000 buildings of a commune: what each picture of a pan takes.

    python -m bench.map_frames [--eyes 500] [--buildings 5000] [--seconds 8] [--disk DIR]

The map is panned by a few pixels at each animation frame, round and round, as a hand does; the time between frames is taken
by the page's own clock. Without a graphics card Chromium draws by the processor (SwiftShader): then it is the processor
that is measured, and the table says so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page

from bench.measure import print_table, scratch
from bench.product import browser, log_in, percentile, running_product, wait_until

FRAME_MS = 1000 / 30
_FILL = """
import json, math, random, sys
from datetime import UTC, datetime
from decimal import Decimal
from luytre.bridge.django import start_django
start_django()
from luytre.civic.ground.models import HamletArea, Obstacle, Place
from luytre.civic.registry.models import Eye, Hamlet, Site
eyes, buildings = json.load(sys.stdin)
chance, side = random.Random(7), math.ceil(math.sqrt(buildings))
step = 3000 / side
def degrees(east, north):
    return [round(105.97 + east / 103900, 6), round(20.91 + north / 110700, 6)]
def area(corners):
    ring = [degrees(*corner) for corner in corners]
    return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
hamlet = Hamlet.objects.create(name="Thôn Đông")
HamletArea.objects.create(hamlet=hamlet, geometry=area([(-1550, -1550), (1550, -1550), (1550, 1550), (-1550, 1550)]))
made = []
for number in range(buildings):
    east, north = -1500 + number % side * step, -1500 + number // side * step
    wide, deep, turn = step * chance.uniform(0.3, 0.6), step * chance.uniform(0.3, 0.6), chance.uniform(-0.4, 0.4)
    c, s = math.cos(turn), math.sin(turn)
    corners = [(0, 0), (wide, 0), (wide, deep * 0.6), (wide * 0.6, deep * 0.6), (wide * 0.6, deep), (0, deep)]
    made.append(Obstacle(geometry=area([(east + x * c - y * s, north + x * s + y * c) for x, y in corners]), height_m=6.6))
Obstacle.objects.bulk_create(made)
for number in range(20):
    line = [degrees(-1500 + 150 * number, -1500), degrees(-1500 + 150 * number + 40, 0), degrees(-1500 + 150 * number, 1500)]
    Place.objects.create(kind="route", name=f"Ngõ {number + 1}", geometry=json.dumps({"type": "LineString", "coordinates": line}))
for number in range(eyes):
    lon, lat = degrees(chance.uniform(-1500, 1500), chance.uniform(-1500, 1500))
    where = {"latitude": Decimal(str(lat)), "longitude": Decimal(str(lon))}
    site = Site.objects.create(name=f"Cột {number}", hamlet=hamlet, **where)
    Eye.objects.create(name=f"Mắt {number:03d}", site=site, bearing_deg=chance.randrange(360), hfov_deg=90.0, width_px=1920)
"""
_PAN = """(seconds) => new Promise((done) => {
  const map = window.luytreMap, times = [], start = performance.now();
  let last = start;
  const step = (now) => {
    if (now > last) times.push(now - last);
    last = now;
    const turn = (now - start) / 1000;
    map.panBy([9 * Math.cos(turn), 9 * Math.sin(turn)], { animate: false });
    if (now - start < seconds * 1000) requestAnimationFrame(step);
    else done(times.slice(5));
  };
  requestAnimationFrame(step);
})"""
_GL = """() => {
  const gl = document.createElement("canvas").getContext("webgl2");
  const told = gl && gl.getExtension("WEBGL_debug_renderer_info");
  return told ? gl.getParameter(told.UNMASKED_RENDERER_WEBGL) : "unknown";
}"""
READY = "document.querySelector('#map-screen')?.dataset.ready === '1' && window.luytreMap.loaded()"


def frames(page: Page, web: str, zoom: int, seconds: float) -> list[float]:
    """Milliseconds between frames of a pan, after everything is drawn."""
    page.goto(f"{web}/map?at=20.91,105.97,{zoom}&layers=eyes,views,hamlets,places,obstacles")
    wait_until(page, READY)
    page.wait_for_timeout(1500)
    found: list[float] = page.evaluate(_PAN, seconds)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eyes", type=int, default=500)
    parser.add_argument("--buildings", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    with scratch(args.disk) as folder, running_product(folder, []) as product, browser() as chromium:
        wanted = json.dumps([args.eyes, args.buildings])
        subprocess.run([sys.executable, "-c", _FILL], env=product.settings, input=wanted, text=True, check=True)
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        log_in(page, product)
        rows, slow = [], False
        for zoom, seen in ((14, "the commune"), (16, "a hamlet"), (18, "a lane")):
            times = frames(page, product.web, zoom, args.seconds)
            median, late = percentile(times, 0.5), percentile(times, 0.95)
            slow = slow or median > FRAME_MS
            rows.append([seen, str(zoom), f"{1000 / median:.0f}", f"{median:.1f}", f"{late:.1f}", f"{max(times):.0f}"])
        print(f"{args.eyes} eyes, {args.buildings} buildings, 1366x768; drawn by: {page.evaluate(_GL)}")
        print_table(["in view", "zoom", "frames/s", "median ms", "95 % ms", "worst ms"], rows)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
