// One form of the survey, filled in step by step. Each change is kept at once, so that a reload, a dead battery or a closed page loses nothing.

import { say, type Words } from "./page";
import { Compass } from "./survey-compass";
import { clockError } from "./survey-figures";
import { NoPhoto, smallPhoto } from "./survey-photo";
import { PlaceField, type Around } from "./survey-place";
import type { Entry, Kind, Store } from "./survey-store";

export const MOST_PHOTOS = 30;
const REQUIRED: Record<Kind, string[]> = { eye: ["name", "position"], need: ["name", "position", "reason"], nothing_here: [] };

export interface Surroundings {
  hamlets: () => { id: number; name: string }[];
  around: () => Around[];
  /** The entry is filled in. */
  finished: (entry: Entry) => Promise<void>;
  left: () => void;
  dropped: (entry: Entry) => Promise<void>;
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export class EntryForm {
  private entry: Entry | null = null;
  private keeping: Promise<void> = Promise.resolve();
  private readonly form: HTMLFormElement;
  private readonly steps: HTMLFieldSetElement[];
  private readonly compass: Compass | null = null;
  private readonly place: PlaceField | null = null;
  private shotUrls: string[] = [];
  private frozenMs = 0;

  constructor(
    private readonly screen: HTMLElement,
    private readonly store: Store,
    private readonly words: Words,
    private readonly surroundings: Surroundings,
  ) {
    this.form = screen.querySelector("form")!;
    this.steps = [...screen.querySelectorAll<HTMLFieldSetElement>("fieldset[data-step]")];
    const compass = screen.querySelector<HTMLElement>("[data-compass]");
    if (compass) this.compass = new Compass(compass, this.control("bearing_deg") as HTMLInputElement, words);
    const place = screen.querySelector<HTMLElement>("[data-position]");
    if (place) this.place = new PlaceField(place, this.control("position") as HTMLInputElement, words, surroundings.around);
    this.form.addEventListener("input", (event) => this.changed(event));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.next();
    });
    this.button("back").addEventListener("click", () => this.back());
    this.button("later").addEventListener("click", () => void this.keeping.then(() => surroundings.left()));
    this.button("drop").addEventListener("click", () => void this.drop());
    for (const input of screen.querySelectorAll<HTMLInputElement>("[data-shot]")) input.addEventListener("change", () => void this.shoot(input));
    this.startClock();
  }

  private button(name: string): HTMLButtonElement {
    return this.screen.querySelector<HTMLButtonElement>(`[data-${name}]`)!;
  }

  private control(name: string): Control {
    return this.form.elements.namedItem(name) as Control;
  }

  private controls(): Control[] {
    return [...this.form.elements].filter((one): one is Control => "name" in one && one.name !== "");
  }

  /** Shows an entry, at the step it was left at. */
  async open(entry: Entry): Promise<void> {
    this.entry = entry;
    this.form.reset();
    const fresh = Object.keys(entry.values).length === 0;
    for (const control of this.controls()) {
      if (!fresh || entry.target) control.value = entry.values[control.name] ?? "";
      entry.values[control.name] = control.value; // what a new form chooses by itself is part of it
    }
    this.chooseHamlet(entry);
    this.compass?.show();
    this.place?.show();
    this.tellFaults(entry);
    this.show(entry.step);
    await this.drawPhotos();
    await this.keep();
  }

  close(): void {
    this.compass?.stop();
    this.entry = null;
  }

  private chooseHamlet(entry: Entry): void {
    const select = this.screen.querySelector<HTMLSelectElement>("[data-hamlet]");
    if (!select) return;
    const hamlets = this.surroundings.hamlets();
    select.replaceChildren(...hamlets.map(({ id, name }) => new Option(name, String(id), false, id === entry.hamlet)));
    select.disabled = entry.target !== "";
    if (entry.hamlet === null && hamlets[0]) entry.hamlet = hamlets[0].id;
  }

  private changed(event: Event): void {
    if (!this.entry) return;
    const control = event.target as Control;
    if (control.matches("[data-hamlet]")) this.entry.hamlet = Number(control.value);
    else if (control.name) this.entry.values[control.name] = control.value;
    else return;
    if (control.name === "name") this.entry.name = control.value;
    this.fault(control.name, "");
    void this.keep();
  }

  /** One after the other, so that the last is what stays. */
  private keep(): Promise<void> {
    const entry = this.entry;
    if (!entry) return this.keeping;
    const copy = structuredClone(entry);
    this.keeping = this.keeping.then(() => this.store.keep(copy)).catch(() => this.formFault(say(this.words, "cannotKeep")));
    return this.keeping;
  }

  // --- steps ---------------------------------------------------------------------------------------------------------
  private show(step: number): void {
    const entry = this.entry!;
    entry.step = Math.max(0, Math.min(this.steps.length - 1, step));
    this.steps.forEach((one, index) => (one.hidden = index !== entry.step));
    const last = entry.step === this.steps.length - 1;
    this.screen.querySelector("[data-step-words]")!.textContent = this.steps.length > 1 ? say(this.words, "step", { number: String(entry.step + 1), of: String(this.steps.length) }) : entry.name;
    this.screen.querySelector("[data-next-words]")!.textContent = say(this.words, last ? "finish" : "next");
    this.button("back").hidden = entry.step === 0;
    if (entry.step !== 1) this.compass?.stop();
  }

  private async next(): Promise<void> {
    const entry = this.entry;
    if (!entry || !this.complete(entry.step)) return;
    if (entry.step < this.steps.length - 1) {
      this.show(entry.step + 1);
      this.screen.querySelector<HTMLElement>("h2")!.focus();
      scrollTo(0, 0);
      return void this.keep();
    }
    const missing = this.steps.findIndex((_, step) => !this.complete(step));
    if (missing >= 0) return this.show(missing);
    this.compass?.stop();
    Object.assign(entry, { state: "waiting", faults: {}, code: "", step: 0 });
    await this.keep();
    await this.surroundings.finished(entry);
  }

  private back(): void {
    if (!this.entry) return;
    this.show(this.entry.step - 1);
    void this.keep();
  }

  private complete(step: number): boolean {
    const entry = this.entry!;
    const missing = REQUIRED[entry.kind].filter((name) => this.steps[step]!.contains(this.control(name)) && !(entry.values[name] ?? "").trim());
    for (const name of missing) this.fault(name, say(this.words, "missing"));
    if (missing[0]) this.control(missing[0]).focus();
    return missing.length === 0;
  }

  private async drop(): Promise<void> {
    const entry = this.entry;
    if (!entry || !confirm(say(this.words, "reallyDrop"))) return;
    this.entry = null;
    await this.keeping;
    await this.surroundings.dropped(entry);
  }

  // --- faults --------------------------------------------------------------------------------------------------------
  private fault(name: string, words: string): void {
    const control = name ? this.control(name) : null;
    if (!control) return;
    const told = control.closest(".field")?.querySelector(".error");
    if (told) told.textContent = words;
    control.classList.toggle("is-invalid", words !== "");
    if (words) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }

  private formFault(words: string): void {
    const told = this.screen.querySelector<HTMLElement>("[data-form-fault]")!;
    told.textContent = words;
    told.hidden = words === "";
  }

  /** What the machine found wrong, at its field; the step of the first is shown. */
  private tellFaults(entry: Entry): void {
    const rest: string[] = [];
    for (const control of this.controls()) this.fault(control.name, entry.faults[control.name] ?? "");
    for (const [name, words] of Object.entries(entry.faults)) {
      if (name.startsWith("photo-")) this.photoFault(words || say(this.words, "photoNotTaken"));
      else if (name === "" || !this.control(name)) rest.push(words);
    }
    if (entry.code && !rest.length && !entry.code.startsWith("photo")) rest.push(say(this.words, entry.code === "too_large" ? "entryTooLarge" : "entryNotTaken"));
    this.formFault(rest.join(" "));
    const first = this.steps.findIndex((step) => step.querySelector(".is-invalid"));
    if (first >= 0) entry.step = first;
  }

  // --- photos --------------------------------------------------------------------------------------------------------
  private photoFault(words: string): void {
    const told = this.screen.querySelector("[data-photo-error]");
    if (told) told.textContent = words;
  }

  private async shoot(input: HTMLInputElement): Promise<void> {
    const entry = this.entry;
    const files = [...(input.files ?? [])];
    input.value = "";
    this.photoFault("");
    for (const file of files) {
      if (!entry || entry.photos.length >= MOST_PHOTOS) return this.photoFault(say(this.words, "photoEnough"));
      try {
        const { sha256, type, bytes } = await smallPhoto(file);
        if (entry.photos.some((one) => one.sha256 === sha256)) continue;
        await this.store.keepPhoto(entry.id, sha256, type, bytes); // before the entry names it
        entry.photos.push({ sha256, kind: input.dataset.shot ?? "view", sent: false });
        await this.keep();
      } catch (trouble) {
        this.photoFault(say(this.words, trouble instanceof NoPhoto ? trouble.trouble : "cannotKeep"));
      }
      await this.drawPhotos();
    }
  }

  private async drawPhotos(): Promise<void> {
    const list = this.screen.querySelector("[data-photo-list]");
    const entry = this.entry;
    if (!list || !entry) return;
    for (const url of this.shotUrls) URL.revokeObjectURL(url);
    this.shotUrls = [];
    const items: HTMLElement[] = [];
    for (const [index, { sha256, kind }] of entry.photos.entries()) {
      const kept = await this.store.photo(entry.id, sha256);
      const item = document.createElement("li");
      const label = this.screen.querySelector(`[data-shot="${kind}"]`)?.closest("label")?.textContent?.trim() ?? "";
      if (kept) {
        const url = URL.createObjectURL(new Blob([kept.bytes], { type: kept.type }));
        this.shotUrls.push(url);
        item.append(Object.assign(document.createElement("img"), { src: url, alt: label }));
      }
      const remove = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: say(this.words, "removePhoto", { number: String(index + 1) }) });
      remove.addEventListener("click", () => void this.removePhoto(sha256));
      item.append(remove);
      items.push(item);
    }
    list.replaceChildren(...items);
  }

  private async removePhoto(sha256: string): Promise<void> {
    const entry = this.entry;
    if (!entry) return;
    entry.photos = entry.photos.filter((one) => one.sha256 !== sha256);
    await this.keep();
    await this.store.removePhoto(entry.id, sha256);
    this.photoFault("");
    await this.drawPhotos();
    this.screen.querySelector<HTMLElement>("[data-photos] input")?.focus();
  }

  // --- the camera's clock --------------------------------------------------------------------------------------------
  private startClock(): void {
    const root = this.screen.querySelector<HTMLElement>("[data-clock]");
    if (!root) return;
    const now = root.querySelector("[data-now]")!;
    const shown = root.querySelector<HTMLInputElement>("[data-shown]")!;
    const tick = (): void => {
      if (this.entry && !this.screen.hidden) now.textContent = new Date(this.frozenMs || Date.now()).toLocaleTimeString("vi-VN", { hour12: false });
    };
    setInterval(tick, 500);
    root.querySelector("[data-freeze]")!.addEventListener("click", () => {
      this.frozenMs = Date.now();
      tick();
      shown.focus();
    });
    shown.addEventListener("change", () => {
      const error = clockError(shown.value, this.frozenMs || Date.now());
      root.querySelector("[data-clock-said]")!.textContent = shown.value.trim() === "" ? "" : error === null ? say(this.words, "clockUnread") : say(this.words, "clockError", { seconds: String(error) });
      if (error === null) return;
      const field = this.control("clock_error_s");
      field.value = String(error);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
