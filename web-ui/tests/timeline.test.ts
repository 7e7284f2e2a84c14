import { describe, expect, it } from "vitest";
import { readTimeline, spanToAsk } from "../src/lib/recorded";
import {
  atX, gapAt, hasFootage, LONGEST_S, mediaOf, nextFootage, pan, reveal, runAt, SHORTEST_S, ticks, utcOf, xOf, zoom,
} from "../src/lib/timeline";

const VIEW = { from: 1000, to: 2000 };
const RUNS = [{ from: 1100, to: 1200 }, { from: 1300, to: 1400 }];

describe("the view", () => {
  it("maps moments and pixels both ways", () => {
    expect(xOf(VIEW, 1500, 800)).toBe(400);
    expect(atX(VIEW, xOf(VIEW, 1234.5, 777), 777)).toBeCloseTo(1234.5);
  });

  it("zooms around the finger, within its bounds", () => {
    const next = zoom(VIEW, 1250, 0.5);
    expect(next).toEqual({ from: 1125, to: 1625 });
    expect(xOf(next, 1250, 800)).toBe(xOf(VIEW, 1250, 800));
    const near = zoom(VIEW, 1500, 1e-9);
    expect(near.to - near.from).toBeCloseTo(SHORTEST_S);
    const far = zoom(VIEW, 1500, 1e9);
    expect(far.to - far.from).toBeCloseTo(LONGEST_S);
  });

  it("moves only when it must", () => {
    expect(reveal(VIEW, 1500)).toBe(VIEW);
    expect(reveal(VIEW, 5000)).toEqual({ from: 4500, to: 5500 });
    expect(pan(VIEW, -100)).toEqual({ from: 900, to: 1900 });
  });
});

describe("ticks", () => {
  it("stand on round local times with room between them", () => {
    const day = { from: 1_795_478_400, to: 1_795_478_400 + 86_400 };
    const { step, at } = ticks(day, 1200, 7 * 3600);
    expect(step).toBe(7200);
    for (const moment of at) expect((moment + 7 * 3600) % step).toBe(0);
    expect(at.length).toBeLessThanOrEqual(13);
  });

  it("never are endless", () => {
    expect(ticks({ from: 0, to: LONGEST_S }, 1, 0).at.length).toBeLessThan(200);
    expect(ticks({ from: 0, to: 30 }, 0, 0).at.length).toBeLessThan(200);
  });
});

describe("footage and gaps", () => {
  it("are found at a moment; an end belongs to what follows", () => {
    expect(runAt(RUNS, 1100)).toBe(RUNS[0]);
    expect(runAt(RUNS, 1200)).toBeUndefined();
    expect(gapAt([{ from: 1200, to: 1300, reason: "lost", words: "" }], 1200)?.reason).toBe("lost");
  });

  it("next footage is here, after the hole, or none", () => {
    expect(nextFootage(RUNS, 1150)).toBe(1150);
    expect(nextFootage(RUNS, 1200)).toBe(1300);
    expect(nextFootage([...RUNS].reverse(), 0)).toBe(1100);
    expect(nextFootage(RUNS, 1400)).toBeUndefined();
  });

  it("a span between two runs has none", () => {
    expect(hasFootage(RUNS, 1200, 1300)).toBe(false);
    expect(hasFootage(RUNS, 1199, 1301)).toBe(true);
  });
});

describe("a playlist's time and the clock's", () => {
  const pieces = [{ media: 0, utc: 1000, length: 10 }, { media: 10, utc: 1010, length: 10 }, { media: 20, utc: 1100, length: 10 }];
  it("go both ways within a piece", () => {
    expect(mediaOf(pieces, 1015)).toBe(15);
    expect(utcOf(pieces, 15)).toBe(1015);
    expect(utcOf(pieces, 25)).toBe(1105);
  });

  it("a moment in a hole is the beginning of what follows; one after the end is none", () => {
    expect(mediaOf(pieces, 1050)).toBe(20);
    expect(mediaOf(pieces, 900)).toBe(0);
    expect(mediaOf(pieces, 1110)).toBeUndefined();
    expect(mediaOf([], 5)).toBeUndefined();
    expect(utcOf([], 5)).toBeUndefined();
  });
});

describe("what the recorder answers", () => {
  it("is read with its open ends, and nonsense is left out", () => {
    const found = readTimeline({
      runs: [{ from: "2026-11-24T07:00:00Z", to: "2026-11-24T07:05:00Z" }, { from: "x", to: "y" }, { from: "2026-11-24T07:06:00Z", to: null }],
      gaps: [{ from: "2026-11-24T07:05:00Z", to: "2026-11-24T07:06:00Z", reason: "disk_full", words: "w" }, 7],
    }, Date.parse("2026-11-24T07:10:00Z") / 1000);
    expect(found.runs).toHaveLength(2);
    expect(found.runs[1]!.to - found.runs[1]!.from).toBe(240);
    expect(found.gaps).toMatchObject([{ reason: "disk_full", words: "w" }]);
    for (const odd of [null, undefined, 3, "x", [], { runs: 3, gaps: {} }]) expect(readTimeline(odd, 0)).toEqual({ runs: [], gaps: [] });
  });
});

describe("spanToAsk", () => {
  it("asks for whole days, so that a day is one look", () => {
    expect(spanToAsk(86_400 * 10 + 5, 86_400 * 10 + 60)).toEqual({ from: 86_400 * 10, to: 86_400 * 11 });
    expect(spanToAsk(86_400 * 10, 86_400 * 10)).toEqual({ from: 86_400 * 10, to: 86_400 * 11 });
    expect(spanToAsk(0, 86_400 * 400).from).toBe(86_400 * 340);
  });
});
