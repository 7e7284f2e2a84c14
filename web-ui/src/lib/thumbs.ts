// Small pictures of one camera for the finger on the timeline: the newest wish first, kept for a while, fetched ahead.

import { Coalescer } from "./coalesce";

export interface Thumb {
  url: string;
  /** The picture's true time, UTC seconds. */
  at: number;
}

export interface ThumbSource {
  /** The key frame at or before `at`; null where there is none. */
  thumb(at: number): Promise<{ picture: Blob; at: number } | null>;
}

const KEPT = 120;

export class Thumbs {
  private readonly kept = new Map<number, Thumb | null>(); // oldest first; null: nothing is there
  private readonly coalescer: Coalescer<number>;
  private wanted: number | null = null;

  /** `arrived` is told of the picture for the last wish, or of null where there is none. */
  constructor(
    private readonly source: ThumbSource,
    private readonly arrived: (thumb: Thumb | null) => void,
    private readonly urls: { make(picture: Blob): string; free(url: string): void } = {
      make: (picture) => URL.createObjectURL(picture), free: (url) => URL.revokeObjectURL(url),
    },
  ) {
    this.coalescer = new Coalescer((second) => this.fetch(second));
  }

  /** Shows the picture of `at` as soon as it is there; `stepS`: how much time one more move of the finger may be, 0 where none is to be expected. */
  want(at: number, stepS: number): void {
    const second = Math.floor(at);
    if (this.wanted === second) return;
    this.wanted = second;
    const found = this.kept.get(second);
    if (found === undefined) this.coalescer.wish(second);
    else {
      this.kept.delete(second); // used last, forgotten last
      this.kept.set(second, found);
      this.arrived(found);
    }
    if (stepS === 0) return this.coalescer.afterwards([]);
    const step = Math.max(1, Math.round(stepS));
    this.coalescer.afterwards([1, -1, 2, -2].map((count) => second + count * step).filter((other) => !this.kept.has(other)));
  }

  /** Nothing is fetched ahead any longer: it would take the time of the film that is about to come. */
  settle(): void {
    this.coalescer.afterwards([]);
  }

  /** Nobody looks any longer. */
  rest(): void {
    this.wanted = null;
    this.coalescer.forget();
  }

  clear(): void {
    this.rest();
    for (const thumb of this.kept.values()) if (thumb) this.urls.free(thumb.url);
    this.kept.clear();
  }

  private async fetch(second: number): Promise<void> {
    const found = await this.source.thumb(second + 0.999).catch((error: unknown) => {
      if (this.wanted === second) this.wanted = null; // so that it may be wished for again
      throw error;
    });
    if (this.kept.has(second)) return;
    const thumb = found && { url: this.urls.make(found.picture), at: found.at };
    this.kept.set(second, thumb);
    if (this.wanted === second) this.arrived(thumb);
    for (const [oldest, old] of this.kept) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
      if (old) this.urls.free(old.url);
    }
  }
}
