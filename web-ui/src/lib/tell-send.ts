// One sending: the task is asked for right before, solved, and the tip goes with it. What did not arrive can be sent again as it is.

import { solve } from "./effort";
import type { Kept } from "./tell-store";

export interface Told {
  code: string;
  left: string[];
}
export interface Refused {
  trouble: string;
  errors: Record<string, string[]>;
}
export type Outcome = { end: "told"; told: Told } | { end: "refused"; refused: Refused } | { end: "large" } | { end: "later" };
type Fetch = (url: string, options?: RequestInit) => Promise<Response>;
const JSON_WANTED = { Accept: "application/json" };

export async function send(one: Kept, action: string, readyUrl: string, ask: Fetch): Promise<Outcome> {
  try {
    const ready = await ask(readyUrl, { headers: JSON_WANTED, credentials: "omit", cache: "no-store" });
    if (!ready.ok) return { end: "later" };
    const { task, bits } = (await ready.json()) as { task: string; bits: number };
    const body = new FormData();
    for (const [name, value] of one.fields) body.append(name, value);
    body.set("sending", one.sending);
    body.set("task", task);
    body.set("answer", bits > 0 ? await solve(task, bits) : "");
    one.photos.forEach((photo, number) => body.append("photos", photo, `${number + 1}.${photo.type.startsWith("video/") ? "mp4" : "jpg"}`));
    const answer = await ask(action, { method: "POST", body, headers: JSON_WANTED, credentials: "omit" });
    if (answer.status === 201) return { end: "told", told: (await answer.json()) as Told };
    if (answer.status === 422 || answer.status === 429) return { end: "refused", refused: (await answer.json()) as Refused };
    if (answer.status === 413) return { end: "large" };
    return { end: "later" };
  } catch {
    return { end: "later" };
  }
}

/** 128 random bits; `getRandomValues` works on pages without a certificate too. */
export function newSending(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
