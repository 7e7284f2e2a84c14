// Clips of several cameras, taken out one after the other, each with what is true of it: parts, sizes, how far it is.
// A small one is fetched here and its progress shown; a large one is given to the browser's own download, which does not
// hold it in memory and shows its progress itself.

import { showDate, showTime } from "./clock";
import { showNear } from "./lane";
import { csrfToken, say, type CameraInfo, type Words } from "./page";
import { plain } from "./clock";
import { purposesIn, type Reasons } from "./reason";

export const FETCHED_AT_MOST_BYTES = 64_000_000;

export interface Part {
  part: number;
  from: number;
  to: number;
  bytes: number;
  /** Homes are hidden in it while it is sent: nobody knows how large it will be. */
  masked?: true;
}

export function readParts(answer: unknown): Part[] {
  const list = (answer as { parts?: unknown } | null)?.parts;
  if (!Array.isArray(list)) return [];
  return (list as Record<string, unknown>[])
    .map((one) => ({ part: Number(one.part), from: Date.parse(String(one.from)) / 1000, to: Date.parse(String(one.to)) / 1000, bytes: Number(one.bytes), ...(one.masked === true && { masked: true as const }) }))
    .filter((one) => one.part > 0 && one.to > one.from && Number.isFinite(one.bytes));
}

/** cong-cho_24-11-2026_21h30m05.mp4: what any file system takes, and people can read. */
export function fileName(camera: string, at: number, zone: string, number: number, of: number): string {
  const name = plain(camera).replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40) || "camera";
  const [hour, minute, second] = showTime(at, zone).split(":");
  return `${name}_${showDate(at, zone).replaceAll("/", "-")}_${hour}h${minute}m${second}${of > 1 ? `_${number}` : ""}.mp4`;
}

/** 12,3 MB, in decimal units as disks are sold. */
export function showBytes(bytes: number, language: string): string {
  const [value, unit] = bytes >= 1e9 ? [bytes / 1e9, "GB"] : bytes >= 1e6 ? [bytes / 1e6, "MB"] : [bytes / 1e3, "kB"];
  return `${value.toLocaleString(language, { maximumFractionDigits: value >= 100 ? 0 : 1 })} ${unit}`;
}

export class Refusal extends Error {}

/** The regulation wants somebody to agree first; holds where that is asked for. */
class Held extends Error {
  constructor(readonly askUrl: string) {
    super();
  }
}

/** What somebody agreed to may leave: these cameras, exactly this span. */
export interface Approved {
  key: string;
  cameras: string[];
  from: number;
  to: number;
}

export interface TakeoutOptions {
  exportUrl: string;
  words: Words;
  zone: string;
  language: string;
  list: HTMLElement;
  reasons: Reasons;
  approved?: Approved;
  loggedOut(): void;
  /** Why footage is missing between two parts. */
  between(camera: string, at: number): string;
}

/** One camera's line in the list of what is taken out. */
class Row {
  readonly root = document.createElement("li");
  private readonly state = document.createElement("span");
  private readonly bar = document.createElement("progress");
  private readonly parts = document.createElement("ul");

  constructor(name: string) {
    const title = document.createElement("b");
    title.textContent = name;
    this.state.className = "takeout-state";
    this.bar.hidden = true;
    this.bar.setAttribute("aria-label", name);
    this.root.append(title, this.state, this.bar, this.parts);
  }

  say(words: string): void {
    this.state.textContent = words;
  }

  lead(words: string, url: string): void {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = words;
    this.state.append(" ", link);
  }

  done(bytes: number, of: number): void {
    this.bar.hidden = bytes >= of;
    this.bar.max = of;
    this.bar.value = bytes;
  }

  tell(words: string): void {
    const item = document.createElement("li");
    item.textContent = words;
    this.parts.append(item);
  }
}

export class Takeout {
  constructor(private readonly options: TakeoutOptions) {}

  /** All of them, one after the other. How many clips came; `asked` where somebody has to agree first, and is asked now. */
  async run(cameras: readonly CameraInfo[], from: number, to: number): Promise<number | "asked"> {
    const rows = cameras.map((camera) => new Row(camera.name));
    this.options.list.replaceChildren(...rows.map((row) => row.root));
    let came = 0;
    for (const [index, camera] of cameras.entries()) {
      try {
        came += await this.one(camera, from, to, rows[index]!);
      } catch (error) {
        if (error instanceof Held) {
          await this.askFor(cameras, from, to, error.askUrl, rows);
          return "asked";
        }
        rows[index]!.done(1, 1);
        rows[index]!.say(error instanceof Refusal && error.message ? error.message : this.say("exportFailed"));
      }
    }
    return came;
  }

  /** One request for all cameras: who agrees, agrees to what belongs together. */
  private async askFor(cameras: readonly CameraInfo[], from: number, to: number, url: string, rows: readonly Row[]): Promise<void> {
    const response = await this.post(url, cameras.map((camera) => camera.key), from, to);
    const answer = (await response.json().catch(() => null)) as { url?: string; message?: string } | null;
    for (const row of rows) {
      row.done(1, 1);
      row.say(response.ok ? this.say("approvalAsked") : (answer?.message ?? this.say("exportFailed")));
      if (response.ok && answer?.url) row.lead(this.say("approvalSee"), answer.url);
    }
  }

  private async post(url: string, cameras: readonly string[], from: number, to: number): Promise<Response> {
    const approved = this.options.approved;
    const holds = approved !== undefined && approved.from === from && approved.to === to && cameras.every((key) => approved.cameras.includes(key));
    return fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ cameras, from, to, ...(holds && { request: approved.key }), ...(await this.options.reasons.get("export")) }),
    });
  }

  private say(name: string, fill: Record<string, string> = {}): string {
    return say(this.options.words, name, fill);
  }

  private async one(camera: CameraInfo, from: number, to: number, row: Row): Promise<number> {
    row.say(this.say("preparing"));
    const url = await this.ask(camera.key, from, to);
    const answer = await fetch(url.replace("/v1/mp4/", "/v1/export/"));
    if (answer.status === 404) throw new Refusal(this.say("noFootageInSpan"));
    if (!answer.ok) throw new Refusal();
    const parts = readParts(await answer.json());
    if (parts.length === 0) throw new Refusal(this.say("noFootageInSpan"));
    this.tellParts(camera, parts, row);
    const all = parts.reduce((sum, part) => sum + part.bytes, 0);
    let [done, given] = [0, false];
    for (const part of parts) {
      const where = `${url}&part=${part.part}`;
      if (part.bytes > FETCHED_AT_MOST_BYTES || part.masked) {
        await this.willCome(where, part);
        save(where, "");
        given = true;
      } else {
        const clip = await this.fetch(where, (bytes) => {
          row.done(done + bytes, all);
          row.say(this.say("saving", { done: this.size(done + bytes), of: this.size(all) }));
        });
        const address = URL.createObjectURL(clip);
        save(address, fileName(camera.name, part.from, this.options.zone, part.part, parts.length));
        window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
      }
      done += part.bytes;
    }
    row.done(1, 1);
    row.say(this.say(parts.some((part) => part.masked) ? "maskedClip" : given ? "givenToBrowser" : "saved", { of: this.size(all) }));
    return parts.length;
  }

  /** The browser's own download shows a refusal as a page in place of ours, so it is asked beforehand. */
  private async willCome(where: string, part: Part): Promise<void> {
    const { ok, status } = await fetch(where, { method: "HEAD" });
    if (!ok) throw new Refusal(part.masked && status === 503 ? this.say("maskedLater") : "");
  }

  /** More than one part, and why; or one that does not fill the span. */
  private tellParts(camera: CameraInfo, parts: readonly Part[], row: Row): void {
    if (parts.length < 2) return;
    for (const [index, part] of parts.entries()) {
      const times = { from: showTime(part.from, this.options.zone), to: showNear(part.to, part.from, this.options.zone) };
      row.tell(this.say("part", { number: String(part.part), of: String(parts.length), ...times }));
      const next = parts[index + 1];
      if (next) row.tell(this.options.between(camera.key, (part.to + next.from) / 2));
    }
  }

  private size(bytes: number): string {
    return showBytes(bytes, this.options.language);
  }

  private async ask(camera: string, from: number, to: number, again = true): Promise<string> {
    const { reasons, exportUrl } = this.options;
    const response = await this.post(exportUrl, [camera], from, to);
    if (response.status === 428 && again) {
      reasons.renew("export", (await purposesIn(response)) ?? []);
      return this.ask(camera, from, to, false);
    }
    if (response.status === 401) this.options.loggedOut();
    const answer = (await response.json().catch(() => null)) as { url?: string; message?: string; ask?: string } | null;
    if (response.status === 409 && answer?.ask) throw new Held(answer.ask);
    if (!response.ok || !answer?.url) throw new Refusal(answer?.message ?? "");
    return answer.url;
  }

  private async fetch(url: string, progress: (bytes: number) => void): Promise<Blob> {
    const response = await fetch(url);
    if (!response.ok || !response.body) throw new Refusal();
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value as Uint8Array<ArrayBuffer>);
      bytes += value.byteLength;
      progress(bytes);
    }
    return new Blob(pieces, { type: "video/mp4" });
  }
}

function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
