// Where it happened, as the page of telling knows it: the pin, the hamlet whose boundary holds it, and both in words. Pure.

import type * as GeoJSON from "geojson";

import type { Basemap } from "./map-base";
import type { Box, Position } from "./map-geo";

export interface Hamlet {
  key: number;
  name: string;
  lon: number;
  lat: number;
}

/** What the server tells everybody of the land. */
export interface Land {
  hamlets: GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon, Hamlet>[];
  roads: GeoJSON.Feature[];
  bounds: Box;
  sources: string[];
  basemap: Basemap | null;
}

/** The first hamlet whose boundary holds the place; null where none does. */
export function hamletAt(land: Land, [lon, lat]: Position): Hamlet | null {
  for (const { geometry, properties } of land.hamlets) {
    const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    if (parts.some(([outer, ...holes]) => inRing(outer as Position[], lon, lat) && !holes.some((hole) => inRing(hole as Position[], lon, lat)))) return properties;
  }
  return null;
}

/** Whether a ray to the east meets the ring an odd number of times. */
function inRing(ring: readonly Position[], lon: number, lat: number): boolean {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
    const [x1, y1] = ring[at]!, [x2, y2] = ring[before]!;
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

export function positionText([lon, lat]: Position): string {
  return `${lat.toFixed(6)}, ${lon.toFixed(6)}`;
}

export function readPosition(text: string): Position | null {
  const parts = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const [lat, lon] = parts;
  return parts.length === 2 && Number.isFinite(lat) && Number.isFinite(lon) ? [lon!, lat!] : null;
}

/** Where the pin goes by a key, in pixels of the map; null for keys that move nothing. */
export function stepOf(key: string, far: boolean): [number, number] | null {
  const px = far ? 60 : 10;
  const steps: Record<string, [number, number]> = { ArrowLeft: [-px, 0], ArrowRight: [px, 0], ArrowUp: [0, -px], ArrowDown: [0, px] };
  return steps[key] ?? null;
}
