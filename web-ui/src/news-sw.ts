// The service worker of /nhan-tin alone: shows the police's messages. It keeps nothing.

import { showPushes } from "./lib/push-shown";

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
const worker = self as unknown as { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> } };

self.addEventListener("install", (event) => (event as Waiting).waitUntil(worker.skipWaiting()));
self.addEventListener("activate", (event) => (event as Waiting).waitUntil(worker.clients.claim()));
showPushes("/nhan-tin");
