import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Sender, type Places } from "../src/lib/survey-send";
import { blank, newId, payload, Store, type Entry, type Thing, type Today } from "../src/lib/survey-store";

const PLACES: Places = { readyUrl: "/ready", entriesUrl: "/entries", photosUrl: "/photos/" };
const EYE: Thing = { kind: "eye", key: "k1", name: "Cổng", hamlet: 7, position: null, visited: false, revision: 3, fields: { condition: "works", height_m: 3.5, sees: "" } };
let store: Store;
let name = 0;

/** A machine that takes entries as ours does, and breaks off where it is told to. */
function machine(user = 1) {
  const taken = new Map<string, { body: string; photos: Set<string> }>();
  const asked: string[] = [];
  const state = { user, token: 1, breakAt: "", status: 0, answer: {} as object, applied: "applied" };
  const json = (body: object, status = 200) => new Response(JSON.stringify(body), { status });
  const ask = (async (url: string, options: RequestInit = {}) => {
    asked.push(`${options.method ?? "GET"} ${url}`);
    const here = state.breakAt !== "" && `${options.method ?? "GET"} ${url}`.includes(state.breakAt);
    if (here && state.status === 0) throw new TypeError("no network");
    if (here && state.status > 0) return json(state.answer, state.status);
    if (url === "/ready") return json({ user: state.user, csrf: `t${state.token}` });
    if ((options.headers as Record<string, string>)["X-CSRFToken"] !== `t${state.token}`) return json({}, 403);
    if (url === "/entries") {
      const sent = JSON.parse(options.body as string) as { id: string; fields: object; photos: { sha256: string }[] };
      const body = JSON.stringify(sent.fields);
      const known = taken.get(sent.id) ?? { body, photos: new Set<string>() };
      if (known.body !== body) return json({ error: "changed", state: "applied", target: "k9", fields: JSON.parse(known.body) as object }, 409);
      taken.set(sent.id, known);
      if (here) throw new TypeError("the answer was lost");
      return json({ state: state.applied, target: "k9", fault: "", missing: sent.photos.map(({ sha256 }) => sha256).filter((one) => !known.photos.has(one)) });
    }
    const [, sha256, id] = /^\/photos\/([0-9a-z]+)\?entry=(.+)$/.exec(url)!;
    taken.get(id!)!.photos.add(sha256!);
    return json({ missing: [] });
  }) as typeof fetch;
  return { ask, asked, taken, state };
}

async function waiting(photos: string[] = [], values: Record<string, string> = { name: "A" }): Promise<Entry> {
  const entry: Entry = { ...blank(newId(), 1, "eye", 1000 + photos.length, null, "", 7), state: "waiting", values, photos: photos.map((sha256) => ({ sha256, kind: "view", sent: false })) };
  for (const sha256 of photos) await store.keepPhoto(entry.id, sha256, "image/jpeg", new TextEncoder().encode(sha256).buffer as ArrayBuffer);
  await store.keep(entry);
  return entry;
}

const sendAll = (ask: typeof fetch, user = 1) => new Sender(store, PLACES, ask).sendAll(user);

beforeEach(async () => {
  store = await Store.open(`test-${++name}`);
});
afterEach(() => store.close());

describe("what is kept", () => {
  const list = (user: number, at: number): Today => ({ user, name: `n${user}`, at, hamlets: [], campaigns: [], things: [EYE] });

  it("has one person's list, for a day", async () => {
    await store.keepToday(list(1, 100));
    await store.keepToday(list(2, 100));
    expect((await store.today(100_000))?.user).toBe(2);
    expect(await store.today(100_000 + 21 * 3_600_000)).toBeNull();
    expect(await store.today(100_000)).toBeNull(); // and it is gone
    await store.keepToday(list(1, 100));
    await store.forgetToday();
    expect(await store.today(100_000)).toBeNull();
  });

  it("stays over a restart, and is nobody else's", async () => {
    const entry = await waiting(["aa"]);
    store.close();
    store = await Store.open(`test-${name}`);
    expect((await store.entries(1)).map(({ id }) => id)).toEqual([entry.id]);
    expect(new TextDecoder().decode((await store.photo(entry.id, "aa"))!.bytes)).toBe("aa");
    expect([await store.entries(2), await store.entry(2, entry.id), await store.others(2), await store.others(1)]).toEqual([[], null, 1, 0]);
    await store.remove(entry.id);
    expect([await store.entries(1), await store.photo(entry.id, "aa")]).toEqual([[], null]);
  });
});

describe("what is sent", () => {
  it("is of something new all that was typed", () => {
    const sent = payload({ ...blank("x", 1, "eye", 5000, null, "c1", 7), values: { name: "A", note: "" } });
    expect(sent).toMatchObject({ fields: { name: "A" }, before: {}, made: 5, target: "", base: null, campaign: "c1", hamlet: 7 });
  });
  it("is of something known what differs, with what it was", () => {
    const entry = blank("x", 1, "eye", 5000, EYE, "", null);
    expect(entry.values).toEqual({ condition: "works", height_m: "3,5", sees: "" });
    entry.values = { ...entry.values, condition: "dead", note: "gọi trước" };
    expect(payload(entry)).toMatchObject({ fields: { condition: "dead", note: "gọi trước" }, before: { condition: "works" }, target: "k1", base: 3, hamlet: 7 });
  });
  it("is a visit to a place, which is no change of it", () => {
    const place: Thing = { ...EYE, kind: "place", key: "p1", fields: {} };
    expect(payload(blank("x", 1, "nothing_here", 0, place, "", null))).toMatchObject({ place: "p1", target: "", base: null, hamlet: 7 });
  });
});

describe("Sender", () => {
  it("sends entries with their photos one by one, and keeps nothing of them", async () => {
    const { ask, asked, taken } = machine();
    const entry = await waiting(["aa", "bb"]);
    await waiting();
    expect(await sendAll(ask)).toEqual({ end: "done", sent: 2, conflicts: 0 });
    expect([...taken.get(entry.id)!.photos]).toEqual(["aa", "bb"]);
    expect(asked).toHaveLength(1 + 2 + 2);
    expect(await store.entries(1)).toEqual([]);
    expect(await sendAll(ask)).toEqual({ end: "done", sent: 0, conflicts: 0 });
    expect(asked).toHaveLength(5); // with nothing to send nobody is asked
  });

  it.each(["GET /ready", "POST /entries", "PUT /photos/aa", "PUT /photos/bb"])("goes on where it broke off: %s", async (place) => {
    const { ask, taken, state } = machine();
    const entry = await waiting(["aa", "bb"]);
    state.breakAt = place;
    for (const status of [0, 502, 429]) {
      state.status = status;
      expect((await sendAll(ask)).end).toBe("later");
      expect((await store.entries(1))[0]!.state).toBe("waiting");
    }
    state.breakAt = "";
    expect(await sendAll(ask)).toEqual({ end: "done", sent: 1, conflicts: 0 });
    expect([taken.size, [...taken.get(entry.id)!.photos]]).toEqual([1, ["aa", "bb"]]);
  });

  it("waits for a login, keeps everything, and is nobody else's", async () => {
    const { ask, state } = machine();
    await waiting(["aa"]);
    Object.assign(state, { breakAt: "/ready", status: 401 });
    expect((await sendAll(ask)).end).toBe("login");
    Object.assign(state, { breakAt: "POST /entries", status: 401 });
    expect((await sendAll(ask)).end).toBe("login");
    Object.assign(state, { breakAt: "", user: 2 });
    expect((await sendAll(ask)).end).toBe("other");
    expect((await sendAll(ask, 2)).sent).toBe(0);
    expect((await store.entries(1))[0]!.state).toBe("waiting");
  });

  it("asks for another form token where the one it has is old", async () => {
    const { ask, state } = machine();
    await waiting();
    const slow = (async (url: string, options: RequestInit) => {
      const answer = await ask(url, options);
      if (url === "/ready" && state.token === 1) state.token = 2;
      return answer;
    }) as typeof fetch;
    expect((await sendAll(slow)).sent).toBe(1);
  });

  it("shows what was typed wrong at its field, and goes on with the others", async () => {
    const { ask, state } = machine();
    await waiting([], { name: "wrong" });
    Object.assign(state, { breakAt: "POST /entries", status: 422, answer: { faults: { owner_phone: "Chỉ có chữ số." } } });
    expect(await sendAll(ask)).toEqual({ end: "done", sent: 0, conflicts: 0 });
    expect((await store.entries(1))[0]).toMatchObject({ state: "fault", faults: { owner_phone: "Chỉ có chữ số." } });
    Object.assign(state, { breakAt: "POST /entries", status: 403, answer: { error: "scope", message: "Không được giao." } });
    await store.keep({ ...(await store.entries(1))[0]!, state: "waiting" });
    await sendAll(ask);
    expect((await store.entries(1))[0]!.faults).toEqual({ "": "Không được giao." });
    Object.assign(state, { status: 413, answer: {} });
    await store.keep({ ...(await store.entries(1))[0]!, state: "waiting" });
    await sendAll(ask);
    expect((await store.entries(1))[0]).toMatchObject({ state: "fault", code: "too_large" });
  });

  it("names a photo that is not taken, and sends the rest once it is out", async () => {
    const { ask, taken, state } = machine();
    const entry = await waiting(["aa", "bb"]);
    Object.assign(state, { breakAt: "PUT /photos/aa", status: 422, answer: { message: "Đây là tệp video." } });
    await sendAll(ask);
    const faulty = (await store.entries(1))[0]!;
    expect(faulty).toMatchObject({ state: "fault", faults: { "photo-aa": "Đây là tệp video." } });
    state.breakAt = "";
    await store.keep({ ...faulty, state: "waiting", photos: faulty.photos.filter(({ sha256 }) => sha256 !== "aa") });
    expect((await sendAll(ask)).sent).toBe(1);
    expect([...taken.get(entry.id)!.photos]).toEqual(["bb"]);
  });

  it("says where two versions wait, and keeps no values of them", async () => {
    const { ask, state } = machine();
    state.applied = "conflict";
    const entry = await waiting(["aa"]);
    expect(await sendAll(ask)).toEqual({ end: "done", sent: 1, conflicts: 1 });
    expect((await store.entries(1))[0]).toMatchObject({ id: entry.id, state: "conflict", values: {}, photos: [] });
    expect(await store.photo(entry.id, "aa")).toBeNull();
    expect((await sendAll(ask)).sent).toBe(0);
  });

  it("sends what was changed after an answer was lost as a change of what was taken", async () => {
    const { ask, taken, state } = machine();
    const entry = await waiting(["aa"]);
    const losing = (async (url: string, options: RequestInit) => {
      await ask(url, options);
      throw new TypeError("the answer was lost");
    }) as typeof fetch;
    await sendAll(((url: string, options: RequestInit) => (url === "/entries" ? losing : ask)(url, options)) as typeof fetch);
    expect(taken.size).toBe(1);
    await store.keep({ ...(await store.entries(1))[0]!, values: { name: "B", sees: "" } });
    let second: { target: string; base: number; fields: object; before: object } | null = null;
    const watching = ((url: string, options: RequestInit) => {
      if (url === "/entries") second = JSON.parse(options.body as string) as typeof second;
      return ask(url, options);
    }) as typeof fetch;
    expect((await sendAll(watching)).sent).toBe(1);
    expect(second).toMatchObject({ target: "k9", base: 0, fields: { name: "B" }, before: { name: "A" } });
    expect(taken.size).toBe(2);
    expect([...taken.values()].map(({ photos }) => photos.size)).toEqual([0, 1]);
    expect([await store.entries(1), await store.photo(entry.id, "aa")]).toEqual([[], null]);
    expect(state.user).toBe(1);
  });
});
