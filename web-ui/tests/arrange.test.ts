import { describe, expect, test } from "vitest";
import { groupsOf, inGroup, moved, neighbour, ordered } from "../src/lib/arrange";
import type { CameraInfo } from "../src/lib/page";

const camera = (key: string, hamlet = "", road = ""): CameraInfo => ({ key, name: key, hamlet, road, site: key, near: [], hasSub: true, page: "" });
const keys = (cameras: CameraInfo[]): string => cameras.map((one) => one.key).join("");

describe("groups", () => {
  const cameras = [camera("a", "Đông", "ĐT 1"), camera("b", "Tây", "ĐT 1"), camera("c", "Đông"), camera("d", "Bến: chợ")];
  test("all, hamlets, roads", () => {
    expect(groupsOf(cameras, "All").map((group) => group.key)).toEqual(["", "hamlet:Đông", "hamlet:Tây", "hamlet:Bến: chợ", "road:ĐT 1"]);
  });
  test("a group that is all of them is not offered", () => {
    expect(groupsOf([camera("a", "Đông"), camera("b", "Đông")], "All")).toHaveLength(1);
    expect(groupsOf([], "All")).toHaveLength(1);
  });
  test("a name may have a colon", () => expect(keys(inGroup(cameras, "hamlet:Bến: chợ"))).toBe("d"));
  test("an unknown group is empty, an odd one is all", () => {
    expect(inGroup(cameras, "hamlet:x")).toEqual([]);
    expect(inGroup(cameras, "x:y")).toHaveLength(4);
  });
});

describe("order", () => {
  const cameras = ["a", "b", "c", "d"].map((key) => camera(key));
  test("named ones first, others after them as they were", () => expect(keys(ordered(cameras, ["d", "b", "gone"]))).toBe("dbac"));
  test("without an order nothing moves", () => expect(keys(ordered(cameras, []))).toBe("abcd"));
  test("nothing is lost or doubled wherever one is moved", () => {
    for (let from = 0; from < 4; from++)
      for (let to = -2; to < 7; to++) {
        const next = moved(["a", "b", "c", "d"], from, to);
        expect([...next].sort()).toEqual(["a", "b", "c", "d"]);
        expect(next.indexOf("abcd"[from]!)).toBe(Math.max(0, Math.min(3, to)));
      }
  });
});

test("arrow keys stay on the wall", () => {
  expect(neighbour(0, "ArrowRight", 3, 8)).toBe(1);
  expect(neighbour(1, "ArrowDown", 3, 8)).toBe(4);
  expect(neighbour(7, "ArrowDown", 3, 8)).toBe(7);
  expect(neighbour(7, "ArrowRight", 3, 8)).toBe(7);
  expect(neighbour(2, "ArrowUp", 3, 8)).toBe(2);
  expect(neighbour(5, "x", 3, 8)).toBe(5);
});
