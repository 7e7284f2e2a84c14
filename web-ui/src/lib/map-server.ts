// Saving what was drawn: one request, whose every end has a name. A login that ran out or was made anew loses nothing.

import type * as GeoJSON from "geojson";

import { csrfToken } from "./page";

export interface Body {
  values?: Record<string, string>;
  geometry?: unknown;
  mark?: string | null;
}

export interface Thing {
  key: string;
  name: string;
  mark: string;
  values: Record<string, string>;
  geometry: GeoJSON.Geometry | null;
}

export type Answer =
  | { kind: "done"; key: string; name: string; mark: string }
  | { kind: "refused"; errors: Record<string, string>; at: [number, number] | null }
  | { kind: "stale" | "loggedOut" | "mayNot" | "gone" | "away" };

let token = "";

export async function send(url: string, body: Body): Promise<Answer> {
  let answer = await post(url, body);
  if (answer?.status === 403 && (await freshToken())) answer = await post(url, body); // logged in again in another tab
  if (!answer) return { kind: "away" };
  const told = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  if (answer.ok) return { kind: "done", key: String(told.key), name: String(told.name), mark: String(told.mark ?? "") };
  if (answer.status === 422) return { kind: "refused", errors: (told.errors ?? {}) as Record<string, string>, at: (told.at ?? null) as [number, number] | null };
  const names: Record<number, "stale" | "loggedOut" | "mayNot" | "gone"> = { 409: "stale", 401: "loggedOut", 403: "mayNot", 404: "gone" };
  return { kind: names[answer.status] ?? "away" };
}

async function post(url: string, body: Body): Promise<Response | null> {
  try {
    return await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token || csrfToken() }, body: JSON.stringify(body) });
  } catch {
    return null;
  }
}

/** The form token of the present login, from the page as it is now; false where there is none to be had. */
async function freshToken(): Promise<boolean> {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
    const found = page.querySelector<HTMLInputElement>("#csrf input[name=csrfmiddlewaretoken]")?.value ?? "";
    const isNew = found !== "" && found !== token;
    token = found || token;
    return isNew;
  } catch {
    return false;
  }
}

export async function fetchThing(url: string): Promise<Thing | null> {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return answer.ok ? ((await answer.json()) as Thing) : null;
  } catch {
    return null;
  }
}
