import { describe, expect, it } from "vitest";
import { grown, readBoxes, writeBoxes } from "../src/lib/boxes";

const picture = { width: 400, height: 200 };

describe("areas of a photo", () => {
  it("are read as they are written, and lines that are none are left out", () => {
    expect(readBoxes("1, 2, 30, 40\nx\n\n5;6;7;8")).toEqual([[1, 2, 30, 40], [5, 6, 7, 8]]);
    expect(readBoxes(writeBoxes([[1, 2, 30, 40], [5, 6, 7, 8]]))).toEqual([[1, 2, 30, 40], [5, 6, 7, 8]]);
  });

  it("are moved and sized by arrows, within the picture", () => {
    expect(grown([0, 0, 50, 50], "ArrowRight", false, picture, 4)).toEqual([2, 0, 50, 50]);
    expect(grown([0, 0, 50, 50], "ArrowUp", false, picture, 4)).toEqual([0, 0, 50, 50]);
    expect(grown([350, 0, 50, 50], "ArrowRight", true, picture, 4)).toEqual([350, 0, 50, 50]);
    expect(grown([350, 0, 5, 50], "ArrowLeft", true, picture, 4)).toEqual([350, 0, 4, 50]);
    expect(grown([0, 0, 50, 50], "Tab", false, picture, 4)).toBeNull();
  });
});
