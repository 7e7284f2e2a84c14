import { describe, expect, it } from "vitest";
import { toLocal } from "../src/lib/clock";
import { parseTyped } from "../src/lib/typed-time";

const ZONE = "Asia/Ho_Chi_Minh";
const utc = (iso: string): number => Date.parse(iso) / 1000;
const NOW = utc("2026-11-24T15:10:00Z"); // Tuesday 24/11/2026 22:10 here

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
    ["tối qua 9 rưỡi", "2026-11-23T14:30:00Z"],
    ["9 rưỡi tối qua", "2026-11-23T14:30:00Z"],
    ["9 giờ rưỡi tối hôm qua", "2026-11-23T14:30:00Z"],
    ["chín giờ rưỡi tối qua", "2026-11-23T14:30:00Z"],
    ["mười một giờ đêm qua", "2026-11-23T16:00:00Z"],
    ["khoảng 9 rưỡi tối", "2026-11-24T14:30:00Z"],
    ["tầm 9h tối nay", "2026-11-24T14:00:00Z"],
    ["9 rưỡi", "2026-11-24T02:30:00Z"],
    ["9 giờ kém 15 tối qua", "2026-11-23T13:45:00Z"],
    ["8h kém 5", "2026-11-24T00:55:00Z"],
    ["1 giờ kém 10 chiều", "2026-11-24T05:50:00Z"],
    ["3 giờ chiều", "2026-11-24T08:00:00Z"],
    ["12 giờ trưa", "2026-11-24T05:00:00Z"],
    ["1 giờ trưa hôm qua", "2026-11-23T06:00:00Z"],
    ["sáng nay 7h15", "2026-11-24T00:15:00Z"],
    ["7 sáng nay", "2026-11-24T00:00:00Z"],
    ["đêm qua 2h", "2026-11-23T19:00:00Z"], // of this morning
    ["12 giờ đêm qua", "2026-11-23T17:00:00Z"],
    ["đêm qua", "2026-11-23T16:00:00Z"],
    ["tối qua", "2026-11-23T13:00:00Z"],
    ["chiều hôm kia", "2026-11-22T08:00:00Z"],
    ["thứ hai 9h", "2026-11-23T02:00:00Z"], // the 24th is a Tuesday
    ["thứ 3 21h", "2026-11-24T14:00:00Z"],
    ["tối thứ bảy 8 rưỡi", "2026-11-21T13:30:00Z"],
    ["chủ nhật tuần trước 8h", "2026-11-22T01:00:00Z"],
    ["thứ tư tuần trước 8h", "2026-11-18T01:00:00Z"],
    ["ngày 24 tháng 11 lúc 21h30", "2026-11-24T14:30:00Z"],
    ["ngày 30 8h", "2026-10-30T01:00:00Z"],
    ["21h30 ngày 24/11/2026", "2026-11-24T14:30:00Z"],
    ["tối 24/11 9 rưỡi", "2026-11-24T14:30:00Z"],
    ["10 phút trước", "2026-11-24T15:00:00Z"],
    ["cách đây nửa tiếng", "2026-11-24T14:40:00Z"],
    ["1 tiếng rưỡi trước", "2026-11-24T13:40:00Z"],
    ["hai tiếng trước", "2026-11-24T13:10:00Z"],
    ["bây giờ", "2026-11-24T15:10:00Z"],
    ["bay gio", "2026-11-24T00:00:00Z"], // seven, without accents
    ["bảy giờ sáng", "2026-11-24T00:00:00Z"],
    ["9:30 pm yesterday", "2026-11-23T14:30:00Z"],
    ["last night 9:30", "2026-11-23T14:30:00Z"],
    ["10 minutes ago", "2026-11-24T15:00:00Z"],
    ["9", null],
    ["tối qua 9 rưỡi ở chợ", null],
    ["13 giờ kém 70", null],
  ];
  it.each(cases)("%s", (typed, expected) => {
    expect(parseTyped(typed, NOW, ZONE)).toBe(expected === null ? null : utc(expected));
  });

  it("is told tomorrow's time as such when the day was named", () => {
    expect(parseTyped("23:30 hôm nay", NOW, ZONE)).toBe(utc("2026-11-24T16:30:00Z"));
  });

  it("never throws and never gives nonsense, whatever is typed", () => {
    const alphabet = "0123456789:/h gqtuamợ-.,\u0000𝄞ốiêđrưỡk";
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


describe("spoken and written", () => {
  it("mean the same, whatever the hour, with accents and without", () => {
    for (let hour = 0; hour < 24; hour += 1) {
      for (const minute of [0, 5, 30, 59]) {
        const at = parseTyped(`${hour}:${minute}`, NOW, ZONE);
        expect(at).not.toBeNull();
        for (const other of [`${hour}h${minute}`, `${hour} giờ ${minute} phút`, `lúc ${hour} gio ${minute}`, ` ${hour}G${minute} `]) {
          expect(parseTyped(other, NOW, ZONE), other).toBe(at);
        }
        const yesterday = parseTyped(`${hour}h${minute} hôm qua`, NOW, ZONE)!;
        expect(toLocal(yesterday, ZONE)).toMatchObject({ year: 2026, month: 11, day: 23, hour, minute });
        if (hour >= 6 && hour < 12) expect(parseTyped(`tối qua ${hour}h${minute}`, NOW, ZONE)).toBe(yesterday + 12 * 3600);
      }
    }
  });

  it("a time without a day is never still to come", () => {
    for (let minute = 0; minute < 1440; minute += 7) {
      const now = NOW + minute * 60;
      for (const typed of ["21h30", "9 rưỡi tối", "3 giờ chiều", "0h05", "12 giờ đêm"]) expect(parseTyped(typed, now, ZONE)!).toBeLessThanOrEqual(now);
    }
  });
});
