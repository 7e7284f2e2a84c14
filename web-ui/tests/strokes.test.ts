import { expect, test } from "vitest";
import { longer, readStrokes, unitsOf } from "../src/lib/strokes";

test("a place on the screen becomes whole units of the field, and never leaves it", () => {
  const box = { left: 10, top: 20, width: 500, height: 200 };
  expect(unitsOf(10, 20, box, 1000, 400)).toEqual([0, 0]);
  expect(unitsOf(260, 120, box, 1000, 400)).toEqual([500, 200]);
  expect(unitsOf(9999, -5, box, 1000, 400)).toEqual([1000, 0]);
});

test("a stroke grows by what moved", () => {
  expect(longer([[[1, 1]]], [1, 1])).toEqual([[[1, 1]]]);
  expect(longer([[[1, 1]]], [2, 1])).toEqual([[[1, 1], [2, 1]]]);
  expect(longer([], [2, 1])).toEqual([]);
});

test("what is not understood is no stroke", () => {
  expect(readStrokes("")).toEqual([]);
  expect(readStrokes("[[[1,2]]]")).toEqual([[[1, 2]]]);
});
