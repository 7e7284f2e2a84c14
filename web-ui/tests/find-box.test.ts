import { expect, test } from "vitest";
import { step } from "../src/lib/find-box";

test("keys turn round at both ends, and start at the near one", () => {
  expect(step(-1, 1, 3)).toBe(0);
  expect(step(-1, -1, 3)).toBe(2);
  expect(step(2, 1, 3)).toBe(0);
  expect(step(0, -1, 3)).toBe(2);
  expect(step(0, 1, 0)).toBe(-1);
});
