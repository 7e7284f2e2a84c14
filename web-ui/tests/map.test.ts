import { describe, expect, it } from "vitest";
import { away, bearing, boxOf, distance, hfovThrough, meets, pathLength, sector, showMetres, type Position } from "../src/lib/map-geo";
import { pointsOf, pointsText, readPoints, shapeOf } from "../src/lib/map-points";
import { keptLayers, readUrl, shownLayers, writeUrl } from "../src/lib/map-url";

const HERE: Position = [105.97, 20.91];

describe("geometry", () => {
  it("goes away and comes back by distance and bearing", () => {
    for (const turn of [0, 37, 90, 181, 359]) {
      const there = away(HERE, turn, 120);
      expect(distance(HERE, there)).toBeCloseTo(120, 3);
      expect(Math.abs(((bearing(HERE, there) - turn + 540) % 360) - 180)).toBeLessThan(0.001);
    }
  });
  it("draws a wedge from the eye and back, and a ring without a direction", () => {
    const wedge = sector(HERE, 90, 60, 40);
    expect(wedge[0]).toEqual(HERE);
    expect(wedge.at(-1)).toEqual(HERE);
    expect(bearing(HERE, wedge[1]!)).toBeCloseTo(60, 2);
    expect(bearing(HERE, wedge.at(-2)!)).toBeCloseTo(120, 2);
    const ring = sector(HERE, null, 60, 40);
    expect(ring.every((point) => Math.abs(distance(HERE, point) - 40) < 0.01)).toBe(true);
  });
  it("opens a view to where its edge is dragged, on either side and over north", () => {
    expect(hfovThrough(HERE, 350, away(HERE, 20, 30))).toBe(60);
    expect(hfovThrough(HERE, 350, away(HERE, 320, 30))).toBe(60);
    expect(hfovThrough(HERE, 0, away(HERE, 0, 30))).toBe(1);
    expect(hfovThrough(HERE, 0, away(HERE, 180, 30))).toBe(180);
  });
  it("measures a path, boxes a shape, and writes metres as people here do", () => {
    expect(pathLength([HERE, away(HERE, 0, 100), away(HERE, 0, 250)])).toBeCloseTo(250, 2);
    const box = boxOf({ type: "MultiPolygon", coordinates: [[[[1, 2], [3, 2], [3, 5], [1, 2]]], [[[9, 9], [10, 9], [10, 11], [9, 9]]]] });
    expect(box).toEqual([1, 2, 10, 11]);
    expect(meets(box, [10, 11, 12, 12])).toBe(true);
    expect(meets(box, [10.1, 11, 12, 12])).toBe(false);
    expect(showMetres(1430, "vi")).toBe("1,43 km");
    expect(showMetres(85.4, "vi")).toBe("85 m");
  });
});

describe("points as text", () => {
  it("reads what it wrote", () => {
    const points: Position[] = [HERE, [105.98, 20.92]];
    expect(readPoints(pointsText(points))).toEqual(points);
  });
  it("reads commas as decimals, either number first, and names the line it cannot", () => {
    expect(readPoints("20,91; 105,97\n105.97 20.91\n\n20,91 105,97")).toEqual([HERE, HERE, HERE]);
    expect(readPoints("20.91, 105.97\nchợ")).toBe(2);
    expect(readPoints("20.91")).toBe(1);
  });
  it("makes a shape when there are points enough, and takes it apart again", () => {
    const points: Position[] = [[1, 1], [2, 1], [2, 2]];
    expect(shapeOf("Polygon", points.slice(0, 2))).toBeNull();
    expect(pointsOf(shapeOf("Polygon", points)!)).toEqual(points);
    expect(pointsOf(shapeOf("LineString", points)!)).toEqual(points);
    expect(shapeOf("Point", [])).toBeNull();
    expect(pointsOf({ type: "MultiPoint", coordinates: [] })).toBeNull();
  });
});

describe("the link", () => {
  const known = ["eyes", "hamlets", "places"];
  it("reads what it wrote", () => {
    const text = writeUrl({ lat: 20.91, lon: 105.97, zoom: 16 }, ["eyes", "hamlets"], { layer: "eyes", key: "a b" });
    expect(readUrl(text, known)).toEqual({ view: { lat: 20.91, lon: 105.97, zoom: 16 }, layers: ["eyes", "hamlets"], thing: { layer: "eyes", key: "a b" } });
  });
  it("takes nothing that is no place, and no layer that is not there", () => {
    for (const at of ["", "x,y", "20.91", "20.91,", "95,105", "20,105,99"]) expect(readUrl(`?at=${at}`, known).view).toBeNull();
    expect(readUrl("?at=20.91,105.97&layers=eyes,secrets", known)).toMatchObject({ view: { zoom: 15 }, layers: ["eyes"], thing: null });
    expect(readUrl("?place=K1", known).thing).toEqual({ layer: "places", key: "K1" });
  });
  it("remembers what was switched, and shows a layer that is new as the server wants", () => {
    const layers = [{ name: "eyes", shown: true }, { name: "incidents", shown: false }];
    const kept = keptLayers(layers, new Set(["incidents"]));
    expect(kept).toBe("-eyes,+incidents");
    expect([...shownLayers([...layers, { name: "needs", shown: true }], null, kept)]).toEqual(["incidents", "needs"]);
    expect([...shownLayers(layers, ["eyes"], kept)]).toEqual(["eyes"]);
    expect([...shownLayers(layers, null, null)]).toEqual(["eyes"]);
  });
});
