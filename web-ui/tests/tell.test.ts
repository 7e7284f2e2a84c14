import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { solve, zeroBits } from "../src/lib/effort";
import { newSending, send } from "../src/lib/tell-send";
import { TellStore, type Kept } from "../src/lib/tell-store";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

const one = (sending = newSending()): Kept => ({ sending, fields: [["kind", "fire"], ["words", "Cháy"]], photos: [new Blob(["a"])] });
const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });

describe("work before sending", () => {
  it("counts leading zero bits", () => {
    expect(zeroBits(new Uint8Array([0, 0, 255]))).toBe(16);
    expect(zeroBits(new Uint8Array([0, 1]))).toBe(15);
    expect(zeroBits(new Uint8Array([128]))).toBe(0);
    expect(zeroBits(new Uint8Array([0, 0]))).toBe(16);
  });

  it("finds a number, and lets the page breathe meanwhile", async () => {
    let breaths = 0;
    const found = await solve("1.13.ab.cd", 13, async () => void breaths++);
    expect(zeroBits(sha256(utf8ToBytes(`1.13.ab.cd:${found}`)))).toBeGreaterThanOrEqual(13);
    expect(breaths).toBe(Math.floor(Number(found) / 4000));
  });
});

describe("one sending", () => {
  it("asks for the task right before, does the work, and sends all of it", async () => {
    const asked: [string, RequestInit | undefined][] = [];
    const outcome = await send(one("a".repeat(32)), "/bao-tin", "/bao-tin/ready", async (url, options) => {
      asked.push([url, options]);
      return asked.length === 1 ? json(200, { task: "t", bits: 4 }) : json(201, { code: "K3QF-9TBM-02XA", left: [] });
    });
    expect(outcome).toEqual({ end: "told", told: { code: "K3QF-9TBM-02XA", left: [] } });
    const body = asked[1]![1]!.body as FormData;
    expect([body.get("kind"), body.get("sending"), body.get("task")]).toEqual(["fire", "a".repeat(32), "t"]);
    expect(zeroBits(sha256(utf8ToBytes(`t:${body.get("answer")}`)))).toBeGreaterThanOrEqual(4);
    expect(body.getAll("photos")).toHaveLength(1);
    expect(asked.every(([, options]) => options?.credentials === "omit")).toBe(true);
  });

  it("is later when there is no network, when the server is away, and when an answer is torn", async () => {
    const fails = async (): Promise<Response> => Promise.reject(new TypeError("no network"));
    const torn = async (url: string): Promise<Response> => (url.endsWith("ready") ? json(200, { task: "t", bits: 0 }) : new Response("{", { status: 201 }));
    for (const ask of [fails, async () => json(502, {}), torn]) {
      expect((await send(one(), "/bao-tin", "/bao-tin/ready", ask)).end).toBe("later");
    }
  });

  it("is refused with its reasons", async () => {
    const refused = { trouble: "x", errors: { kind: ["y"] } };
    const outcome = await send(one(), "/bao-tin", "/ready", async (url) => (url === "/ready" ? json(200, { task: "t", bits: 0 }) : json(422, refused)));
    expect(outcome).toEqual({ end: "refused", refused });
  });

  it("says so when it is too large for the station, instead of waiting for ever", async () => {
    const video = { ...one(), photos: [new Blob(["v"], { type: "video/mp4" })] };
    const names: string[] = [];
    const outcome = await send(video, "/bao-tin", "/ready", async (url, options) => {
      if (url === "/ready") return json(200, { task: "t", bits: 0 });
      names.push(...(options!.body as FormData).getAll("photos").map((file) => (file as File).name));
      return new Response("", { status: 413 });
    });
    expect([outcome, names]).toEqual([{ end: "large" }, ["1.mp4"]]);
  });

  it("has a number of its own each time", () => {
    const numbers = Array.from({ length: 50 }, newSending);
    expect(new Set(numbers).size).toBe(50);
    expect(numbers.every((number) => /^[0-9a-f]{32}$/.test(number))).toBe(true);
  });
});

describe("what waits on the telephone", () => {
  it("is kept once each, given back, and gone when it is sent", async () => {
    const store = await TellStore.open();
    const [first, second] = [one("1".repeat(32)), one("2".repeat(32))];
    await store.keep(first);
    await store.keep(first);
    await store.keep(second);
    expect((await store.all()).map((kept) => kept.sending)).toEqual([first.sending, second.sending]);
    await store.remove(first.sending);
    expect((await store.all()).map((kept) => kept.fields)).toEqual([second.fields]);
    store.close();
  });
});
