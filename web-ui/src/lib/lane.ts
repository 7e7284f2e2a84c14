// The lanes of the timeline, one a camera: where they are drawn, what a pointer touches, and their words.

import { showDate, showMoment, showTime } from "./clock";
import { say, type Words } from "./page";
import { standingAt, xOf, type Timeline, type View } from "./timeline";

export const RULER_PX = 34; // at a root size of 16 px; larger on the screen of a station
const FOOT_PX = 8;
const REACH_PX = 14; // of a finger that takes a mark

export function laneHeight(count: number): number {
  return count <= 1 ? 40 : count <= 3 ? 26 : count <= 5 ? 20 : 15;
}

export function linesHeight(count: number): number {
  return RULER_PX + laneHeight(count) * Math.max(1, count) + FOOT_PX;
}

/** Which lane is at this height; undefined on the ruler and below. */
export function laneAt(y: number, count: number): number | undefined {
  const lane = Math.floor((y - RULER_PX) / laneHeight(count));
  return lane >= 0 && lane < count ? lane : undefined;
}

export type Touched = "in" | "out" | "ruler" | "lanes";

/** What a pointer takes hold of: a mark's handle, the ruler (to move the view), or the lanes (to look about). */
export function touched(x: number, y: number, view: View, width: number, marks: { in: number | null; out: number | null }): Touched {
  const near = (mark: number | null): number => (mark === null ? Infinity : Math.abs(xOf(view, mark, width) - x));
  const [toIn, toOut] = [near(marks.in), near(marks.out)];
  if (y < RULER_PX + 10 && Math.min(toIn, toOut) <= REACH_PX) return toIn < toOut ? "in" : "out";
  return y < RULER_PX ? "ruler" : "lanes";
}

/** A moment without its date where that is the other's too. */
export function showNear(at: number, other: number, zone: string): string {
  return showDate(at, zone) === showDate(other, zone) ? showTime(at, zone) : showMoment(at, zone);
}

/** What stands at a moment of one camera, in words: footage, or why there is none. */
export function wordsAt(line: Timeline | undefined, at: number, words: Words, zone: string, nowS: number): string {
  if (at > nowS) return say(words, "future");
  if (!line) return say(words, "loading");
  const found = standingAt(line, at);
  if (found.kind === "none") return say(words, "noFootage");
  const span = found.kind === "gap" ? found.gap : found.run;
  const times = { from: showMoment(span.from, zone), to: showNear(Math.min(span.to, nowS), span.from, zone) };
  if (found.kind === "footage") return say(words, "footageFromTo", times);
  return say(words, "gapFromTo", { ...times, reason: reasonOf(found.gap, words) });
}

export function reasonOf(gap: { reason: string; words: string }, words: Words): string {
  return words.gaps?.[gap.reason] ?? (gap.words || say(words, "gapUnknown"));
}
