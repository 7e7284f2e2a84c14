import { describe, expect, it } from "vitest";
import { added, clamp, moved, pointAt, readAreas, without, type Area } from "../src/lib/outline";

const square: Area = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.3], [0.1, 0.3]];

describe("areas on a picture", () => {
  it("are read from what the server sent, and from what it gave back as text", () => {
    expect(readAreas([square])).toEqual([square]);
    expect(readAreas(JSON.stringify([square]))).toEqual([square]);
    for (const odd of [null, 3, "x", "{", {}, [3], "[1,[2]]"]) expect(readAreas(odd).flat()).toEqual([]);
    expect(readAreas([[[-1, 2], [Number.NaN, "0.25"], [1]]])).toEqual([[[0, 1], [0, 0.25]]]);
  });
  it("have points within the picture, in the steps that are kept", () => {
    expect(clamp(0.123456)).toBe(0.1235);
    expect(pointAt(-0.2, 1.7)).toEqual([0, 1]);
  });
  it("are changed by one point, and the others stay", () => {
    const areas = [square, square];
    expect(moved(areas, 1, 2, [0.9, 0.9])).toEqual([square, [[0.1, 0.1], [0.5, 0.1], [0.9, 0.9], [0.1, 0.3]]]);
    expect(without(areas, 0, 1)[0]).toEqual([[0.1, 0.1], [0.5, 0.3], [0.1, 0.3]]);
    expect(added(areas, 0, [0.2, 0.2])[0]!.at(-1)).toEqual([0.2, 0.2]);
    expect(added(areas, 0)[0]).toEqual([[0.1, 0.1], [0.3, 0.1], [0.5, 0.1], [0.5, 0.3], [0.1, 0.3]]);
    expect(areas).toEqual([square, square]);
  });
});
