import { expect, it } from "vitest";
import { watermarkText } from "../src/lib/watermark";

it("the watermark says who and when, to the minute, all over", () => {
  const text = watermarkText("Trực ban <1>", 1_795_503_659, "Asia/Ho_Chi_Minh");
  expect(text.split("Trực ban <1> · 24/11/2026 14:00").length).toBe(14 * 6 + 1);
  expect(text).not.toMatch(/:\d\d:\d\d/);
});
