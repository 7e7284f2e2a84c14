// Marks in a picture, in hundredths of its width and height.

export interface Mark {
  x: number;
  y: number;
}

/** As two fields have it, with a comma or a point; null where one is no number or lies beside the picture. */
export function marked(x: string, y: string): Mark | null {
  const [left, top] = [x, y].map((text) => (text.trim() ? Number(text.trim().replace(",", ".")) : NaN));
  const inside = (value: number | undefined): value is number => value !== undefined && value >= 0 && value <= 100;
  return inside(left) && inside(top) ? { x: left, y: top } : null;
}

/** Moved, and kept within the picture. */
export function moved(mark: Mark, right: number, down: number): Mark {
  const within = (value: number): number => Math.round(100 * Math.min(100, Math.max(0, value))) / 100;
  return { x: within(mark.x + right), y: within(mark.y + down) };
}
