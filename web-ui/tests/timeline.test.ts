import { describe, expect, it } from "vitest";
import { Groups, growing, readTimeline, spanToAsk, windowAround } from "../src/lib/recorded";
import {
  atX, gapAt, hasFootage, holeAt, levelOf, LEVELS_S, LONGEST_S, mediaOf, nextFootage, pan, pieceAt, reveal, runAt, SHORTEST_S, standingAt, ticks, utcOf, xOf, zoom,
} from "../src/lib/timeline";

const VIEW = { from: 1000, to: 2000 };
const RUNS = [{ from: 1100, to: 1200, codec: "a" }, { from: 1300, to: 1400, codec: "b" }];

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
    const line = { runs: RUNS, gaps: [] };
    expect(nextFootage(line, 1150)).toBe(1150);
    expect(nextFootage(line, 1200)).toBe(1300);
    expect(nextFootage({ runs: [...RUNS].reverse(), gaps: [] }, 0)).toBe(1100);
    expect(nextFootage(line, 1400)).toBeUndefined();
  });

  it("a gap counts before a run that was joined over it", () => {
    const gap = { from: 1200, to: 1300, reason: "lost", words: "" };
    const line = { runs: [{ from: 1100, to: 1400, codec: "a" }], gaps: [gap] };
    expect(standingAt(line, 1150).kind).toBe("footage");
    expect(standingAt(line, 1250)).toEqual({ kind: "gap", gap });
    expect(standingAt(line, 1300).kind).toBe("footage");
    expect(standingAt(line, 1400).kind).toBe("none");
    expect(nextFootage(line, 1250)).toBe(1300);
    expect(nextFootage({ runs: [{ from: 1300, to: 1400, codec: "a" }], gaps: [{ ...gap, to: 1350 }] }, 1250)).toBe(1350);
    expect(nextFootage({ runs: line.runs, gaps: [{ ...gap, to: 1400 }] }, 1250)).toBeUndefined();
  });

  it("a span between two runs has none", () => {
    expect(hasFootage(RUNS, 1200, 1300)).toBe(false);
    expect(hasFootage(RUNS, 1199, 1301)).toBe(true);
  });
});

describe("zoom levels", () => {
  it("go from a minute to a month, and the control shows the nearest", () => {
    expect([LEVELS_S[0], LEVELS_S.at(-1)]).toEqual([SHORTEST_S, LONGEST_S]);
    for (const level of LEVELS_S) expect(levelOf({ from: 5, to: 5 + level })).toBe(level);
    expect(levelOf({ from: 0, to: 3000 })).toBe(3600);
    expect(levelOf({ from: 0, to: 1 })).toBe(60);
    expect(levelOf({ from: 0, to: 1e12 })).toBe(LONGEST_S);
  });
});

describe("what grows", () => {
  it("is the last run that reaches up to now, and no gap has begun since", () => {
    const run = { from: 100, to: 998, codec: "" };
    expect(growing({ runs: [run], gaps: [] }, 1000).runs[0]!.to).toBeGreaterThan(1000);
    expect(growing({ runs: [run], gaps: [{ from: 998, to: 1000, reason: "", words: "" }] }, 1000).runs).toEqual([run]);
    expect(growing({ runs: [{ ...run, to: 900 }], gaps: [] }, 1000).runs[0]!.to).toBe(900);
    expect(growing({ runs: [], gaps: [] }, 1000)).toEqual({ runs: [], gaps: [] });
  });
});

describe("groups of one look", () => {
  it("keep those together that came together", () => {
    const groups = new Groups();
    groups.join(["a", "b"]);
    groups.join(["a", "b", "c"]);
    expect([groups.of("a"), groups.of("c"), groups.of("x")]).toEqual([["a", "b"], ["c"], ["x"]]);
    expect(groups.split(["b", "c"])).toEqual([{ group: ["a", "b"], wanted: ["b"] }, { group: ["c"], wanted: ["c"] }]);
    groups.drop(["c", "a"]);
    expect(groups.split(["a", "b", "c"])).toEqual([{ group: ["b"], wanted: ["b"] }]);
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
    expect(pieceAt(pieces, 1015)).toBe(pieces[1]);
    expect(pieceAt(pieces, 1020.1)).toBe(pieces[1]); // a rounding's width behind its end
    expect(pieceAt(pieces, 1050)).toBeUndefined();
    expect(pieceAt(pieces, 999)).toBeUndefined();
    expect(utcOf([], 5)).toBeUndefined();
  });
});

describe("a hole between what is loaded", () => {
  it("is found when something is on both sides and near", () => {
    const ranges = [{ from: 0, to: 2 }, { from: 4, to: 9 }, { from: 60, to: 70 }];
    expect(holeAt(ranges, 3)).toEqual({ from: 2, to: 4 });
    expect(holeAt(ranges, 2)).toEqual({ from: 2, to: 4 });
    for (const media of [1, 4, 30, 80, -1]) expect(holeAt(ranges, media)).toBeNull();
    expect(holeAt([], 3)).toBeNull();
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

describe("windowAround", () => {
  it("stays within the day of the moment", () => {
    const day = 86_400 * 10;
    expect(windowAround(day + 40_000, 600, 3000)).toEqual({ from: day + 39_400, to: day + 43_000 });
    expect(windowAround(day + 86_000, 600, 3000)).toEqual({ from: day + 85_400, to: day + 86_400 });
    expect(windowAround(day + 5, 600, 3000)).toEqual({ from: day, to: day + 3005 });
    expect(windowAround(day, 600, 3000)).toEqual({ from: day, to: day + 3000 });
  });
  it("asks for nothing but what the look at the moment asks for", () => {
    for (let at = 86_400 * 10; at < 86_400 * 12; at += 997.3) {
      const { from, to } = windowAround(at, 600, 3000);
      expect(spanToAsk(from, to)).toEqual(spanToAsk(at, at));
      expect(from <= at && at < to).toBe(true);
    }
  });
});
