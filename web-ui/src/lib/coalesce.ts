// Wishes that come faster than they can be met: only the newest counts, and never more than a few are under way.

export class Coalescer<T> {
  private underWay = 0;
  private newest: T | undefined;
  private later: T[] = [];

  /** `run` never rejects in vain: what it throws ends that wish and no other. */
  constructor(private readonly run: (wish: T) => Promise<void>, private readonly most = 2) {}

  get busy(): number {
    return this.underWay;
  }

  /** Met as soon as there is room; an older wish that has not begun is forgotten. */
  wish(wish: T): void {
    this.newest = wish;
    this.later = [];
    this.next();
  }

  /** Met one by one, when nothing else is under way. Each call replaces the list before. */
  afterwards(wishes: readonly T[]): void {
    this.later = [...wishes];
    this.next();
  }

  forget(): void {
    this.newest = undefined;
    this.later = [];
  }

  private next(): void {
    while (this.underWay < this.most) {
      const wish = this.newest ?? (this.underWay === 0 ? this.later.shift() : undefined);
      if (wish === undefined) return;
      this.newest = undefined;
      this.underWay += 1;
      void this.run(wish).catch(() => undefined).finally(() => {
        this.underWay -= 1;
        this.next();
      });
    }
  }
}
