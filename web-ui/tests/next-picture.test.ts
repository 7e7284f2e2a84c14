import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toNextPicture } from "../src/lib/next-picture";

beforeEach(() => { vi.useFakeTimers({ toFake: ["setTimeout", "performance"] }); });
afterEach(() => { vi.useRealTimers(); });

/** A camera whose pictures last `lengthS`, the clock within one of them. */
function camera(lengthS: number, start: number) {
  let [clock, going] = [start, true];
  const shown = () => Math.floor(clock / lengthS + 1e-9) * lengthS;
  return {
    shown, ready: () => true, at: () => clock, go: (at: number) => void (clock = at), goes: () => going, stop: () => void (going = false),
  };
}

async function stepped(direction: 1 | -1, lengthS: number, start: number, frameS = 0.04): Promise<number> {
  const one = camera(lengthS, start);
  const before = one.shown();
  const done = toNextPicture(direction, before, frameS, one);
  await vi.runAllTimersAsync();
  await done;
  return Math.round((one.shown() - before) / lengthS);
}

test("one picture on and one back, though nobody knows how long they last", async () => {
  for (const lengthS of [0.04, 1 / 12, 0.2, 0.5])
    for (const within of [0, 0.3, 0.9]) {
      expect(await stepped(1, lengthS, (10 + within) * lengthS)).toBe(1);
      expect(await stepped(-1, lengthS, (10 + within) * lengthS)).toBe(-1);
    }
});

test("who wishes for something else ends it, and where nothing is shown it does not wander", async () => {
  const one = camera(5, 7);
  const done = toNextPicture(1, 5, 0.04, one);
  one.stop();
  await vi.runAllTimersAsync();
  await done;
  expect(one.at()).toBeCloseTo(5.05);
  const dark = { ...camera(5, 7), shown: () => undefined };
  await toNextPicture(1, 5, 0.04, dark);
  expect(dark.at()).toBeCloseTo(5.05);
});
