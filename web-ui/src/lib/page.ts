// What the page's template hands to its script: cameras, addresses and words, as JSON. No texts live in scripts.

export interface CameraInfo {
  key: string;
  name: string;
  hamlet: string;
  site: string;
  road: string;
  /** The nearest cameras of the person's scope, nearest first; empty where the position is not known. */
  near: string[];
  hasSub: boolean;
  page: string;
}

export interface Problem {
  cause: string;
  hint: string;
}

export interface Words {
  problems: Record<string, Problem>;
  states: Record<string, string>;
  gaps?: Record<string, string>;
  [name: string]: string | Record<string, string> | Record<string, Problem> | undefined;
}

export interface Screen {
  cameras: CameraInfo[];
  recorderUrl: string;
  tokenUrl: string;
  loginUrl: string;
  timeZone: string;
  /** Whose name stands in the pictures; empty where the regulation does not want it. */
  watermark?: string;
  language: string;
  words: Words;
  chosen?: string[];
  exportUrl?: string;
  /** The form that holds footage, for those who may. */
  holdUrl?: string;
  /** The form that begins a blur, for those who may. */
  blurUrl?: string;
  packageUrl?: string;
  /** A clip that may leave, since somebody agreed to it; the page was opened for it. */
  approved?: { key: string; cameras: string[]; from: number; to: number };
  bookmarksUrl?: string;
  purposes?: Record<"history" | "export", { key: string; words: string; reference: boolean }[]>;
}

export function readScreen(): Screen {
  return JSON.parse(byId("screen").textContent ?? "") as Screen;
}

export function csrfToken(): string {
  return document.querySelector<HTMLInputElement>("#csrf input[name=csrfmiddlewaretoken]")?.value ?? "";
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element as T;
}

/** A word by its name, with `{name}` places filled. */
export function say(words: Words, name: string, fill: Record<string, string> = {}): string {
  const text = words[name];
  if (typeof text !== "string") throw new Error(`no words for ${name}`);
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => fill[key] ?? whole);
}
