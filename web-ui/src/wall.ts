// The wall: as many tiles as the layout has, each with its camera's small picture.

import "./app";
import { showTime } from "./lib/clock";
import { fullScreenButton, startSocket } from "./lib/live-page";
import { byId, readScreen, say, type CameraInfo } from "./lib/page";
import { Tile } from "./lib/tile";

const LAYOUTS = [1, 4, 9, 16, 36];
const KEPT = "luytre.layout";

const screen = readScreen();
const wall = byId("wall");
let layout = firstLayout();
let page = 0;
let tiles: Tile[] = [];
let shown: CameraInfo[] = [];
const socket = startSocket(screen, () => shown.map((camera) => camera.key), () => tiles);

function firstLayout(): number {
  const kept = Number(window.localStorage.getItem(KEPT));
  if (LAYOUTS.includes(kept)) return kept;
  return LAYOUTS.find((count) => count >= screen.cameras.length) ?? 36;
}

function draw(): void {
  const pages = Math.max(1, Math.ceil(screen.cameras.length / layout));
  page = Math.min(page, pages - 1);
  const next = screen.cameras.slice(page * layout, (page + 1) * layout);
  wall.className = `wall n${layout}`;
  if (next.map((camera) => camera.key).join() !== shown.map((camera) => camera.key).join()) replace(next);
  byId("pages").hidden = pages === 1;
  byId("page-number").textContent = `${page + 1}/${pages}`;
  for (const button of document.querySelectorAll<HTMLButtonElement>("#layouts button")) {
    const chosen = Number(button.dataset.layout) === layout;
    button.setAttribute("aria-pressed", String(chosen));
    button.classList.toggle("active", chosen);
  }
}

function replace(next: CameraInfo[]): void {
  for (const tile of tiles) tile.stop();
  shown = next;
  tiles = next.map((camera) => new Tile(camera, socket, screen.words, camera.hasSub ? "sub" : "main", true));
  wall.replaceChildren(...tiles.map((tile) => tile.root));
}

function turn(by: number): void {
  const pages = Math.max(1, Math.ceil(screen.cameras.length / layout));
  page = (page + by + pages) % pages;
  draw();
}

function choose(count: number): void {
  page = Math.floor((page * layout) / count);
  layout = count;
  window.localStorage.setItem(KEPT, String(count));
  draw();
}

byId("layouts").addEventListener("click", (event) => {
  const count = Number((event.target as HTMLElement).closest<HTMLElement>("[data-layout]")?.dataset.layout);
  if (LAYOUTS.includes(count)) choose(count);
});
byId("previous").addEventListener("click", () => turn(-1));
byId("next").addEventListener("click", () => turn(1));
document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLInputElement || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "PageDown") turn(1);
  else if (event.key === "PageUp") turn(-1);
  else if (event.key === "f") byId("full").click();
});

function tick(): void {
  byId("clock").textContent = showTime(Date.now() / 1000, screen.timeZone);
  const down = tiles.filter((tile) => tile.isDown).map((tile) => tile.name);
  const words = down.length === 0 ? "" : say(screen.words, "down", { count: String(down.length), names: down.slice(0, 5).join(", ") + (down.length > 5 ? "…" : "") });
  if (byId("wall-state").textContent !== words) byId("wall-state").textContent = words; // a reader of the screen hears each change
}
window.setInterval(tick, 1000);
tick();
fullScreenButton();
draw();
