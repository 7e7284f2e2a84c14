// The form of what is drawn, beside the map: fields as the server named them, the points as text, errors at their field.

import type { Position } from "./map-geo";
import { pointsText, readPoints, type Shape } from "./map-points";
import { button } from "./map-side";
import { say, type Words } from "./page";

export interface FieldInfo {
  name: string;
  words: string;
  type: "text" | "figure" | "day" | "choice" | "check";
  required: boolean;
  choices: [string, string][];
}

export interface FormPlan {
  title: string;
  help: string;
  fields: FieldInfo[];
  shapes: Shape[];
  /** False where the shape has several parts: it is drawn anew or left as it is. */
  bends: boolean;
  removes: boolean;
}

export interface FormOwner {
  words: Words;
  /** Something was typed. */
  typed(): void;
  points(points: Position[]): void;
  shape(shape: Shape): void;
  centre(): Position;
  save(): void;
  redraw(): void;
  cancel(): void;
  remove(): void;
}

export class FormPanel {
  private plan: FormPlan | null = null;
  shape: Shape = "Point";

  constructor(private readonly root: HTMLElement, private readonly owner: FormOwner) {}

  open(plan: FormPlan, values: Record<string, string>, shape: Shape, points: readonly Position[]): void {
    this.plan = plan;
    this.shape = shape;
    const title = document.createElement("h2");
    title.tabIndex = -1;
    title.textContent = plan.title;
    const form = document.createElement("form");
    form.noValidate = true;
    form.append(this.told(), ...this.shapeChoice(plan), ...plan.fields.map((field) => this.field(field, values[field.name] ?? "")), this.pointsField(), this.buttons(plan));
    form.addEventListener("input", () => this.owner.typed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.owner.save();
    });
    this.root.replaceChildren(title, form);
    this.root.hidden = false;
    this.setPoints(points);
    this.help(plan.help);
    title.focus({ preventScroll: true });
    this.root.scrollIntoView({ block: "nearest" });
  }

  close(): void {
    this.plan = null;
    this.root.hidden = true;
    this.root.replaceChildren();
  }

  values(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const field of this.plan?.fields ?? []) {
      const input = this.input(field.name);
      found[field.name] = input instanceof HTMLInputElement && input.type === "checkbox" ? (input.checked ? "on" : "") : input.value;
    }
    return found;
  }

  set(name: string, value: string): void {
    this.input(name).value = value;
  }

  setPoints(points: readonly Position[]): void {
    const area = this.root.querySelector<HTMLTextAreaElement>("#map-points");
    if (area && document.activeElement !== area) area.value = pointsText(points);
  }

  help(text: string): void {
    this.root.querySelector("#map-help")!.textContent = text;
  }

  setShape(shape: Shape): void {
    this.shape = shape;
    const radio = this.root.querySelector<HTMLInputElement>(`input[name=shape][value=${shape}]`);
    if (radio) radio.checked = true;
  }

  /** Shows what the server says at each field, and goes to the first; what belongs to no field stands at the points. */
  errors(errors: Record<string, string>): void {
    for (const place of this.root.querySelectorAll<HTMLElement>("[data-error]")) {
      const words = errors[place.dataset.error!] ?? "";
      place.textContent = words;
      this.root.querySelector(`[aria-describedby~="${place.id}"]`)?.setAttribute("aria-invalid", String(words !== ""));
    }
    this.root.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }

  /** What is asked above the fields, with what can be answered; empty to take it away. */
  ask(text: string, answers: HTMLElement[] = []): void {
    const place = this.root.querySelector("#map-asked")!;
    const list = document.createElement("div");
    list.className = "btn-list mt-2";
    list.append(...answers);
    place.replaceChildren(text, ...(answers.length ? [list] : []));
    answers[0]?.focus();
  }

  private input(name: string): HTMLInputElement | HTMLSelectElement {
    return this.root.querySelector<HTMLInputElement | HTMLSelectElement>(`#map-field-${name}`)!;
  }

  private told(): HTMLElement {
    const asked = document.createElement("div");
    asked.id = "map-asked";
    asked.className = "map-asked";
    asked.setAttribute("role", "alert");
    const help = document.createElement("p");
    help.id = "map-help";
    help.className = "text-secondary";
    const both = document.createElement("div");
    both.append(asked, help);
    return both;
  }

  private shapeChoice(plan: FormPlan): HTMLElement[] {
    if (plan.shapes.length < 2) return [];
    const set = document.createElement("fieldset");
    set.className = "field map-shapes";
    const legend = document.createElement("legend");
    legend.className = "form-label";
    legend.textContent = say(this.owner.words, "shape");
    set.append(legend, ...plan.shapes.map((shape) => {
      const label = document.createElement("label");
      label.className = "form-check form-check-inline";
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = "shape";
      radio.value = shape;
      radio.className = "form-check-input";
      radio.checked = shape === this.shape;
      radio.addEventListener("change", () => {
        this.shape = shape;
        this.owner.shape(shape);
      });
      const words = document.createElement("span");
      words.className = "form-check-label";
      words.textContent = say(this.owner.words, `shape_${shape}`);
      label.append(radio, words);
      return label;
    }));
    return [set];
  }

  private field(field: FieldInfo, value: string): HTMLElement {
    const row = document.createElement("div");
    row.className = "field";
    const id = `map-field-${field.name}`;
    const input = field.type === "choice" ? choice(field, value) : entry(field, value);
    input.id = id;
    input.setAttribute("aria-describedby", `${id}-error`);
    if (field.required) input.setAttribute("aria-required", "true");
    const label = document.createElement("label");
    label.htmlFor = id;
    label.className = field.type === "check" ? "form-check-label" : "form-label";
    label.textContent = field.required ? `${field.words} (${say(this.owner.words, "required")})` : field.words;
    if (field.type === "check") {
      const both = document.createElement("div");
      both.className = "form-check";
      both.append(input, label);
      row.append(both, this.error(field.name, `${id}-error`));
    } else row.append(label, input, this.error(field.name, `${id}-error`));
    return row;
  }

  private error(field: string, id: string): HTMLElement {
    const place = document.createElement("div");
    place.className = "error";
    place.id = id;
    place.dataset.error = field;
    return place;
  }

  private pointsField(): HTMLElement {
    const row = document.createElement("div");
    row.className = "field";
    const label = document.createElement("label");
    label.className = "form-label";
    label.htmlFor = "map-points";
    label.textContent = say(this.owner.words, "points");
    const area = document.createElement("textarea");
    area.id = "map-points";
    area.rows = 4;
    area.spellcheck = false;
    area.className = "form-control";
    area.setAttribute("aria-describedby", "map-points-error map-points-help");
    area.addEventListener("change", () => this.pointsTyped(area.value));
    const help = document.createElement("small");
    help.id = "map-points-help";
    help.className = "text-secondary d-block mb-1";
    help.textContent = say(this.owner.words, this.plan?.bends ? "pointsHelp" : "manyParts");
    const add = button({ words: say(this.owner.words, "addCentre"), run: () => this.addCentre(area) });
    add.classList.add("btn-sm");
    row.append(label, area, this.error("geometry", "map-points-error"), help, add);
    return row;
  }

  private pointsTyped(text: string): void {
    const points = readPoints(text);
    if (typeof points === "number") return this.errors({ geometry: say(this.owner.words, "pointsWrong", { line: String(points) }) });
    this.errors({});
    this.owner.points(points);
  }

  private addCentre(area: HTMLTextAreaElement): void {
    const points = readPoints(area.value);
    if (typeof points === "number") return this.pointsTyped(area.value);
    const next = this.shape === "Point" ? [this.owner.centre()] : [...points, this.owner.centre()];
    area.value = pointsText(next);
    this.owner.points(next);
  }

  private buttons(plan: FormPlan): HTMLElement {
    const list = document.createElement("div");
    list.className = "btn-list";
    const save = button({ words: say(this.owner.words, "save"), run: () => undefined });
    save.type = "submit";
    save.classList.add("btn-primary");
    list.append(save, ...(plan.shapes.length ? [button({ words: say(this.owner.words, "redraw"), run: () => this.owner.redraw() })] : []), button({ words: say(this.owner.words, "cancel"), run: () => this.owner.cancel() }));
    if (plan.removes) {
      const remove = button({ words: say(this.owner.words, "remove"), run: () => this.owner.remove() });
      remove.classList.add("btn-outline-danger");
      list.append(remove);
    }
    return list;
  }
}

function choice(field: FieldInfo, value: string): HTMLSelectElement {
  const made = document.createElement("select");
  made.className = "form-select";
  made.append(...field.choices.map(([key, words]) => new Option(words, key, false, key === value)));
  return made;
}

function entry(field: FieldInfo, value: string): HTMLInputElement {
  const made = document.createElement("input");
  made.autocomplete = "off";
  if (field.type === "check") {
    made.type = "checkbox";
    made.className = "form-check-input";
    made.checked = value === "on";
    return made;
  }
  made.type = "text";
  made.className = "form-control";
  made.value = value;
  if (field.type === "figure") made.inputMode = "decimal";
  if (field.type === "day") made.placeholder = "24/11/2026";
  return made;
}
