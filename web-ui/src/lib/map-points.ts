// The points of a drawn shape as text, one a line, latitude first as people read it: the way to draw without a mouse.

import type * as GeoJSON from "geojson";

import type { Position } from "./map-geo";

export type Shape = "Point" | "LineString" | "Polygon";

export function pointsText(points: readonly Position[]): string {
  return points.map(([lon, lat]) => `${lat.toFixed(6)}, ${lon.toFixed(6)}`).join("\n");
}

/** Errors: the number (from 1) of the first line that is no position. Either number first; 20,91; 105,97 too. */
export function readPoints(text: string): Position[] | number {
  const points: Position[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (!line.trim()) continue;
    const point = readPoint(line);
    if (!point) return at + 1;
    points.push(point);
  }
  return points;
}

function readPoint(line: string): Position | null {
  const parts = line.includes(";") || /\d,\d+\s+\d/.test(line) ? line.replace(/(\d),(\d)/g, "$1.$2").split(/[;\s]+/) : line.split(/[,\s]+/);
  const numbers = parts.filter(Boolean).map(Number);
  const [one, two] = numbers;
  if (numbers.length !== 2 || one === undefined || two === undefined || !numbers.every(Number.isFinite)) return null;
  const [lat, lon] = Math.abs(one) > 90 ? [two, one] : [one, two];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lon, lat] : null;
}

/** GeoJSON of points, as far as they go; null while there are too few. A ring is closed here, never opened by hand. */
export function shapeOf(shape: Shape, points: readonly Position[]): GeoJSON.Geometry | null {
  const first = points[0];
  if (!first) return null;
  if (shape === "Point") return { type: "Point", coordinates: first };
  if (shape === "LineString") return points.length > 1 ? { type: "LineString", coordinates: [...points] } : null;
  return points.length > 2 ? { type: "Polygon", coordinates: [[...points, first]] } : null;
}

/** The points of what can be drawn anew by hand; null for shapes of several parts or with holes. */
export function pointsOf(geometry: GeoJSON.Geometry): Position[] | null {
  if (geometry.type === "Point") return [geometry.coordinates as Position];
  if (geometry.type === "LineString") return geometry.coordinates as Position[];
  if (geometry.type === "Polygon" && geometry.coordinates.length === 1) return geometry.coordinates[0]!.slice(0, -1) as Position[];
  return null;
}

/** A route and a wall are lines, a building and trees are areas; of other places a point will do. */
export function usualShape(kind: string, value: string, shape: Shape): Shape {
  if (kind === "obstacle") return value === "wall" ? "LineString" : "Polygon";
  if (kind !== "place") return shape;
  return value === "route" ? "LineString" : shape === "LineString" ? "Point" : shape;
}

/** A figure as people type it, 12,5 too; null where nothing or no number is there. */
export function figure(text: string | undefined): number | null {
  const value = Number((text ?? "").trim().replace(",", ".") || NaN);
  return Number.isFinite(value) ? value : null;
}
