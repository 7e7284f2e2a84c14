// The little geometry that the map's page needs at once: metres and bearings on the ground. What counts is computed by the server.

import type * as GeoJSON from "geojson";

export type Position = [number, number]; // longitude, latitude
export type Box = [number, number, number, number]; // west, south, east, north

const EARTH_M = 6_371_008.8;
const rad = (deg: number): number => (deg * Math.PI) / 180;

/** Metres over the ground (a sphere: within half a percent). */
export function distance([lon, lat]: Position, [lon2, lat2]: Position): number {
  const half = (value: number): number => Math.sin(value / 2) ** 2;
  const h = half(rad(lat2 - lat)) + Math.cos(rad(lat)) * Math.cos(rad(lat2)) * half(rad(lon2 - lon));
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

export function pathLength(points: readonly Position[]): number {
  return points.slice(1).reduce((sum, point, at) => sum + distance(points[at]!, point), 0);
}

/** Degrees clockwise from north, 0 to under 360. */
export function bearing([lon, lat]: Position, [lon2, lat2]: Position): number {
  const east = Math.sin(rad(lon2 - lon)) * Math.cos(rad(lat2));
  const north = Math.cos(rad(lat)) * Math.sin(rad(lat2)) - Math.sin(rad(lat)) * Math.cos(rad(lat2)) * Math.cos(rad(lon2 - lon));
  return onCompass((Math.atan2(east, north) * 180) / Math.PI);
}

export function onCompass(deg: number): number {
  const turned = deg % 360;
  return turned < 0 ? turned + 360 : turned;
}

/** Where one comes by going so many metres in a direction. */
export function away([lon, lat]: Position, bearingDeg: number, metres: number): Position {
  const arc = metres / EARTH_M;
  const up = Math.asin(Math.sin(rad(lat)) * Math.cos(arc) + Math.cos(rad(lat)) * Math.sin(arc) * Math.cos(rad(bearingDeg)));
  const aside = Math.atan2(Math.sin(rad(bearingDeg)) * Math.sin(arc) * Math.cos(rad(lat)), Math.cos(arc) - Math.sin(rad(lat)) * Math.sin(up));
  return [lon + (aside * 180) / Math.PI, (up * 180) / Math.PI];
}

/** The closed outline of what an eye looks over; a circle without a bearing. */
export function sector(at: Position, bearingDeg: number | null, hfovDeg: number, reachM: number): Position[] {
  if (bearingDeg === null || hfovDeg >= 360) return Array.from({ length: 49 }, (_, step) => away(at, (step * 360) / 48, reachM));
  const count = Math.max(2, Math.ceil(hfovDeg / 4));
  const arc = Array.from({ length: count + 1 }, (_, step) => away(at, bearingDeg - hfovDeg / 2 + (hfovDeg * step) / count, reachM));
  return [at, ...arc, at];
}

/** The width of a view whose edge goes through `edge`: twice the angle between the axis and it. 1 to 180 degrees. */
export function hfovThrough(at: Position, bearingDeg: number, edge: Position): number {
  const turned = onCompass(bearing(at, edge) - bearingDeg + 180) - 180;
  return Math.min(180, Math.max(1, Math.round(Math.abs(turned) * 2)));
}

export function flat(geometry: GeoJSON.Geometry): Position[] {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(flat);
  const deep = (part: unknown): Position[] => (typeof (part as number[])[0] === "number" ? [part as Position] : (part as unknown[]).flatMap(deep));
  return deep(geometry.coordinates);
}

export function boxOf(geometry: GeoJSON.Geometry): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of flat(geometry)) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

export function meets(one: Box, other: Box): boolean {
  return one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];
}

export const middle = (box: Box): Position => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];

/** 85 m, 1,4 km: with the language's comma. */
export function showMetres(metres: number, language: string): string {
  const far = metres >= 1000;
  const text = new Intl.NumberFormat(language, { maximumFractionDigits: far ? 2 : metres < 10 ? 1 : 0 }).format(far ? metres / 1000 : metres);
  return `${text} ${far ? "km" : "m"}`;
}
