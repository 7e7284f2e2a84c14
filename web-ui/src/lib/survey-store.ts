// What the survey keeps on the telephone: the list of today of one person, and what was filled in and is not sent yet.
// The list goes at logout and when somebody else logs in. What was filled in stays until it is sent, by the same person alone.

import { openDB, type DBSchema, type IDBPDatabase } from "idb";

export type Value = string | number | null;
export type Fields = Record<string, Value>;

export interface Thing {
  kind: "eye" | "need" | "place";
  key: string;
  name: string;
  hamlet: number;
  position: [number, number] | null;
  visited: boolean;
  revision: number;
  fields: Fields;
}

export interface Round {
  key: string;
  name: string;
  until: string;
  hamlets: { hamlet: number; target: number; eyes: number; needs: number; nothing: number }[];
}

export interface Today {
  user: number;
  name: string;
  /** Seconds since 1970, by the server's clock. */
  at: number;
  hamlets: { id: number; name: string }[];
  campaigns: Round[];
  things: Thing[];
}

export type Kind = "eye" | "need" | "nothing_here";
/** draft: being filled in. waiting: to be sent. fault: to be corrected first. conflict, refused: the server has it, somebody decides. */
export type State = "draft" | "waiting" | "fault" | "conflict" | "refused";

export interface PhotoRef {
  sha256: string;
  kind: string;
  sent: boolean;
}

export interface Entry {
  id: string;
  user: number;
  kind: Kind;
  /** Milliseconds since 1970, by the telephone's clock. */
  made: number;
  state: State;
  step: number;
  name: string;
  campaign: string;
  hamlet: number | null;
  place: string;
  target: string;
  base: number | null;
  /** As the form has them. */
  values: Record<string, string>;
  /** As the list of today had them, for something that was there. */
  known: Fields;
  photos: PhotoRef[];
  /** Words by field, from the server; "" is for the whole. */
  faults: Record<string, string>;
  /** A fault that the server did not put into words: login, too_large … */
  code: string;
}

interface KeptPhoto {
  key: string;
  entry: string;
  sha256: string;
  type: string;
  bytes: ArrayBuffer;
}

interface Survey extends DBSchema {
  today: { key: number; value: Today };
  entries: { key: string; value: Entry; indexes: { user: number } };
  photos: { key: string; value: KeptPhoto; indexes: { entry: string } };
}

export const NAME = "luytre-survey";

export class Store {
  private constructor(private readonly base: IDBPDatabase<Survey>) {}

  static async open(name = NAME): Promise<Store> {
    const base = await openDB<Survey>(name, 1, {
      upgrade(made) {
        made.createObjectStore("today", { keyPath: "user" });
        made.createObjectStore("entries", { keyPath: "id" }).createIndex("user", "user");
        made.createObjectStore("photos", { keyPath: "key" }).createIndex("entry", "entry");
      },
    });
    return new Store(base);
  }

  close(): void {
    this.base.close();
  }

  /** The list of whoever was here last; older than a day it is nobody's any longer, and goes. */
  async today(nowMs: number, longestMs = 20 * 3_600_000): Promise<Today | null> {
    const found = (await this.base.getAll("today"))[0] ?? null;
    if (found === null || nowMs - found.at * 1000 < longestMs) return found;
    await this.base.clear("today");
    return null;
  }

  /** Only one person's list is kept. */
  async keepToday(list: Today): Promise<void> {
    const change = this.base.transaction("today", "readwrite");
    await change.store.clear();
    await change.store.put(list);
    await change.done;
  }

  async forgetToday(): Promise<void> {
    await this.base.clear("today");
  }

  /** What this person filled in, the oldest first. Nobody reads another's. */
  async entries(user: number): Promise<Entry[]> {
    const found = await this.base.getAllFromIndex("entries", "user", user);
    return found.sort((one, other) => one.made - other.made || (one.id < other.id ? -1 : 1));
  }

  async entry(user: number, id: string): Promise<Entry | null> {
    const found = await this.base.get("entries", id);
    return found?.user === user ? found : null;
  }

  /** How many entries of other people wait on this telephone: their number, nothing of what is in them. */
  async others(user: number): Promise<number> {
    return (await this.base.count("entries")) - (await this.base.countFromIndex("entries", "user", user));
  }

  async keep(entry: Entry): Promise<void> {
    await this.base.put("entries", entry);
  }

  /** The entry and its photos. */
  async remove(id: string): Promise<void> {
    const change = this.base.transaction(["entries", "photos"], "readwrite");
    await change.objectStore("entries").delete(id);
    const photos = change.objectStore("photos");
    for (const key of await photos.index("entry").getAllKeys(id)) await photos.delete(key);
    await change.done;
  }

  /** The entry under its new number, with its photos, in one step. */
  async renumber(old: string, entry: Entry): Promise<void> {
    const change = this.base.transaction(["entries", "photos"], "readwrite");
    const photos = change.objectStore("photos");
    for (const photo of await photos.index("entry").getAll(old)) {
      await photos.delete(photo.key);
      await photos.put({ ...photo, entry: entry.id, key: `${entry.id}/${photo.sha256}` });
    }
    await change.objectStore("entries").delete(old);
    await change.objectStore("entries").put(entry);
    await change.done;
  }

  async keepPhoto(entry: string, sha256: string, type: string, bytes: ArrayBuffer): Promise<void> {
    await this.base.put("photos", { key: `${entry}/${sha256}`, entry, sha256, type, bytes });
  }

  async photo(entry: string, sha256: string): Promise<KeptPhoto | null> {
    return (await this.base.get("photos", `${entry}/${sha256}`)) ?? null;
  }

  async removePhoto(entry: string, sha256: string): Promise<void> {
    await this.base.delete("photos", `${entry}/${sha256}`);
  }
}

/** An entry to be filled in: of something new, or of a thing of the list, whose fields the form then shows. */
export function blank(id: string, user: number, kind: Kind, nowMs: number, thing: Thing | null, campaign: string, hamlet: number | null): Entry {
  const there = thing !== null && thing.kind === kind;
  return {
    id, user, kind, made: nowMs, state: "draft", step: 0, name: thing?.name ?? "", campaign, hamlet: thing?.hamlet || hamlet,
    place: thing?.kind === "place" ? thing.key : "", target: there ? thing.key : "", base: there ? thing.revision : null,
    values: there ? shown(thing.fields) : {}, known: there ? thing.fields : {}, photos: [], faults: {}, code: "",
  };
}

/** Figures as people here write them. */
export function shown(fields: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value === null ? "" : typeof value === "number" ? String(value).replace(".", ",") : value]));
}

/** What is sent: of something new all that was typed, else what differs from what the list had. */
export function payload(entry: Entry): Record<string, unknown> {
  const before = shown(entry.known);
  const changed = Object.entries(entry.values).filter(([name, value]) => (entry.target ? value !== (before[name] ?? "") : value !== ""));
  return {
    id: entry.id, kind: entry.kind, made: entry.made / 1000, campaign: entry.campaign, hamlet: entry.hamlet, place: entry.place,
    target: entry.target, base: entry.base, fields: Object.fromEntries(changed),
    before: Object.fromEntries(changed.filter(([name]) => name in entry.known).map(([name]) => [name, entry.known[name]])),
    photos: entry.photos.map(({ sha256, kind }) => ({ sha256, kind })),
  };
}

/** A number of its own, also where the page is not served over https. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
