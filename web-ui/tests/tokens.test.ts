import { describe, expect, it } from "vitest";
import { LoggedOut, Refused, Tokens, type Look } from "../src/lib/tokens";

interface Asked extends Look {
  ticket: string;
}

function setUp(status = 200) {
  const asked: Asked[] = [];
  const headers: Record<string, string>[] = [];
  const state = { status, now: 0, life: 300 };
  const tokens = new Tokens({
    url: "/media/token",
    csrf: "c",
    nowMs: () => state.now,
    fetch: ((_url: string, options: RequestInit) => {
      asked.push(JSON.parse(options.body as string) as Asked);
      headers.push(options.headers as Record<string, string>);
      const answer = { token: `t${asked.length}`, ticket: `k${asked.length}`, expires_in_s: state.life };
      return Promise.resolve(new Response(JSON.stringify(state.status === 200 ? answer : { refused: ["b"] }), { status: state.status }));
    }) as typeof fetch,
  });
  return { tokens, asked, headers, state };
}

const LIVE: Look = { right: "live", cameras: ["a", "b"] };
const PAST: Look = { right: "history", cameras: ["a"], from: 100, to: 200 };

describe("Tokens", () => {
  it("keeps one for what it covers", async () => {
    const { tokens, asked, headers } = setUp();
    expect(await tokens.get(LIVE)).toBe("t1");
    expect(await tokens.get({ right: "live", cameras: ["b"] })).toBe("t1");
    expect(await tokens.get({ right: "live", cameras: ["c"] })).toBe("t2");
    expect(await tokens.get(PAST)).toBe("t3");
    expect(await tokens.get({ ...PAST, from: 150, to: 160 })).toBe("t3");
    expect(await tokens.get({ ...PAST, to: 201 })).toBe("t4");
    expect(asked).toHaveLength(4);
    expect(headers[0]).toMatchObject({ "X-CSRFToken": "c", Accept: "application/json" });
  });

  it("asks once for what several want at the same time", async () => {
    const { tokens, asked } = setUp();
    expect(await Promise.all([tokens.get(PAST), tokens.get({ ...PAST, from: 150 }), tokens.get(PAST)])).toEqual(["t1", "t1", "t1"]);
    expect(asked).toHaveLength(1);
    expect(await tokens.get({ ...PAST, to: 300 })).toBe("t2");
  });

  it("renews a minute early with its ticket, for the same look", async () => {
    const { tokens, asked, state } = setUp();
    await tokens.get(LIVE);
    state.now = 239_000;
    expect(await tokens.get(LIVE)).toBe("t1");
    state.now = 241_000;
    expect(await tokens.get({ right: "live", cameras: ["a"] })).toBe("t2");
    expect(asked[1]).toEqual({ ...LIVE, ticket: "k1" });
    expect(await tokens.renew(LIVE)).toBe("t3");
    expect(asked[2]!.ticket).toBe("k2");
  });

  it("renews one that lives shortly at three quarters of its life", async () => {
    const { tokens, state } = setUp();
    state.life = 20;
    await tokens.get(LIVE);
    state.now = 14_900;
    expect(await tokens.get(LIVE)).toBe("t1");
    state.now = 15_100;
    expect(await tokens.get(LIVE)).toBe("t2");
  });

  it("names what was refused, and asks for the rest as for something new", async () => {
    const { tokens, asked, state } = setUp();
    await tokens.get(LIVE);
    state.status = 403;
    await expect(tokens.renew(LIVE)).rejects.toMatchObject({ cameras: ["b"] });
    state.status = 200;
    expect(await tokens.get({ right: "live", cameras: ["a"] })).toBe("t3");
    expect(asked[2]).toEqual({ right: "live", cameras: ["a"], ticket: "" });
  });

  it("tells apart who is logged out, who may not, and what is broken", async () => {
    await expect(setUp(401).tokens.get(LIVE)).rejects.toBeInstanceOf(LoggedOut);
    await expect(setUp(403).tokens.get(LIVE)).rejects.toBeInstanceOf(Refused);
    await expect(setUp(500).tokens.get(LIVE)).rejects.toThrow("500");
  });
});
