import { describe, expect, it } from "vitest";
import { fromLocal, parseTyped, plain, showDate, showLength, showMoment, showTime, toLocal } from "../src/lib/clock";

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

describe("parseTyped", () => {
  const cases: [string, string | null][] = [
    ["21:30", "2026-11-24T14:30:00Z"],
    ["21h30", "2026-11-24T14:30:00Z"],
    ["21h", "2026-11-24T14:00:00Z"],
    ["21g30", "2026-11-24T14:30:00Z"],
    ["21 giờ 30", "2026-11-24T14:30:00Z"],
    ["21 giờ 30 phút 15", "2026-11-24T14:30:15Z"],
    ["21:30:15", "2026-11-24T14:30:15Z"],
    ["lúc 9h05", "2026-11-24T02:05:00Z"],
    ["23:30", "2026-11-23T16:30:00Z"], // still to come today: yesterday
    ["21h30 hôm qua", "2026-11-23T14:30:00Z"],
    ["hom qua 21h30", "2026-11-23T14:30:00Z"],
    ["21h30 tối qua", "2026-11-23T14:30:00Z"],
    ["9h hôm kia", "2026-11-22T02:00:00Z"],
    ["yesterday 21:30", "2026-11-23T14:30:00Z"],
    ["24/11 21:30", "2026-11-24T14:30:00Z"],
    ["1/11/2026 0h", "2026-10-31T17:00:00Z"],
    ["24/11/26 21h30", "2026-11-24T14:30:00Z"],
    ["24-11-2026 21.30", null],
    ["24/11", "2026-11-23T17:00:00Z"],
    ["hôm nay", "2026-11-23T17:00:00Z"],
    ["31/2 8h", null],
    ["25:00", null],
    ["21:61", null],
    ["", null],
    ["chợ", null],
    ["21h30 ở chợ", null],
    ["99/99/9999 99:99", null],
  ];
  it.each(cases)("%s", (typed, expected) => {
    expect(parseTyped(typed, NOW, ZONE)).toBe(expected === null ? null : utc(expected));
  });

  it("is told tomorrow's time as such when the day was named", () => {
    expect(parseTyped("23:30 hôm nay", NOW, ZONE)).toBe(utc("2026-11-24T16:30:00Z"));
  });

  it("never throws and never gives nonsense, whatever is typed", () => {
    const alphabet = "0123456789:/h gqtuamợ-.,\u0000𝄞";
    let seed = 7;
    for (let i = 0; i < 3000; i += 1) {
      let typed = "";
      for (let k = 0; k < i % 17; k += 1) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        typed += [...alphabet][seed % [...alphabet].length];
      }
      const found = parseTyped(typed, NOW, ZONE);
      expect(found === null || Number.isFinite(found)).toBe(true);
    }
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
