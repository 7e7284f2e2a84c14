// The recorder's archive as the playback page asks for it: the timeline, pictures, and where clips are.

import type { Screen } from "./page";
import type { Gap, Run } from "./timeline";
import type { Tokens } from "./tokens";

export interface Timeline {
  runs: Run[];
  gaps: Gap[];
}

const DAY_S = 86_400;
const SPAN_DAYS = 60;

const seconds = (iso: unknown): number => (typeof iso === "string" ? Date.parse(iso) / 1000 : NaN);

/** Reads the recorder's answer; what is not understood is left out. `to` may be open: then it lasts until `nowS`. */
export function readTimeline(answer: unknown, nowS: number): Timeline {
  const found = (answer ?? {}) as { runs?: unknown; gaps?: unknown };
  const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? (value as Record<string, unknown>[]) : []);
  const span = (item: Record<string, unknown>): Run => ({ from: seconds(item.from), to: item.to === null ? nowS : seconds(item.to) });
  const sound = (run: Run): boolean => Number.isFinite(run.from) && Number.isFinite(run.to) && run.to > run.from;
  const gaps = list(found.gaps).map((item) => ({ ...span(item), reason: String(item.reason ?? ""), words: String(item.words ?? "") }));
  return { runs: list(found.runs).map(span).filter(sound), gaps: gaps.filter(sound) };
}

/** Whole days around what is looked at: looking about within a day is one look, and one row in the access log. */
export function spanToAsk(from: number, to: number): { from: number; to: number } {
  const start = Math.floor(from / DAY_S) * DAY_S;
  const end = Math.max(start + DAY_S, Math.ceil(to / DAY_S) * DAY_S);
  return { from: Math.max(start, end - SPAN_DAYS * DAY_S), to: end };
}

export class Recorded {
  constructor(
    private readonly screen: Screen,
    private readonly tokens: Tokens,
    readonly camera: string,
    private readonly stream = "main",
  ) {}

  token(from: number, to: number): Promise<string> {
    return this.tokens.get({ right: "history", cameras: [this.camera], ...spanToAsk(from, to) });
  }

  async timeline(from: number, to: number, signal: AbortSignal): Promise<Timeline> {
    const span = spanToAsk(from, to);
    const response = await this.ask(`timeline/${this.place()}?from=${Math.max(from, span.from)}&to=${Math.min(to, span.to)}`, from, to, signal);
    return readTimeline(await response.json(), Date.now() / 1000);
  }

  async picture(at: number, signal: AbortSignal): Promise<Blob> {
    return (await this.ask(`picture/${this.place()}?at=${at.toFixed(3)}`, at, at + 1, signal)).blob();
  }

  playlistUrl(from: number, to: number): string {
    return `${this.screen.recorderUrl}/v1/hls/${this.place()}/index.m3u8?from=${from.toFixed(3)}&to=${to.toFixed(3)}`;
  }

  private place(): string {
    return `${encodeURIComponent(this.camera)}/${this.stream}`;
  }

  private async ask(path: string, from: number, to: number, signal: AbortSignal): Promise<Response> {
    const token = await this.token(from, to);
    const headers = { Authorization: `Bearer ${token}`, "Accept-Language": this.screen.language };
    const response = await fetch(`${this.screen.recorderUrl}/v1/${path}`, { headers, signal });
    if (!response.ok) throw new Error(`${path.split("/")[0]}: ${response.status}`);
    return response;
  }
}
