import { describe, expect, it } from "vitest";
import { proposedIn, readKept, Reasons, type Purpose, type Reason } from "../src/lib/reason";
import { Tokens } from "../src/lib/tokens";

const ORDER: Purpose = { key: "order", words: "Trật tự", reference: false };
const THEFT: Purpose = { key: "theft", words: "Mất trộm", reference: true };
const SAID: Reason = { purpose_key: "theft", reference: "VV 1", purpose: "" };

function setUp(history: Purpose[], kept: Record<string, string> = {}, proposed: Reason | null = null) {
  const asked: { purposes: readonly Purpose[]; before: Reason | null; answer: (reason: Reason) => void }[] = [];
  const shown: string[] = [];
  const state = { now: 1_000_000 };
  const reasons = new Reasons({
    offered: { history: [...history], export: [THEFT] },
    ask: (purposes, before) => new Promise((answer) => asked.push({ purposes, before, answer })),
    kept: { getItem: (key) => kept[key] ?? null, setItem: (key, value) => void (kept[key] = value), removeItem: (key) => void delete kept[key] },
    nowMs: () => state.now,
    changed: (_reason, words) => shown.push(words),
    proposed,
  });
  return { reasons, asked, shown, kept, state };
}

describe("Reasons", () => {
  it("names the only one by itself, and asks nobody", async () => {
    const { reasons, asked, shown } = setUp([ORDER]);
    expect(await reasons.get("history")).toEqual({ purpose_key: "order", reference: "", purpose: "" });
    expect(asked).toHaveLength(0);
    expect(shown).toEqual(["Trật tự"]);
  });

  it("asks about what an address proposes, whatever was said before, and never takes it as said", async () => {
    const before = setUp([ORDER, THEFT]);
    const first = before.reasons.get("history");
    before.asked[0]!.answer(SAID);
    await first;
    const proposed = proposedIn("?cameras=a&purpose=theft&reference=%C4%90+1%2F2026")!;
    expect(proposed).toEqual({ purpose_key: "theft", reference: "Đ 1/2026", purpose: "" });
    const { reasons, asked } = setUp([ORDER, THEFT], before.kept, proposed);
    const got = reasons.get("history");
    expect(asked[0]!.before).toEqual(proposed);
    asked[0]!.answer(proposed);
    expect(await got).toEqual(proposed);
    expect(await reasons.get("history")).toEqual(proposed);
    expect(asked).toHaveLength(1);
    expect(proposedIn("?purpose=theft")).toBeNull();
    const again = setUp([ORDER, THEFT], before.kept, proposed);
    expect(await again.reasons.get("history")).toEqual(proposed);
    expect(again.asked).toHaveLength(0);
  });

  it("asks once, however many cameras want it, and not again", async () => {
    const { reasons, asked, shown } = setUp([ORDER, THEFT]);
    const both = Promise.all([reasons.get("history"), reasons.get("history")]);
    expect(asked).toHaveLength(1);
    asked[0]!.answer(SAID);
    expect(await both).toEqual([SAID, SAID]);
    expect(await reasons.get("export")).toEqual(SAID);
    expect(asked).toHaveLength(1);
    expect(shown[0]).toBe("Mất trộm · VV 1");
  });

  it("asks again where a clip needs another purpose than looking", async () => {
    const { reasons, asked } = setUp([ORDER]);
    await reasons.get("history");
    const clip = reasons.get("export");
    expect(asked[0]!.purposes).toEqual([THEFT]);
    asked[0]!.answer(SAID);
    expect(await clip).toEqual(SAID);
  });

  it("is kept in the tab for four hours", async () => {
    const first = setUp([ORDER, THEFT]);
    const said = first.reasons.get("history");
    first.asked[0]!.answer(SAID);
    await said;
    const again = setUp([ORDER, THEFT], first.kept);
    expect(await again.reasons.get("history")).toEqual(SAID);
    const text = first.kept["luytre.reason"]!;
    expect(readKept(text, 1_000_000 + 4 * 3_600_000 + 1)).toBeNull();
    for (const wrong of [null, "", "{", "[]", '{"purpose_key": 1}', '{"purpose_key": "a", "at": 9e15}']) expect(readKept(wrong, 1_000_000)).toBeNull();
  });

  it("is asked anew where the web takes it no longer, once", async () => {
    const { reasons, asked } = setUp([ORDER]);
    const bodies: Record<string, unknown>[] = [];
    const statuses = [428, 200, 428, 428];
    const tokens = new Tokens({
      url: "/media/token", csrf: "c", nowMs: () => 0, reasons,
      fetch: ((_url: string, options: RequestInit) => {
        bodies.push(JSON.parse(options.body as string) as Record<string, unknown>);
        const status = statuses.shift()!;
        return Promise.resolve(new Response(JSON.stringify(status === 200 ? { token: "t", ticket: "k", expires_in_s: 300 } : { purposes: [THEFT, { ...ORDER, key: "new" }] }), { status }));
      }) as typeof fetch,
    });
    const got = tokens.get({ right: "history", cameras: ["a"], from: 1, to: 2 });
    await new Promise((resolve) => setTimeout(resolve));
    asked[0]!.answer(SAID);
    expect(await got).toBe("t");
    expect(bodies.map((body) => body.purpose_key)).toEqual(["order", "theft"]);
    expect(bodies[1]!.reference).toBe("VV 1");
    tokens.forgetHistory();
    const refused = tokens.get({ right: "history", cameras: ["a"], from: 1, to: 2 });
    await new Promise((resolve) => setTimeout(resolve));
    asked[1]!.answer(SAID);
    await expect(refused).rejects.toThrow("428");
  });
});
