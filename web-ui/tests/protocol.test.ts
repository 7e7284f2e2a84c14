import { describe, expect, it } from "vitest";
import { parseFrame, parseMessage } from "../src/lib/protocol";

function frame(kind: number, flags: number, channel: number, data: number[]): ArrayBuffer {
  const bytes = new Uint8Array(8 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setUint8(1, flags);
  view.setUint16(2, channel, false);
  bytes.set(data, 8);
  return bytes.buffer;
}

describe("parseFrame", () => {
  it("reads the header, big-endian, and leaves the boxes", () => {
    const found = parseFrame(frame(2, 1, 0x0102, [9, 8, 7]));
    expect(found).toMatchObject({ kind: "fragment", startsGop: true, lostBefore: false, channel: 0x0102 });
    expect([...found!.data]).toEqual([9, 8, 7]);
  });

  it("reads both flags apart", () => {
    expect(parseFrame(frame(2, 2, 1, [0]))).toMatchObject({ startsGop: false, lostBefore: true });
    expect(parseFrame(frame(1, 3, 1, [0]))).toMatchObject({ kind: "init", startsGop: true, lostBefore: true });
  });

  it("refuses what is too short or of another kind", () => {
    expect(parseFrame(new ArrayBuffer(0))).toBeNull();
    expect(parseFrame(new ArrayBuffer(8))).toBeNull();
    expect(parseFrame(frame(0, 0, 1, [1]))).toBeNull();
    expect(parseFrame(frame(3, 0, 1, [1]))).toBeNull();
  });
});

describe("parseMessage", () => {
  it("reads each event of the contract", () => {
    expect(parseMessage('{"ch":1,"event":"init","mime":"video/mp4; codecs=\\"avc1.640028\\"","stream":"sub"}')).toEqual({
      event: "init", ch: 1, mime: 'video/mp4; codecs="avc1.640028"', stream: "sub", masked: false,
    });
    expect(parseMessage('{"ch":2,"event":"state","state":"failed","problem":"lost","sentence":"x"}')).toEqual({
      event: "state", ch: 2, state: "failed", problem: "lost", sentence: "x",
    });
    expect(parseMessage('{"ch":2,"event":"state","state":"recording","problem":null}')).toMatchObject({ problem: "", sentence: "" });
    expect(parseMessage('{"ch":3,"event":"closed","reason":"scope"}')).toEqual({ event: "closed", ch: 3, reason: "scope" });
    expect(parseMessage('{"ch":3,"event":"refused","sentence":"x"}')).toEqual({ event: "refused", ch: 3, sentence: "x" });
    expect(parseMessage('{"event":"token_expires","in_s":30}')).toEqual({ event: "token_expires", inS: 30 });
  });

  it("passes over what it does not know", () => {
    for (const raw of ["", "null", "[]", "3", "{", '{"event":"later"}', "{}"]) expect(parseMessage(raw)).toBeNull();
  });
});
