// Areas on a picture, as points in fractions of its width and height. Pure.

export type Point = readonly [number, number];
export type Area = readonly Point[];

const TICKS = 10_000;

/** Within the picture, in the steps that are kept. */
export function clamp(value: number): number {
  return Math.round(Math.min(1, Math.max(0, Number.isFinite(value) ? value : 0)) * TICKS) / TICKS;
}

export function pointAt(x: number, y: number): Point {
  return [clamp(x), clamp(y)];
}

/** What the server sent, or gave back as it was sent: anything that is no list of areas is none. */
export function readAreas(value: unknown): Area[] {
  let found = value;
  if (typeof value === "string") {
    try {
      found = JSON.parse(value);
    } catch {
      return [];
    }
  }
  if (!Array.isArray(found)) return [];
  return found.filter(Array.isArray).map((area: unknown[]) =>
    area.filter((point): point is [number, number] => Array.isArray(point) && point.length === 2).map(([x, y]) => pointAt(Number(x), Number(y))));
}

export function moved(areas: readonly Area[], area: number, point: number, to: Point): Area[] {
  return areas.map((one, index) => (index === area ? one.map((old, at) => (at === point ? to : old)) : one));
}

/** Behind the last point; where it has three and more, in the middle of its longest edge if no place is named. */
export function added(areas: readonly Area[], area: number, to?: Point): Area[] {
  const one = areas[area] ?? [];
  if (to) return areas.map((old, index) => (index === area ? [...old, to] : old));
  let best = 0;
  const length = (index: number): number => {
    const [a, b] = [one[index]!, one[(index + 1) % one.length]!];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };
  for (let index = 1; index < one.length; index++) if (length(index) > length(best)) best = index;
  const [a, b] = [one[best] ?? [0.4, 0.4], one[(best + 1) % Math.max(1, one.length)] ?? [0.6, 0.6]];
  const middle = pointAt((a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
  return areas.map((old, index) => (index === area ? [...old.slice(0, best + 1), middle, ...old.slice(best + 1)] : old));
}

export function without(areas: readonly Area[], area: number, point: number): Area[] {
  return areas.map((one, index) => (index === area ? one.filter((_, at) => at !== point) : one));
}
