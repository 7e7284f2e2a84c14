import { describe, expect, it } from "vitest";
import { begunAt, blocksOf, boxAt, boxNear, endedAt, fitted, keyNear, nudged, overSpan, put, readTracks, spanned, Steps, without, writeTracks, type Track } from "../src/lib/tracks";

const box = { x: 0.1, y: 0.2, width: 0.2, height: 0.1 };
const track: Track = [{ at: 1000, ...box }, { at: 2000, ...box, x: 0.5 }];

describe("regions over time", () => {
  it("are read as they are written, and what is none is left out", () => {
    expect(readTracks(JSON.parse(writeTracks([track])))).toEqual([track]);
    expect(readTracks([[], [[1, 2]], "x", [[5, 0.1, 0.1, 0.1, "0"]], [[5, 0.1, 0.1, 0.1, null]]])).toEqual([]);
    expect(readTracks("x")).toEqual([]);
    expect(readTracks([[[2, 0, 0, 0.1, 0.1], [1, 0, 0, 0.1, 0.1], [2, 0, 0, 0.2, 0.2]]])[0]!.map((key) => key.at)).toEqual([1, 2]);
  });

  it("move evenly between their keys and are nowhere else", () => {
    expect(boxAt(track, 1500)!.x).toBeCloseTo(0.3);
    expect(boxAt(track, 1000)).toMatchObject(box);
    expect(boxAt(track, 999)).toBeNull();
    expect(boxAt(track, 2001)).toBeNull();
    expect(boxNear(track, 5000).x).toBe(0.5);
    expect(boxNear(track, 0).x).toBe(0.1);
  });

  it("get a key for each picture that they are moved in, one for the same picture", () => {
    expect(put(track, 1500, box, 20).map((key) => key.at)).toEqual([1000, 1500, 2000]);
    expect(put(track, 1990, box, 20)).toEqual([track[0], { at: 2000, ...box }]);
    expect(keyNear(track, 1985, 20)?.at).toBe(2000);
    expect(keyNear(track, 1500, 20)).toBeUndefined();
    expect(without(track, 2000)).toEqual([track[0]]);
  });

  it("end and begin where they are at a moment", () => {
    expect(endedAt(track, 1500, 20)).toEqual([track[0], { at: 1500, ...box, x: 0.3 }]);
    expect(begunAt(track, 1500, 20)).toEqual([{ at: 1500, ...box, x: 0.3 }, track[1]]);
    expect(endedAt(track, 3000, 20)).toBe(track);
  });

  it("hold over a whole span, and no shorter for it", () => {
    expect(overSpan(track, 0, 5000)).toEqual([{ ...track[0]!, at: 0 }, ...track, { ...track[1]!, at: 5000 }]);
    expect(overSpan(track, 1000, 2000)).toEqual(track);
    expect(overSpan(track, 1500, 1600)).toEqual(track);
    expect(overSpan([track[0]!], 0, 5000).map((key) => key.at)).toEqual([0, 1000, 5000]);
  });

  it("stay within the picture", () => {
    expect(fitted({ x: 0.95, y: -1, width: 0.2, height: 0 })).toEqual({ x: 0.8, y: 0, width: 0.2, height: 0.01 });
    expect(nudged(box, "ArrowLeft", false)!.x).toBeCloseTo(0.095);
    expect(nudged({ ...box, x: 0.8 }, "ArrowRight", true)).toEqual({ ...box, x: 0.8 });
    expect(nudged(box, "Tab", false)).toBeNull();
    expect(spanned(0.5, 0.5, 0.25, 0.75)).toEqual({ x: 0.25, y: 0.5, width: 0.25, height: 0.25 });
  });

  it("are shown as coarse as the copy will be", () => {
    expect([blocksOf(600, 300), blocksOf(10, 1000), blocksOf(0, 0)]).toEqual([[6, 3], [1, 6], [1, 1]]);
  });

  it("can be taken back and done again", () => {
    const steps = new Steps(1);
    steps.take(2);
    steps.take(3);
    steps.undo();
    expect([steps.now, steps.canUndo, steps.canRedo]).toEqual([2, true, true]);
    steps.redo();
    steps.undo();
    steps.take(4);
    expect([steps.now, steps.canRedo]).toEqual([4, false]);
  });
});
