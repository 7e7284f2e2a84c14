// How tiles of the base map look: by the names that the two common schemas (OpenMapTiles, Protomaps) give their layers; what is
// named otherwise is drawn as thin lines.

import type { LayerSpecification } from "maplibre-gl";

const LIGHT = { water: "#b5d4e6", green: "#dfe8cf", built: "#e9e3d8", building: "#d9d2c5", road: "#ffffff", roadEdge: "#c9c1b2", line: "#9a94a8" };
const DARK = { water: "#1c3444", green: "#1c2a20", built: "#1d232b", building: "#2a313b", road: "#3c4654", roadEdge: "#0f1318", line: "#4d4a5c" };

/** MapLibre puts the attribution into the page as markup; the file's words are words alone. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export function layersOf(name: string, dark: boolean): LayerSpecification[] {
  const colours = dark ? DARK : LIGHT;
  const at = { source: "base", "source-layer": name } as const;
  const fill = (colour: string): LayerSpecification => ({ id: `base-${name}`, type: "fill", ...at, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour } });
  const line = (id: string, colour: string, wide: number): LayerSpecification => ({
    id, type: "line", ...at, filter: ["==", ["geometry-type"], "LineString"], layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": colour, "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 10, wide * 0.3, 18, wide * 4] },
  });
  if (/^(water|ocean)$/.test(name)) return [fill(colours.water)];
  if (/^waterway/.test(name)) return [line(`base-${name}`, colours.water, 1.2)];
  if (/^(landcover|landuse|park|natural)/.test(name)) return [fill(colours.green)];
  if (/^(earth|land)$/.test(name)) return [fill(colours.built)];
  if (/^building/.test(name)) return [fill(colours.building)];
  if (/^(roads?|transportation|streets?|highways?)$/.test(name)) return [line(`base-${name}-edge`, colours.roadEdge, 2), line(`base-${name}`, colours.road, 1.5)];
  if (/(boundar|admin)/.test(name)) return [line(`base-${name}`, colours.line, 0.6)];
  return /(poi|place|label|name|housenumber|peak)/.test(name) ? [] : [line(`base-${name}`, colours.line, 0.4)];
}
