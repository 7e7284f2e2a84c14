// The timeline as values: what is shown, where footage is and where not. No drawing, so that it can be tested.

export interface Run {
  from: number;
  to: number;
}

export interface Gap {
  from: number;
  to: number;
  reason: string;
  words: string;
}

export interface View {
  from: number;
  to: number;
}

export const SHORTEST_S = 30;
export const LONGEST_S = 40 * 86_400;

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

/** The first moment at or after `at` that has footage. */
export function nextFootage(runs: readonly Run[], at: number): number | undefined {
  let best: number | undefined;
  for (const run of runs) {
    if (run.to <= at) continue;
    const candidate = Math.max(run.from, at);
    if (best === undefined || candidate < best) best = candidate;
  }
  return best;
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

/** Where to seek for a moment; in a hole: the beginning of what follows it. */
export function mediaOf(pieces: readonly Piece[], utc: number): number | undefined {
  for (const piece of pieces) {
    if (utc < piece.utc) return piece.media;
    if (utc < piece.utc + piece.length) return piece.media + (utc - piece.utc);
  }
  return undefined;
}
