// A browser's address for Web Push: asked for once the person pressed a button, given as the JSON that the server reads.

export type Trouble = "none" | "denied" | "failed";

export function canPush(): boolean {
  return isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** `key`: the server's, base64url. `worker`: where its service worker lies; `scope`: how far it reaches. */
export async function addressOf(key: string, worker: string, scope: string): Promise<{ address: string } | { trouble: Trouble }> {
  if (!canPush()) return { trouble: "none" };
  if ((await Notification.requestPermission()) !== "granted") return { trouble: "denied" };
  try {
    const registration = await navigator.serviceWorker.register(worker, { scope });
    await active(registration);
    const wanted = bytes(key);
    let found = await registration.pushManager.getSubscription();
    if (found !== null && !same(found.options.applicationServerKey, wanted)) {
      await found.unsubscribe(); // made for a key that the server lost
      found = null;
    }
    found ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted });
    return { address: JSON.stringify(found) };
  } catch {
    return { trouble: "failed" };
  }
}

/** What this browser has already; null where it has none. */
export async function known(scope: string): Promise<PushSubscription | null> {
  if (!canPush()) return null;
  const registration = await navigator.serviceWorker.getRegistration(scope);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function active(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || worker === null) return;
  await new Promise<void>((done, fail) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") done();
      if (worker.state === "redundant") fail(new Error("not installed"));
    });
  });
}

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function same(one: ArrayBuffer | null, other: Uint8Array): boolean {
  const found = new Uint8Array(one ?? new ArrayBuffer(0));
  return found.length === other.length && found.every((value, at) => value === other[at]);
}
