// Regions of a picture that are hidden over time: where each is at its keys, and between them on the line. Pure.

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** `at` in milliseconds of UTC; the box in fractions of the picture. */
export interface Key extends Box {
  at: number;
}

export type Track = readonly Key[];

export const LEAST = 0.01; // of a box's sides; the server takes half of it
const TICKS = 10_000;

const within = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
const tick = (value: number): number => Math.round(value * TICKS) / TICKS;

/** Within the picture and no smaller than may be, in the steps that are kept. */
export function fitted({ x, y, width, height }: Box): Box {
  const [w, h] = [tick(within(width, LEAST, 1)), tick(within(height, LEAST, 1))];
  return { x: tick(within(x, 0, 1 - w)), y: tick(within(y, 0, 1 - h)), width: w, height: h };
}

/** What the server sent, or gave back as it was sent: what is no key is left out, and so is a track without one. */
export function readTracks(value: unknown): Track[] {
  if (!Array.isArray(value)) return [];
  const key = (one: unknown): Key[] => {
    if (!Array.isArray(one) || one.length !== 5 || !one.every((part) => typeof part === "number" && Number.isFinite(part))) return [];
    const [at, x, y, width, height] = one as [number, number, number, number, number];
    return [{ at: Math.round(at), ...fitted({ x, y, width, height }) }];
  };
  const tracks = value.map((track: unknown) => (Array.isArray(track) ? track.flatMap(key).sort((a, b) => a.at - b.at) : []));
  return tracks.map((track) => track.filter((one, index) => one.at !== track[index - 1]?.at)).filter((track) => track.length > 0);
}

export function writeTracks(tracks: readonly Track[]): string {
  return JSON.stringify(tracks.map((track) => track.map(({ at, x, y, width, height }) => [at, x, y, width, height])));
}

/** Where it is; null before its first key and after its last. */
export function boxAt(track: Track, at: number): Box | null {
  const after = track.findIndex((key) => key.at >= at);
  const [next, before] = [track[after], track[after - 1]];
  if (!next || (!before && next.at !== at)) return null;
  if (!before || next.at === at) return next;
  const part = (at - before.at) / (next.at - before.at);
  const between = (a: number, b: number): number => a + (b - a) * part;
  return { x: between(before.x, next.x), y: between(before.y, next.y), width: between(before.width, next.width), height: between(before.height, next.height) };
}

/** Where it is, or would be if it lasted until then: at its nearest end. */
export function boxNear(track: Track, at: number): Box {
  return boxAt(track, at) ?? (at < track[0]!.at ? track[0]! : track.at(-1)!);
}

export function keyNear(track: Track, at: number, nearMs: number): Key | undefined {
  const near = track.filter((key) => Math.abs(key.at - at) <= nearMs);
  return near.sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0];
}

/** With the box there at that moment: a key that stands as near (the same picture) is changed, else there is one more. */
export function put(track: Track, at: number, box: Box, nearMs: number): Track {
  const same = keyNear(track, at, nearMs);
  const key = { at: same?.at ?? Math.round(at), ...fitted(box) };
  return [...track.filter((one) => one !== same), key].sort((a, b) => a.at - b.at);
}

export function without(track: Track, at: number): Track {
  return track.filter((key) => key.at !== at);
}

/** It ends at this moment, where it is then; a moment outside of it changes nothing. */
export function endedAt(track: Track, at: number, nearMs: number): Track {
  const box = boxAt(track, at);
  return box ? put(track.filter((key) => key.at <= at), at, box, nearMs) : track;
}

export function begunAt(track: Track, at: number, nearMs: number): Track {
  const box = boxAt(track, at);
  return box ? put(track.filter((key) => key.at >= at), at, box, nearMs) : track;
}

/** It holds from the span's first picture to its last: where it is first until then, where it is last from then on. */
export function overSpan(track: Track, fromMs: number, toMs: number): Track {
  const [first, last] = [track[0]!, track[track.length - 1]!];
  return put(put(track, Math.min(first.at, fromMs), first, 1), Math.max(last.at, toMs), last, 1);
}

/** Moved by an arrow, or (`sized`) made larger or smaller. Null for other keys. */
export function nudged(box: Box, key: string, sized: boolean): Box | null {
  const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const by = steps[key]?.map((step) => step * 0.005);
  if (!by) return null;
  const [dx, dy] = by as [number, number];
  if (!sized) return fitted({ ...box, x: box.x + dx, y: box.y + dy });
  return fitted({ ...box, width: Math.min(box.width + dx, 1 - box.x), height: Math.min(box.height + dy, 1 - box.y) });
}

/** Between two corners. */
export function spanned(x: number, y: number, x2: number, y2: number): Box {
  return { x: Math.min(x, x2), y: Math.min(y, y2), width: Math.abs(x2 - x), height: Math.abs(y2 - y) };
}

/** Columns and rows of the mosaic over a box of so many pixels: as coarse as the copy will be. */
export function blocksOf(widthPx: number, heightPx: number, most = 6): [number, number] {
  const edge = Math.max(widthPx, heightPx, 1) / most;
  const count = (side: number): number => Math.max(1, Math.min(most, Math.round(side / edge)));
  return [count(widthPx), count(heightPx)];
}

/** What was, what is, and what was taken back. */
export class Steps<T> {
  private past: T[] = [];
  private future: T[] = [];

  constructor(private present: T) {}

  get now(): T {
    return this.present;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  take(next: T): void {
    this.past.push(this.present);
    this.present = next;
    this.future = [];
  }

  undo(): void {
    if (!this.canUndo) return;
    this.future.push(this.present);
    this.present = this.past.pop()!;
  }

  redo(): void {
    if (!this.canRedo) return;
    this.past.push(this.present);
    this.present = this.future.pop()!;
  }
}
