// Areas of a photo as text, one a line: left, top, width, height in its pixels. Pure.

export type Box = [left: number, top: number, width: number, height: number];
export interface Size {
  width: number;
  height: number;
}

/** What can be read; the server names the lines that cannot. */
export function readBoxes(text: string): Box[] {
  return text.split("\n").flatMap((line): Box[] => {
    const found = /^\s*(\d{1,6})\s*[,;]\s*(\d{1,6})\s*[,;]\s*(\d{1,6})\s*[,;]\s*(\d{1,6})\s*$/.exec(line);
    return found ? [[Number(found[1]), Number(found[2]), Number(found[3]), Number(found[4])]] : [];
  });
}

export function writeBoxes(boxes: readonly Box[]): string {
  return boxes.map((box) => box.join(", ")).join("\n");
}

/** Moved by an arrow, or (`sized`) made larger or smaller; within the picture. Null for other keys. */
export function grown([left, top, width, height]: Box, key: string, sized: boolean, picture: Size, least: number): Box | null {
  const step = Math.max(1, Math.round(Math.max(picture.width, picture.height) / 200));
  const steps: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  const by = steps[key];
  if (!by) return null;
  const within = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
  if (sized) return [left, top, within(width + by[0], least, picture.width - left), within(height + by[1], least, picture.height - top)];
  return [within(left + by[0], 0, picture.width - width), within(top + by[1], 0, picture.height - height), width, height];
}
