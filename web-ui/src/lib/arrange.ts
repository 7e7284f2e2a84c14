// The wall's cameras as values: their groups, the order a person has given them, and moving one of them.

import type { CameraInfo } from "./page";

export interface Group {
  /** As it is kept: empty for all cameras, `hamlet:…`, `road:…`. */
  key: string;
  name: string;
}

/** All first, then hamlets in the order they come in, then roads; only groups that leave something out are offered. */
export function groupsOf(cameras: readonly CameraInfo[], all: string): Group[] {
  const named = (kind: "hamlet" | "road"): Group[] =>
    [...new Set(cameras.map((camera) => camera[kind]).filter((name) => name !== ""))]
      .filter((name) => cameras.some((camera) => camera[kind] !== name))
      .map((name) => ({ key: `${kind}:${name}`, name }));
  return [{ key: "", name: all }, ...named("hamlet"), ...named("road")];
}

export function inGroup(cameras: readonly CameraInfo[], group: string): CameraInfo[] {
  const [kind, ...rest] = group.split(":");
  if (kind !== "hamlet" && kind !== "road") return [...cameras];
  const name = rest.join(":");
  return cameras.filter((camera) => camera[kind] === name);
}

/** Those in `order` first and as there; the others after them as they came. */
export function ordered(cameras: readonly CameraInfo[], order: readonly string[]): CameraInfo[] {
  const place = new Map(order.map((key, index) => [key, index]));
  const rank = (camera: CameraInfo): number => place.get(camera.key) ?? order.length;
  return cameras.map((camera, index) => ({ camera, index })).sort((a, b) => rank(a.camera) - rank(b.camera) || a.index - b.index).map((one) => one.camera);
}

/** A copy with the element at `from` taken to `to`; the others close up. Places outside are brought inside. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(Math.max(0, Math.min(to, next.length)), 0, one);
  return next;
}

/** The tile that an arrow key leads to, in rows of `columns`; the same one where there is none. */
export function neighbour(index: number, key: string, columns: number, count: number): number {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key] ?? 0;
  const next = index + step;
  return next >= 0 && next < count ? next : index;
}
