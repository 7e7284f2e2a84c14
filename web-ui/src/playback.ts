// Playback of one camera: timeline, scrubbing, marks, a clip to take out. Its place is kept in the address.

import "./app";
import { showDate, showLength, showMoment, showTime } from "./lib/clock";
import { byId, csrfToken, readScreen, say } from "./lib/page";
import { Player } from "./lib/player";
import { Recorded, type Timeline } from "./lib/recorded";
import { capital } from "./lib/tile";
import { atX, gapAt, hasFootage, nextFootage, pan, reveal, runAt, zoom, type View } from "./lib/timeline";
import { draw } from "./lib/timeline-canvas";
import { LoggedOut, Tokens } from "./lib/tokens";
import { parseTyped } from "./lib/typed-time";

const screen = readScreen();
const zone = screen.timeZone;
const AGAIN_MS = 3000;
const nowS = (): number => Date.now() / 1000;
const tokens = new Tokens({ url: screen.tokenUrl, csrf: csrfToken(), fetch: window.fetch.bind(window), nowMs: () => performance.now() });
const recorded = new Recorded(screen, tokens, screen.camera ?? "");
const video = byId<HTMLVideoElement>("video");
const thumb = byId<HTMLImageElement>("thumb");
const canvas = byId<HTMLCanvasElement>("timeline");
const player = new Player(video, recorded, { ready: () => stageWords(""), failed, ended });

let head = firstHead();
let view: View = { from: head - 1800, to: head + 1800 };
let line: Timeline = { runs: [], gaps: [] };
let known: View | null = null; // the stretch that `line` speaks of
let marks: { in: number | null; out: number | null } = { in: null, out: null };
let wishes = 0; // how often somebody (or the page) wanted to be somewhere: the newest wish counts
let dragging = false;
let asking: AbortController | null = null;
let picturing: AbortController | null = null;

function firstHead(): number {
  const at = new URLSearchParams(window.location.search).get("at");
  const asked = at === null ? NaN : /^[\d.]+$/.test(at) ? Number(at) : Date.parse(at) / 1000;
  return Number.isFinite(asked) ? Math.min(asked, nowS()) : nowS() - 60;
}

function stageWords(words: string): void {
  byId("stage-words").textContent = words;
}

/** A moment without its date where that is the other's too. */
function showNear(at: number, other: number): string {
  return showDate(at, zone) === showDate(other, zone) ? showTime(at, zone) : showMoment(at, zone);
}

function redraw(): void {
  draw(canvas, { view, runs: line.runs, gaps: line.gaps, head, markIn: marks.in, markOut: marks.out, now: nowS() }, zone);
  const moment = showMoment(head, zone);
  byId("now-shown").textContent = moment;
  canvas.setAttribute("aria-valuetext", moment);
  canvas.setAttribute("aria-valuemin", String(Math.floor(view.from)));
  canvas.setAttribute("aria-valuemax", String(Math.ceil(view.to)));
  canvas.setAttribute("aria-valuenow", String(Math.round(head)));
}

/** What stands at a moment, in words: footage, or why there is none. */
function wordsAt(at: number): string {
  const gap = gapAt(line.gaps, at);
  if (gap) {
    const reason = screen.words.gaps?.[gap.reason] ?? (gap.words || say(screen.words, "gapUnknown"));
    return say(screen.words, "gapFromTo", { from: showMoment(gap.from, zone), to: showNear(gap.to, gap.from), reason });
  }
  const run = runAt(line.runs, at);
  if (run) return say(screen.words, "footageFromTo", { from: showMoment(run.from, zone), to: showNear(run.to, run.from) });
  return at > nowS() ? say(screen.words, "future") : say(screen.words, "noFootage");
}

async function loadTimeline(): Promise<void> {
  asking?.abort();
  asking = new AbortController();
  const room = (view.to - view.from) / 2;
  try {
    const stretch = { from: view.from - room, to: Math.min(view.to + room, nowS() + 1) };
    line = await recorded.timeline(stretch.from, stretch.to, asking.signal);
    known = stretch;
    byId("timeline-words").textContent = line.runs.length ? wordsAt(head) : say(screen.words, "noFootageAtAll");
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    if (error instanceof LoggedOut) return logIn();
    byId("timeline-words").textContent = say(screen.words, "recorderDown");
  }
  redraw();
}

let timer = 0;
function loadSoon(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void loadTimeline(), 150);
}

function logIn(): void {
  window.location.href = `${screen.loginUrl}?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
}

function failed(kind: "format" | "recorder"): void {
  stageWords(say(screen.words, kind === "format" ? "noH265" : "recorderDown"));
  if (kind === "format") return;
  const wish = wishes;
  window.setTimeout(() => {
    if (wish === wishes) void go(head);
  }, AGAIN_MS);
}

async function go(at: number): Promise<void> {
  const wish = ++wishes;
  head = Math.min(at, nowS());
  view = reveal(view, head);
  keepPlace();
  redraw();
  thumb.hidden = true;
  if (!known || head < known.from || head > known.to) await loadTimeline();
  else loadSoon();
  if (wish !== wishes) return;
  byId("timeline-words").textContent = wordsAt(head);
  if (known && !runAt(line.runs, head)) {
    video.pause();
    player.stop(); // what is still under way for another time must not take the place of these words
    return stageWords(wordsAt(head));
  }
  stageWords(say(screen.words, "loading"));
  try {
    await player.seek(head, nowS());
    if (video.readyState >= 2) stageWords("");
  } catch (error) {
    if (error instanceof LoggedOut) logIn();
    else failed("recorder");
  }
}

function keepPlace(): void {
  const url = new URL(window.location.href);
  url.searchParams.set("camera", screen.camera ?? "");
  url.searchParams.set("at", new Date(Math.round(head) * 1000).toISOString().replace(".000Z", "Z"));
  window.history.replaceState(null, "", url);
}

/** After the last piece of a window: on with what follows, over a hole if there is one. */
function ended(): void {
  const next = nextFootage(line.runs, head + 0.5);
  if (next !== undefined && next < nowS() - 2) void go(next).then(() => video.play());
}

function playPause(): void {
  if (!video.paused) return video.pause();
  const start = runAt(line.runs, head) ? head : nextFootage(line.runs, head);
  if (start === undefined) return stageWords(say(screen.words, "noFootage"));
  const ready = start === head && video.readyState >= 2 ? Promise.resolve() : go(start);
  void ready.then(() => video.play()).catch(() => undefined);
}

function tellPlaying(): void {
  byId("play").setAttribute("aria-label", say(screen.words, video.paused ? "play" : "pause"));
  byId("play").classList.toggle("is-playing", !video.paused);
}

/** While the finger moves: the nearest picture, one request at a time, the newest wish last. */
async function showThumb(at: number): Promise<void> {
  if (picturing) return;
  picturing = new AbortController();
  try {
    const url = URL.createObjectURL(await recorded.picture(at, picturing.signal));
    const before = thumb.src;
    thumb.src = url;
    thumb.hidden = !dragging;
    if (before) URL.revokeObjectURL(before);
  } catch {
    thumb.hidden = true; // a hole, or the recorder is busy: the words below the line tell
  } finally {
    picturing = null;
  }
  if (dragging && Math.abs(head - at) > 0.5) void showThumb(head);
}

// --- the timeline under the finger -----------------------------------------------------------------------------------
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  dragging = true;
  video.pause();
  scrub(event.offsetX);
});
canvas.addEventListener("pointermove", (event) => {
  if (dragging) scrub(event.offsetX);
  else byId("timeline-words").textContent = wordsAt(atX(view, event.offsetX, canvas.clientWidth));
});
for (const name of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(name, () => {
    if (!dragging) return;
    dragging = false;
    void go(head);
  });
}
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    view = pan(view, ((event.deltaX || event.deltaY) / canvas.clientWidth) * (view.to - view.from));
  } else view = zoom(view, atX(view, event.offsetX, canvas.clientWidth), event.deltaY > 0 ? 1.25 : 0.8);
  loadSoon();
  redraw();
}, { passive: false });

function scrub(x: number): void {
  head = Math.min(nowS(), atX(view, x, canvas.clientWidth));
  byId("timeline-words").textContent = wordsAt(head);
  if (runAt(line.runs, head)) void showThumb(head);
  redraw();
}

function zoomBy(factor: number): void {
  view = zoom(view, head, factor);
  loadSoon();
  redraw();
}

document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement || event.ctrlKey || event.altKey || event.metaKey) return;
  const step = event.shiftKey ? 60 : 10;
  const actions: Record<string, () => void> = {
    ArrowLeft: () => void go(head - step), ArrowRight: () => void go(head + step), " ": playPause, "+": () => zoomBy(0.5), "=": () => zoomBy(0.5), "-": () => zoomBy(2),
    i: () => mark("in"), o: () => mark("out"),
  };
  const action = actions[event.key];
  if (!action || (event.target instanceof HTMLButtonElement && event.key === " ")) return;
  event.preventDefault();
  action();
});

// --- buttons --------------------------------------------------------------------------------------------------------
byId("play").addEventListener("click", playPause);
byId("back").addEventListener("click", () => void go(head - 10));
byId("forward").addEventListener("click", () => void go(head + 10));
byId("zoom-in").addEventListener("click", () => zoomBy(0.5));
byId("zoom-out").addEventListener("click", () => zoomBy(2));
byId("speed").addEventListener("change", (event) => (video.playbackRate = Number((event.target as HTMLSelectElement).value)));
byId("camera").addEventListener("change", (event) => {
  window.location.search = `?camera=${encodeURIComponent((event.target as HTMLSelectElement).value)}&at=${Math.round(head)}`;
});
byId("jump").addEventListener("submit", (event) => {
  event.preventDefault();
  const at = parseTyped(byId<HTMLInputElement>("when").value, nowS(), zone);
  byId("when-error").textContent = at === null ? say(screen.words, "badTime") : at > nowS() ? say(screen.words, "future") : "";
  if (at === null || at > nowS()) return;
  void loadAround(at);
});

async function loadAround(at: number): Promise<void> {
  const wish = ++wishes;
  view = reveal(view, at);
  head = at;
  await loadTimeline();
  if (wish === wishes) await go(at);
}

/** Without a time in the address: the newest footage in view, a little before its end. */
async function start(): Promise<void> {
  if (new URLSearchParams(window.location.search).has("at")) return loadAround(head);
  const wish = ++wishes;
  await loadTimeline();
  if (wish !== wishes) return;
  const last = line.runs[line.runs.length - 1];
  if (last) return go(runAt(line.runs, head) ? head : Math.max(last.from, last.to - 30));
  stageWords(wordsAt(head)); // a camera that was added a moment ago, or a recorder that is away: look again
  window.setTimeout(() => {
    if (wish === wishes) void start();
  }, AGAIN_MS);
}

// --- marks and the clip ---------------------------------------------------------------------------------------------
function mark(which: "in" | "out"): void {
  if (!screen.exportUrl) return;
  marks = { ...marks, [which]: head };
  const { in: from, out: to } = marks;
  const both = from !== null && to !== null;
  byId<HTMLButtonElement>("export").disabled = !both || to <= from;
  byId("export-words").textContent = both && to <= from ? say(screen.words, "markOrder") : "";
  byId("span-words").textContent =
    both && to > from ? say(screen.words, "span", { from: showMoment(from, zone), to: showNear(to, from), length: showLength(to - from) }) : "";
  redraw();
}

async function takeOut(): Promise<void> {
  const { in: from, out: to } = marks;
  if (from === null || to === null || !screen.exportUrl) return;
  const tell = (name: string): void => void (byId("export-words").textContent = say(screen.words, name));
  if (!hasFootage(line.runs, from, to)) return tell("noFootageInSpan");
  tell("preparing");
  const response = await fetch(screen.exportUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify({ cameras: [screen.camera], from, to }),
  }).catch(() => null);
  if (response?.status === 401) return logIn();
  const answer = (await response?.json().catch(() => null)) as { url?: string; message?: string } | null;
  if (!response?.ok || !answer?.url) {
    byId("export-words").textContent = capital(answer?.message ?? say(screen.words, "exportFailed"));
    return;
  }
  const link = document.createElement("a");
  link.href = answer.url;
  link.download = "";
  link.click();
  tell("started");
}

if (screen.exportUrl) {
  byId("mark-in").addEventListener("click", () => mark("in"));
  byId("mark-out").addEventListener("click", () => mark("out"));
  byId("export").addEventListener("click", () => void takeOut());
}

// --- as time goes on ------------------------------------------------------------------------------------------------
for (const name of ["play", "pause"]) video.addEventListener(name, tellPlaying);
video.addEventListener("timeupdate", () => {
  const at = player.at;
  if (dragging || at === undefined || video.seeking) return;
  head = at;
  if (head > view.to) {
    view = pan(view, (view.to - view.from) / 2);
    loadSoon();
  }
  redraw();
});
video.addEventListener("pause", keepPlace);
video.addEventListener("seeked", () => {
  if (runAt(line.runs, head)) stageWords("");
});
window.addEventListener("resize", redraw);
window.setInterval(() => {
  if (view.to > nowS() - 60) void loadTimeline();
}, 10_000);
void start();
