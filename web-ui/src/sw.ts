// The service worker: makes the program installable, answers with a page in plain words when the network is away, and opens the
// survey without one. It keeps two pages and what they need, nothing else: no page with cameras or people ever lies in a
// browser's cache. The survey's shell holds words alone; its list and what was filled in are in a store of the page's own.

import { showPushes } from "./lib/push-shown";
import { Sender } from "./lib/survey-send";
import { Store } from "./lib/survey-store";

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waiting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Page {
  postMessage(message: string): void;
}
const worker = self as unknown as { skipWaiting(): Promise<void>; clients: { claim(): Promise<void>; matchAll(): Promise<Page[]> } };

const KEPT = "luytre-offline-2";
const OFFLINE = "/offline";
const SURVEY = "/survey";
const SHELL = "/survey/shell";
const SLOW_MS = 4000; // a network that is there and brings nothing
const PLACES = { readyUrl: "/survey/ready", entriesUrl: "/survey/entries", photosUrl: "/survey/photos/" };

self.addEventListener("install", (event) => (event as Waiting).waitUntil(keep().then(() => worker.skipWaiting())));
self.addEventListener("activate", (event) => (event as Waiting).waitUntil(forgetOthers().then(() => worker.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event as Fetching;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    const asked = fetch(request);
    const answer = pathname === SURVEY ? soon(asked, SHELL) : asked.catch(() => kept(OFFLINE));
    (event as Fetching).respondWith(answer);
  } else if (pathname.startsWith("/static/build/assets/")) {
    (event as Fetching).respondWith(found(request)); // their names change with what is in them
  } else if (pathname.startsWith("/static/")) (event as Fetching).respondWith(fetch(request).catch(() => kept(request.url)));
});
self.addEventListener("message", (event) => {
  if ((event as MessageEvent).data === "keep") (event as unknown as Waiting).waitUntil(keep().catch(() => undefined));
});
// The network is back while no page may be open. What the browser is told has failed, it tries again later.
self.addEventListener("sync", (event) => {
  if ((event as unknown as { tag: string }).tag === "survey") (event as Waiting).waitUntil(send());
});

showPushes("/alerts"); // what calls for somebody on the staff

/** The pages for when there is no network, and their style, scripts and marks. Afterwards nothing older is left. */
async function keep(): Promise<void> {
  const cache = await caches.open(KEPT);
  const needed = new Set<string>();
  for (const address of [OFFLINE, SHELL]) {
    const page = await fetch(address, { credentials: "same-origin", cache: "reload" });
    if (!page.ok || page.redirected) throw new Error(`${address}: ${page.status}`);
    for (const match of (await page.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)) needed.add(match[1]!);
    await cache.put(address, page);
  }
  const there = (await cache.keys()).map((request) => new URL(request.url).pathname);
  await cache.addAll([...needed].filter((address) => !there.includes(address)));
  for (const address of there) if (address !== OFFLINE && address !== SHELL && !needed.has(address)) await cache.delete(address);
}

async function kept(address: string): Promise<Response> {
  return (await (await caches.open(KEPT)).match(address)) ?? Response.error();
}

async function found(request: Request): Promise<Response> {
  return (await (await caches.open(KEPT)).match(request.url)) ?? fetch(request);
}

/** The page of now, unless it fails or is late: then the kept one. */
async function soon(asked: Promise<Response>, address: string): Promise<Response> {
  const late = new Promise<null>((done) => setTimeout(() => done(null), SLOW_MS));
  const first = await Promise.race([asked.catch(() => null), late]);
  if (first !== null && first.status < 500) return first;
  const spare = await (await caches.open(KEPT)).match(address);
  return spare ?? first ?? (await asked.catch(() => Response.error()));
}

async function send(): Promise<void> {
  const store = await Store.open();
  try {
    const today = await store.today(Date.now());
    if (today === null) return; // nobody is known here: the page sends when somebody opens it
    const outcome = await navigator.locks.request("luytre-survey-send", () => new Sender(store, PLACES, (url, options) => fetch(url, options)).sendAll(today.user));
    for (const page of await worker.clients.matchAll()) page.postMessage("survey-sent");
    if (outcome.end === "later") throw new Error("later");
  } finally {
    store.close();
  }
}

async function forgetOthers(): Promise<void> {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
}
