import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe as group, expect, it } from "vitest";
import { MIB, NotTaken, describe, send, type Line, type Told } from "../src/lib/pieces";

const DATA = new Uint8Array(2 * MIB + 7).map((_byte, at) => at % 251);
const FILE = new File([DATA], "ch01.dav");

function teller(): Told & { said: string[] } {
  const said: string[] = [];
  return { said, counting: () => undefined, counted: (hash) => said.push(hash.slice(0, 8)), there: (part) => said.push(`there ${part.toFixed(2)}`), waiting: (part) => said.push(`waiting ${part.toFixed(2)}`) };
}

/** A server that takes pieces; `broken`: what happens to the n-th PATCH instead (its bytes are taken where it says `lost`). */
function server(broken: Record<number, "cut" | "lost" | number> = {}): Line & { got: number[]; asked: string[] } {
  const state = { got: [] as number[], asked: [] as string[], offset: 0, patches: 0 };
  const stands = (status: number): Response => new Response(null, { status, headers: { "Upload-Offset": String(state.offset) } });
  return {
    ...state,
    got: state.got,
    asked: state.asked,
    wait: async () => undefined,
    fetch: async (_url, init) => {
      state.asked.push(String(init.method));
      if (init.method === "POST") return new Response(JSON.stringify({ url: "/tep/1", offset: state.offset }), { status: 201 });
      if (init.method === "HEAD") return stands(200);
      const how = broken[state.patches++];
      if (how === "cut") throw new TypeError("network");
      if (typeof how === "number") return new Response(JSON.stringify({ message: "why" }), { status: how });
      state.got.push(Number((init.headers as Record<string, string>)["Upload-Offset"]));
      state.offset += (init.body as ArrayBuffer).byteLength;
      if (how === "lost") throw new TypeError("network");
      return stands(204);
    },
  };
}

group("pieces", () => {
  it("tells the hash of the whole and of each piece", async () => {
    const made = await describe(FILE, { counting: () => undefined });
    expect(made.sha256).toBe(bytesToHex(sha256(DATA)));
    expect(made.pieces).toEqual([0, MIB, 2 * MIB].map((at) => bytesToHex(sha256(DATA.slice(at, at + MIB)))));
    expect([made.piece, made.size, made.name]).toEqual([MIB, DATA.length, "ch01.dav"]);
  });

  it("goes on where a line broke, and sends nothing twice whose answer alone was lost", async () => {
    const line = server({ 1: "cut", 2: "lost" });
    const told = teller();
    await send("/tep", FILE, line, told);
    expect(line.got).toEqual([0, MIB, 2 * MIB]);
    expect(line.asked).toEqual(["POST", "PATCH", "PATCH", "HEAD", "PATCH", "HEAD", "PATCH"]);
    expect(told.said.at(-1)).toBe("there 1.00");
    expect(told.said).toContain("waiting 0.50");
  });

  it("tries again while the server is not itself, and ends with its words where it refuses", async () => {
    const line = server({ 0: 503 });
    await send("/tep", FILE, line, teller());
    expect(line.got).toHaveLength(3);
    for (const status of [460, 507, 404]) await expect(send("/tep", FILE, server({ 1: status }), teller())).rejects.toThrow(new NotTaken("why"));
  });
});
