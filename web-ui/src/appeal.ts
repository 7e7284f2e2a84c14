// /gop-hinh/…: the owner's files go in pieces, each with its hash; a line that breaks costs one piece. Without this script the same
// form sends small files whole.

import { byId } from "./lib/page";
import { NotTaken, send, type Line, type Told } from "./lib/pieces";

const form = document.getElementById("send") as HTMLFormElement | null;

const line: Line = {
  fetch: (url, init) => fetch(url, { ...init, credentials: "omit", cache: "no-store" }),
  wait: (seconds) =>
    new Promise((done) => {
      const timer = setTimeout(done, seconds * 1000);
      addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
    }),
};

function fill(words: string | undefined, fields: Record<string, string>): string {
  return (words ?? "").replace(/\{(\w+)\}/g, (_whole, name: string) => fields[name] ?? "");
}

/** The line of one file in the list: how far it is, and what was counted. */
function lineOf(name: string): Told & { arrived(): void; failed(why: string): void } {
  const list = byId("sending");
  const item = document.createElement("li");
  const how = document.createElement("div");
  const hash = document.createElement("div");
  item.className = "text-break";
  hash.className = "small font-monospace";
  item.append(how, hash);
  list.append(item);
  const show = (words: string | undefined, part: number, why = ""): void => {
    how.textContent = fill(words, { name, percent: String(Math.floor(part * 100)), why });
  };
  const say = (): void => void (byId("said").textContent = how.textContent);
  return {
    counting: (part) => show(list.dataset.counting, part),
    counted: (hex) => (hash.textContent = fill(list.dataset.hash, { hash: hex })),
    there: (part) => show(list.dataset.sending, part),
    waiting: (part) => { show(list.dataset.waiting, part); say(); },
    arrived: () => { show(list.dataset.arrived, 1); say(); },
    failed: (why) => { show(list.dataset.failed, 0, why); say(); },
  };
}

async function sendAll(files: File[]): Promise<boolean> {
  let all = true;
  for (const file of files) {
    const told = lineOf(file.name);
    try {
      await send(form!.dataset.begin!, file, line, told);
      told.arrived();
    } catch (error) {
      if (!(error instanceof NotTaken) && !(error instanceof DOMException)) throw error;
      told.failed((error instanceof NotTaken && error.message) || (byId("sending").dataset.unreadable ?? ""));
      all = false;
    }
  }
  return all;
}

const stay = (event: BeforeUnloadEvent): void => event.preventDefault();

form?.addEventListener("submit", (event) => {
  const files = [...(byId<HTMLInputElement>("files").files ?? [])];
  if (!files.length) return; // the server says what is lacking
  event.preventDefault();
  const button = form.querySelector<HTMLButtonElement>("button")!;
  button.disabled = true;
  addEventListener("beforeunload", stay);
  byId("sending").replaceChildren();
  void sendAll(files).then((all) => {
    removeEventListener("beforeunload", stay);
    button.disabled = false;
    if (all) location.replace(location.pathname + location.search);
  });
});
