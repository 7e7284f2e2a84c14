// The timeline as values: what is shown, where footage is and where not. No drawing, so that it can be tested.

export interface Run {
  from: number;
  to: number;
  /** As in RFC 6381, for `MediaSource.isTypeSupported`; of the first one where runs were joined. */
  codec: string;
}

export interface Gap {
  from: number;
  to: number;
  reason: string;
  words: string;
}

export interface Timeline {
  runs: readonly Run[];
  gaps: readonly Gap[];
  /** Homes are hidden in what this person is shown of it. */
  masked?: true;
}

export interface View {
  from: number;
  to: number;
}

export const SHORTEST_S = 60;
export const LONGEST_S = 31 * 86_400;
/** What the zoom control offers: a minute to a month. */
export const LEVELS_S = [60, 300, 900, 3600, 4 * 3600, 86_400, 7 * 86_400, LONGEST_S];

const STEPS_S = [5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800];

/** Smaller factor: less time in view. The moment `at` stays where it is on the screen. */
export function zoom(view: View, at: number, factor: number): View {
  const length = view.to - view.from;
  const next = Math.min(LONGEST_S, Math.max(SHORTEST_S, length * factor));
  const from = at - ((at - view.from) / length) * next;
  return { from, to: from + next };
}

export function pan(view: View, byS: number): View {
  return { from: view.from + byS, to: view.to + byS };
}

/** The same length, moved as little as needed for `at` to be in view with some room. */
export function reveal(view: View, at: number): View {
  const length = view.to - view.from;
  if (at < view.from || at > view.to) return { from: at - length / 2, to: at + length / 2 };
  return view;
}

export function xOf(view: View, at: number, width: number): number {
  return ((at - view.from) / (view.to - view.from)) * width;
}

export function atX(view: View, x: number, width: number): number {
  return view.from + (x / width) * (view.to - view.from);
}

/** Moments for marks, on round local times (`offsetS` is the zone's at that time), at least `roomPx` apart. */
export function ticks(view: View, width: number, offsetS: number, roomPx = 90): { step: number; at: number[] } {
  const perPx = (view.to - view.from) / Math.max(1, width);
  const step = STEPS_S.find((candidate) => candidate / perPx >= roomPx) ?? STEPS_S[STEPS_S.length - 1]!;
  const at: number[] = [];
  for (let moment = Math.ceil((view.from + offsetS) / step) * step - offsetS; moment <= view.to; moment += step) at.push(moment);
  return { step, at };
}

export function runAt(runs: readonly Run[], at: number): Run | undefined {
  return runs.find((run) => run.from <= at && at < run.to);
}

export function gapAt(gaps: readonly Gap[], at: number): Gap | undefined {
  return gaps.find((gap) => gap.from <= at && at < gap.to);
}

/** What stands at a moment on one camera's timeline. A gap counts before the run that was joined over it. */
export type Standing = { kind: "footage"; run: Run } | { kind: "gap"; gap: Gap } | { kind: "none" };

export function standingAt(line: Timeline, at: number): Standing {
  const gap = gapAt(line.gaps, at);
  if (gap) return { kind: "gap", gap };
  const run = runAt(line.runs, at);
  return run ? { kind: "footage", run } : { kind: "none" };
}

/** The first moment at or after `at` that has footage. */
export function nextFootage(line: Timeline, at: number): number | undefined {
  const inGap = gapAt(line.gaps, at);
  if (inGap) return nextFootage(line, inGap.to);
  let best: number | undefined;
  for (const run of line.runs) {
    if (run.to <= at) continue;
    const candidate = Math.max(run.from, at);
    if (best === undefined || candidate < best) best = candidate;
  }
  return best === undefined || best === at || !gapAt(line.gaps, best) ? best : nextFootage(line, best);
}

/** The level of the zoom control that is nearest to what is shown. */
export function levelOf(view: View): number {
  const length = view.to - view.from;
  const away = (level: number): number => Math.abs(Math.log(level / length));
  return LEVELS_S.reduce((best, level) => (away(level) < away(best) ? level : best), LEVELS_S[0]!);
}

export function hasFootage(runs: readonly Run[], from: number, to: number): boolean {
  return runs.some((run) => run.from < to && run.to > from);
}

/** A playlist's own line of time against the clock's: pieces that are each continuous. */
export interface Piece {
  media: number;
  utc: number;
  length: number;
}

export function utcOf(pieces: readonly Piece[], media: number): number | undefined {
  const piece = pieces.findLast((candidate) => candidate.media <= media + 0.05) ?? pieces[0];
  return piece && piece.utc + (media - piece.media);
}

const JOIN_S = 0.25; // what two pieces may be apart and still follow each other

/** The piece that holds a moment, or ends just before it. */
export function pieceAt(pieces: readonly Piece[], utc: number): Piece | undefined {
  return pieces.findLast((piece) => piece.utc <= utc + 0.001 && utc < piece.utc + piece.length + JOIN_S);
}

/** Where to seek for a moment; in a hole: the beginning of what follows it. */
export function mediaOf(pieces: readonly Piece[], utc: number): number | undefined {
  for (const piece of pieces) {
    if (utc < piece.utc) return piece.media;
    if (utc < piece.utc + piece.length) return piece.media + (utc - piece.utc);
  }
  return undefined;
}

/** A stretch of a video's own time that is between two that are there. */
export interface Hole {
  from: number;
  to: number;
}

const WIDEST_HOLE_S = 12; // more is not a hole, but something that has not been loaded

/** The hole that holds a moment, between ranges in order that do not touch. */
export function holeAt(ranges: readonly Hole[], media: number): Hole | null {
  const before = ranges.findLast((range) => range.from <= media);
  const after = ranges.find((range) => range.from > media);
  if (!before || !after || media < before.to || after.from - before.to > WIDEST_HOLE_S) return null;
  return { from: before.to, to: after.from };
}
