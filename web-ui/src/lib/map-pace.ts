// Machines without a graphics card: where moving the map is slow, it is drawn coarser and plainer while it moves, and sharp and
// whole again when it stands.

export interface Paced {
  on(event: "movestart" | "render" | "moveend", run: () => void): unknown;
  setPixelRatio(ratio: number): unknown;
}

const SLOW_MS = 30;
const FRAMES = 5;
const REST_MS = 350;
/** Shares of full sharpness; all but the first are drawn plain too. */
const STEPS = [1, 0.5, 0.35];

/** The step after a run of frame times: a step coarser where half of them are slow, else as it is. */
export function nextStep(step: number, frames: readonly number[]): number {
  if (frames.length < FRAMES) return step;
  const middle = [...frames].sort((a, b) => a - b)[Math.floor(frames.length / 2)]!;
  return middle > SLOW_MS ? Math.min(step + 1, STEPS.length - 1) : step;
}

export class Pace {
  /** How coarse it was at last while moving; kept from one move to the next. */
  private step = 0;
  private shown = 0;
  private last = 0;
  private frames: number[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private setting = false;
  private moving = false;

  constructor(
    private readonly map: Paced,
    /** Outlines and names away, or back; told only when that changes. */
    private readonly plain: (on: boolean) => void,
    private readonly ratio: () => number = () => window.devicePixelRatio,
    private readonly now: () => number = () => performance.now(),
  ) {
    map.on("movestart", () => this.moves());
    map.on("render", () => this.drawn());
    map.on("moveend", () => this.rests());
  }

  private moves(): void {
    if (this.setting) return;
    clearTimeout(this.timer);
    this.moving = true;
    this.show(this.step);
  }

  private drawn(): void {
    const now = this.now();
    const took = now - this.last;
    this.last = now;
    if (!this.moving) return; // what is drawn while it stands may take its time
    if (took > 1000) this.frames = []; // it stood meanwhile
    else this.frames.push(took);
    const next = nextStep(this.step, this.frames);
    if (this.frames.length >= FRAMES) this.frames = [];
    if (next !== this.step) {
      this.step = next;
      this.show(next);
    }
  }

  private rests(): void {
    if (this.setting) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.moving = false;
      this.show(0);
    }, REST_MS);
  }

  private show(step: number): void {
    if (step === this.shown) return;
    if ((step > 0) !== (this.shown > 0)) this.plain(step > 0);
    this.shown = step;
    this.setting = true; // a new size tells of a move, which is none
    this.map.setPixelRatio(this.ratio() * STEPS[step]!);
    this.setting = false;
    this.frames = [];
  }
}
