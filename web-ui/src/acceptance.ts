// The acceptance of an eye: the step that the address names is open; head and foot are marked in the picture by dragging or keys.

import "./app";
import "./acceptance.css";
import { marked, moved, type Mark } from "./lib/marks";

function openNamed(): void {
  const named = document.getElementById(location.hash.slice(1));
  if (named instanceof HTMLDetailsElement) named.open = true;
}

class Handle {
  readonly element = document.createElement("button");

  constructor(private readonly view: HTMLElement, private readonly x: HTMLInputElement, private readonly y: HTMLInputElement, words: string, private readonly changed: () => void) {
    this.element.type = "button";
    this.element.className = "acceptance-mark";
    this.element.setAttribute("aria-label", words);
    this.element.addEventListener("pointerdown", (event) => this.grab(event));
    this.element.addEventListener("keydown", (event) => this.key(event));
    for (const field of [x, y]) field.addEventListener("input", () => this.place());
    view.append(this.element);
    this.place();
  }

  get mark(): Mark | null {
    return marked(this.x.value, this.y.value);
  }

  private place(): void {
    const mark = this.mark;
    if (mark) Object.assign(this.element.style, { left: `${mark.x}%`, top: `${mark.y}%` });
    this.changed();
  }

  private write(mark: Mark): void {
    const comma = document.documentElement.lang === "vi";
    const text = (value: number): string => (comma ? value.toFixed(2).replace(".", ",") : value.toFixed(2));
    [this.x.value, this.y.value] = [text(mark.x), text(mark.y)];
    this.place();
  }

  private grab(event: PointerEvent): void {
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    this.element.focus({ preventScroll: true });
    const before = this.mark ?? { x: 50, y: 50 };
    const start = { x: event.clientX, y: event.clientY };
    const box = this.view.getBoundingClientRect();
    const follow = (now: PointerEvent): void => this.write(moved(before, (100 * (now.clientX - start.x)) / box.width, (100 * (now.clientY - start.y)) / box.height));
    const release = (): void => {
      this.element.removeEventListener("pointermove", follow);
      this.element.removeEventListener("pointerup", release);
      this.element.removeEventListener("pointercancel", release);
    };
    this.element.addEventListener("pointermove", follow);
    this.element.addEventListener("pointerup", release);
    this.element.addEventListener("pointercancel", release);
  }

  private key(event: KeyboardEvent): void {
    const step = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as Record<string, [number, number]>)[event.key];
    if (!step) return;
    event.preventDefault();
    const by = event.shiftKey ? 2 : 0.2;
    this.write(moved(this.mark ?? { x: 50, y: 50 }, step[0] * by, step[1] * by));
  }
}

function marks(): void {
  const view = document.getElementById("walk-view");
  const form = document.getElementById("walk-marks") as HTMLFormElement | null;
  if (!view || !form) return;
  view.querySelector("svg")?.remove(); // the marks that were kept: the handles stand there
  const field = (name: string): HTMLInputElement => form.elements.namedItem(name) as HTMLInputElement;
  const line = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  line.setAttribute("viewBox", "0 0 100 100");
  line.setAttribute("preserveAspectRatio", "none");
  line.setAttribute("aria-hidden", "true");
  const between = document.createElementNS("http://www.w3.org/2000/svg", "line");
  between.setAttribute("class", "acceptance-between");
  line.append(between);
  view.append(line);
  const [head, foot] = (view.dataset.words ?? "|").split("|");
  const handles: Handle[] = [];
  const redraw = (): void => {
    const [one, two] = handles.map((handle) => handle.mark);
    if (one && two) for (const [name, value] of [["x1", one.x], ["y1", one.y], ["x2", two.x], ["y2", two.y]] as const) between.setAttribute(name, String(value));
  };
  handles.push(new Handle(view, field("top_x"), field("top_y"), head ?? "", redraw), new Handle(view, field("bottom_x"), field("bottom_y"), foot ?? "", redraw));
  redraw();
}

openNamed();
addEventListener("hashchange", openNamed);
marks();
