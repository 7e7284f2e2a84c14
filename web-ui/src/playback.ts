// Playback of one to nine cameras in step: one clock, one timeline, marks, clips, saved moments. Its place is in the address.

import "./app";
import { showWatermark } from "./lib/watermark";
import { Bookmarks } from "./lib/bookmarks";
import { Chooser, drawNear, type ChooserOwner } from "./lib/chooser";
import { showLength, showMoment, showTime } from "./lib/clock";
import { Footage } from "./lib/footage";
import { holdAddress } from "./lib/hold";
import { laneAt, linesHeight, reasonOf, showNear, wordsAt } from "./lib/lane";
import { draw } from "./lib/lane-canvas";
import { toNextPicture } from "./lib/next-picture";
import { byId, csrfToken, readScreen, say, type CameraInfo } from "./lib/page";
import { onKeys } from "./lib/playback-keys";
import type { Beat } from "./lib/player";
import { proposedIn, Reasons } from "./lib/reason";
import { ReasonDialog } from "./lib/reason-dialog";
import { Recorded } from "./lib/recorded";
import { MOST_CAMERAS, Stage } from "./lib/stage";
import { StepClock } from "./lib/step-clock";
import { FILM_AT_MOST, Keeping, SPEEDS } from "./lib/speed";
import { Takeout } from "./lib/takeout";
import { hasFootage, levelOf, pan, reveal, zoom, type View } from "./lib/timeline";
import { TimelinePointer } from "./lib/timeline-pointer";
import { Tokens } from "./lib/tokens";
import { parseTyped } from "./lib/typed-time";

const TICK_MS = 100;
const AGAIN_MS = 3000;
const AFTER_PICTURE_MS = 600; // what is known of the timeline does for the picture; asking anew would take its time
const EDGE_S = 3; // so near to now, footage is not on the disk yet
const screen = readScreen();
const { words, timeZone: zone } = screen;
showWatermark(screen.watermark ?? "", screen.timeZone);
const nowS = (): number => Date.now() / 1000;
const text = (name: string, fill: Record<string, string> = {}): string => say(words, name, fill);
const byKey = new Map(screen.cameras.map((camera) => [camera.key, camera]));

const asking = new ReasonDialog(words);
const reasons = new Reasons({
  offered: { history: screen.purposes?.history ?? [], export: screen.purposes?.export ?? [] },
  ask: (purposes, before) => asking.ask(purposes, before), kept: window.sessionStorage, nowMs: () => Date.now(), proposed: proposedIn(window.location.search),
  changed: (_reason, said) => (byId("reason-shown").textContent = said),
});
const tokens = new Tokens({ url: screen.tokenUrl, csrf: csrfToken(), fetch: window.fetch.bind(window), nowMs: () => performance.now(), reasons });
const recorded = new Recorded(screen, tokens, (gone) => stage.tiles.filter((tile) => gone.includes(tile.camera.key)).forEach((tile) => tile.refuse()));
const clock = new StepClock(firstAt(), () => performance.now());
const canvas = byId<HTMLCanvasElement>("timeline");
const keeping = new Keeping();
const footage = new Footage(recorded, { changed: linesChanged, failed: linesFailed, loggedOut: logIn });
const stage = new Stage(
  byId("grid"), recorded,
  { words, zone, reason: (gap) => text("gapFromTo", { from: showMoment(gap.from, zone), to: showNear(Math.min(gap.to, nowS()), gap.from, zone), reason: reasonOf(gap, words) }),
    failed: (kind) => kind === "loggedOut" && logIn() },
  { changed: setChanged, looked: lookedElsewhere },
);

let view: View = { from: clock.at - 1800, to: clock.at + 1800 };
let marks: { in: number | null; out: number | null } = { in: null, out: null };
let wishes = 0; // how often somebody (or the page) wanted to be somewhere: the newest wish counts
let dirty = true;
let searching = false;
const left = new Set<string>(); // cameras that are not to be taken out or held
const markable = Boolean(screen.exportUrl || screen.holdUrl);

function firstAt(): number {
  const at = new URLSearchParams(window.location.search).get("at");
  const asked = at === null ? NaN : /^[\d.]+$/.test(at) ? Number(at) : Date.parse(at) / 1000;
  return Number.isFinite(asked) ? Math.min(asked, nowS()) : nowS() - 60;
}

function logIn(): void {
  window.location.href = `${screen.loginUrl}?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
}

function tell(sentence: string): void {
  const place = byId("timeline-words");
  if (place.textContent !== sentence) place.textContent = sentence;
}

/** Of the chosen picture's camera, or of the one whose lane it is. */
function standing(at: number, camera = stage.chosen?.camera): string {
  if (!camera) return "";
  const said = wordsAt(footage.of(camera.key), at, words, zone, nowS());
  return stage.tiles.length > 1 ? `${camera.name}: ${said}` : said;
}

// --- the clock's beat -------------------------------------------------------------------------------------------------
function beatNow(): Beat {
  return { at: clock.at, rate: clock.rate, moving: clock.moving, held: clock.playing && !clock.moving, nowUtcS: nowS(), atMs: (ms) => clock.atMs(ms) };
}

function tick(): void {
  if (clock.playing) goOn();
  const beat = beatNow();
  const stepping = pointer.scrubbing || keeping.stepping;
  const fingerS = pointer.dragging ? ((view.to - view.from) / Math.max(1, canvas.clientWidth)) * 12 : 0;
  const stepS = pointer.scrubbing ? fingerS : clock.rate;
  for (const tile of stage.tiles) tile.update(beat, footage.of(tile.camera.key), stepping, stepS);
  const waits = !stepping && stage.tiles.some((tile) => tile.holds);
  clock.hold(waits || pointer.scrubbing);
  if (clock.playing && !pointer.scrubbing && keeping.note(waits, clock.rate, TICK_MS)) tellSpeed();
  const every = stage.tiles.map((tile) => tile.state);
  const only = every.length === 1 && every[0] === "none" ? standing(beat.at) : "";
  if (byId("stage-words").textContent !== only) byId("stage-words").textContent = only;
  if (clock.moving || dirty) redraw();
}

/** While it plays: over holes that all cameras have, and up to now. */
function goOn(): void {
  const at = clock.at;
  if (at >= nowS() - EDGE_S && clock.rate >= 0) {
    pause();
    return tell(text("atNow"));
  }
  if (at > view.to) setView(pan(view, (view.to - view.from) * 0.9));
  if (!footage.knows(at, stage.keys)) return footage.soon(view, stage.keys, nowS());
  if (searching || !footage.allEmpty(at, stage.keys)) return;
  searching = true;
  const wish = wishes;
  void footage.search(at, stage.keys, nowS()).catch(() => undefined).then((next) => {
    searching = false;
    if (wish !== wishes || !clock.playing) return;
    if (next === undefined || next >= nowS() - EDGE_S) {
      pause();
      return tell(text("nothingAfter"));
    }
    void go(next, text("skipped", { from: showMoment(at, zone), to: showNear(next, at, zone) }));
  });
}

function redraw(): void {
  dirty = false;
  const at = clock.at;
  const lanes = stage.tiles.map((tile) => ({ name: tile.camera.name, line: footage.of(tile.camera.key) ?? { runs: [], gaps: [] } }));
  const bookmarks = saved.all.map((one) => one.at);
  draw(canvas, { view, lanes, head: at, markIn: marks.in, markOut: marks.out, bookmarks, now: nowS(), nowWords: text("now") }, zone);
  const moment = showMoment(at, zone);
  byId("now-shown").textContent = moment;
  canvas.setAttribute("aria-valuetext", moment);
  canvas.setAttribute("aria-valuemin", String(Math.floor(view.from)));
  canvas.setAttribute("aria-valuemax", String(Math.ceil(view.to)));
  canvas.setAttribute("aria-valuenow", String(Math.floor(at)));
}

// --- where it is ------------------------------------------------------------------------------------------------------
async function go(at: number, sentence?: string): Promise<void> {
  const wish = ++wishes;
  clock.set(Math.min(at, nowS()));
  view = reveal(view, clock.at);
  keepPlace();
  dirty = true;
  tick();
  if (!footage.knows(clock.at, stage.keys)) await footage.load(view, stage.keys, nowS());
  else footage.soon(view, stage.keys, nowS(), AFTER_PICTURE_MS);
  if (wish === wishes) tell(sentence ?? standing(clock.at));
}

function keepPlace(): void {
  const keys = stage.keys.map(encodeURIComponent).join(",");
  window.history.replaceState(null, "", `${window.location.pathname}?cameras=${keys}&at=${Math.floor(clock.at)}${screen.approved ? `&request=${encodeURIComponent(screen.approved.key)}` : ""}`);
}

function setView(next: View): void {
  view = next;
  byId<HTMLSelectElement>("level").value = String(levelOf(view));
  footage.soon(view, stage.keys, nowS());
  dirty = true;
}

function zoomBy(factor: number): void {
  setView(zoom(view, clock.at, factor));
}

function linesChanged(): void {
  dirty = true;
  listGaps();
  const empty = stage.keys.every((key) => footage.of(key)?.runs.length === 0);
  if (empty) tell(text("noFootageAtAll"));
}

function linesFailed(): void {
  tell(text("recorderDown"));
  window.setTimeout(() => footage.soon(view, stage.keys, nowS()), AGAIN_MS);
}

/** Without a time in the address: the newest footage, a little before its end. */
async function start(): Promise<void> {
  const chosen = (screen.chosen ?? []).flatMap((key) => byKey.get(key) ?? []);
  stage.add(...chosen.slice(0, MOST_CAMERAS));
  if (new URLSearchParams(window.location.search).has("at")) return go(clock.at);
  await toNewest(++wishes);
}

async function toNewest(wish: number): Promise<void> {
  recorded.groups.join(stage.keys);
  const newest = await footage.newest(stage.keys, nowS()).catch(() => null);
  if (wish !== wishes) return;
  if (typeof newest === "number") return go(newest);
  await footage.load(view, stage.keys, nowS());
  // a camera that was added a moment ago, or a recorder that is away: look again
  window.setTimeout(() => wish === wishes && void toNewest(wish), AGAIN_MS);
}

// --- playing ----------------------------------------------------------------------------------------------------------
function tellPlaying(): void {
  byId("play").setAttribute("aria-label", text(clock.playing ? "pause" : "play"));
  byId("play").classList.toggle("is-playing", clock.playing);
}

function pause(): void {
  clock.pause();
  tellPlaying();
  keepPlace();
  tick();
  redraw();
}

function playPause(): void {
  if (clock.playing) return pause();
  clock.play();
  tellPlaying();
  tick();
}

function setSpeed(rate: number): void {
  clock.setRate(rate);
  keeping.speed(rate);
  byId<HTMLSelectElement>("speed").value = String(rate);
  tellSpeed();
}

function tellSpeed(): void {
  const rate = String(clock.rate);
  byId("speed-words").textContent = keeping.stepping ? text(clock.rate > FILM_AT_MOST ? "stepping" : "tooSlow", { rate }) : "";
}

function faster(by: number): void {
  const place = SPEEDS.indexOf(clock.rate) + by;
  if (SPEEDS[place] !== undefined) setSpeed(SPEEDS[place]);
}

/** To the next picture of the chosen camera, or the one before; the others go to the same moment. */
async function stepFrame(direction: 1 | -1): Promise<void> {
  pause();
  const player = stage.chosen?.player;
  const frame = player?.frameS ?? 0.04;
  const shown = player?.ready ? player.at : undefined;
  const from = shown !== undefined && Math.abs(shown - clock.at) < 2 * frame ? shown : clock.at - frame / 4;
  let mine = wishes;
  await toNextPicture(direction, from, frame, {
    shown: () => player?.at, ready: () => player?.ready ?? false, at: () => clock.at, goes: () => mine === wishes,
    go: (at) => { void go(at); mine = wishes; },
  });
}

// --- which cameras ----------------------------------------------------------------------------------------------------
function setChanged(): void {
  canvas.style.height = `${linesHeight(stage.tiles.length) / 16}rem`;
  byId("shown-count").textContent = String(stage.tiles.length);
  if (!stage.keys.every((key) => footage.of(key))) void footage.load(view, stage.keys, nowS());
  if (stage.chosen) keepPlace();
  chooser.draw();
  listTakeout();
  lookedElsewhere();
}

function lookedElsewhere(): void {
  const camera = stage.chosen?.camera;
  drawNear(byId("near"), camera, cameraOwner, addOrShow);
  if (camera) byId<HTMLAnchorElement>("live").href = camera.page;
  dirty = true;
}

function addOrShow(camera: CameraInfo): void {
  if (!stage.keys.includes(camera.key) && !stage.add(camera)) return tell(text("fullSet"));
  stage.show(camera.key);
}

function toggle(camera: CameraInfo): void {
  const tile = stage.tiles.find((one) => one.camera.key === camera.key);
  if (tile) stage.remove(tile);
  else if (!stage.add(camera)) tell(text("fullSet"));
}

// --- marks and clips --------------------------------------------------------------------------------------------------
function mark(which: "in" | "out", at = clock.at): void {
  if (!markable) return;
  marks = { ...marks, [which]: Math.min(at, nowS()) };
  const { in: from, out: to } = marks;
  const [both, order] = [from !== null && to !== null, from !== null && to !== null && to > from];
  for (const id of ["export", "hold", "blur", "package"]) document.getElementById(id)?.toggleAttribute("disabled", !order);
  byId("export-words").textContent = both && !order ? text("markOrder") : "";
  byId("span-words").textContent =
    from !== null && to !== null && order ? text("span", { from: showMoment(from, zone), to: showNear(to, from, zone), length: showLength(to - from) }) : "";
  dirty = true;
}

function listTakeout(): void {
  if (!markable) return;
  byId("takeout-cameras").replaceChildren(...stage.tiles.map(({ camera }) => {
    const [item, label, box] = [document.createElement("li"), document.createElement("label"), document.createElement("input")];
    box.type = "checkbox";
    box.className = "form-check-input";
    box.checked = !left.has(camera.key);
    box.addEventListener("change", () => (box.checked ? left.delete(camera.key) : left.add(camera.key)));
    label.append(box, ` ${camera.name}`);
    item.append(label);
    return item;
  }));
}

/** To a form of the chosen camera (a blur, an evidence package), filled with what is marked and was said when looking back. */
async function formOfMarked(form: string): Promise<void> {
  const { in: from, out: to } = marks;
  const camera = stage.chosen?.camera;
  if (from === null || to === null || to <= from || !camera) return;
  const { purpose_key: purpose, reference } = await reasons.get("history");
  const query = new URLSearchParams({ camera: camera.key, in: String(Math.floor(from)), out: String(Math.ceil(to)), purpose, reference });
  window.location.href = `${form}?${query.toString()}`;
}

/** To the form, filled with what is marked and with the number that was said when looking back. */
async function holdMarked(): Promise<void> {
  const { in: from, out: to } = marks;
  if (from === null || to === null || to <= from || !screen.holdUrl) return;
  const cameras = stage.keys.filter((key) => !left.has(key));
  if (cameras.length === 0) return void (byId("export-words").textContent = text("chooseOne"));
  const { reference } = await reasons.get("history");
  window.location.href = holdAddress(screen.holdUrl, cameras, from, to, reference);
}

async function takeOut(): Promise<void> {
  const { in: from, out: to } = marks;
  if (from === null || to === null || to <= from || !takeout) return;
  const say = (name: string, fill = {}): void => void (byId("export-words").textContent = text(name, fill));
  const cameras = stage.tiles.map((tile) => tile.camera).filter((camera) => !left.has(camera.key));
  if (cameras.length === 0) return say("chooseOne");
  if (footage.knows(from, stage.keys) && footage.knows(to, stage.keys) && !cameras.some(({ key }) => hasFootage(footage.of(key)!.runs, from, to))) return say("noFootageInSpan");
  const button = byId<HTMLButtonElement>("export");
  button.disabled = true;
  say("preparing");
  openPanel(true);
  const came = await takeout.run(cameras, from, to);
  if (came === "asked") say("approvalAsked");
  else say(came ? "allSaved" : "exportFailed", { count: String(came) });
  button.disabled = false;
}

// --- the panel --------------------------------------------------------------------------------------------------------
function openPanel(open: boolean): void {
  byId("panel").hidden = !open;
  byId("panel-toggle").setAttribute("aria-expanded", String(open));
  dirty = true;
  if (open) listGaps();
}

function listGaps(): void {
  if (byId("panel").hidden) return;
  const gaps = stage.tiles.flatMap(({ camera }) => (footage.of(camera.key)?.gaps ?? []).map((gap) => ({ camera, gap })));
  const shown = gaps.filter(({ gap }) => gap.to > view.from && gap.from < view.to).sort((a, b) => b.gap.from - a.gap.from).slice(0, 60);
  byId("gaps").replaceChildren(...shown.map(({ camera, gap }) => {
    const [item, jump] = [document.createElement("li"), document.createElement("button")];
    jump.type = "button";
    jump.className = "bookmark-go";
    const times = { from: showMoment(gap.from, zone), to: showNear(Math.min(gap.to, nowS()), gap.from, zone) };
    jump.textContent = `${camera.name}: ${text("gapFromTo", { ...times, reason: reasonOf(gap, words) })}`;
    jump.addEventListener("click", () => void go(gap.from - 2));
    item.append(jump);
    return item;
  }));
  if (shown.length === 0) {
    const none = document.createElement("li");
    none.className = "text-secondary";
    none.textContent = text("noGaps");
    byId("gaps").append(none);
  }
}

function saveMoment(): void {
  const typed = byId<HTMLInputElement>("bookmark-words");
  openPanel(true);
  void saved.add(stage.keys, clock.at, typed.value).then((kept) => {
    if (kept) typed.value = "";
  });
}

// --- the parts --------------------------------------------------------------------------------------------------------
const saved = new Bookmarks({
  url: screen.bookmarksUrl ?? "", words, zone, cameras: byKey, list: byId("bookmarks"), status: byId("bookmark-status"), loggedOut: logIn, changed: () => (dirty = true),
  go: (bookmark) => {
    const cameras = bookmark.cameras.flatMap((key) => byKey.get(key) ?? []);
    stage.add(...cameras.filter((camera) => !stage.keys.includes(camera.key)).slice(0, MOST_CAMERAS - stage.tiles.length));
    for (const tile of [...stage.tiles]) if (cameras.length && !cameras.includes(tile.camera)) stage.remove(tile);
    stage.add(...cameras);
    void go(bookmark.at);
  },
});
const takeout = screen.exportUrl
  ? new Takeout({
      exportUrl: screen.exportUrl, words, zone, language: screen.language, list: byId("takeout"), loggedOut: logIn, reasons,
      ...(screen.approved && { approved: screen.approved }),
      between: (camera, at) => {
        const gap = footage.of(camera)?.gaps.find((one) => one.from <= at + 0.1 && at <= one.to + 0.1);
        return gap ? text("gapFromTo", { from: showTime(gap.from, zone), to: showNear(gap.to, gap.from, zone), reason: reasonOf(gap, words) }) : text("formatChanged");
      },
    })
  : null;
const cameraOwner: ChooserOwner = { words, cameras: screen.cameras, shown: () => stage.keys, toggle };
const chooser = new Chooser(byId<HTMLDetailsElement>("chooser"), byId<HTMLInputElement>("find-camera"), byId("choices"), cameraOwner);
const pointer = new TimelinePointer(canvas, {
  view: () => view, setView, marks: () => marks, setMark: mark,
  scrub: (at) => {
    wishes += 1;
    clock.set(Math.min(at, nowS()));
    tell(standing(clock.at));
    dirty = true;
    tick();
  },
  release: () => void go(clock.at),
  click: (at) => void go(at),
  hover: (at, y) => {
    const lane = laneAt(y, stage.tiles.length);
    tell(standing(at, lane === undefined ? undefined : stage.tiles[lane]?.camera));
  },
});

const clicks: Record<string, () => void> = {
  play: playPause, back: () => void go(clock.at - 10), forward: () => void go(clock.at + 10), "minute-back": () => void go(clock.at - 60), "minute-forward": () => void go(clock.at + 60),
  "frame-back": () => void stepFrame(-1), "frame-forward": () => void stepFrame(1), "zoom-in": () => zoomBy(0.5), "zoom-out": () => zoomBy(2), bookmark: saveMoment,
  "panel-toggle": () => openPanel(byId("panel").hidden), "panel-close": () => { openPanel(false); byId("panel-toggle").focus(); },
  "reason-change": () => void reasons.change("history").then(() => tokens.forgetHistory()),
  "help-open": () => byId<HTMLDialogElement>("help").showModal(),
};
if (markable) Object.assign(clicks, { "mark-in": () => mark("in"), "mark-out": () => mark("out") });
if (takeout) clicks.export = () => void takeOut();
if (screen.holdUrl) clicks.hold = () => void holdMarked();
for (const [id, form] of [["blur", screen.blurUrl], ["package", screen.packageUrl]] as const) if (form) clicks[id] = () => void formOfMarked(form);
for (const [id, action] of Object.entries(clicks)) byId(id).addEventListener("click", action);
byId("speed").addEventListener("change", (event) => setSpeed(Number((event.target as HTMLSelectElement).value)));
byId("level").addEventListener("change", (event) => zoomBy(Number((event.target as HTMLSelectElement).value) / (view.to - view.from)));
byId("bookmark-form").addEventListener("submit", (event) => {
  event.preventDefault();
  saveMoment();
});
byId("jump").addEventListener("submit", (event) => {
  event.preventDefault();
  const at = parseTyped(byId<HTMLInputElement>("when").value, nowS(), zone);
  byId("when-error").textContent = at === null ? text("badTime") : at > nowS() ? text("future") : "";
  if (at === null || at > nowS()) return;
  void go(at);
  byId("timeline").focus();
});
onKeys({
  " ": playPause, ",": () => void stepFrame(-1), ".": () => void stepFrame(1), "+": () => zoomBy(0.5), "=": () => zoomBy(0.5), "-": () => zoomBy(2),
  ArrowLeft: () => void go(clock.at - 10), ArrowRight: () => void go(clock.at + 10), "Shift+ArrowLeft": () => void go(clock.at - 60), "Shift+ArrowRight": () => void go(clock.at + 60),
  PageUp: () => void go(clock.at - 600), PageDown: () => void go(clock.at + 600), ArrowUp: () => faster(1), ArrowDown: () => faster(-1),
  i: () => mark("in"), o: () => mark("out"), b: saveMoment, t: () => byId("when").focus(), c: () => chooser.open(), "?": () => byId<HTMLDialogElement>("help").showModal(),
  Escape: () => { if (!stage.shrink() && !byId("panel").hidden) openPanel(false); },
  ...Object.fromEntries([...Array(MOST_CAMERAS).keys()].map((index) => [String(index + 1), () => stage.enlargeNumber(index + 1)])),
});

// --- as time goes on --------------------------------------------------------------------------------------------------
new ResizeObserver(() => (dirty = true)).observe(canvas);
window.setInterval(tick, TICK_MS);
window.setInterval(() => {
  dirty = true; // now moves on
  if (view.to > nowS() - 60) footage.soon(view, stage.keys, nowS());
  if (clock.playing) keepPlace();
}, 5_000);
tellPlaying();
if (screen.approved) {
  mark("in", screen.approved.from);
  mark("out", screen.approved.to);
}
void start();
void saved.load();
