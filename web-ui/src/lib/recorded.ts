// The recorder's archive as the playback page asks for it: timelines, small pictures, playlists.

import type { Screen } from "./page";
import type { Gap, Run, Timeline } from "./timeline";
import { Refused, type Tokens } from "./tokens";

const DAY_S = 86_400;
const SPAN_DAYS = 60;
const STILL_S = 6; // footage that reaches so near to the moment it was asked for is still growing
const GROWS_S = 15;

const seconds = (iso: unknown): number => (typeof iso === "string" ? Date.parse(iso) / 1000 : NaN);

/** Reads the recorder's answer; what is not understood is left out. `to` may be open: then it lasts until `nowS`. */
export function readTimeline(answer: unknown, nowS: number): Timeline {
  const found = (answer ?? {}) as { runs?: unknown; gaps?: unknown; masked?: unknown };
  const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? (value as Record<string, unknown>[]) : []);
  const span = (item: Record<string, unknown>): { from: number; to: number } => ({ from: seconds(item.from), to: item.to === null ? nowS : seconds(item.to) });
  const sound = (run: { from: number; to: number }): boolean => Number.isFinite(run.from) && Number.isFinite(run.to) && run.to > run.from;
  const gaps: Gap[] = list(found.gaps).map((item) => ({ ...span(item), reason: String(item.reason ?? ""), words: String(item.words ?? "") }));
  const runs: Run[] = list(found.runs).map((item) => ({ ...span(item), codec: String(item.codec ?? "") }));
  return { runs: runs.filter(sound), gaps: gaps.filter(sound), ...(found.masked === true && { masked: true as const }) };
}

/** The last run goes on where it reaches up to now and no gap has begun since. */
export function growing(line: Timeline, nowS: number): Timeline {
  const last = line.runs.reduce<Run | undefined>((newest, run) => (newest && newest.to >= run.to ? newest : run), undefined);
  if (!last || last.to < nowS - STILL_S || line.gaps.some((gap) => gap.to > last.to)) return line;
  return { ...line, runs: line.runs.map((run) => (run === last ? { ...run, to: nowS + GROWS_S } : run)) };
}

/** Whole days around what is looked at: looking about within a day is one look, and one row in the access log. */
export function spanToAsk(from: number, to: number): { from: number; to: number } {
  const start = Math.floor(from / DAY_S) * DAY_S;
  const end = Math.max(start + DAY_S, Math.ceil(to / DAY_S) * DAY_S);
  return { from: Math.max(start, end - SPAN_DAYS * DAY_S), to: end };
}

/** What a player opens around a moment: never beyond the day that one look is about (`spanToAsk`), so that who looks at the end of
 * a day has not looked at the next. Where it is over, the player opens anew. */
export function windowAround(at: number, beforeS: number, afterS: number): { from: number; to: number } {
  const day = spanToAsk(at, at);
  return { from: Math.max(at - beforeS, day.from), to: Math.min(at + afterS, day.to) };
}

/** Cameras that are looked at with one token: those that came together. One more camera is one more look, not nine. */
export class Groups {
  private groups: string[][] = [];

  join(cameras: readonly string[]): void {
    const fresh = cameras.filter((camera) => !this.groups.some((group) => group.includes(camera)));
    if (fresh.length) this.groups.push(fresh);
  }

  drop(cameras: readonly string[]): void {
    this.groups = this.groups.map((group) => group.filter((camera) => !cameras.includes(camera))).filter((group) => group.length > 0);
  }

  of(camera: string): string[] {
    return this.groups.find((group) => group.includes(camera)) ?? [camera];
  }

  /** The groups that hold these cameras, each with those of them that it holds. */
  split(cameras: readonly string[]): { group: string[]; wanted: string[] }[] {
    const found = this.groups.map((group) => ({ group, wanted: group.filter((camera) => cameras.includes(camera)) }));
    return found.filter((one) => one.wanted.length > 0);
  }
}

export class Recorded {
  readonly groups = new Groups();

  /** `refused` is told of cameras that this person may not see (any longer). */
  constructor(private readonly screen: Screen, private readonly tokens: Tokens, private readonly refused: (cameras: readonly string[]) => void) {}

  async token(camera: string, from: number, to: number): Promise<string> {
    const group = this.groups.of(camera);
    try {
      return await this.tokens.get({ right: "history", cameras: group, ...spanToAsk(from, to) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const gone = error.cameras.length ? error.cameras : group;
      this.groups.drop(gone);
      this.refused(gone);
      if (gone.includes(camera)) throw error;
      return this.token(camera, from, to);
    }
  }

  /** Timelines by camera; runs nearer than `detailS` come as one. */
  async timelines(cameras: readonly string[], from: number, to: number, detailS: number, signal: AbortSignal): Promise<Map<string, Timeline>> {
    this.groups.join(cameras);
    const span = spanToAsk(from, to);
    const range = `from=${Math.max(from, span.from).toFixed(3)}&to=${Math.min(to, span.to).toFixed(3)}&detail_s=${detailS.toFixed(1)}`;
    const answers = await Promise.all(this.groups.split(cameras).map(async ({ wanted }) => {
      const response = await this.ask(`timelines?cams=${wanted.map(encodeURIComponent).join(",")}&${range}`, wanted[0]!, from, to, signal);
      return ((await response.json()) as { cameras?: Record<string, unknown> }).cameras ?? {};
    }));
    const nowS = Date.now() / 1000;
    return new Map(answers.flatMap((found) => Object.entries(found).map(([camera, line]) => [camera, growing(readTimeline(line, nowS), nowS)] as const)));
  }

  /** The key frame at or before `at`, and its true time; null where there is none. */
  async thumb(camera: string, at: number, widthPx: number): Promise<{ picture: Blob; at: number } | null> {
    const token = await this.token(camera, at, at + 1);
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(`${this.screen.recorderUrl}/v1/thumb/${this.place(camera)}?at=${at.toFixed(3)}&w=${Math.round(widthPx)}`, { headers });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`thumb: ${response.status}`);
    const shown = Date.parse(response.headers.get("X-Luytre-At") ?? "") / 1000;
    return { picture: await response.blob(), at: Number.isFinite(shown) ? shown : at };
  }

  playlistUrl(camera: string, from: number, to: number, coded = false): string {
    const query = `from=${from.toFixed(3)}&to=${to.toFixed(3)}${coded ? "&as=h264" : ""}`;
    return `${this.screen.recorderUrl}/v1/hls/${this.place(camera)}/index.m3u8?${query}`;
  }

  private place(camera: string): string {
    return `${encodeURIComponent(camera)}/main`;
  }

  private async ask(path: string, camera: string, from: number, to: number, signal: AbortSignal): Promise<Response> {
    const token = await this.token(camera, from, to);
    const headers = { Authorization: `Bearer ${token}`, "Accept-Language": this.screen.language };
    const response = await fetch(`${this.screen.recorderUrl}/v1/${path}`, { headers, signal });
    if (!response.ok) throw new Error(`${path.split(/[/?]/)[0]}: ${response.status}`);
    return response;
  }
}
