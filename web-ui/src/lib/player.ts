// Footage in one <video>: HLS from the recorder for a window around what is wanted, on the clock's time.

import type { LevelDetails } from "hls.js";
import Hls from "hls.js/light";
import { mediaOf, utcOf, type Piece } from "./timeline";
import type { Recorded } from "./recorded";

const BEFORE_S = 30;
const WINDOW_S = 3600;

export interface PlayerEvents {
  ready(): void;
  failed(kind: "format" | "recorder"): void;
  ended(): void;
}

export class Player {
  private hls: Hls | null = null;
  private details: LevelDetails | null = null;
  private window: { from: number; to: number } | null = null;
  private wanted: number | null = null;
  private token = "";
  private generation = 0;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly recorded: Recorded,
    private readonly events: PlayerEvents,
  ) {
    video.addEventListener("ended", () => events.ended());
    video.addEventListener("loadeddata", () => events.ready());
  }

  /** The clock's time of the picture shown. */
  get at(): number | undefined {
    return this.wanted ?? utcOf(this.pieces, this.video.currentTime);
  }

  /** Asked anew each time: hls.js moves the pieces when it learns their true times. */
  private get pieces(): Piece[] {
    return (this.details?.fragments ?? []).map((part) => ({ media: part.start, utc: (part.programDateTime ?? 0) / 1000, length: part.duration }));
  }

  async seek(utc: number, until: number): Promise<void> {
    const inside = this.window && utc >= this.window.from && utc < this.window.to ? mediaOf(this.pieces, utc) : undefined;
    if (inside !== undefined) {
      this.video.currentTime = inside;
      return;
    }
    await this.load(utc, until);
  }

  stop(): void {
    this.generation += 1;
    this.hls?.destroy();
    this.hls = null;
    this.window = null;
    this.wanted = null;
    this.details = null;
  }

  private async load(utc: number, until: number): Promise<void> {
    this.stop();
    const generation = this.generation;
    const window = { from: utc - BEFORE_S, to: Math.max(utc + 1, Math.min(utc + WINDOW_S, until)) };
    this.wanted = utc;
    this.token = await this.recorded.token(window.from, window.to);
    if (generation !== this.generation) return;
    this.window = window;
    const hls = new Hls({
      enableWorker: false, autoStartLoad: false, maxBufferLength: 20, backBufferLength: 30,
      xhrSetup: (xhr) => xhr.setRequestHeader("Authorization", `Bearer ${this.token}`),
    });
    this.hls = hls;
    hls.on(Hls.Events.LEVEL_LOADED, (_event, data) => {
      this.details = data.details;
      const start = mediaOf(this.pieces, this.wanted ?? utc);
      if (start !== undefined && this.wanted !== null) this.video.currentTime = start;
    });
    hls.on(Hls.Events.MANIFEST_PARSED, () => hls.startLoad(-1));
    hls.on(Hls.Events.FRAG_BUFFERED, (_event, data) => {
      if (data.frag.sn !== "initSegment") this.arrive();
    });
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (data.fatal) this.events.failed(data.type === Hls.ErrorTypes.MEDIA_ERROR || /codec/i.test(data.details) ? "format" : "recorder");
    });
    hls.attachMedia(this.video);
    hls.loadSource(this.recorded.playlistUrl(window.from, window.to));
    this.renew(hls, window);
  }

  private arrive(): void {
    if (this.wanted === null) return;
    const media = mediaOf(this.pieces, this.wanted);
    this.wanted = null;
    if (media !== undefined && Math.abs(this.video.currentTime - media) > 0.05) this.video.currentTime = media;
  }

  /** hls.js asks for pieces long after its first request, so its token is kept fresh while this playlist is in use. */
  private renew(hls: Hls, window: { from: number; to: number }): void {
    const timer = globalThis.setInterval(() => {
      if (this.hls !== hls) return globalThis.clearInterval(timer);
      this.recorded.token(window.from, window.to).then(
        (token) => (this.token = token),
        () => undefined, // the next request fails and tells
      );
    }, 5_000); // asks the web only when the token gets old
  }
}
