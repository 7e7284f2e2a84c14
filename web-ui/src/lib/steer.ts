// How one picture is brought back to the clock: as a pure function, so that it can be tested without a video.

/** What a player does next. `rate`: play at this speed; `wait`: it ran ahead (over a
 * hole, say), stand until the clock comes; `seek`: it is too far away, go there. */
export type Steer = { kind: "rate"; rate: number } | { kind: "wait" } | { kind: "seek" };

export const FRAME_S = 0.04; // of 25 pictures a second, the skew that nobody may see
const CALM_S = 0.008;
const FAR_S = 0.7;
const AHEAD_S = 0.2;
const PULL_PER_S = 1.6;
const MOST_PULL = 0.35;
const SLOWEST = 0.0625; // what browsers allow
const FASTEST = 16;

/** `lateS`: by how much the picture is behind the clock, in seconds of footage; `rate`: the clock's. */
export function steer(lateS: number, rate: number): Steer {
  if (Math.abs(lateS) > FAR_S * Math.max(1, rate)) return { kind: "seek" };
  if (lateS < -AHEAD_S * Math.max(1, rate)) return { kind: "wait" };
  if (Math.abs(lateS) <= CALM_S) return { kind: "rate", rate };
  const pull = Math.max(-MOST_PULL, Math.min(MOST_PULL, (lateS * PULL_PER_S) / Math.max(1, rate)));
  return { kind: "rate", rate: Math.max(SLOWEST, Math.min(FASTEST, rate * (1 + pull))) };
}

/** The middle of the last few measurements: one frame that came late does not count. */
export class Middle {
  private values: number[] = [];
  constructor(private readonly most = 7) {}

  add(value: number): void {
    this.values = [...this.values.slice(1 - this.most), value];
  }

  clear(): void {
    this.values = [];
  }

  get value(): number | undefined {
    const sorted = [...this.values].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }
}

/** How far apart the pictures are that are shown at one moment: the greatest difference of their lateness. */
export function skewOf(late: readonly number[]): number {
  return late.length < 2 ? 0 : Math.max(...late) - Math.min(...late);
}
