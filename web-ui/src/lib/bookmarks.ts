// The list of moments that somebody wants to find again: made, jumped to, removed, brought back.

import { showMoment } from "./clock";
import { csrfToken, say, type CameraInfo, type Words } from "./page";

export interface Bookmark {
  key: string;
  at: number;
  cameras: string[];
  words: string;
  by: string;
  own: boolean;
}

export interface BookmarksOptions {
  url: string;
  words: Words;
  zone: string;
  cameras: ReadonlyMap<string, CameraInfo>;
  list: HTMLElement;
  status: HTMLElement;
  go(bookmark: Bookmark): void;
  changed(): void;
  loggedOut(): void;
}

export class Bookmarks {
  all: Bookmark[] = [];
  constructor(private readonly options: BookmarksOptions) {}

  async load(): Promise<void> {
    const found = (await this.send("", "GET")) as { bookmarks?: Bookmark[] } | null;
    if (!found?.bookmarks) return this.tell("bookmarksFailed");
    this.all = found.bookmarks;
    this.draw();
  }

  async add(cameras: readonly string[], at: number, words: string): Promise<boolean> {
    const made = (await this.send("", "POST", { cameras, at, words })) as Bookmark | null;
    if (!made) {
      this.tell("bookmarkFailed");
      return false;
    }
    this.all = [made, ...this.all].sort((a, b) => b.at - a.at);
    this.draw();
    this.tell("bookmarkKept", { time: showMoment(made.at, this.options.zone) });
    return true;
  }

  private async remove(bookmark: Bookmark): Promise<void> {
    if (!(await this.send(`/${bookmark.key}/delete`, "POST"))) return this.tell("bookmarkFailed");
    this.all = this.all.filter((other) => other !== bookmark);
    this.draw();
    this.tell("bookmarkRemoved");
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "btn btn-sm undo";
    undo.textContent = say(this.options.words, "undo");
    undo.addEventListener("click", () => void this.restore(bookmark));
    this.options.status.append(" ", undo);
    undo.focus();
  }

  private async restore(bookmark: Bookmark): Promise<void> {
    if (!(await this.send(`/${bookmark.key}/restore`, "POST"))) return this.tell("bookmarkFailed");
    this.all = [...this.all, bookmark].sort((a, b) => b.at - a.at);
    this.draw();
    this.tell("bookmarkBack");
  }

  private tell(name: string, fill: Record<string, string> = {}): void {
    this.options.status.textContent = say(this.options.words, name, fill);
  }

  private draw(): void {
    this.options.list.replaceChildren(...this.all.map((one) => this.item(one)));
    if (this.all.length === 0) {
      const empty = document.createElement("li");
      empty.className = "text-secondary";
      empty.textContent = say(this.options.words, "noBookmarks");
      this.options.list.append(empty);
    }
    this.options.changed();
  }

  private item(bookmark: Bookmark): HTMLElement {
    const item = document.createElement("li");
    item.className = "bookmark";
    const jump = document.createElement("button");
    jump.type = "button";
    jump.className = "bookmark-go";
    const time = document.createElement("b");
    time.textContent = showMoment(bookmark.at, this.options.zone);
    const words = document.createElement("span");
    words.textContent = bookmark.words;
    const cameras = document.createElement("small");
    const names = bookmark.cameras.map((key) => this.options.cameras.get(key)?.name ?? key).join(", ");
    cameras.textContent = bookmark.own ? names : `${names} · ${bookmark.by}`;
    jump.append(time, words, cameras);
    jump.addEventListener("click", () => this.options.go(bookmark));
    item.append(jump);
    if (bookmark.own) item.append(this.remover(bookmark));
    return item;
  }

  private remover(bookmark: Bookmark): HTMLButtonElement {
    const away = document.createElement("button");
    away.type = "button";
    away.className = "btn btn-icon btn-ghost-secondary";
    away.setAttribute("aria-label", say(this.options.words, "removeBookmark", { time: showMoment(bookmark.at, this.options.zone) }));
    const shape = document.querySelector<HTMLTemplateElement>("template#icon-trash");
    if (shape) away.append(shape.content.cloneNode(true));
    away.addEventListener("click", () => void this.remove(bookmark));
    return away;
  }

  private async send(path: string, method: string, body: unknown = {}): Promise<unknown> {
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
    const response = await fetch(this.options.url + path, method === "GET" ? { headers } : { method, headers, body: JSON.stringify(body) }).catch(() => null);
    if (response?.status === 401) this.options.loggedOut();
    return response?.ok ? response.json().catch(() => null) : null;
  }
}
