import { describe, expect, it } from "vitest";
import {
  clockError, directionOf, distanceText, headingOf, inOrder, meanHeading, metresBetween, movedBy, pointText, readPoint, turned, windOf, type Point,
} from "../src/lib/survey-figures";

const HERE: Point = [21.0285, 105.8542];

describe("where", () => {
  it("moves by metres and measures the same", () => {
    for (const [east, north] of [[10, 0], [0, -25], [-300, 400]] as const) {
      expect(metresBetween(HERE, movedBy(HERE, east, north))).toBeCloseTo(Math.hypot(east, north), 1);
    }
  });
  it("reads what it writes, to the decimetre, and nothing else", () => {
    expect(pointText(readPoint(pointText(HERE))!)).toBe("21.028500, 105.854200");
    expect(readPoint("21.0285;105.8542")).toEqual(HERE);
    for (const text of ["", "21", "21,0285, 105,8542", "chợ", "21.0285, 105.8542, 3"]) expect(readPoint(text)).toBeNull();
  });
  it("puts what is not visited first, the nearest first, what has no place last; without a position all stays", () => {
    const thing = (name: string, position: Point | null, visited = false) => ({ name, position, visited });
    const things = [thing("far", movedBy(HERE, 500, 0)), thing("nowhere", null), thing("seen", HERE, true), thing("near", movedBy(HERE, 0, 20))];
    expect(inOrder(things, HERE).map(({ name }) => name)).toEqual(["near", "far", "nowhere", "seen"]);
    expect(inOrder(things, null).map(({ name }) => name)).toEqual(["far", "nowhere", "near", "seen"]);
  });
  it("says distances as people do", () => {
    expect([distanceText(3), distanceText(42), distanceText(1234)]).toEqual(["5 m", "40 m", "1,2 km"]);
  });
});

describe("which way", () => {
  it("knows where a finger is from the middle", () => {
    expect([[0, -5], [5, 0], [0, 5], [-5, 0], [-3, -3]].map(([x, y]) => directionOf(x!, y!))).toEqual([0, 90, 180, 270, 315]);
  });
  it("stays on the compass", () => {
    expect([turned(-1), turned(360), turned(359.6), turned(725)]).toEqual([359, 0, 0, 5]);
    expect([windOf(0), windOf(337), windOf(338), windOf(135)]).toEqual([0, 7, 0, 3]);
  });
  it("takes Apple's heading, an absolute alpha, and no other; a turned picture counts", () => {
    expect(headingOf({ alpha: null, webkitCompassHeading: 91.2 })).toBe(91);
    expect(headingOf({ alpha: 270, absolute: true })).toBe(90);
    expect(headingOf({ alpha: 270, absolute: true }, 90)).toBe(180);
    expect(headingOf({ alpha: 270, absolute: false })).toBeNull();
    expect(headingOf({ alpha: null, absolute: true })).toBeNull();
  });
  it("has its middle across north", () => expect(meanHeading([350, 10, 0])).toBe(0));
});

describe("the camera's clock", () => {
  const now = new Date(2026, 10, 24, 14, 5, 30).getTime();
  it("is off by what it shows", () => {
    expect(clockError("14:05:30", now)).toBe(0);
    expect(clockError("14:07:00", now)).toBe(90);
    expect(clockError("14:05", now)).toBe(0);
    expect(clockError(" 2:05:30 ", now)).toBe(-43_200);
    expect(clockError("24/11/2026 14:05:00", now)).toBe(-30);
    expect(clockError("23/11/2026 14:05:30", now)).toBe(-86_400);
  });
  it("goes to the nearest midnight", () => {
    expect(clockError("00:00:10", new Date(2026, 10, 24, 23, 59, 50).getTime())).toBe(20);
    expect(clockError("23:59:50", new Date(2026, 10, 24, 0, 0, 10).getTime())).toBe(-20);
  });
  it("is not read from what is no time", () => {
    for (const text of ["", "25:00", "14:60", "14", "chiều", "31/02/2026 10:00"]) expect(clockError(text, now)).toBeNull();
  });
});
