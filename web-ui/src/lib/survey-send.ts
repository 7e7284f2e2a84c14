// Sends what was filled in: one entry after the other, then its photos one by one. Whatever breaks off goes on where it was, since
// the server takes each number once and says which photos it misses. Used by the page and by the service worker alike.

import { newId, payload, type Entry, type Fields, type Store } from "./survey-store";

export interface Places {
  readyUrl: string;
  entriesUrl: string;
  photosUrl: string;
}

/** done: nothing waits any longer. later: no network, or the server is not well. login: somebody has to log in. other: somebody else is. */
export type End = "done" | "later" | "login" | "other";
export interface Outcome {
  end: End;
  sent: number;
  conflicts: number;
}

interface Ready {
  user: number;
  csrf: string;
}
interface Answer {
  state: "applied" | "conflict" | "discarded" | "refused";
  fault: string;
  missing: string[];
}
interface Taken {
  state: string;
  target: string;
  fields: Fields;
}
type Said = { faults?: Record<string, string>; message?: string; error?: string };

class Stop extends Error {
  constructor(readonly end: End) {
    super(end);
  }
}

const JSON_HEADERS = { Accept: "application/json" };

export class Sender {
  private csrf = "";
  constructor(
    private readonly store: Store,
    private readonly places: Places,
    private readonly ask: typeof fetch,
    private readonly each: () => void = () => undefined,
  ) {}

  /** Everything that waits of `user`. Never rejects for what the network or the server does. */
  async sendAll(user: number): Promise<Outcome> {
    const outcome: Outcome = { end: "done", sent: 0, conflicts: 0 };
    const waiting = (await this.store.entries(user)).filter((entry) => entry.state === "waiting");
    if (waiting.length === 0) return outcome;
    try {
      await this.login(user);
      for (const { id } of waiting) {
        const entry = await this.store.entry(user, id);
        if (entry?.state !== "waiting") continue; // taken up again meanwhile
        const state = await this.send(entry);
        if (state === "fault") continue;
        outcome.sent += 1;
        if (state !== "applied" && state !== "discarded") outcome.conflicts += 1;
        this.each();
      }
    } catch (stop) {
      if (!(stop instanceof Stop)) throw stop;
      outcome.end = stop.end;
    }
    return outcome;
  }

  /** A fresh form token, and whether it is still the same person. */
  private async login(user: number): Promise<void> {
    const answer = await this.request(this.places.readyUrl, { headers: JSON_HEADERS, cache: "no-store" });
    if (!answer.ok) throw new Stop("login"); // 403: of this person the survey is not any longer, until the roles are changed
    const ready = (await answer.json()) as Ready;
    if (ready.user !== user) throw new Stop("other");
    this.csrf = ready.csrf;
  }

  private async request(url: string, options: RequestInit): Promise<Response> {
    const answer = await this.ask(url, { credentials: "same-origin", redirect: "follow", ...options }).catch(() => null);
    if (answer === null || answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Stop("later");
    if (answer.status === 401) throw new Stop("login");
    return answer;
  }

  private async change(url: string, method: string, body: BodyInit, type: string, again = true): Promise<Response> {
    const headers = { ...JSON_HEADERS, "Content-Type": type, "X-CSRFToken": this.csrf };
    const answer = await this.request(url, { method, body, headers });
    if (answer.status !== 403 || !again || (await said(answer.clone())).error === "scope") return answer;
    const ready = await this.request(this.places.readyUrl, { headers: JSON_HEADERS, cache: "no-store" }); // the token was changed meanwhile
    if (!ready.ok) throw new Stop("login");
    this.csrf = ((await ready.json()) as Ready).csrf;
    return this.change(url, method, body, type, false);
  }

  private async send(entry: Entry): Promise<Answer["state"] | "fault"> {
    const answer = await this.change(this.places.entriesUrl, "POST", JSON.stringify(payload(entry)), "application/json");
    if (answer.status === 409) return this.send(await this.renumbered(entry, (await answer.json()) as Taken));
    if (!answer.ok) return this.fault(entry, await said(answer), answer.status);
    const told = (await answer.json()) as Answer;
    for (const sha256 of told.missing) {
      if (entry.photos.some((one) => one.sha256 === sha256) && !(await this.photo(entry, sha256))) return "fault";
    }
    if (told.state === "conflict" || told.state === "refused") await this.decided(entry, told);
    else await this.store.remove(entry.id);
    return told.state;
  }

  /** The answer to it was lost, and it was changed here since: what changed is sent as a change of what was taken. */
  private async renumbered(entry: Entry, taken: Taken): Promise<Entry> {
    const changed = { ...entry, id: newId() };
    if (taken.state === "applied" && taken.target) {
      const empty = Object.fromEntries(Object.keys(entry.values).map((name) => [name, null]));
      Object.assign(changed, { target: taken.target, base: 0, known: { ...empty, ...taken.fields } });
    }
    await this.store.renumber(entry.id, changed);
    return changed;
  }

  /** The server has all of it; what stays here is that somebody must look at it. */
  private async decided(entry: Entry, told: Answer): Promise<void> {
    await this.store.remove(entry.id);
    const faults: Record<string, string> = told.fault ? { "": told.fault } : {};
    await this.store.keep({ ...entry, state: told.state === "conflict" ? "conflict" : "refused", values: {}, known: {}, photos: [], faults, code: "" });
  }

  private async photo(entry: Entry, sha256: string): Promise<boolean> {
    const kept = await this.store.photo(entry.id, sha256);
    if (kept === null) return this.photoFault(entry, sha256, {}, "photo_lost");
    const url = `${this.places.photosUrl}${sha256}?entry=${entry.id}`;
    const answer = await this.change(url, "PUT", kept.bytes, kept.type || "application/octet-stream");
    if (!answer.ok) return this.photoFault(entry, sha256, await said(answer), answer.status === 413 ? "photo_too_large" : "photo");
    entry.photos = entry.photos.map((one) => (one.sha256 === sha256 ? { ...one, sent: true } : one));
    await this.store.keep(entry);
    this.each();
    return true;
  }

  private async photoFault(entry: Entry, sha256: string, words: Said, code: string): Promise<false> {
    await this.store.keep({ ...entry, state: "fault", code, faults: { [`photo-${sha256}`]: words.message ?? "" } });
    return false;
  }

  private async fault(entry: Entry, words: Said, status: number): Promise<"fault"> {
    const code = status === 413 ? "too_large" : words.faults ? "" : words.message ? "" : "not_taken";
    await this.store.keep({ ...entry, state: "fault", code, faults: words.faults ?? (words.message ? { "": words.message } : {}) });
    return "fault";
  }
}

async function said(answer: Response): Promise<Said> {
  const found: unknown = await answer.json().catch(() => null);
  return typeof found === "object" && found !== null ? found : {};
}
