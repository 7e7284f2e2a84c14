// The service worker of /bao-tin alone: the form opens without a network. It keeps that one page, which is the same for everybody, and
// what it needs; nothing of what was told (lib/tell-store) and no answer of the server.

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waiting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
const worker = self as unknown as { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> } };

const KEPT = "luytre-tell-1";
const PAGE = "/bao-tin";
const SLOW_MS = 5000;

self.addEventListener("install", (event) => (event as Waiting).waitUntil(keep().then(() => worker.skipWaiting())));
self.addEventListener("activate", (event) => (event as Waiting).waitUntil(worker.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event as Fetching;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) (event as Fetching).respondWith(page(request, event as Fetching));
  else if (pathname.startsWith("/static/")) (event as Fetching).respondWith(part(request));
});

async function keep(): Promise<void> {
  const cache = await caches.open(KEPT);
  const fresh = await fetch(PAGE, { credentials: "omit", cache: "reload" });
  if (!fresh.ok || fresh.redirected) throw new Error(`${PAGE}: ${fresh.status}`);
  const named = (await fresh.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"]+)"/g);
  const needed = [...new Set([...named].map((match) => match[1]!))]; // one address twice, and `addAll` refuses them all
  const there = (await cache.keys()).map((kept) => new URL(kept.url).pathname);
  await cache.addAll(needed.filter((address) => !there.includes(address)));
  await cache.put(PAGE, fresh);
  for (const address of there) if (address !== PAGE && !needed.includes(address)) await cache.delete(address);
}

/** The page of now, which is kept anew, unless the network fails or brings nothing: then the kept one. */
async function page(request: Request, event: Waiting): Promise<Response> {
  const asked = fetch(request).catch(() => null);
  const late = new Promise<null>((done) => setTimeout(() => done(null), SLOW_MS));
  const first = await Promise.race([asked, late]);
  if (first !== null && first.status < 500) {
    event.waitUntil(keep().catch(() => undefined));
    return first;
  }
  return (await (await caches.open(KEPT)).match(PAGE)) ?? (await asked) ?? Response.error();
}

async function part(request: Request): Promise<Response> {
  const there = await (await caches.open(KEPT)).match(request.url);
  return there ?? fetch(request);
}
