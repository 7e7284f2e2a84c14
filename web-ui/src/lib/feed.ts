// Fragments into one <video> through Media Source Extensions: back-pressure, catching up to the live edge, trimming.

export const CATCH_UP_S = 0.42; // never nearer than this for a while: play a little faster
export const WHILE_MS = 1000; // so long a while: fragments come in steps, and with them how late the picture is
export const AIM_S = 0.3; // kept before the newest frame, so that a late one does not stop the picture
export const THIN_S = 0.1; // closer than this: play a little slower until AIM_S is there
export const JUMP_S = 3; // later than this: jump
const KEEP_BEHIND_S = 6;
const TRIM_ABOVE_S = 20;
const QUEUE_BYTES = 12 * 1024 * 1024;
const FASTER = 1.1;
const SLOWER = 0.92;

export interface FeedEvents {
  playing(): void;
  unsupported(mime: string): void;
  lost(): void;
}

/** What is still to be appended. When it grows too long, everything up to the next GOP is dropped: never part of one. */
export class FragmentQueue {
  private items: Uint8Array<ArrayBuffer>[] = [];
  private bytes = 0;
  private waitsForGop = true;

  constructor(private readonly limitBytes = QUEUE_BYTES) {}

  /** False when the fragment (and what waited before it) was dropped. */
  push(data: Uint8Array<ArrayBuffer>, startsGop: boolean): boolean {
    if (this.waitsForGop && !startsGop) return false;
    if (this.bytes + data.byteLength > this.limitBytes) {
      this.clear();
      if (!startsGop || data.byteLength > this.limitBytes) return false;
    }
    this.waitsForGop = false;
    this.items.push(data);
    this.bytes += data.byteLength;
    return true;
  }

  shift(): Uint8Array<ArrayBuffer> | undefined {
    const data = this.items.shift();
    if (data) this.bytes -= data.byteLength;
    return data;
  }

  unshift(data: Uint8Array<ArrayBuffer>): void {
    this.items.unshift(data);
    this.bytes += data.byteLength;
  }

  get length(): number {
    return this.items.length;
  }

  clear(): void {
    this.items = [];
    this.bytes = 0;
    this.waitsForGop = true;
  }
}

export type Move = { to?: number; rate: number };

/** The least of the last while: what a picture that comes late does not change. */
export class Least {
  private seen: { ms: number; value: number }[] = [];

  note(ms: number, value: number): number {
    this.seen = [...this.seen.filter((one) => one.ms > ms - WHILE_MS && one.value < value), { ms, value }];
    return this.seen[0]!.value;
  }

  clear(): void {
    this.seen = [];
  }
}

/** Where playback should be, seen from what is buffered; `least`: the least distance to the newest picture of the last while. Pure,
 * so that it can be tested without a browser. */
export function steer(ranges: readonly (readonly [number, number])[], at: number, rate: number, least?: number): Move {
  const last = ranges[ranges.length - 1];
  if (last === undefined) return { rate: 1 };
  const [start, end] = last;
  const lag = end - at;
  if (at < start || lag > JUMP_S || lag < -0.5) return { to: Math.max(start, end - AIM_S), rate: 1 };
  if ((least ?? lag) > CATCH_UP_S) return { rate: FASTER };
  if (lag < THIN_S) return { rate: SLOWER };
  const settling = (rate > 1 && (least ?? lag) > AIM_S) || (rate < 1 && lag < AIM_S); // all the way, so that it does not flutter
  return { rate: settling ? rate : 1 };
}

export class Feed {
  private media: MediaSource | null = null;
  private buffer: SourceBuffer | null = null;
  private url = "";
  private readonly queue = new FragmentQueue();
  private readonly least = new Least();
  private shown = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly events: FeedEvents,
  ) {
    video.addEventListener("playing", () => {
      this.shown = true;
      events.playing();
    });
  }

  /** A new run: its own line of time, so a fresh MediaSource (the old picture stays until the new one is there). */
  init(mime: string, data: Uint8Array<ArrayBuffer>): void {
    this.release();
    if (typeof MediaSource === "undefined" || !MediaSource.isTypeSupported(mime)) return this.events.unsupported(mime);
    const media = new MediaSource();
    this.media = media;
    this.shown = false;
    this.least.clear();
    this.url = URL.createObjectURL(media);
    media.addEventListener("sourceopen", () => this.opened(media, mime, data), { once: true });
    this.video.src = this.url;
  }

  fragment(data: Uint8Array<ArrayBuffer>, startsGop: boolean): void {
    if (this.media === null) return;
    if (!this.queue.push(data, startsGop) && this.shown) this.events.lost();
    this.pump();
  }

  release(): void {
    this.queue.clear();
    this.buffer = null;
    this.media = null;
    if (this.url) {
      URL.revokeObjectURL(this.url);
      this.video.removeAttribute("src");
      this.url = "";
    }
  }

  private opened(media: MediaSource, mime: string, data: Uint8Array<ArrayBuffer>): void {
    if (media !== this.media) return;
    this.buffer = media.addSourceBuffer(mime);
    this.buffer.addEventListener("updateend", (event) => this.appended(event.target as SourceBuffer));
    this.buffer.appendBuffer(data);
  }

  /** The event comes a task later than its end: by then a fragment may be on its way in already (its own end follows), or another
   * run have begun. */
  private appended(buffer: SourceBuffer): void {
    if (buffer !== this.buffer || this.media?.readyState !== "open") return;
    this.follow(buffer);
    if (!buffer.updating && !this.trim(buffer)) this.pump();
  }

  private pump(): void {
    const buffer = this.buffer;
    if (!buffer || buffer.updating || this.media?.readyState !== "open") return;
    const data = this.queue.shift();
    if (data === undefined) return;
    try {
      buffer.appendBuffer(data);
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "QuotaExceededError") throw error;
      this.queue.unshift(data);
      buffer.remove(0, Math.max(0.1, this.video.currentTime - 1));
    }
  }

  private follow(buffer: SourceBuffer): void {
    const ranges = Array.from({ length: buffer.buffered.length }, (_, i) => [buffer.buffered.start(i), buffer.buffered.end(i)] as const);
    const newest = ranges.at(-1)?.[1];
    const least = newest === undefined ? undefined : this.least.note(performance.now(), newest - this.video.currentTime);
    const move = steer(ranges, this.video.currentTime, this.video.playbackRate, least);
    if (move.to !== undefined) {
      this.video.currentTime = move.to;
      this.least.clear();
    }
    if (this.video.playbackRate !== move.rate) this.video.playbackRate = move.rate;
    if (this.video.paused && ranges.length > 0) void this.video.play().catch(() => undefined); // the browser tells by staying paused
  }

  private trim(buffer: SourceBuffer): boolean {
    if (buffer.buffered.length === 0 || this.video.currentTime - buffer.buffered.start(0) < TRIM_ABOVE_S) return false;
    buffer.remove(0, this.video.currentTime - KEEP_BEHIND_S);
    return true;
  }
}
