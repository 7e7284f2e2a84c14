import { describe, expect, it } from "vitest";
import { isHeic } from "../src/lib/heic";
import { hamletAt, positionText, readPosition, stepOf, type Land } from "../src/lib/tell-where";

const ring = (west: number, south: number, east: number, north: number): [number, number][] => [[west, south], [east, south], [east, north], [west, north], [west, south]];
const land = (...hamlets: Land["hamlets"]): Land => ({ hamlets, roads: [], bounds: [0, 0, 1, 1], sources: [], basemap: null });
const hamlet = (key: number, geometry: Land["hamlets"][number]["geometry"]): Land["hamlets"][number] => ({ type: "Feature", geometry, properties: { key, name: `Thôn ${key}`, lon: 0, lat: 0 } });

describe("the hamlet that holds a place", () => {
  it("is found in areas with holes and of several parts", () => {
    const here = land(hamlet(1, { type: "Polygon", coordinates: [ring(0, 0, 4, 4), ring(1, 1, 2, 2)] }), hamlet(2, { type: "MultiPolygon", coordinates: [[ring(1, 1, 2, 2)], [ring(8, 8, 9, 9)]] }));
    expect(hamletAt(here, [3, 3])?.key).toBe(1);
    expect(hamletAt(here, [1.5, 1.5])?.key).toBe(2);
    expect(hamletAt(here, [8.5, 8.5])?.key).toBe(2);
    expect(hamletAt(here, [6, 6])).toBeNull();
  });
});

describe("a place as the form carries it", () => {
  it("is latitude first, and read again as it was written", () => {
    expect(positionText([105.97181234, 20.9124])).toBe("20.912400, 105.971812");
    expect(readPosition("20.912400, 105.971812")).toEqual([105.971812, 20.9124]);
    for (const wrong of ["", "20.9", "a, b", "1,2,3", "20.9, "]) expect(readPosition(wrong)).toBeNull();
  });
});

describe("keys that move the pin", () => {
  it("are the arrows, farther with Shift", () => {
    expect(stepOf("ArrowUp", false)).toEqual([0, -10]);
    expect(stepOf("ArrowRight", true)).toEqual([60, 0]);
    expect(stepOf("Tab", false)).toBeNull();
  });
});

describe("a photo as iPhones take them", () => {
  it("is known by its first bytes, whatever it is called", async () => {
    const file = (text: string): Blob => new Blob([new Uint8Array([0, 0, 0, 24]), text, "rest of it"]);
    expect(await isHeic(file("ftypheic"))).toBe(true);
    for (const other of ["ftypavif", "ftypisom", "", "JFIF"]) expect(await isHeic(file(other))).toBe(false);
  });
});
