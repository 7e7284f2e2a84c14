// In a service worker: what came by Web Push is shown, and a press opens its page. A push that cannot be read is shown as nothing
// in particular, since browsers take the right away from pages that show nothing.

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Pushed extends Waiting {
  data: { json(): unknown } | null;
}
interface Pressed extends Waiting {
  notification: { close(): void; data: { url: string } };
}
interface Page {
  url: string;
  focus(): Promise<unknown>;
}
export interface Told {
  title: string;
  body: string;
  tag: string;
  url: string;
  lang: string;
  urgent: boolean;
}
const worker = self as unknown as {
  registration: { showNotification(title: string, options: object): Promise<void> };
  clients: { matchAll(options: object): Promise<Page[]>; openWindow(url: string): Promise<unknown> };
};

/** What is shown: texts alone, and an address on this very server. `home`: where a press leads otherwise. */
export function told(given: unknown, origin: string, home: string): Told {
  const found = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
  const read = (name: string): string => (typeof found[name] === "string" ? (found[name] as string) : "");
  let url = new URL(home, origin);
  try {
    const wanted = new URL(read("url") || home, origin);
    if (wanted.origin === origin) url = wanted;
  } catch {
    // no address: home
  }
  return { title: read("title") || "Lũy Tre", body: read("body"), tag: read("tag"), url: url.href, lang: read("lang") || "vi", urgent: found["urgent"] === true };
}

export function showPushes(home: string): void {
  self.addEventListener("push", (event) => {
    let given: unknown = null;
    try {
      given = (event as Pushed).data?.json();
    } catch {
      // not ours
    }
    const one = told(given, self.location.origin, home);
    const options = { body: one.body, tag: one.tag || "luytre", renotify: one.urgent, requireInteraction: one.urgent, lang: one.lang, icon: "/static/icon-192.png", badge: "/static/icon-192.png", data: { url: one.url } };
    (event as Pushed).waitUntil(worker.registration.showNotification(one.title, options));
  });
  self.addEventListener("notificationclick", (event) => {
    const { notification } = event as Pressed;
    notification.close();
    (event as Pressed).waitUntil(open(notification.data.url));
  });
}

/** A page that is open there already comes to the front, wherever in it somebody stands; else it is opened anew. */
async function open(url: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => withoutHash(page.url) === withoutHash(url));
  if (there && (await there.focus().then(() => true, () => false))) return;
  await worker.clients.openWindow(url); // also where the page was closed meanwhile
}

function withoutHash(url: string): string {
  return url.split("#", 1)[0]!;
}
