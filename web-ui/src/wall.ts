// The wall: as many tiles as the layout has, each with its camera's small picture; groups, order, pages.

import "./app";
import { showWatermark } from "./lib/watermark";
import { groupsOf, inGroup, moved, neighbour, ordered } from "./lib/arrange";
import { showTime } from "./lib/clock";
import { Dragging } from "./lib/dragging";
import { fullScreenButton, startSocket } from "./lib/live-page";
import { byId, csrfToken, readScreen, say, type CameraInfo, type Screen } from "./lib/page";
import { Tile } from "./lib/tile";

interface WallScreen extends Screen {
  orders: Record<string, string[]>;
  orderUrl: string;
  history: string[];
  playbackUrl: string;
}

const LAYOUTS = [1, 4, 9, 16, 36];
const KEPT = "luytre.layout";
const TURN_MS = 20_000;
const ASLEEP_MS = 20_000; // a page that nobody sees asks for no pictures

const screen = readScreen() as WallScreen;
showWatermark(screen.watermark ?? "", screen.timeZone);
const wall = byId("wall");
const groups = groupsOf(screen.cameras, say(screen.words, "all"));
let group = new URLSearchParams(window.location.search).get("group") ?? "";
let cameras: CameraInfo[] = [];
let layout = firstLayout();
let page = 0;
let tiles: Tile[] = [];
let shown: CameraInfo[] = [];
let asleep = 0;
const socket = startSocket(screen, () => shown.map((camera) => camera.key), () => tiles);

function firstLayout(): number {
  const kept = Number(window.localStorage.getItem(KEPT));
  if (LAYOUTS.includes(kept)) return kept;
  return LAYOUTS.find((count) => count >= screen.cameras.length) ?? 36;
}

// --- what is shown --------------------------------------------------------------------------------------------------
const pageCount = (): number => Math.max(1, Math.ceil(cameras.length / layout));
const columns = (): number => getComputedStyle(wall).gridTemplateColumns.split(" ").length;

function gather(): void {
  if (!groups.some((one) => one.key === group)) group = "";
  cameras = ordered(inGroup(screen.cameras, group), screen.orders[group] ?? []);
}

function draw(): void {
  page = Math.min(page, pageCount() - 1);
  const next = cameras.slice(page * layout, (page + 1) * layout);
  wall.className = `wall n${layout}`;
  if (next.map((camera) => camera.key).join() !== shown.map((camera) => camera.key).join()) replace(next);
  byId("pages").hidden = byId("turning").hidden = pageCount() === 1;
  byId("page-number").textContent = `${page + 1}/${pageCount()}`;
  for (const button of document.querySelectorAll<HTMLButtonElement>("#layouts button")) {
    const chosen = Number(button.dataset.layout) === layout;
    button.setAttribute("aria-pressed", String(chosen));
    button.classList.toggle("active", chosen);
  }
}

function replace(next: CameraInfo[]): void {
  for (const tile of tiles) tile.stop();
  shown = next;
  tiles = next.map((camera) => new Tile(camera, socket, screen.words, camera.hasSub ? "sub" : "main", true, backOf(camera)));
  wall.replaceChildren(...tiles.map((tile) => tile.root));
}

/** For cameras whose footage this person may see. */
function backOf(camera: CameraInfo): { page: string; words: string } | undefined {
  if (!screen.history.includes(camera.key)) return undefined;
  return { page: `${screen.playbackUrl}?cameras=${encodeURIComponent(camera.key)}&at=`, words: say(screen.words, "lookBack", { name: camera.name }) };
}

function turn(by: number): void {
  page = (page + by + pageCount()) % pageCount();
  draw();
}

function choose(count: number): void {
  page = Math.floor((page * layout) / count);
  layout = count;
  window.localStorage.setItem(KEPT, String(count));
  draw();
}

function chooseGroup(key: string): void {
  group = key;
  page = 0;
  gather();
  const query = key === "" ? "" : `?group=${encodeURIComponent(key)}`;
  window.history.replaceState(null, "", window.location.pathname + query);
  draw();
}

// --- arranging ------------------------------------------------------------------------------------------------------
const dragging = new Dragging(wall, place);

/** While arranging, tiles change places by style alone: a video that is moved in the page would stop. */
function place(from: number, to: number): void {
  const start = page * layout;
  cameras = [...cameras.slice(0, start), ...moved(cameras.slice(start, start + layout), from, to), ...cameras.slice(start + layout)];
  const places = new Map(cameras.slice(start, start + layout).map((camera, index) => [camera.key, index]));
  for (const tile of tiles) tile.root.style.order = String(places.get(tile.key) ?? 0);
  const camera = cameras[start + to];
  if (camera) byId("arrange-words").textContent = say(screen.words, "moved", { name: camera.name, place: String(start + to + 1), count: String(cameras.length) });
}

function arrange(on: boolean): void {
  byId("arrange").setAttribute("aria-pressed", String(on));
  byId("arrange").classList.toggle("active", on);
  byId("arrange-bar").hidden = !on;
  wall.classList.toggle("arranging", on);
  dragging.on = on;
  for (const tile of tiles) tile.still = on;
  if (on) {
    byId("arrange-words").textContent = say(screen.words, "arranging");
    stopTurning();
    tiles[0]?.focus();
  } else {
    shown = []; // drawn anew, so that the keyboard goes through the tiles as the eye does
    draw();
    byId("arrange").focus();
  }
}

async function keep(order: string[]): Promise<void> {
  screen.orders[group] = order;
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() };
  const answer = await fetch(screen.orderUrl, { method: "POST", headers, body: JSON.stringify({ group, cameras: order }) }).catch(() => null);
  byId("wall-state").textContent = say(screen.words, answer?.ok ? "orderKept" : "orderLost");
  told = performance.now();
}

byId("arrange").addEventListener("click", () => {
  if (dragging.on) finish();
  else arrange(true);
});
byId("arranged").addEventListener("click", finish);
byId("by-name").addEventListener("click", () => {
  void keep([]);
  gather();
  arrange(false);
});
function finish(): void {
  void keep(cameras.map((camera) => camera.key));
  arrange(false);
}

// --- turning pages by itself ----------------------------------------------------------------------------------------
let turning = 0;
function stopTurning(): void {
  window.clearInterval(turning);
  turning = 0;
  byId("turning").setAttribute("aria-pressed", "false");
  byId("turning").classList.remove("active");
}
byId("turning").addEventListener("click", () => {
  if (turning !== 0) return stopTurning();
  turning = window.setInterval(() => turn(1), TURN_MS);
  byId("turning").setAttribute("aria-pressed", "true");
  byId("turning").classList.add("active");
});

// --- buttons and keys -----------------------------------------------------------------------------------------------
byId("layouts").addEventListener("click", (event) => {
  const count = Number((event.target as HTMLElement).closest<HTMLElement>("[data-layout]")?.dataset.layout);
  if (LAYOUTS.includes(count)) choose(count);
});
byId("previous").addEventListener("click", () => turn(-1));
byId("next").addEventListener("click", () => turn(1));
const choice = byId<HTMLSelectElement>("group");
choice.replaceChildren(...groups.map((one) => new Option(one.name, one.key)));
byId("groups").hidden = groups.length === 1;
choice.addEventListener("change", () => chooseGroup(choice.value));

const LAYOUT_KEYS: Record<string, number> = { "1": 1, "2": 4, "3": 9, "4": 16, "6": 36 };
document.addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (target.closest("input, select, textarea, dialog") || event.ctrlKey || event.altKey || event.metaKey) return;
  const index = tiles.findIndex((tile) => tile.root.contains(target));
  if (event.key.startsWith("Arrow") && index >= 0) {
    event.preventDefault();
    return arrowKey(index, event.key);
  }
  const count = LAYOUT_KEYS[event.key];
  if (event.key === "PageDown") turn(1);
  else if (event.key === "PageUp") turn(-1);
  else if (event.key === "Escape" && dragging.on) finish();
  else if (event.key === "f") byId("full").click();
  else if (event.key === "r" && index >= 0) window.location.href = tiles[index]!.justSeen;
  else if (event.key === "?") byId<HTMLDialogElement>("keys").showModal();
  else if (count !== undefined && !dragging.on) choose(count);
  else return;
  event.preventDefault();
});

function arrowKey(index: number, key: string): void {
  if (!dragging.on) return tiles[neighbour(index, key, columns(), tiles.length)]!.focus();
  const seen = [...tiles].sort((a, b) => Number(a.root.style.order) - Number(b.root.style.order));
  const from = seen.indexOf(tiles[index]!);
  place(from, neighbour(from, key, columns(), tiles.length));
}

// --- as time goes on ------------------------------------------------------------------------------------------------
let told = -Infinity; // when something was said in the line that tells what is down
function tick(): void {
  byId("clock").textContent = showTime(Date.now() / 1000, screen.timeZone);
  if (performance.now() - told < 4000) return;
  const down = tiles.filter((tile) => tile.isDown).map((tile) => tile.name);
  const words = down.length === 0 ? "" : say(screen.words, "down", { count: String(down.length), names: down.slice(0, 5).join(", ") + (down.length > 5 ? "…" : "") });
  if (byId("wall-state").textContent !== words) byId("wall-state").textContent = words; // a reader of the screen hears each change
}

document.addEventListener("visibilitychange", () => {
  window.clearTimeout(asleep);
  if (document.hidden) asleep = window.setTimeout(() => replace([]), ASLEEP_MS);
  else if (shown.length === 0) draw();
  void stayAwake();
});

/** A wall in full screen keeps the machine's display on, where the browser may (only over https or on this machine). */
async function stayAwake(): Promise<void> {
  if (document.fullscreenElement && !document.hidden) await navigator.wakeLock?.request("screen").catch(() => null);
}
document.addEventListener("fullscreenchange", () => void stayAwake());

window.setInterval(tick, 1000);
tick();
fullScreenButton();
gather();
choice.value = group;
draw();
