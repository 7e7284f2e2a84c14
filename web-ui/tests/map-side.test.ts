import { describe, expect, it } from "vitest";
import { layersOf } from "../src/lib/map-base-style";
import { MapData, type Thing } from "../src/lib/map-data";
import { figure, usualShape } from "../src/lib/map-points";
import { factsOf, linksOf, searched } from "../src/lib/map-side";
import type { Words } from "../src/lib/page";

const thing = (name: string, layer = "places", properties: Thing["properties"] = {}): Thing => ({
  layer, key: name, name, box: [0, 0, 0, 0], geometry: { type: "Point", coordinates: [0, 0] }, properties: { name, ...properties },
});
const words = new Proxy({ problems: {}, states: {} } as Words, { get: (_all, name) => String(name) });

describe("the search of the map", () => {
  it("finds without accents, by hamlet and kind too, names that begin so first", () => {
    const things = [thing("Ngõ chợ"), thing("Chợ Đông Phú", "places", { hamletWords: "Thôn Đông" }), thing("", "obstacles")];
    expect(searched(things, "cho").map((one) => one.name)).toEqual(["Chợ Đông Phú", "Ngõ chợ"]);
    expect(searched(things, "thon dong").map((one) => one.name)).toEqual(["Chợ Đông Phú"]);
    expect(searched(things, "  ")).toEqual([]);
  });
});

describe("the card", () => {
  const data = new MapData([]);
  it("leads to pictures only where the server said so", () => {
    const pages = { camera: "/cameras/KEY", playback: "/playback", health: "/health", eye: "/eyes/KEY" };
    const eye = (live: boolean, history: boolean, camera: string): Thing => ({ ...thing("Mắt 1", "eyes", { live, history, camera }), key: "e/1" });
    expect(linksOf(eye(true, true, "c 1"), { pages })).toEqual([["toLive", "/cameras/c%201"], ["toPlayback", "/playback?cameras=c%201"], ["toHealth", "/health"], ["toEye", "/eyes/e%2F1"]]);
    expect(linksOf(eye(false, false, ""), { pages })).toEqual([["toEye", "/eyes/e%2F1"]]);
    expect(linksOf(eye(true, true, "c"), { pages: {} })).toEqual([]);
  });
  it("leads from an incident to its page, and from any place to what happened near it", () => {
    const incident = { layer: "cases", key: "k1", name: "1/2026", box: [105.97, 20.91, 105.97, 20.91], geometry: { type: "Point", coordinates: [105.97, 20.91] }, properties: {} } as Thing;
    const near = "/incidents?state=all&near=20.910000,105.970000&within=300";
    expect(linksOf(incident, { pages: { incident: "/incidents/KEY", incidents: "/incidents" } })).toEqual([["toCase", "/incidents/k1"], ["toNear", near]]);
    expect(linksOf(incident, { pages: {} })).toEqual([]);
  });
  it("says what is known, an angle that is assumed as such, and nothing of what is not", () => {
    data.setStates({ "Mắt 1": { look: "down", words: "hỏng", reason: "mất điện" } });
    const eye = thing("Mắt 1", "eyes", { bearing_deg: 90, hfov_deg: null, hfov_used_deg: 90, reach_m: 15.5, height_m: null, site: "Mắt 1" });
    const facts = Object.fromEntries(factsOf(eye, { words, language: "vi", data }));
    expect(facts).toEqual({ factState: "hỏng: mất điện", factBearing: "90°", factHfov: "90° (assumed)", factReach: "15,5 m" });
    expect(Object.fromEntries(factsOf(thing("Mắt 2", "eyes"), { words, language: "vi", data }))).toEqual({ factBearing: "bearingUnknown" });
  });
});

describe("what is typed while drawing", () => {
  it("reads figures with a comma, and takes the shape that the kind usually has", () => {
    expect([figure("12,5"), figure(" 7 "), figure(""), figure("x"), figure(undefined)]).toEqual([12.5, 7, null, null, null]);
    expect(usualShape("obstacle", "wall", "Polygon")).toBe("LineString");
    expect(usualShape("obstacle", "building", "LineString")).toBe("Polygon");
    expect(usualShape("place", "route", "Point")).toBe("LineString");
    expect(usualShape("place", "market", "Polygon")).toBe("Polygon");
    expect(usualShape("site", "", "Point")).toBe("Point");
  });
});

describe("the base map", () => {
  it("draws the layers of both common schemas, leaves words out, and the rest as thin lines", () => {
    const types = (name: string): string[] => layersOf(name, false).map((layer) => layer.type);
    for (const name of ["water", "earth", "landuse", "landcover", "building", "buildings"]) expect(types(name)).toEqual(["fill"]);
    for (const name of ["transportation", "roads"]) expect(types(name)).toEqual(["line", "line"]);
    for (const name of ["poi", "pois", "places", "transportation_name", "housenumber"]) expect(types(name)).toEqual([]);
    expect(types("unknown")).toEqual(["line"]);
  });
});
