// The service worker: makes the program installable, and answers with a page in plain words when the network is away.
// It keeps that one page and what it needs, nothing else: no page with cameras or people ever lies in a browser's cache.

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
const worker = self as unknown as { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> } };

const KEPT = "luytre-offline-1";
const OFFLINE = "/offline";

self.addEventListener("install", (event) => (event as Waiting).waitUntil(keep().then(() => worker.skipWaiting())));
self.addEventListener("activate", (event) => (event as Waiting).waitUntil(forgetOthers().then(() => worker.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event as Fetching;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") (event as Fetching).respondWith(fetch(request).catch(() => kept(OFFLINE)));
  else if (new URL(request.url).pathname.startsWith("/static/")) (event as Fetching).respondWith(fetch(request).catch(() => kept(request.url)));
});

/** The page for when there is no network, and its style and mark. */
async function keep(): Promise<void> {
  const cache = await caches.open(KEPT);
  const page = await fetch(OFFLINE, { credentials: "same-origin", cache: "reload" });
  if (!page.ok) throw new Error(`offline page: ${page.status}`);
  const needed = [...(await page.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((match) => match[1]!);
  await cache.put(OFFLINE, page);
  await cache.addAll([...new Set(needed)]);
}

async function kept(address: string): Promise<Response> {
  return (await (await caches.open(KEPT)).match(address)) ?? Response.error();
}

async function forgetOthers(): Promise<void> {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
}
