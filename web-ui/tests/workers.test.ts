// The service workers as the browser runs them: loaded, then given a push and a press. What the browser would do is written down.

import { afterEach, describe, expect, it, vi } from "vitest";

const ORIGIN = "https://camera.xa.example";
const WORKERS = [
  { name: "sw", home: "/alerts", load: () => import("../src/sw") },
  { name: "news-sw", home: "/nhan-tin", load: () => import("../src/news-sw") },
];

interface Page {
  url: string;
  focus(): Promise<unknown>;
}
interface Shown {
  title: string;
  options: { data: { url: string }; requireInteraction: boolean };
}

/** A worker with these pages open. `fire` gives it an event and waits until its work is done. */
async function started(load: () => Promise<unknown>, pages: Page[]) {
  const handlers = new Map<string, (event: object) => void>();
  const shown: Shown[] = [];
  const opened: string[] = [];
  const asked: object[] = [];
  vi.stubGlobal("self", {
    addEventListener: (kind: string, handler: (event: object) => void) => handlers.set(kind, handler),
    location: { origin: ORIGIN },
    skipWaiting: async () => undefined,
    registration: { showNotification: async (title: string, options: Shown["options"]) => void shown.push({ title, options }) },
    clients: {
      claim: async () => undefined,
      matchAll: async (options: object) => (asked.push(options), pages),
      openWindow: async (url: string) => void opened.push(url),
    },
  });
  vi.resetModules();
  await load();
  const fire = async (kind: string, event: object) => {
    const work: Promise<unknown>[] = [];
    handlers.get(kind)!({ ...event, waitUntil: (one: Promise<unknown>) => work.push(one) });
    expect(work).toHaveLength(1); // else the browser ends the worker before its work is done
    await Promise.all(work);
  };
  return { shown, opened, asked, fire };
}

/** What a press on the notification that was shown last gives to the worker. */
function press(shown: Shown[]) {
  const close = vi.fn();
  return { close, event: { notification: { close, data: shown.at(-1)!.options.data } } };
}

const pushed = (given: unknown) => ({ data: { json: () => given } });
const page = (url: string, focus = vi.fn(async () => undefined)) => ({ url, focus });

afterEach(() => vi.unstubAllGlobals());

describe.each(WORKERS)("$name", ({ home, load }) => {
  it("opens the notification's page where none is open", async () => {
    const other = page(`${ORIGIN}/cameras`);
    const { shown, opened, asked, fire } = await started(load, [other]);
    await fire("push", pushed({ title: "Vụ việc 12/2026", url: "/incidents/abc?from=push", urgent: true }));
    expect(shown.at(-1)).toMatchObject({ title: "Vụ việc 12/2026", options: { requireInteraction: true } });
    const { close, event } = press(shown);
    await fire("notificationclick", event);
    expect(close).toHaveBeenCalledOnce();
    expect(opened).toEqual([`${ORIGIN}/incidents/abc?from=push`]);
    expect(other.focus).not.toHaveBeenCalled();
    expect(asked).toEqual([{ type: "window", includeUncontrolled: true }]);
  });

  it("brings the open one to the front, wherever in it somebody stands", async () => {
    const near = page(`${ORIGIN}/incidents/abcd`);
    const there = page(`${ORIGIN}/incidents/abc#steps`);
    const { shown, opened, fire } = await started(load, [near, there]);
    await fire("push", pushed({ url: "/incidents/abc" }));
    await fire("notificationclick", press(shown).event);
    expect(there.focus).toHaveBeenCalledOnce();
    expect(near.focus).not.toHaveBeenCalled();
    expect(opened).toEqual([]);
  });

  it("opens it anew where the open one cannot come to the front", async () => {
    const closed = page(`${ORIGIN}/incidents/abc`, vi.fn(async () => Promise.reject(new Error("closed"))));
    const { shown, opened, fire } = await started(load, [closed]);
    await fire("push", pushed({ url: "/incidents/abc" }));
    await fire("notificationclick", press(shown).event);
    expect(opened).toEqual([`${ORIGIN}/incidents/abc`]);
  });

  it.each([null, "text", { url: "https://elsewhere.example/x" }, { url: "javascript:alert(1)" }])("leads home from %j", async (given) => {
    const { shown, opened, fire } = await started(load, []);
    await fire("push", pushed(given));
    await fire("notificationclick", press(shown).event);
    expect(opened).toEqual([ORIGIN + home]);
  });

  it("shows something for a push that cannot be read", async () => {
    const { shown, fire } = await started(load, []);
    const broken = () => {
      throw new SyntaxError("no JSON");
    };
    await fire("push", { data: { json: broken } });
    await fire("push", { data: null });
    expect(shown.map((one) => one.title)).toEqual(["Lũy Tre", "Lũy Tre"]);
  });
});
