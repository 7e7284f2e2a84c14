// Regions of a span that are hidden in copies for watching: boxes drawn over playback's picture, at moments that they move between.

import "./app";
import "./blur.css";
import { RegionList, showMs, type Act } from "./lib/blur-list";
import { showTime } from "./lib/clock";
import { Footage } from "./lib/footage";
import { reasonOf, showNear } from "./lib/lane";
import { byId, csrfToken, readScreen, say, type Screen } from "./lib/page";
import { toNextPicture } from "./lib/next-picture";
import { Reasons } from "./lib/reason";
import { ReasonDialog } from "./lib/reason-dialog";
import { Recorded } from "./lib/recorded";
import { StepClock } from "./lib/step-clock";
import { StepTile } from "./lib/step-tile";
import { Tokens } from "./lib/tokens";
import {
  begunAt, blocksOf, boxAt, boxNear, endedAt, keyNear, nudged, overSpan, put, readTracks, spanned, Steps, without, writeTracks,
  type Box, type Track,
} from "./lib/tracks";
import { showWatermark } from "./lib/watermark";

interface BlurScreen extends Screen {
  span: { from: number; to: number };
  reason: { purpose_key: string; reference: string };
  tracks: unknown;
  most: { tracks: number; keys: number };
}

const TICK_MS = 100;
const AGAIN_MS = 3000;
const LEAST_DRAWN = 0.012; // less is a slip of the finger
const MARGIN = 0.006; // as the copy has it
const screen = readScreen() as BlurScreen;
const { words, timeZone: zone, span } = screen;
const camera = screen.cameras[0]!;
const text = (name: string, fill: Record<string, string> = {}): string => say(words, name, fill);
showWatermark(screen.watermark ?? "", zone);

// --- the picture: playback's, of one camera ---------------------------------------------------------------------------
const asking = new ReasonDialog(words);
const said = { purpose: "", ...screen.reason };
const reasons = new Reasons({
  offered: { history: screen.purposes?.history ?? [], export: [] },
  ask: (purposes, before) => asking.ask(purposes, before), nowMs: () => Date.now(), changed: () => undefined,
  kept: { getItem: () => JSON.stringify({ ...said, at: Date.now() }), setItem: (_name, value) => void Object.assign(said, JSON.parse(value)), removeItem: () => void (said.purpose_key = "") },
});
const tokens = new Tokens({ url: screen.tokenUrl, csrf: csrfToken(), fetch: window.fetch.bind(window), nowMs: () => performance.now(), reasons });
const recorded = new Recorded(screen, tokens, () => tile.refuse());
const stage = byId("stage");
const regions = byId("regions");
const slider = byId<HTMLInputElement>("slider");
const clock = new StepClock(firstAt(), () => performance.now());
const footage = new Footage(recorded, { changed: skipHole, failed: () => window.setTimeout(() => void load(), AGAIN_MS), loggedOut: logIn });
const tile: StepTile = new StepTile(camera, {
  words, zone, chosen: () => undefined, enlarge: () => undefined, remove: () => undefined, failed: (kind) => void (kind === "loggedOut" && logIn()),
  reason: (gap) => text("gapFromTo", { from: showTime(gap.from, zone), to: showNear(Math.min(gap.to, span.to), gap.from, zone), reason: reasonOf(gap, words) }),
}, recorded);
tile.root.removeAttribute("tabindex");
tile.root.dataset.alone = "";
stage.prepend(tile.root);
const video = tile.root.querySelector("video")!;
const small = tile.root.querySelector("img")!;

function firstAt(): number {
  const at = Number(new URLSearchParams(window.location.search).get("at")) / 1000;
  return at >= span.from && at <= span.to ? at : span.from;
}

function logIn(): void {
  leaves = true;
  window.location.href = `${screen.loginUrl}?next=${encodeURIComponent(window.location.pathname)}`;
}

const load = (): Promise<void> => footage.load({ from: span.from - 5, to: span.to + 5 }, [camera.key], Date.now() / 1000);

/** The moment of the picture that stands there, in milliseconds: what is drawn is drawn on it. */
function shownMs(): number {
  if (!small.hidden && small.dataset.at) return Math.round(Number(small.dataset.at) * 1000);
  const at = tile.player.ready ? tile.player.at : undefined;
  return Math.round((at !== undefined && Math.abs(at - clock.at) < 0.5 ? at : clock.at) * 1000);
}

const nearMs = (): number => Math.max(5, tile.player.frameS * 500);

// --- what is drawn ----------------------------------------------------------------------------------------------------
const steps = new Steps<readonly Track[]>(readTracks(screen.tracks));
const atFirst = writeTracks(steps.now);
const refused = document.getElementById("blur-error") !== null; // what is here was sent, and is not saved
const list = new RegionList(byId("list"), { words, zone, choose, go: (atMs) => goTo(atMs / 1000 + tile.player.frameS / 4), act });
let chosen = steps.now.length - 1;
let held: { index: number; box: Box } | null = null; // under the finger; an index beyond the last: a new one
let leaves = false;

const isUnsaved = (): boolean => refused || writeTracks(steps.now) !== atFirst;

function tell(sentence: string): void {
  byId("told").textContent = sentence;
}

function changed(): void {
  chosen = Math.min(chosen, steps.now.length - 1);
  list.draw(steps.now, chosen);
  byId<HTMLInputElement>("tracks").value = writeTracks(steps.now);
  byId<HTMLButtonElement>("undo").disabled = !steps.canUndo;
  byId<HTMLButtonElement>("redo").disabled = !steps.canRedo;
  byId("unsaved").hidden = !isUnsaved();
  draw();
}

function take(next: readonly Track[]): void {
  steps.take(next);
  changed();
}

function takeTrack(index: number, track: Track): void {
  if (track.length > screen.most.keys) return tell(text("tooManyKeys", { most: String(screen.most.keys) }));
  take(track.length ? steps.now.map((one, at) => (at === index ? track : one)) : steps.now.filter((_one, at) => at !== index));
}

function choose(index: number): void {
  if (index === chosen) return;
  chosen = index;
  for (const [at, card] of [...byId("list").children].entries()) card.classList.toggle("chosen", at === chosen);
  draw();
}

/** The box is there at the moment shown: a new moment of the region, or the one that stands there is another. */
function set(index: number, box: Box): void {
  const at = shownMs();
  takeTrack(index, put(steps.now[index]!, at, box, nearMs()));
  tell(text("keyed", { number: String(index + 1), time: showMs(at, zone) }));
}

function add(box: Box): void {
  if (steps.now.length >= screen.most.tracks) return tell(text("tooManyRegions", { most: String(screen.most.tracks) }));
  chosen = steps.now.length;
  take([...steps.now, put([], shownMs(), box, nearMs())]);
  tell(text("added", { number: String(chosen + 1) }));
}

function act(what: Act, index: number): void {
  const [track, at] = [steps.now[index]!, shownMs()];
  if (what === "removeRegion") takeTrack(index, []);
  else if (what === "wholeSpan") takeTrack(index, overSpan(track, Math.floor(span.from * 1000), Math.ceil(span.to * 1000)));
  else if (what === "endHere") takeTrack(index, endedAt(track, at, nearMs()));
  else if (what === "beginHere") takeTrack(index, begunAt(track, at, nearMs()));
  else dropKey(index);
  byId("list").querySelector<HTMLElement>(`[data-track="${Math.min(index, steps.now.length - 1)}"] [data-act="${what}"]`)?.focus();
}

function dropKey(index: number): void {
  const here = keyNear(steps.now[index]!, shownMs(), nearMs());
  if (!here) return tell(text("noKeyHere", { number: String(index + 1) }));
  takeTrack(index, without(steps.now[index]!, here.at));
  tell(text("dropped", { number: String(index + 1), time: showMs(here.at, zone) }));
}

function again(back: boolean): void {
  if (back) steps.undo();
  else steps.redo();
  changed();
}

// --- boxes on the picture ---------------------------------------------------------------------------------------------
function place(element: HTMLElement, box: Box): void {
  element.style.left = `${box.x * 100}%`;
  element.style.top = `${box.y * 100}%`;
  element.style.width = `${box.width * 100}%`;
  element.style.height = `${box.height * 100}%`;
}

/** Elements stay, so that who moves one by keys keeps it under them. */
function draw(): void {
  const at = shownMs();
  const count = steps.now.length + (held && held.index >= steps.now.length ? 1 : 0);
  while (regions.children.length > count) regions.lastElementChild!.remove();
  while (regions.children.length < count) regions.append(region(regions.children.length));
  for (const [index, element] of [...regions.children].entries()) {
    const track = steps.now[index];
    const box = held?.index === index ? held.box : track && boxAt(track, at);
    const isAway = !box && index === chosen && !clock.playing;
    (element as HTMLElement).hidden = !box && !isAway;
    element.classList.toggle("away", isAway);
    element.classList.toggle("chosen", index === chosen);
    if (box || isAway) place(element as HTMLElement, box ?? boxNear(track!, at));
  }
  list.at(at, nearMs());
}

function region(index: number): HTMLElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "blur-region";
  made.dataset.number = String(index + 1);
  made.setAttribute("aria-label", text("regionKeys", { number: String(index + 1) }));
  made.append(document.createElement("i"));
  made.addEventListener("focus", () => choose(index));
  made.addEventListener("keydown", (event) => {
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      return dropKey(index);
    }
    const next = nudged(boxNear(steps.now[index]!, shownMs()), event.key, event.shiftKey);
    if (!next) return;
    event.preventDefault();
    pause();
    if (hasPicture()) set(index, next);
  });
  return made;
}

function pointOf(event: PointerEvent): [number, number] {
  const around = stage.getBoundingClientRect();
  const part = (share: number): number => Math.min(1, Math.max(0, share));
  return [part((event.clientX - around.left) / around.width), part((event.clientY - around.top) / around.height)];
}

function hasPicture(): boolean {
  const there = tile.state === "footage" || !small.hidden;
  if (!there) tell(text("waitPicture"));
  return there;
}

/** What the finger does from here on: a new box, or the one under it moved, or made larger by its corner. */
function shaper(event: PointerEvent): { index: number; box(to: PointerEvent): Box } {
  const [x, y] = pointOf(event);
  const element = (event.target as Element).closest<HTMLElement>(".blur-region");
  if (!element) return { index: steps.now.length, box: (to) => spanned(x, y, ...pointOf(to)) };
  const index = [...regions.children].indexOf(element);
  const old = boxNear(steps.now[index]!, shownMs());
  const by = (to: PointerEvent): [number, number] => [pointOf(to)[0] - x, pointOf(to)[1] - y];
  if ((event.target as Element).localName === "i") return { index, box: (to) => ({ ...old, width: Math.max(LEAST_DRAWN, Math.min(1 - old.x, old.width + by(to)[0])), height: Math.max(LEAST_DRAWN, Math.min(1 - old.y, old.height + by(to)[1])) }) };
  const kept = (value: number, side: number): number => Math.max(0, Math.min(1 - side, value));
  return { index, box: (to) => ({ ...old, x: kept(old.x + by(to)[0], old.width), y: kept(old.y + by(to)[1], old.height) }) };
}

stage.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || held) return;
  event.preventDefault();
  stepping += 1;
  pause();
  if (!hasPicture()) return;
  const [from, shape] = [pointOf(event), shaper(event)];
  choose(shape.index);
  (regions.children[shape.index] as HTMLElement | undefined)?.focus();
  stage.setPointerCapture(event.pointerId);
  const follow = (to: PointerEvent): void => {
    held = { index: shape.index, box: shape.box(to) };
    draw();
  };
  const end = (to: PointerEvent): void => {
    stage.removeEventListener("pointermove", follow);
    stage.removeEventListener("pointerup", end);
    stage.removeEventListener("pointercancel", end);
    held = null;
    const [isNew, box, now] = [shape.index >= steps.now.length, shape.box(to), pointOf(to)];
    const isMoved = Math.abs(now[0] - from[0]) + Math.abs(now[1] - from[1]) > 0.003;
    if (to.type === "pointerup" && isNew && Math.min(box.width, box.height) >= LEAST_DRAWN) add(box);
    else if (to.type === "pointerup" && !isNew && isMoved) set(shape.index, box);
    else changed();
  };
  stage.addEventListener("pointermove", follow);
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", end);
});

// --- how it will look -------------------------------------------------------------------------------------------------
const canvas = byId<HTMLCanvasElement>("mosaic");
const brush = canvas.getContext("2d")!;
const tiny = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;

function paint(): void {
  window.requestAnimationFrame(paint);
  const [width, height] = [stage.clientWidth, stage.clientHeight];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  brush.clearRect(0, 0, width, height);
  const picture = small.hidden ? video : small;
  const size: [number, number] = small.hidden ? [video.videoWidth, video.videoHeight] : [small.naturalWidth, small.naturalHeight];
  if (!byId<HTMLInputElement>("preview").checked || !size[0] || held) return;
  brush.imageSmoothingEnabled = false;
  for (const track of steps.now) {
    const box = boxAt(track, shownMs());
    if (box) mosaic(picture, size, box, width, height);
  }
}

function mosaic(picture: CanvasImageSource, [full, high]: [number, number], box: Box, width: number, height: number): void {
  const [left, top] = [Math.max(0, box.x - MARGIN), Math.max(0, box.y - (MARGIN * full) / high)];
  const [right, low] = [Math.min(1, box.x + box.width + MARGIN), Math.min(1, box.y + box.height + (MARGIN * full) / high)];
  const [columns, rows] = blocksOf((right - left) * full, (low - top) * high);
  [tiny.canvas.width, tiny.canvas.height] = [columns, rows];
  tiny.drawImage(picture, left * full, top * high, (right - left) * full, (low - top) * high, 0, 0, columns, rows);
  brush.drawImage(tiny.canvas, 0, 0, columns, rows, left * width, top * height, (right - left) * width, (low - top) * height);
}

function fitStage(): void {
  if (!video.videoWidth) return;
  stage.style.aspectRatio = `${video.videoWidth} / ${video.videoHeight}`;
  stage.style.width = `min(100%, calc(72vh * ${video.videoWidth / video.videoHeight}))`;
}

// --- time -------------------------------------------------------------------------------------------------------------
let lastDrawn = "";
let stepping = 0; // which step is on its way: another wish ends it

/** To the next footage of the span, where there is none at this moment: at first, and while it plays. */
function skipHole(): void {
  const keys = [camera.key];
  const next = footage.allEmpty(clock.at, keys) ? footage.next(clock.at, keys) : undefined;
  if (next !== undefined && next < span.to) clock.set(next);
}

function tick(): void {
  if (clock.playing) skipHole();
  if (clock.playing && clock.at >= span.to) {
    pause();
    clock.set(span.to);
  }
  const nowUtcS = Date.now() / 1000;
  const beat = { at: clock.at, rate: clock.rate, moving: clock.moving, held: clock.playing && !clock.moving, nowUtcS, atMs: (ms: number) => clock.atMs(ms) };
  tile.update(beat, footage.of(camera.key), false, 0);
  clock.hold(tile.holds);
  const [at, moment] = [shownMs(), showMs(shownMs(), zone)];
  byId("now-shown").textContent = moment;
  slider.setAttribute("aria-valuetext", moment);
  if (document.activeElement !== slider || clock.playing) slider.value = String(Math.round((clock.at - span.from) * 1000));
  const drawn = `${at} ${tile.state}`;
  if (drawn !== lastDrawn && !held) draw();
  lastDrawn = drawn;
}

function goTo(at: number): void {
  stepping += 1;
  show(at);
}

function show(at: number): void {
  pause();
  clock.set(Math.min(span.to, Math.max(span.from, at)));
  tick();
}

function tellPlaying(): void {
  byId("play").setAttribute("aria-label", text(clock.playing ? "pause" : "play"));
  byId("play").classList.toggle("is-playing", clock.playing);
}

function pause(): void {
  clock.pause();
  tellPlaying();
}

function playPause(): void {
  stepping += 1;
  if (clock.playing) return pause();
  if (clock.at >= span.to - 0.05) clock.set(span.from);
  clock.play();
  tellPlaying();
  tick();
}

async function stepFrame(direction: 1 | -1): Promise<void> {
  const mine = ++stepping;
  await toNextPicture(direction, shownMs() / 1000, tile.player.frameS, {
    shown: shownMs, ready: () => tile.player.ready, at: () => clock.at, go: show,
    goes: () => mine === stepping && clock.at > span.from && clock.at < span.to,
  });
}

const clicks: Record<string, () => void> = {
  play: playPause, "frame-back": () => void stepFrame(-1), "frame-on": () => void stepFrame(1), "back-one": () => goTo(clock.at - 1), "on-one": () => goTo(clock.at + 1),
  "back-ten": () => goTo(clock.at - 10), "on-ten": () => goTo(clock.at + 10), undo: () => again(true), redo: () => again(false),
  add: () => {
    pause();
    if (!hasPicture()) return;
    add({ x: 0.42, y: 0.4, width: 0.16, height: 0.2 });
    (regions.children[chosen] as HTMLElement | undefined)?.focus();
  },
};
for (const [id, run] of Object.entries(clicks)) byId(id).addEventListener("click", run);
slider.max = String(Math.round((span.to - span.from) * 1000));
slider.addEventListener("input", () => goTo(span.from + Number(slider.value) / 1000));
video.addEventListener("loadedmetadata", fitStage);
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target instanceof HTMLInputElement) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  again(key === "z" && !event.shiftKey);
});
byId("save").addEventListener("submit", () => {
  leaves = true;
  byId<HTMLInputElement>("tracks").value = writeTracks(steps.now);
  byId<HTMLInputElement>("at").value = String(Math.round(clock.at * 1000));
});
window.addEventListener("beforeunload", (event) => {
  if (isUnsaved() && !leaves) event.preventDefault();
});

changed();
tellPlaying();
void load();
window.setInterval(tick, TICK_MS);
paint();
