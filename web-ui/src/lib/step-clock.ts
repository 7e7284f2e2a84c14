// The one clock that all pictures of the playback page follow: UTC seconds, monotonic while it runs, with a rate.

export class StepClock {
  private anchorUtc: number;
  private anchorMs: number;
  private running = false;
  private wantsToRun = false;
  private factor = 1;

  constructor(at: number, private readonly nowMs: () => number) {
    this.anchorUtc = at;
    this.anchorMs = nowMs();
  }

  /** The moment now, UTC seconds. */
  get at(): number {
    return this.atMs(this.nowMs());
  }

  /** The moment at a time of `nowMs` (that of a frame that is about to be shown, say). */
  atMs(ms: number): number {
    return this.running ? this.anchorUtc + ((ms - this.anchorMs) / 1000) * this.factor : this.anchorUtc;
  }

  get rate(): number {
    return this.factor;
  }

  /** Somebody wants it to run; it may stand all the same, waiting for a picture. */
  get playing(): boolean {
    return this.wantsToRun;
  }

  /** It runs at this moment. */
  get moving(): boolean {
    return this.running;
  }

  set(at: number): void {
    this.anchorUtc = at;
    this.anchorMs = this.nowMs();
  }

  setRate(rate: number): void {
    this.set(this.at);
    this.factor = rate;
  }

  play(): void {
    this.wantsToRun = true;
  }

  pause(): void {
    this.wantsToRun = false;
    this.hold(true);
  }

  /** Stands while a picture that should be there is not, and goes on with all of them together. */
  hold(waiting: boolean): void {
    const run = this.wantsToRun && !waiting;
    if (run === this.running) return;
    this.set(this.at);
    this.running = run;
  }
}
