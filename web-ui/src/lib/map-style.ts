// What the map looks like: MapLibre layers over our own sources. Labels are drawn with the machine's own fonts: no glyph server.

import type { LayerSpecification, StyleSpecification } from "maplibre-gl";

import { INSTITUTION, LOOKS, NEEDS, PLACE_COLOURS } from "./map-icons";

export interface Theme {
  ground: string;
  ink: string;
  halo: string;
  hamlet: string;
  building: string;
  buildingLine: string;
  view: string;
  chosen: string;
  /** How much larger signs and words are than on a desk: as the page's own. */
  scale?: number;
}

export const THEMES: Record<"light" | "dark", Theme> = {
  light: { ground: "#f3f1ea", ink: "#1c2530", halo: "#ffffff", hamlet: "#55704f", building: "#d9d2c5", buildingLine: "#a89f8e", view: "#2f7d4f", chosen: "#d6006c" },
  dark: { ground: "#161b21", ink: "#e8edf2", halo: "#0d1116", hamlet: "#9dbb94", building: "#323a45", buildingLine: "#5a6675", view: "#58c184", chosen: "#ff6fb5" },
};
const FONT = ["Noto Sans", "Segoe UI", "Roboto", "Liberation Sans", "DejaVu Sans"];
/** The sources that we fill; each is a layer of the server's, or the page's own. */
export const SOURCES = ["hamlets", "hamlet-names", "obstacles", "incidents", "cases", "zones", "zones_night", "views", "plan_views", "places", "sites", "candidates", "needs", "eyes", "plan_eyes", "chosen", "measure"] as const;

export function emptyStyle(theme: Theme): StyleSpecification {
  const none = { type: "FeatureCollection" as const, features: [] };
  const sources = SOURCES.map((name) => [name, { type: "geojson" as const, data: none, promoteId: "key", ...(name === "obstacles" ? { tolerance: 0.5 } : {}) }] as const);
  return { version: 8, sources: Object.fromEntries(sources), layers: [{ id: "ground", type: "background", paint: { "background-color": theme.ground } }, ...layers(theme)] };
}

/** The style's layers that belong to a layer of the legend: switched on and off together. */
export function styleLayersOf(name: string): string[] {
  return OF_LAYER[name] ?? [];
}

const OF_LAYER: Record<string, string[]> = {
  hamlets: ["hamlet-line", "hamlet-name"],
  obstacles: ["obstacle-fill", "obstacle-line", "wall-line", "private-fill", "private-line"],
  incidents: ["incident-heat", "incident-point"],
  cases: ["case-point", "case-name"],
  views: ["view-fill", "view-line"],
  places: ["place-fill", "route-casing", "route-line", "route-name", "place-icon"],
  sites: ["site-icon"],
  needs: ["need-icon"],
  eyes: ["eye-icon"],
  zones: zoneLayers("zones"),
  zones_night: zoneLayers("zones_night"),
  candidates: ["candidate-icon"],
  plan_views: ["plan-view-fill", "plan-view-line"],
  plan_eyes: ["plan-eye", "plan-number", "plan-name"],
};
/** What can be clicked, the topmost first. */
export const CLICKED: [string, string][] = [["plan-eye", "plan_eyes"], ["case-point", "cases"], ["eye-icon", "eyes"], ["need-icon", "needs"], ["place-icon", "places"], ["candidate-icon", "candidates"], ["site-icon", "sites"], ["incident-point", "incidents"],
  ["route-casing", "places"], ["place-fill", "places"], ["wall-line", "obstacles"], ["obstacle-fill", "obstacles"], ["private-fill", "obstacles"], ["hamlet-line", "hamlets"]];

/** Outlines of what there are thousands of, and names: they cost a slow machine most. Each with the property that hides it and what it stands at. */
export function hiddenWhenPlain(style: StyleSpecification): [string, "line-opacity" | "text-opacity", number][] {
  return style.layers.flatMap((layer): [string, "line-opacity" | "text-opacity", number][] => {
    if (layer.type === "symbol" && layer.id !== "plan-number") return [[layer.id, "text-opacity", 1]];
    if (!OUTLINES.includes(layer.id)) return [];
    return [[layer.id, "line-opacity", ((layer as { paint?: Record<string, unknown> }).paint?.["line-opacity"] as number | undefined) ?? 1]];
  });
}

const OUTLINES = ["obstacle-line", "view-line"];

function zoneLayers(source: string): string[] {
  return [`${source}-fill`, `${source}-line`, `${source}-name`];
}

/** Of which sources the shapes are one eye's when one is chosen. */
export const ZONE_LAYERS = [...zoneLayers("zones"), ...zoneLayers("zones_night")];

function layers(theme: Theme): LayerSpecification[] {
  return [...ground(theme), ...watched(theme), ...points(theme), ...own(theme)];
}

/** What must not be filmed. */
export const PRIVATE = "#c2356b";
const isPrivate = ["==", ["get", "kind"], "private"] as const;
const building = ["all", ["==", ["geometry-type"], "Polygon"], ["!=", ["get", "kind"], "private"]] as const;
/** What one can do with the picture at a distance, the farthest first; the map writes the word beside the colour. */
export const ZONES: Record<string, string> = { detect: "#4a90c2", observe: "#1f7a4d", recognise: "#8e44ad", identify: "#c0392b" };
/** Of the phases in which a plan's eyes go up; each eye bears its number too. */
export const PHASES = ["#b45309", "#6d28d9", "#0f766e", "#475569"];
/** Of an incident by where it stands; the legend and the list say it in words. */
export const CASES: Record<string, string> = { called: "#d12f2f", accepted: "#b86e00", arrived: "#8e44ad", done: "#2468b2", closed: "#4a5568" };
const isRoute = ["==", ["get", "kind"], "route"] as const;
const kindColour = ["match", ["get", "kind"], "residential", PLACE_COLOURS.residential!, "hot_spot", PLACE_COLOURS.hot_spot!, INSTITUTION] as const;
const lookColour = ["match", ["get", "look"], "works", LOOKS.works, "faulty", LOOKS.faulty, "down", LOOKS.down, LOOKS.listed] as const;
const phaseColour = ["match", ["get", "phase"], 1, PHASES[0], 2, PHASES[1], 3, PHASES[2], PHASES[3]] as const;
const caseColour = ["match", ["get", "state"], ...Object.entries(CASES).flat(), CASES.closed!] as const;
type Any = never; // MapLibre's expression types do not follow constants

function text(theme: Theme, size: number): { layout: object; paint: object } {
  return {
    layout: { "text-font": FONT, "text-size": size * (theme.scale ?? 1), "text-max-width": 9 },
    paint: { "text-color": theme.ink, "text-halo-color": theme.halo, "text-halo-width": 1.6 },
  };
}

function ground(theme: Theme): LayerSpecification[] {
  return [
    { id: "obstacle-fill", type: "fill", source: "obstacles", minzoom: 13, filter: building as Any,
      paint: { "fill-antialias": false, "fill-color": ["match", ["get", "kind"], "trees", "#b3c7a4", theme.building] as Any } },
    { id: "obstacle-line", type: "line", source: "obstacles", minzoom: 15.5, filter: building as Any, paint: { "line-color": theme.buildingLine, "line-width": 0.8 } },
    { id: "private-fill", type: "fill", source: "obstacles", filter: isPrivate as Any, paint: { "fill-color": PRIVATE, "fill-opacity": 0.16 } },
    { id: "private-line", type: "line", source: "obstacles", filter: isPrivate as Any, paint: { "line-color": PRIVATE, "line-width": 2, "line-dasharray": [2, 1.2] } },
    { id: "wall-line", type: "line", source: "obstacles", minzoom: 13, filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": theme.buildingLine, "line-width": ["interpolate", ["linear"], ["zoom"], 14, 1, 18, 4] } },
    { id: "hamlet-line", type: "line", source: "hamlets", paint: { "line-color": theme.hamlet, "line-width": 2, "line-dasharray": [3, 2] } },
    { id: "incident-heat", type: "heatmap", source: "incidents",
      paint: { "heatmap-radius": ["interpolate", ["exponential", 2], ["zoom"], 11, 6, 18, 90], "heatmap-opacity": 0.6, "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 11, 0.5, 18, 1.2],
        "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(0,0,0,0)", 0.2, "#f6c85f", 0.5, "#ef8a3c", 0.8, "#d1495b", 1, "#7a1e4a"] } },
    { id: "incident-point", type: "circle", source: "incidents", minzoom: 16, paint: { "circle-radius": 4, "circle-color": "#7a1e4a", "circle-stroke-color": "#fff", "circle-stroke-width": 1 } },
  ];
}

function watched(theme: Theme): LayerSpecification[] {
  const width = (wide: number): Any => ["interpolate", ["linear"], ["zoom"], 12, wide * 0.6, 18, wide * 2.2] as Any;
  return [
    { id: "view-fill", type: "fill", source: "views", minzoom: 13, paint: { "fill-antialias": false, "fill-color": lookColour as Any, "fill-opacity": 0.2 } },
    { id: "view-line", type: "line", source: "views", minzoom: 13, paint: { "line-color": lookColour as Any, "line-width": 1.2, "line-opacity": 0.8 } },
    ...["zones", "zones_night"].flatMap((source) => zones(theme, source)),
    { id: "plan-view-fill", type: "fill", source: "plan_views", minzoom: 13, paint: { "fill-antialias": false, "fill-color": phaseColour as Any, "fill-opacity": 0.25 } },
    { id: "plan-view-line", type: "line", source: "plan_views", minzoom: 13, paint: { "line-color": phaseColour as Any, "line-width": 2 } },
    { id: "place-fill", type: "fill", source: "places", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": kindColour as Any, "fill-opacity": 0.18, "fill-outline-color": kindColour as Any } },
    { id: "route-casing", type: "line", source: "places", filter: isRoute as Any, layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": theme.halo, "line-width": width(5), "line-opacity": 0.7 } },
    { id: "route-line", type: "line", source: "places", filter: isRoute as Any, layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": PLACE_COLOURS.route!, "line-width": width(2.4), "line-opacity": 0.75 } },
  ];
}

function zones(theme: Theme, source: string): LayerSpecification[] {
  const colour = ["match", ["get", "level"], ...Object.entries(ZONES).flat(), ZONES.detect!] as Any;
  return [
    { id: `${source}-fill`, type: "fill", source, minzoom: 13, paint: { "fill-antialias": false, "fill-color": colour, "fill-opacity": 0.22 } },
    { id: `${source}-line`, type: "line", source, minzoom: 14, paint: { "line-color": colour, "line-width": 1.6, ...(source === "zones" ? {} : { "line-dasharray": [3, 2] }) } },
    { id: `${source}-name`, type: "symbol", source, minzoom: 17.5, layout: { ...text(theme, 11).layout, "text-field": ["get", "levelWords"], "symbol-placement": "line", "symbol-spacing": 220, "text-offset": [0, 0.7] }, paint: { ...text(theme, 11).paint, "text-color": theme.ink } },
  ];
}

function points(theme: Theme): LayerSpecification[] {
  const scale = theme.scale ?? 1;
  const label = (size: number, minzoom: number): object => ({ "text-field": ["step", ["zoom"], "", minzoom, ["get", "name"]], "text-font": FONT, "text-size": size * scale, "text-max-width": 9, "text-anchor": "top", "text-offset": [0, 1.1], "text-optional": true });
  const { paint } = text(theme, 12);
  const icon = { "icon-allow-overlap": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 12, 0.55 * scale, 15, 0.85 * scale, 18, 1.1 * scale] };
  return [
    { id: "route-name", type: "symbol", source: "places", minzoom: 14, filter: isRoute as Any, layout: { ...text(theme, 12).layout, "text-field": ["get", "name"], "symbol-placement": "line", "text-offset": [0, 0.9] }, paint },
    { id: "site-icon", type: "symbol", source: "sites", layout: { ...icon, "icon-image": "site", ...label(11, 16.5) } as Any, paint },
    { id: "place-icon", type: "symbol", source: "places", filter: ["!=", ["get", "kind"], "route"], layout: { ...icon, "icon-image": ["concat", "place-", ["get", "kind"]], ...label(12, 15) } as Any, paint },
    { id: "need-icon", type: "symbol", source: "needs", layout: { ...icon, "icon-anchor": "bottom", "icon-image": ["concat", "need-", ["to-string", ["get", "urgency"]]], ...label(12, 16), "text-offset": [0, 0.2] } as Any, paint },
    { id: "eye-icon", type: "symbol", source: "eyes", layout: { ...icon, "icon-image": ["concat", "eye-", ["get", "look"]], ...label(12, 15.5) } as Any, paint },
    { id: "case-point", type: "circle", source: "cases", paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, 5 * scale, 17, 9 * scale] as Any, "circle-color": caseColour as Any, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 } },
    { id: "case-name", type: "symbol", source: "cases", layout: { ...label(11, 15.5), "text-offset": [0, 0.9] } as Any, paint },
    { id: "candidate-icon", type: "symbol", source: "candidates", layout: { ...icon, "icon-image": "candidate", ...label(11, 16.5) } as Any, paint },
    { id: "plan-eye", type: "circle", source: "plan_eyes", paint: { "circle-radius": 12 * scale, "circle-color": phaseColour as Any, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 } },
    { id: "plan-number", type: "symbol", source: "plan_eyes", layout: { "text-field": ["to-string", ["get", "order"]], "text-font": FONT, "text-size": 13 * scale, "text-allow-overlap": true, "text-ignore-placement": true }, paint: { "text-color": "#ffffff" } },
    { id: "plan-name", type: "symbol", source: "plan_eyes", minzoom: 15.5, layout: { "text-field": ["concat", ["get", "name"], ["case", ["==", ["get", "phaseWords"], ""], "", ["concat", "\n", ["get", "phaseWords"]]]], "text-font": FONT, "text-size": 12 * scale, "text-anchor": "top", "text-offset": [0, 1.2], "text-optional": true, "text-max-width": 10 } as Any, paint },
    { id: "hamlet-name", type: "symbol", source: "hamlet-names", maxzoom: 17, layout: { ...text(theme, 16).layout, "text-field": ["get", "name"] } as Any, paint: { ...paint, "text-color": theme.hamlet } },
  ];
}

function own(theme: Theme): LayerSpecification[] {
  return [
    { id: "chosen-fill", type: "fill", source: "chosen", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": theme.chosen, "fill-opacity": 0.12 } },
    { id: "chosen-line", type: "line", source: "chosen", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": theme.chosen, "line-width": 3 } },
    { id: "chosen-ring", type: "circle", source: "chosen", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 18, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": theme.chosen, "circle-stroke-width": 3 } },
    { id: "measure-line", type: "line", source: "measure", paint: { "line-color": theme.chosen, "line-width": 2.5, "line-dasharray": [2, 1.5] } },
    { id: "measure-point", type: "circle", source: "measure", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 4.5, "circle-color": theme.chosen, "circle-stroke-color": theme.halo, "circle-stroke-width": 1.5 } },
  ];
}

export { NEEDS };
