import { describe, expect, it } from "vitest";
import { AIM_S, CATCH_UP_S, FragmentQueue, JUMP_S, steer, THIN_S } from "../src/lib/feed";

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
