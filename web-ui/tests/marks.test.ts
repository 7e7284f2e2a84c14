import { describe, expect, it } from "vitest";
import { marked, moved } from "../src/lib/marks";

describe("marks in a picture", () => {
  it("are read with a comma or a point, and refused beside the picture", () => {
    expect(marked("12,5", " 40.25 ")).toEqual({ x: 12.5, y: 40.25 });
    for (const [x, y] of [["", "4"], ["a", "4"], ["101", "4"], ["5", "-0,1"]] as const) expect(marked(x, y)).toBeNull();
  });
  it("stay within the picture however far they are moved", () => {
    expect(moved({ x: 50, y: 50 }, 10.004, -5)).toEqual({ x: 60, y: 45 });
    expect(moved({ x: 99, y: 1 }, 30, -30)).toEqual({ x: 100, y: 0 });
  });
});
