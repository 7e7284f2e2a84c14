import { describe, expect, it } from "vitest";
import { fromLocal, plain, showDate, showLength, showMoment, showTime, toLocal } from "../src/lib/clock";

const ZONE = "Asia/Ho_Chi_Minh";
const utc = (iso: string): number => Date.parse(iso) / 1000;
const NOW = utc("2026-11-24T15:10:00Z"); // 24/11/2026 22:10 here

describe("showing", () => {
  it("writes times as offices here do, in the commune's zone", () => {
    expect(showMoment(NOW, ZONE)).toBe("24/11/2026 22:10:00");
    expect(showDate(utc("2026-11-24T17:00:00Z"), ZONE)).toBe("25/11/2026");
    expect(showTime(NOW, ZONE, false)).toBe("22:10");
    expect(showTime(utc("2026-11-24T17:00:00Z"), ZONE)).toBe("00:00:00");
    expect([showLength(59.6), showLength(125), showLength(3723)]).toEqual(["1:00", "2:05", "1:02:03"]);
  });
});

describe("local times", () => {
  it("go there and back, over midnight, year ends and changes of the clocks", () => {
    for (const zone of [ZONE, "Europe/Berlin", "UTC"]) {
      for (let moment = utc("2026-03-28T00:00:00Z"); moment < utc("2026-03-30T00:00:00Z"); moment += 1777) {
        expect(fromLocal(toLocal(moment, zone), zone)).toBe(moment);
      }
    }
    expect(fromLocal(toLocal(utc("2026-12-31T17:00:00Z"), ZONE), ZONE)).toBe(utc("2026-12-31T17:00:00Z"));
  });
});

describe("plain", () => {
  it("drops accents and case", () => expect(plain(" Hôm Qua ĐÊM ")).toBe("hom qua dem"));
});
