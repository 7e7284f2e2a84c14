// What is known of the timelines of the cameras shown: asked anew as the view moves, in one request for all.

import type { Recorded } from "./recorded";
import { nextFootage, standingAt, type Run, type Timeline, type View } from "./timeline";
import { LoggedOut } from "./tokens";

const PIXELS = 2000; // runs nearer than a pixel of a wide screen come as one
const COARSE_S = 4 * 3600; // from here on
const SEARCH_S = 31 * 86_400;
const BEFORE_END_S = 30;
const LAST_S = 8;

export interface FootageEvents {
  changed(): void;
  failed(): void;
  loggedOut(): void;
}

export class Footage {
  lines = new Map<string, Timeline>();
  private known: View | null = null; // the stretch that `lines` speak of
  private asking: AbortController | null = null;
  private timer = 0;

  constructor(private readonly recorded: Recorded, private readonly events: FootageEvents) {}

  of(camera: string): Timeline | undefined {
    return this.lines.get(camera);
  }

  knows(at: number, cameras: readonly string[]): boolean {
    return this.known !== null && at >= this.known.from && at <= this.known.to && cameras.every((camera) => this.lines.has(camera));
  }

  soon(view: View, cameras: readonly string[], nowS: number, afterMs = 150): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.load(view, cameras, nowS), afterMs);
  }

  async load(view: View, cameras: readonly string[], nowS: number): Promise<void> {
    window.clearTimeout(this.timer);
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const room = (view.to - view.from) / 2;
    const stretch = { from: Math.min(view.from - room, nowS - 60), to: Math.min(view.to + room, nowS + 1) };
    try {
      const detail = view.to - view.from > COARSE_S ? (view.to - view.from) / PIXELS : 0;
      const found = await this.recorded.timelines(cameras, stretch.from, stretch.to, detail, asking.signal);
      if (asking.signal.aborted) return;
      this.lines = found;
      this.known = { from: stretch.from, to: stretch.to >= nowS ? Infinity : stretch.to };
      this.events.changed();
    } catch (error) {
      if (asking.signal.aborted) return;
      if (error instanceof LoggedOut) this.events.loggedOut();
      else this.events.failed();
    }
  }

  /** No camera has a picture at this moment. */
  allEmpty(at: number, cameras: readonly string[]): boolean {
    return this.knows(at, cameras) && cameras.every((camera) => standingAt(this.lines.get(camera)!, at).kind !== "footage");
  }

  /** The first footage of any camera after this moment, as far as is known. */
  next(at: number, cameras: readonly string[]): number | undefined {
    const found = cameras.flatMap((camera) => nextFootage(this.lines.get(camera) ?? { runs: [], gaps: [] }, at) ?? []);
    return found.length ? Math.min(...found) : undefined;
  }

  /** The same, and beyond what is known: asks for a month. */
  async search(at: number, cameras: readonly string[], nowS: number): Promise<number | undefined> {
    const known = this.next(at, cameras);
    if (known !== undefined || at >= nowS - 1) return known;
    const far = await this.recorded.timelines(cameras, at, Math.min(nowS, at + SEARCH_S), 60, new AbortController().signal);
    const found = [...far.values()].flatMap((line) => nextFootage(line, at) ?? []);
    return found.length ? Math.min(...found) : undefined;
  }

  /** Where the newest footage of the last month is looked at first: a little before its end, with all cameras in the picture
   * where they reach so far. Undefined where there is none. */
  async newest(cameras: readonly string[], nowS: number): Promise<number | undefined> {
    const far = await this.recorded.timelines(cameras, nowS - SEARCH_S, nowS + 1, 60, new AbortController().signal);
    const last = [...far.values()].flatMap(({ runs }) => runs.reduce<Run | undefined>((best, run) => (best && best.to >= run.to ? best : run), undefined) ?? []);
    if (last.length === 0) return undefined;
    const end = Math.min(nowS, Math.max(...last.map((run) => run.to)));
    const ending = last.filter((run) => run.to >= end - BEFORE_END_S);
    const begun = Math.max(...ending.map((run) => run.from));
    return Math.max(Math.min(...ending.map((run) => run.from)), end - BEFORE_END_S, Math.min(begun, end - LAST_S));
  }
}
