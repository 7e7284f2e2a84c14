// Pure reckonings of the survey: distances, directions, how far a camera's clock is off, what a sensor says about north.

export type Point = readonly [latitude: number, longitude: number];

const EARTH_M = 6_371_000;
const RAD = Math.PI / 180;

/** Metres on the ground, good for a commune. */
export function metresBetween([lat1, lon1]: Point, [lat2, lon2]: Point): number {
  const x = (lon2 - lon1) * RAD * Math.cos(((lat1 + lat2) / 2) * RAD);
  return EARTH_M * Math.hypot(x, (lat2 - lat1) * RAD);
}

/** A point moved by metres to the east and to the north. */
export function movedBy([lat, lon]: Point, east: number, north: number): Point {
  return [lat + north / EARTH_M / RAD, lon + east / (EARTH_M * Math.cos(lat * RAD)) / RAD];
}

/** As the form has it; null where it is no pair of degrees in figures. */
export function readPoint(text: string): Point | null {
  const found = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  return found ? [Number(found[1]), Number(found[2])] : null;
}

export function pointText([lat, lon]: Point): string {
  return `${lat.toFixed(6)}, ${lon.toFixed(6)}`;
}

/** 0 ≤ degrees < 360. */
export function turned(degrees: number): number {
  return ((Math.round(degrees) % 360) + 360) % 360;
}

/** Where a finger is, seen from the middle: 0 is up, 90 right. */
export function directionOf(x: number, y: number): number {
  return turned((Math.atan2(x, -y) * 180) / Math.PI);
}

/** Which of the eight winds; their words come from the page. */
export function windOf(degrees: number): number {
  return Math.round(turned(degrees) / 45) % 8;
}

interface Sensed {
  alpha: number | null;
  absolute?: boolean;
  webkitCompassHeading?: number;
}

/** Where the upper edge of the telephone points, from magnetic north; null while its sensor knows no north. `screen`: how far the picture is turned. */
export function headingOf(event: Sensed, screen = 0): number | null {
  if (typeof event.webkitCompassHeading === "number") return turned(event.webkitCompassHeading + screen);
  if (event.alpha === null || event.absolute !== true) return null;
  return turned(360 - event.alpha + screen);
}

/** The middle of the last headings, across north too. */
export function meanHeading(headings: readonly number[]): number {
  const x = headings.reduce((sum, one) => sum + Math.sin(one * RAD), 0);
  const y = headings.reduce((sum, one) => sum + Math.cos(one * RAD), 0);
  return turned((Math.atan2(x, y) * 180) / Math.PI);
}

const CLOCK = /^\s*(?:(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s+)?(\d{1,2})[:hg](\d{2})(?:[:pm](\d{2}))?\s*$/i;

/** Seconds by which a camera's clock is ahead of `nowMs`, from what it shows (`14:05`, `14:05:30`, `24/11/2026 14:05:30`); null for no time.
 * Without a day the nearest such time is meant. Local time of the telephone. */
export function clockError(typed: string, nowMs: number): number | null {
  const found = CLOCK.exec(typed);
  if (!found) return null;
  const [day, month, year, hour, minute, second] = found.slice(1).map((part) => (part === undefined ? null : Number(part)));
  if (hour! > 23 || minute! > 59 || (second ?? 0) > 59) return null;
  const now = new Date(nowMs);
  const shown = year === null || year === undefined ? new Date(now) : new Date(year, month! - 1, day!);
  if (year !== null && year !== undefined && (shown.getMonth() !== month! - 1 || shown.getDate() !== day!)) return null;
  shown.setHours(hour!, minute!, second ?? now.getSeconds(), 0);
  let error = Math.round((shown.getTime() - Math.floor(nowMs / 1000) * 1000) / 1000);
  if (year === null || year === undefined) error = ((error + 43_200) % 86_400 + 86_400) % 86_400 - 43_200;
  return error;
}

interface Ordered {
  visited: boolean;
  position: Point | null;
}

/** Not yet visited first, the nearest first; what has no position last. Without a position of the telephone the order stays. */
export function inOrder<T extends Ordered>(things: readonly T[], here: Point | null): T[] {
  const far = (thing: T): number => (here && thing.position ? metresBetween(here, thing.position) : Infinity);
  return [...things].sort((one, other) => Number(one.visited) - Number(other.visited) || (here ? compare(far(one), far(other)) : 0));
}

function compare(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** `40 m`, `1,2 km`. */
export function distanceText(metres: number): string {
  return metres < 1000 ? `${Math.round(metres / 5) * 5} m` : `${(metres / 1000).toFixed(1).replace(".", ",")} km`;
}
