import { describe, expect, it } from "vitest";
import { AIM_S, CATCH_UP_S, FragmentQueue, JUMP_S, Least, steer, THIN_S, WHILE_MS } from "../src/lib/feed";

const bytes = (count: number): Uint8Array<ArrayBuffer> => new Uint8Array(count);

describe("FragmentQueue", () => {
  it("starts on a GOP", () => {
    const queue = new FragmentQueue(100);
    expect(queue.push(bytes(10), false)).toBe(false);
    expect(queue.push(bytes(10), true)).toBe(true);
    expect(queue.push(bytes(10), false)).toBe(true);
    expect(queue.length).toBe(2);
  });

  it("drops all it has when it grows too long, and waits for the next GOP", () => {
    const queue = new FragmentQueue(100);
    queue.push(bytes(60), true);
    expect(queue.push(bytes(60), false)).toBe(false);
    expect(queue.length).toBe(0);
    expect(queue.push(bytes(1), false)).toBe(false);
    expect(queue.push(bytes(1), true)).toBe(true);
  });

  it("keeps a GOP's start that came when it was full", () => {
    const queue = new FragmentQueue(100);
    queue.push(bytes(60), true);
    expect(queue.push(bytes(60), true)).toBe(true);
    expect(queue.length).toBe(1);
    expect(queue.shift()!.byteLength).toBe(60);
    expect(queue.push(bytes(60), false)).toBe(true); // what was taken no longer counts
  });

  it("never takes what alone is too large", () => {
    expect(new FragmentQueue(100).push(bytes(101), true)).toBe(false);
  });

  it("gives back in order, also what was put back", () => {
    const queue = new FragmentQueue(100);
    queue.push(bytes(1), true);
    queue.push(bytes(2), false);
    const first = queue.shift()!;
    queue.unshift(first);
    expect([queue.shift()!.byteLength, queue.shift()!.byteLength, queue.shift()]).toEqual([1, 2, undefined]);
  });
});

describe("steer", () => {
  it("leaves alone what is close to where it should be", () => {
    expect(steer([[0, 10]], 10 - AIM_S, 1)).toEqual({ rate: 1 });
    expect(steer([[0, 10]], 10 - THIN_S - 0.01, 1)).toEqual({ rate: 1 });
    expect(steer([], 0, 1)).toEqual({ rate: 1 });
  });

  it("plays faster when late, until it is where it should be", () => {
    expect(steer([[0, 10]], 10 - CATCH_UP_S - 0.1, 1).rate).toBeGreaterThan(1);
    expect(steer([[0, 10]], 10 - CATCH_UP_S + 0.1, 1.1).rate).toBe(1.1);
    expect(steer([[0, 10]], 10 - CATCH_UP_S + 0.1, 1).rate).toBe(1);
    expect(steer([[0, 10]], 10 - AIM_S + 0.01, 1.1).rate).toBe(1);
  });

  it("plays slower when almost nothing is left, until it is where it should be", () => {
    const slow = steer([[0, 10]], 9.99, 1).rate;
    expect(slow).toBeLessThan(1);
    expect(steer([[0, 10]], 10 - AIM_S + 0.1, slow).rate).toBe(slow);
    expect(steer([[0, 10]], 10 - AIM_S - 0.1, slow).rate).toBe(1);
  });

  it("jumps when far behind, before the first piece, or over a hole", () => {
    expect(steer([[0, 10]], 10 - JUMP_S - 1, 1)).toEqual({ to: 10 - AIM_S, rate: 1 });
    expect(steer([[5000, 5000.1]], 0, 1)).toEqual({ to: 5000, rate: 1 });
    expect(steer([[0, 10], [12, 13]], 9.99, 1)).toEqual({ to: 13 - AIM_S, rate: 1 });
  });
});

describe("Least", () => {
  it("is the least of the last while", () => {
    const least = new Least();
    expect([[0, 5], [100, 3], [200, 4], [300, 9]].map(([ms, value]) => least.note(ms!, value!))).toEqual([5, 3, 3, 3]);
    expect(least.note(100 + WHILE_MS, 7)).toBe(4);
    expect(least.note(200 + WHILE_MS, 7)).toBe(7);
    least.clear();
    expect(least.note(2000, 8)).toBe(8);
  });

  it("lets nobody hurry who comes near enough between two fragments", () => {
    for (const step of [0.04, 0.2, 0.5]) {
      let [at, end, rate] = [0, 2, 1];
      const least = new Least();
      const rates: number[] = [];
      for (let ms = 0; ms < 60_000; ms += step * 1000) {
        end += step;
        const move = steer([[0, end]], at, rate, least.note(ms, end - at));
        rate = move.rate;
        at = move.to ?? at;
        rates.push(rate);
        at += step * rate;
      }
      expect(end - at, "as near as it should be").toBeLessThan(CATCH_UP_S + step);
      expect(new Set(rates.slice(-Math.round(20 / step))), "and calm").toEqual(new Set([1]));
    }
  });
});
