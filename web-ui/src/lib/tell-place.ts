// The place in the form of telling: the telephone's position, a photo's own place or a pin on the map; said in words before it is sent.

import type { Position } from "./map-geo";
import { byId } from "./page";
import type { PinMap } from "./tell-map";
import { hamletAt, positionText, readPosition, type Hamlet, type Land } from "./tell-where";

export class Where {
  private land: Promise<Land> | null = null;
  private map: PinMap | null = null;
  private readonly field: HTMLInputElement;
  private readonly hamlet: HTMLSelectElement;
  private readonly said = byId("pin-said");
  /** The hamlet that a pin chose, so that another pin may choose another one, and nobody's own choice is changed. */
  private chose = "";
  /** The hamlet whose boundary holds the place. */
  private held = "";

  constructor(private readonly form: HTMLFormElement) {
    this.field = form.querySelector<HTMLInputElement>("[name=position]")!;
    this.hamlet = form.querySelector<HTMLSelectElement>("[name=hamlet]")!;
    form.querySelector<HTMLElement>("[data-place]")!.hidden = false;
    document.getElementById("map-open")?.addEventListener("click", () => void this.toggle());
    byId("pin-drop").addEventListener("click", () => this.drop());
    this.refresh();
  }

  /** From wherever it comes. */
  set(at: Position): void {
    this.field.value = positionText(at);
    this.map?.show(at);
    this.refresh();
  }

  /** What stands in the field, in words: the form may have been filled anew. */
  refresh(): void {
    const at = readPosition(this.field.value);
    byId("pin-drop").hidden = at === null;
    if (at === null) this.said.replaceChildren();
    else void this.tell(at);
  }

  /** All that is said of the place, for the last screen. */
  summary(): string {
    const hamlet = this.hamlet.value ? (this.hamlet.selectedOptions[0]?.textContent ?? "") : "";
    const place = this.form.querySelector<HTMLInputElement>("[name=place]")!.value.trim();
    const pin = readPosition(this.field.value) === null ? "" : this.hamlet.value && this.hamlet.value === this.held ? (this.said.dataset.pinned ?? "") : (this.said.textContent ?? "");
    return [place, hamlet, pin].filter(Boolean).join(" · ");
  }

  private async tell(at: Position): Promise<void> {
    const words = this.said.dataset;
    this.said.textContent = (words.at ?? "").replace("{position}", positionText(at));
    const land = await this.fetched().catch(() => null); // without a network the numbers stand
    if (land === null || readPosition(this.field.value)?.join() !== at.join()) return;
    const hamlet = hamletAt(land, at);
    if (hamlet) this.said.textContent = (words.in ?? "").replace("{hamlet}", hamlet.name);
    else if (land.hamlets.length) this.said.textContent = words.out ?? "";
    this.held = hamlet ? String(hamlet.key) : "";
    this.choose(hamlet);
  }

  private choose(hamlet: Hamlet | null): void {
    if (this.hamlet.value !== this.chose) return;
    const key = hamlet ? String(hamlet.key) : "";
    if (![...this.hamlet.options].some((one) => one.value === key)) return;
    this.hamlet.value = this.chose = key;
  }

  private fetched(): Promise<Land> {
    this.land ??= fetch(this.said.dataset.url ?? "", { credentials: "omit" }).then(async (answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return (await answer.json()) as Land;
    });
    this.land.catch(() => (this.land = null)); // asked again the next time
    return this.land;
  }

  private drop(): void {
    this.field.value = "";
    this.map?.drop();
    this.choose(null);
    this.chose = this.held = "";
    byId("here-said").replaceChildren();
    this.refresh();
    (document.getElementById("map-open") ?? this.hamlet).focus();
  }

  private async toggle(): Promise<void> {
    const box = byId("map-box"), button = byId("map-open");
    const open = box.hidden;
    box.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    if (this.map === null && !(await this.load())) {
      box.hidden = true;
      button.setAttribute("aria-expanded", "false");
      return;
    }
    this.map?.resize();
    this.map?.focus();
  }

  private async load(): Promise<boolean> {
    this.said.textContent = this.said.dataset.loading ?? "";
    try {
      const [{ PinMap }, land] = await Promise.all([import("./tell-map"), this.fetched()]);
      this.map ??= new PinMap(byId("map"), land, (at) => this.set(at));
    } catch {
      this.said.textContent = this.said.dataset.failed ?? "";
      return false;
    }
    const at = readPosition(this.field.value);
    if (at) this.map.show(at);
    this.refresh();
    return true;
  }
}
