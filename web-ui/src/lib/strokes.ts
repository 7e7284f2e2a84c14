// A signature as strokes of points in a field's own whole units, whatever the size of the screen.

export type Stroke = [number, number][];

const MOST_POINTS = 5000;

/** A place on the screen within `box`, in units of a field of `width` × `height`; what is outside stays at the edge. */
export function unitsOf(x: number, y: number, box: { left: number; top: number; width: number; height: number }, width: number, height: number): [number, number] {
  const within = (value: number, most: number) => Math.min(Math.max(Math.round(value), 0), most);
  return [within(((x - box.left) / box.width) * width, width), within(((y - box.top) / box.height) * height, height)];
}

/** With one more point, unless it is where the last one is, or there are very many already. */
export function longer(strokes: Stroke[], point: [number, number]): Stroke[] {
  const last = strokes[strokes.length - 1];
  if (!last || strokes.reduce((sum, one) => sum + one.length, 0) >= MOST_POINTS) return strokes;
  const before = last[last.length - 1];
  if (before && before[0] === point[0] && before[1] === point[1]) return strokes;
  return [...strokes.slice(0, -1), [...last, point]];
}

/** What the page had, or nothing where it is not understood. */
export function readStrokes(text: string): Stroke[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as Stroke[]) : [];
  } catch {
    return [];
  }
}
