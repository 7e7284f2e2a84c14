import { describe, expect, it } from "vitest";
import { search } from "../src/lib/chooser";
import { laneAt, laneHeight, linesHeight, RULER_PX, touched, wordsAt } from "../src/lib/lane";
import type { CameraInfo } from "../src/lib/page";
import { isOwn } from "../src/lib/playback-keys";
import { Keeping } from "../src/lib/speed";
import { fileName, readParts, showBytes } from "../src/lib/takeout";

const ZONE = "Asia/Ho_Chi_Minh";

describe("lanes", () => {
  it("are where the pointer finds them, one to nine", () => {
    for (let count = 1; count <= 9; count += 1) {
      for (let lane = 0; lane < count; lane += 1) expect(laneAt(RULER_PX + (lane + 0.5) * laneHeight(count), count)).toBe(lane);
      expect(laneAt(RULER_PX - 1, count)).toBeUndefined();
      expect(laneAt(linesHeight(count) - 1, count)).toBeUndefined();
      expect(linesHeight(count)).toBeLessThan(190);
    }
  });

  it("let a mark be taken by its handle, the ruler be moved, the rest be looked about in", () => {
    const view = { from: 0, to: 1000 };
    const marks = { in: 200, out: 210 };
    expect(touched(205, 20, view, 1000, marks)).toBe("out");
    expect(touched(198, 20, view, 1000, marks)).toBe("in");
    expect(touched(500, 20, view, 1000, marks)).toBe("ruler");
    expect(touched(200, 60, view, 1000, marks)).toBe("lanes");
    expect(touched(200, 20, view, 1000, { in: null, out: null })).toBe("ruler");
  });

  it("say what stands at a moment", () => {
    const words = { problems: {}, states: {}, gaps: { lost: "mất" }, future: "sau", loading: "chờ", noFootage: "không", gapUnknown: "?", gapFromTo: "{from}|{to}|{reason}", footageFromTo: "{from}|{to}" };
    const line = { runs: [{ from: 0, to: 5000, codec: "" }], gaps: [{ from: 100, to: 200, reason: "lost", words: "w" }, { from: 300, to: 400, reason: "new", words: "w" }] };
    const at = (moment: number): string => wordsAt(line, moment, words, ZONE, 1000);
    expect(at(150)).toBe("01/01/1970 08:01:40|08:03:20|mất");
    expect(at(350)).toContain("|w");
    expect(at(50)).toBe("01/01/1970 08:00:00|08:16:40"); // no further than now
    expect(at(1001)).toBe("sau");
    expect(wordsAt(undefined, 5, words, ZONE, 1000)).toBe("chờ");
    expect(wordsAt({ runs: [], gaps: [] }, 5, words, ZONE, 1000)).toBe("không");
  });
});

describe("choosing a camera", () => {
  const camera = (name: string, site: string, hamlet: string): CameraInfo => ({ key: name, name, site, hamlet, road: "", near: [], hasSub: true, page: "" });
  const cameras = [camera("Ngã ba", "Chợ Đông", "Thôn Đông"), camera("Cổng chợ", "Chợ Đông", "Thôn Đông"), camera("Chợ 2", "", "Thôn Tây")];
  it("goes by any word of its name and place, without accents too, and the name's beginning first", () => {
    expect(search(cameras, "cho").map((one) => one.name)).toEqual(["Chợ 2", "Ngã ba", "Cổng chợ"]);
    expect(search(cameras, "CỔNG").map((one) => one.name)).toEqual(["Cổng chợ"]);
    expect(search(cameras, "cho tay").map((one) => one.name)).toEqual(["Chợ 2"]);
    expect(search(cameras, " ")).toHaveLength(3);
    expect(search(cameras, "xyz (")).toEqual([]);
  });
});

describe("keeping up", () => {
  it("shows the film up to four times its speed, single pictures above", () => {
    const keeping = new Keeping();
    for (const rate of [0.125, 1, 4]) {
      keeping.speed(rate);
      expect(keeping.stepping).toBe(false);
    }
    keeping.speed(8);
    expect(keeping.stepping).toBe(true);
  });

  it("gives up where it waits more than it plays, and tries again at another speed", () => {
    const keeping = new Keeping();
    keeping.speed(4);
    let told = 0;
    for (let i = 0; i < 200; i += 1) told += keeping.note(i % 3 !== 0, 4, 100) ? 1 : 0;
    expect([told, keeping.stepping]).toEqual([1, true]);
    keeping.speed(2);
    for (let i = 0; i < 200; i += 1) told += keeping.note(i % 3 === 0, 2, 100) ? 1 : 0;
    expect([told, keeping.stepping]).toEqual([1, false]);
    keeping.speed(1);
    for (let i = 0; i < 200; i += 1) told += keeping.note(true, 1, 100) ? 1 : 0;
    expect(told).toBe(1);
  });
});

describe("clips", () => {
  it("are named so that any file system takes them and people can read them", () => {
    const at = Date.parse("2026-11-24T14:30:05Z") / 1000;
    expect(fileName("Cổng chợ <b>/..\\", at, ZONE, 1, 1)).toBe("cong-cho-b_24-11-2026_21h30m05.mp4");
    expect(fileName("???", at, ZONE, 2, 3)).toBe("camera_24-11-2026_21h30m05_2.mp4");
  });

  it("come in parts as the recorder says; nonsense is left out", () => {
    const parts = readParts({ parts: [{ part: 1, from: "1970-01-01T00:00:10Z", to: "1970-01-01T00:00:20Z", bytes: 5 }, { part: "x" }, 7] });
    expect(parts).toEqual([{ part: 1, from: 10, to: 20, bytes: 5 }]);
    const masked = readParts({ parts: [{ part: 1, from: "1970-01-01T00:00:10Z", to: "1970-01-01T00:00:20Z", bytes: 0, masked: true }] });
    expect(masked).toEqual([{ part: 1, from: 10, to: 20, bytes: 0, masked: true }]);
    for (const odd of [null, undefined, 3, {}, { parts: 3 }]) expect(readParts(odd)).toEqual([]);
  });

  it("are told in sizes as disks are sold", () => {
    expect([showBytes(1500, "en"), showBytes(12_340_000, "vi"), showBytes(812e6, "vi"), showBytes(2.5e9, "en")]).toEqual(["1.5 kB", "12,3 MB", "812 MB", "2.5 GB"]);
  });
});

describe("keys", () => {
  it("do not count where somebody types, nor where a control has its own use for them", () => {
    expect(isOwn({ tagName: "INPUT", type: "text" }, "b")).toBe(true);
    expect(isOwn({ tagName: "SELECT" }, "ArrowUp")).toBe(true);
    expect(isOwn({ tagName: "BUTTON" }, " ")).toBe(true);
    expect(isOwn({ tagName: "BUTTON" }, "i")).toBe(false);
    expect(isOwn({ tagName: "INPUT", type: "checkbox" }, " ")).toBe(true);
    expect(isOwn({ tagName: "INPUT", type: "checkbox" }, "b")).toBe(false);
    expect(isOwn({ tagName: "CANVAS" }, " ")).toBe(false);
    expect(isOwn(null, " ")).toBe(false);
  });
});
