import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Held, saidOf, wishOfKey, type TurnState } from "../src/lib/turning";

const words = { free: "free", mine: "mine", held: "{name} turns", taken: "{name} took it", patrol: "patrol {name}", lost: "lost" };
const state = (changes: Partial<TurnState> = {}): TurnState => ({ mine: false, holder: "", patrol: "", refused: "", ...changes });

describe("who turns it, in words", () => {
  it("names the person, and who took it over", () => {
    expect(saidOf(state(), words, false)).toBe("free");
    expect(saidOf(state({ mine: true, holder: "me" }), words, false)).toBe("mine");
    expect(saidOf(state({ holder: "Lan" }), words, false)).toBe("Lan turns");
    expect(saidOf(state({ holder: "Lan" }), words, true)).toBe("Lan took it");
    expect(saidOf(state({ holder: "Lan", patrol: "night" }), words, false)).toBe("Lan turns patrol night");
    expect(saidOf(state({ refused: "masks" }), words, false)).toBe("masks");
    expect(saidOf(state({ refused: "masks", words: "broken" }), words, false)).toBe("broken");
  });
});

describe("keys", () => {
  it("turn, but not while somebody types", () => {
    expect(wishOfKey("ArrowLeft", { tagName: "BODY" }, false)).toEqual({ pan: -1, tilt: 0, zoom: 0 });
    expect(wishOfKey("+", null, false)).toEqual({ pan: 0, tilt: 0, zoom: 1 });
    expect(wishOfKey("ArrowLeft", { tagName: "INPUT" }, false)).toBeNull();
    expect(wishOfKey("ArrowLeft", null, true)).toBeNull();
    expect(wishOfKey("a", null, false)).toBeNull();
  });
});

describe("a held arrow", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("window", globalThis);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("asks again until it is let go, then stops once", async () => {
    const send = vi.fn(async () => true);
    const stop = vi.fn();
    const held = new Held(send, stop);
    held.press({ pan: 1, tilt: 0, zoom: 0 });
    held.press({ pan: -1, tilt: 0, zoom: 0 });
    await vi.advanceTimersByTimeAsync(1100);
    expect(send).toHaveBeenCalledTimes(3);
    held.release();
    held.release();
    await vi.advanceTimersByTimeAsync(2000);
    expect(send).toHaveBeenCalledTimes(3);
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it("asks no more once it was refused", async () => {
    const send = vi.fn(async () => false);
    const held = new Held(send, vi.fn());
    held.press({ pan: 1, tilt: 0, zoom: 0 });
    await vi.advanceTimersByTimeAsync(2000);
    expect(send).toHaveBeenCalledTimes(1);
    expect(held.isHeld).toBe(false);
  });
});
