// Speeds, and whether the browser keeps up with the one that is asked for. Where it does not, single pictures are shown
// instead of the film, and the page says so.

export const SPEEDS = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16];
export const FILM_AT_MOST = 4;
const LOOKED_AT_MS = 6000;
const MOST_WAITING = 0.5;

export class Keeping {
  private rate = 1;
  private gaveUp = false;
  private waitedMs = 0;
  private wholeMs = 0;

  /** Single pictures instead of the film. */
  get stepping(): boolean {
    return this.gaveUp || this.rate > FILM_AT_MOST;
  }

  speed(rate: number): void {
    this.rate = rate;
    this.gaveUp = false;
    this.waitedMs = this.wholeMs = 0;
  }

  /** Told again and again while it plays. True when this was too much: from now on single pictures are shown. */
  note(waits: boolean, rate: number, forMs: number): boolean {
    if (rate <= 1 || this.stepping) return false;
    this.wholeMs += forMs;
    this.waitedMs += waits ? forMs : 0;
    if (this.wholeMs < LOOKED_AT_MS) return false;
    this.gaveUp = this.waitedMs > MOST_WAITING * this.wholeMs;
    this.waitedMs = this.wholeMs = 0;
    return this.gaveUp;
  }
}
