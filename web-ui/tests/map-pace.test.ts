import { describe, expect, it, vi } from "vitest";
import { nextStep, Pace, type Paced } from "../src/lib/map-pace";

class FakeMap implements Paced {
  ratios: number[] = [];
  private readonly runs = new Map<string, () => void>();

  on(event: string, run: () => void): void {
    this.runs.set(event, run);
  }
  setPixelRatio(ratio: number): void {
    this.ratios.push(ratio);
    this.fire("movestart"); // as MapLibre does when its size changes
    this.fire("moveend");
  }
  fire(event: string): void {
    this.runs.get(event)?.();
  }
}

describe("the pace of the map", () => {
  it("is a step coarser when half of the frames are slow, and no more than there are steps", () => {
    expect(nextStep(0, [100, 100, 100, 100])).toBe(0);
    expect(nextStep(0, [100, 10, 100, 10, 100])).toBe(1);
    expect(nextStep(0, [100, 10, 100, 10, 10])).toBe(0);
    expect(nextStep(2, [100, 100, 100, 100, 100])).toBe(2);
  });
  it("draws coarser while a slow machine moves the map, sharp when it stands, and coarse at once the next time", () => {
    vi.useFakeTimers();
    let now = 0;
    const map = new FakeMap();
    const plain: boolean[] = [];
    new Pace(map, (on) => plain.push(on), () => 2, () => now);
    const frames = (count: number, ms: number): void => {
      for (let frame = 0; frame < count; frame += 1) {
        now += ms;
        map.fire("render");
      }
    };
    frames(20, 200); // loading, while nobody moves it
    expect(map.ratios).toEqual([]);
    map.fire("movestart");
    frames(8, 16);
    expect(map.ratios).toEqual([]);
    frames(8, 90);
    expect(map.ratios[0]).toBe(1);
    expect(plain).toEqual([true]);
    map.fire("moveend");
    vi.advanceTimersByTime(400);
    expect(map.ratios.at(-1)).toBe(2);
    frames(20, 200);
    expect(map.ratios.at(-1)).toBe(2);
    expect(plain).toEqual([true, false]);
    const sharp = map.ratios.length;
    map.fire("movestart");
    expect(map.ratios.length).toBe(sharp + 1);
    expect(map.ratios.at(-1)).toBeLessThan(2);
    expect(plain).toEqual([true, false, true]);
    vi.useRealTimers();
  });
});
