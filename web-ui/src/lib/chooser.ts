// Choosing cameras: a list that is searched as one types, without accents too, and the nearest ones of a picture.

import { plain } from "./clock";
import { say, type CameraInfo, type Words } from "./page";

/** Cameras that have every word somewhere in their name or place; those whose name begins with the first come first. */
export function search(cameras: readonly CameraInfo[], typed: string): CameraInfo[] {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...cameras];
  const found = cameras.filter((camera) => {
    const text = plain([camera.name, camera.site, camera.hamlet, camera.road].join(" "));
    return wanted.every((word) => text.includes(word));
  });
  const first = (camera: CameraInfo): number => (plain(camera.name).startsWith(wanted[0]!) ? 0 : 1);
  return found.sort((a, b) => first(a) - first(b));
}

export interface ChooserOwner {
  words: Words;
  cameras: readonly CameraInfo[];
  shown(): readonly string[];
  toggle(camera: CameraInfo): void;
}

export class Chooser {
  constructor(private readonly menu: HTMLDetailsElement, private readonly input: HTMLInputElement, private readonly list: HTMLElement, private readonly owner: ChooserOwner) {
    input.addEventListener("input", () => this.draw());
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = search(owner.cameras, input.value).find((camera) => !owner.shown().includes(camera.key));
      if (first && input.value.trim()) owner.toggle(first);
      this.draw();
    });
    menu.addEventListener("toggle", () => {
      if (!menu.open) return;
      input.value = "";
      this.draw();
      input.focus();
    });
  }

  open(): void {
    this.menu.open = true;
  }

  draw(): void {
    if (!this.menu.open) return;
    const shown = this.owner.shown();
    const focused = (document.activeElement as HTMLElement | null)?.dataset.key;
    const found = search(this.owner.cameras, this.input.value);
    this.list.replaceChildren(...found.map((camera) => this.item(camera, shown.includes(camera.key))));
    if (found.length === 0) {
      const empty = document.createElement("li");
      empty.className = "p-2 text-secondary";
      empty.textContent = say(this.owner.words, "noCameraFound");
      this.list.append(empty);
    }
    if (focused) this.list.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  private item(camera: CameraInfo, isShown: boolean): HTMLElement {
    const item = document.createElement("li");
    const choose = document.createElement("button");
    choose.type = "button";
    choose.className = "choice";
    choose.dataset.key = camera.key;
    choose.setAttribute("aria-pressed", String(isShown));
    const name = document.createElement("span");
    name.textContent = camera.name;
    const place = document.createElement("small");
    place.textContent = [camera.site === camera.name ? "" : camera.site, camera.hamlet].filter(Boolean).join(" · ");
    choose.append(name, place);
    choose.addEventListener("click", () => {
      this.owner.toggle(camera);
      this.draw();
    });
    item.append(choose);
    return item;
  }
}

/** The nearest cameras of the chosen picture as buttons: from eye to eye at the same minute. */
export function drawNear(root: HTMLElement, camera: CameraInfo | undefined, owner: ChooserOwner, go: (camera: CameraInfo) => void): void {
  const near = (camera?.near ?? []).flatMap((key) => owner.cameras.find((one) => one.key === key) ?? []);
  root.classList.toggle("is-empty", near.length === 0);
  if (!camera || near.length === 0) return root.replaceChildren();
  const title = document.createElement("span");
  title.textContent = say(owner.words, "near", { name: camera.name });
  const shown = owner.shown();
  root.replaceChildren(title, ...near.map((one) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "near-chip";
    chip.dataset.key = one.key;
    chip.setAttribute("aria-pressed", String(shown.includes(one.key)));
    chip.textContent = one.name;
    chip.addEventListener("click", () => go(one));
    return chip;
  }));
}
