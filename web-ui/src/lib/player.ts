// Footage of one camera in one <video>, kept on the clock that all cameras of the page follow: HLS for a window around
// the moment, small lateness taken back by the speed, a large one by a seek. Near to now the playlist grows, and hls.js
// asks for what came; so nothing is opened anew while somebody watches what has just been recorded.

import type { LevelDetails } from "hls.js";
import Hls from "hls.js/light";
import { windowAround, type Recorded } from "./recorded";
import { Middle, steer } from "./steer";
import { holeAt, mediaOf, pieceAt, utcOf, type Hole, type Piece } from "./timeline";
import { LoggedOut, Refused } from "./tokens";

const RUNS_AHEAD_S = 15;
const STANDS_AHEAD_S = 1; // who looks about goes elsewhere next: what follows here would be fetched and decoded in vain
const BEFORE_S = 600;
const AFTER_S = 3000;
const AGAIN_MS = 1500;
const AGAIN_FAILED_MS = 3000;
const STANDS_S = 0.002; // a picture that stands is exactly on the clock
const HELD_S = 0.2; // one that waits for the others need not be
const MEASURED_MS = 500; // an older measurement tells nothing of now
const SEEK_AGAIN_MS = 1500;
const HOLE_MS = 700;
const GROWS_S = 20; // footage that has not come by then is not on its way

export type Failure = "format" | "busy" | "recorder" | "refused" | "loggedOut";

export interface PlayerEvents {
  failed(kind: Failure): void;
  picture(): void;
}

/** Where the clock is, and how it goes. `held`: it would run, but waits for a picture. */
export interface Beat {
  at: number;
  rate: number;
  moving: boolean;
  held: boolean;
  nowUtcS: number;
  /** The clock's moment at a time of `performance.now()`. */
  atMs(ms: number): number;
}

function rangesOf(video: HTMLVideoElement): Hole[] {
  return [...Array(video.buffered.length).keys()].map((index) => ({ from: video.buffered.start(index), to: video.buffered.end(index) }));
}

export class Player {
  masked = false; // homes are hidden in it: the recorder makes each piece for it
  private h264 = false; // what is not H.264 is asked for coded again
  private hls: Hls | null = null;
  private details: LevelDetails | null = null;
  private window: { from: number; to: number } | null = null;
  private wanted: number | null = null;
  private token = "";
  private generation = 0;
  private notBeforeMs = 0;
  private seekedMs = 0;
  private measuredMs = 0;
  private frame = 0.04;
  private shown: number | undefined; // media time of the picture shown
  private readonly lateness = new Middle();
  private beat: Beat | null = null;
  private hole: (Hole & { sinceMs: number }) | null = null;

  constructor(
    readonly video: HTMLVideoElement,
    private readonly camera: string,
    private readonly recorded: Recorded,
    private readonly events: PlayerEvents,
  ) {
    video.addEventListener("loadeddata", () => events.picture());
    video.addEventListener("seeked", () => events.picture());
    for (const name of ["seeking", "pause"]) video.addEventListener(name, () => this.lateness.clear());
    this.watchFrames();
  }

  /** It has the picture that it should show, and (where it must move) some after it. */
  get ready(): boolean {
    if (this.inHole) return true;
    return this.hls !== null && this.wanted === null && !this.video.seeking && this.video.readyState >= (this.beat?.moving || this.beat?.held ? 3 : 2);
  }

  /** The browser has nothing for this moment, though it has what comes before and after: pictures that the camera lost. */
  get inHole(): boolean {
    return this.hole !== null && performance.now() - this.hole.sinceMs >= HOLE_MS;
  }

  /** How much of the clock's time the picture shown is late, in seconds, as measured on the last frames. */
  get lateS(): number | undefined {
    return performance.now() - this.measuredMs < MEASURED_MS ? this.lateness.value : undefined;
  }

  /** Whether it is shown coded again. */
  get coded(): boolean {
    return this.h264;
  }

  /** This browser cannot show the footage as it is. False where that was known already: then it cannot show it at all. */
  needsH264(): boolean {
    if (this.h264) return false;
    this.h264 = true;
    this.notBeforeMs = 0;
    this.stop();
    return true;
  }

  /** Length of a frame, and the UTC of the one shown. */
  get frameS(): number {
    return this.frame;
  }

  get at(): number | undefined {
    return this.shown === undefined ? undefined : utcOf(this.pieces, this.shown);
  }

  private get ahead(): number {
    return this.beat?.moving || this.beat?.held ? RUNS_AHEAD_S : STANDS_AHEAD_S;
  }

  /** Asked anew each time: hls.js moves the pieces when it learns their true times. */
  private get pieces(): Piece[] {
    return (this.details?.fragments ?? []).map((part) => ({ media: part.start, utc: (part.programDateTime ?? 0) / 1000, length: part.duration }));
  }

  /** Called some ten times a second, and whenever the clock was set. */
  follow(beat: Beat): void {
    this.beat = beat;
    if (this.hls) this.hls.config.maxBufferLength = this.ahead;
    const inWindow = this.window !== null && beat.at >= this.window.from && beat.at < this.window.to;
    if (!inWindow) return this.load(beat);
    if (this.wanted !== null) {
      if (Math.abs(this.wanted - beat.at) > 0.01) this.wish(beat.at);
      return;
    }
    const pieces = this.pieces;
    const piece = pieceAt(pieces, beat.at);
    if (!piece) return this.isComing(pieces, beat.at) ? this.video.pause() : this.load(beat); // a hole that only the recorder knows
    const media = piece.media + Math.max(0, beat.at - piece.utc);
    if (this.bridges(media)) return;
    if (!beat.moving) return this.stand(media, beat.held ? HELD_S : STANDS_S);
    this.keepUp(media, beat);
  }

  /** No picture is wanted of it now (a gap, or small pictures are shown instead); it may be again soon. */
  rest(): void {
    this.beat = null;
    if (!this.video.paused) this.video.pause();
  }

  stop(): void {
    this.generation += 1;
    this.hls?.destroy();
    this.hls = null;
    this.window = null;
    this.wanted = null;
    this.details = null;
    this.shown = undefined;
    this.hole = null;
    this.lateness.clear();
  }

  /** Recorded, or about to be, and not listed yet: hls.js asks again every few seconds. */
  private isComing(pieces: readonly Piece[], at: number): boolean {
    const last = pieces.at(-1);
    return this.details?.live === true && last !== undefined && at >= last.utc && at - last.utc - last.length < GROWS_S;
  }

  /** In a hole nobody waits; behind it things go on by themselves. */
  private bridges(media: number): boolean {
    const found = holeAt(rangesOf(this.video), media);
    if (!found) {
      this.hole = null;
      return false;
    }
    const since = this.hole?.from === found.from ? this.hole.sinceMs : performance.now();
    this.hole = { ...found, sinceMs: since };
    if (performance.now() - since < HOLE_MS) return false; // it may be on its way
    if (!this.video.paused) this.video.pause();
    return true;
  }

  private stand(media: number, near: number): void {
    if (!this.video.paused) this.video.pause();
    if (Math.abs(this.video.currentTime - media) > near) this.seek(media);
  }

  private seek(media: number): void {
    this.seekedMs = performance.now();
    this.video.currentTime = media;
  }

  private keepUp(media: number, beat: Beat): void {
    if (this.video.seeking && performance.now() - this.seekedMs < SEEK_AGAIN_MS) return; // one that never ends is begun anew
    const late = this.lateS ?? media - this.video.currentTime;
    const next = steer(late, beat.rate);
    if (next.kind === "seek") {
      if (performance.now() - this.seekedMs >= SEEK_AGAIN_MS) this.seek(media);
      return;
    }
    if (next.kind === "wait") return this.video.pause();
    if (Math.abs(this.video.playbackRate - next.rate) > 0.004) this.video.playbackRate = next.rate;
    if (this.video.paused) void this.video.play().catch(() => undefined); // a pause that comes first is no fault
  }

  private wish(at: number): void {
    this.wanted = at;
    const media = mediaOf(this.pieces, at);
    if (media !== undefined) this.video.currentTime = media;
  }

  private load(beat: Beat): void {
    if (performance.now() < this.notBeforeMs) return;
    this.notBeforeMs = performance.now() + AGAIN_MS;
    void this.open(beat.at).catch((error: unknown) => {
      this.notBeforeMs = performance.now() + AGAIN_FAILED_MS;
      this.events.failed(error instanceof LoggedOut ? "loggedOut" : error instanceof Refused ? "refused" : "recorder");
    });
  }

  private async open(at: number): Promise<void> {
    this.stop();
    const generation = this.generation;
    const window = windowAround(at, BEFORE_S, AFTER_S);
    this.wanted = at;
    this.window = window;
    this.token = await this.recorded.token(this.camera, window.from, window.to);
    if (generation !== this.generation) return;
    const hls = new Hls({
      enableWorker: false, autoStartLoad: false, maxBufferLength: this.ahead, maxMaxBufferLength: 30, backBufferLength: 20,
      xhrSetup: (xhr) => xhr.setRequestHeader("Authorization", `Bearer ${this.token}`),
    });
    this.hls = hls;
    let started = false;
    hls.on(Hls.Events.LEVEL_LOADED, (_event, data) => {
      this.details = data.details;
      if (started) return;
      started = true;
      const start = mediaOf(this.pieces, this.wanted ?? at);
      if (start !== undefined) this.video.currentTime = start;
      hls.startLoad(start ?? -1);
    });
    hls.on(Hls.Events.FRAG_BUFFERED, (_event, data) => {
      if (data.frag.sn !== "initSegment") this.arrive(data.frag.start, data.frag.duration);
    });
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (this.hls !== hls) return;
      const busy = (this.h264 || this.masked) && data.response?.code === 503; // as many pictures are coded again as may be at once; hls.js asks again
      if (busy) this.events.failed("busy");
      if (!data.fatal) return;
      this.stop();
      this.notBeforeMs = performance.now() + AGAIN_FAILED_MS;
      if (!busy) this.events.failed(data.type === Hls.ErrorTypes.MEDIA_ERROR || /codec/i.test(data.details) ? "format" : "recorder");
    });
    hls.attachMedia(this.video);
    hls.loadSource(this.recorded.playlistUrl(this.camera, window.from, window.to, this.h264));
    this.renew(hls, window);
  }

  /** The piece that holds what is wanted is there: its true place is known now. */
  private arrive(start: number, length: number): void {
    if (this.wanted === null) return;
    const media = mediaOf(this.pieces, this.wanted);
    if (media !== undefined && (media < start - 0.5 || media > start + length + 0.5)) return;
    this.wanted = null;
    if (media !== undefined && Math.abs(this.video.currentTime - media) > STANDS_S) this.video.currentTime = media;
  }

  private watchFrames(): void {
    if (typeof this.video.requestVideoFrameCallback !== "function") return;
    const each: VideoFrameRequestCallback = (_now, frame) => {
      const step = this.shown === undefined ? 0 : frame.mediaTime - this.shown;
      if (step > 0.005 && step < 0.3 && this.video.playbackRate <= 1) this.frame = step;
      this.shown = frame.mediaTime;
      const utc = this.beat?.moving ? utcOf(this.pieces, frame.mediaTime) : undefined;
      if (utc !== undefined && this.beat) {
        this.lateness.add(this.beat.atMs(frame.expectedDisplayTime) - utc);
        this.measuredMs = performance.now();
      }
      this.video.requestVideoFrameCallback(each);
    };
    this.video.requestVideoFrameCallback(each);
  }

  /** hls.js asks for pieces long after its first request, so its token is kept fresh while this playlist is in use. */
  private renew(hls: Hls, window: { from: number; to: number }): void {
    const timer = globalThis.setInterval(() => {
      if (this.hls !== hls) return globalThis.clearInterval(timer);
      this.recorded.token(this.camera, window.from, window.to).then(
        (token) => (this.token = token),
        () => undefined, // the next request fails and tells
      );
    }, 5_000); // asks the web only when the token gets old
  }
}
