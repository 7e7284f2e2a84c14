// Drawing what is hidden in a camera's picture: click for points, drag them, or type them as numbers.

import "./app";
import { added, moved, pointAt, readAreas, without, type Area, type Point } from "./lib/outline";
import { byId, say, type Words } from "./lib/page";

interface Drawing {
  polygons: unknown;
  picture: string;
  most: number;
  fewestPoints: number;
  mostPoints: number;
  words: Words;
}

const STEP = 0.005;
const drawing = JSON.parse(byId("drawing").textContent ?? "") as Drawing;
const words = drawing.words;
const stage = byId("stage");
const picture = byId<HTMLImageElement>("picture");
const shapes = document.getElementById("areas") as unknown as SVGSVGElement;
const handles = byId("points");
const list = byId("list");
let areas: Area[] = readAreas(drawing.polygons);
let chosen = areas.length ? 0 : -1;
let isAdding = false; // clicks on the picture set points of the chosen area

picture.addEventListener("error", () => {
  picture.hidden = true;
  stage.classList.add("mask-blank");
  byId("no-picture").hidden = false;
});
picture.src = drawing.picture;

function change(next: Area[], focus?: string): void {
  areas = next;
  draw();
  if (focus) document.querySelector<HTMLElement>(focus)?.focus();
}

function choose(area: number, adding = false): void {
  chosen = area;
  isAdding = adding;
  draw();
}

function draw(): void {
  byId<HTMLInputElement>("polygons").value = JSON.stringify(areas);
  shapes.replaceChildren(...areas.map((area, index) => shape(area, index)));
  handles.replaceChildren(...areas.flatMap((area, index) => area.map((point, at) => handle(index, at, point))));
  list.replaceChildren(...areas.map((area, index) => card(area, index)));
  stage.classList.toggle("adding", isAdding);
  byId<HTMLButtonElement>("new").disabled = areas.length >= drawing.most;
  const hint = isAdding ? "clickPoints" : areas.length ? "dragPoints" : "noAreas";
  byId("hint").textContent = say(words, hint, { number: String(chosen + 1) });
}

function shape(area: Area, index: number): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", area.length > 2 ? "polygon" : "polyline");
  made.setAttribute("points", area.map(([x, y]) => `${x},${y}`).join(" "));
  made.setAttribute("class", index === chosen ? "chosen" : "");
  made.addEventListener("click", (event) => {
    if (isAdding) return;
    event.stopPropagation();
    choose(index);
  });
  return made;
}

// --- points on the picture ------------------------------------------------------------------------------------------
function handle(area: number, at: number, [x, y]: Point): HTMLElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `mask-point${area === chosen ? " chosen" : ""}`;
  made.dataset.point = `${area}-${at}`;
  made.setAttribute("aria-label", say(words, "point", { point: String(at + 1), number: String(area + 1) }));
  made.style.left = `${x * 100}%`;
  made.style.top = `${y * 100}%`;
  made.addEventListener("pointerdown", (event) => drag(event, area, at, made));
  made.addEventListener("keydown", (event) => nudge(event, area, at, [x, y]));
  made.addEventListener("click", (event) => {
    event.stopPropagation();
    if (isAdding && area === chosen && at === 0 && (areas[area]?.length ?? 0) >= drawing.fewestPoints) choose(area); // round once
  });
  return made;
}

function placeOf(event: MouseEvent): Point {
  const box = stage.getBoundingClientRect();
  return pointAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
}

function drag(event: PointerEvent, area: number, at: number, made: HTMLElement): void {
  if (event.button !== 0 || isAdding) return;
  event.preventDefault();
  made.setPointerCapture(event.pointerId);
  const follow = (next: PointerEvent): void => {
    const to = placeOf(next);
    areas = moved(areas, area, at, to);
    made.style.left = `${to[0] * 100}%`;
    made.style.top = `${to[1] * 100}%`;
    shapes.replaceChildren(...areas.map((one, index) => shape(one, index)));
  };
  const end = (): void => {
    made.removeEventListener("pointermove", follow);
    choose(area);
    document.querySelector<HTMLElement>(`[data-point="${area}-${at}"]`)?.focus();
  };
  made.addEventListener("pointermove", follow);
  made.addEventListener("pointerup", end, { once: true });
  made.addEventListener("pointercancel", end, { once: true });
}

function nudge(event: KeyboardEvent, area: number, at: number, [x, y]: Point): void {
  const by: Record<string, Point> = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  const step = by[event.key];
  if (step) {
    event.preventDefault();
    change(moved(areas, area, at, pointAt(x + step[0], y + step[1])), `[data-point="${area}-${at}"]`);
  } else if (event.key === "Delete") {
    event.preventDefault();
    change(without(areas, area, at), `[data-point="${area}-${Math.max(0, at - 1)}"]`);
  }
}

stage.addEventListener("click", (event) => {
  if (!isAdding || (areas[chosen]?.length ?? drawing.mostPoints) >= drawing.mostPoints) return;
  change(added(areas, chosen, placeOf(event)));
});
byId("new").addEventListener("click", () => {
  areas = [...areas, []];
  choose(areas.length - 1, true);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isAdding) choose(chosen);
});

// --- points in numbers ----------------------------------------------------------------------------------------------
function card(area: Area, index: number): HTMLElement {
  const made = document.createElement("fieldset");
  made.className = `mask-area${index === chosen ? " chosen" : ""}`;
  const title = document.createElement("legend");
  title.textContent = say(words, "area", { number: String(index + 1) });
  const rows = document.createElement("ol");
  rows.append(...area.map((point, at) => numbers(index, at, point)));
  const more = action("addPoint", index, () => change(area.length < 3 ? added(areas, index, pointAt(0.3 + 0.2 * area.length, area.length === 2 ? 0.6 : 0.3)) : added(areas, index)));
  more.disabled = area.length >= drawing.mostPoints;
  const buttons = document.createElement("div");
  buttons.className = "btn-list";
  buttons.append(more, action("removeArea", index, () => {
    areas = areas.filter((_, at) => at !== index);
    choose(Math.min(chosen, areas.length - 1));
    byId("new").focus();
  }));
  made.append(title, rows, buttons);
  return made;
}

function action(name: string, area: number, run: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm";
  made.textContent = say(words, name, { number: String(area + 1) });
  made.addEventListener("click", run);
  return made;
}

function numbers(area: number, at: number, point: Point): HTMLElement {
  const row = document.createElement("li");
  for (const axis of [0, 1] as const) {
    const field = document.createElement("input");
    field.type = "number";
    field.className = "form-control form-control-sm";
    [field.min, field.max, field.step] = ["0", "100", "0.01"];
    field.value = String(Math.round(point[axis] * 10_000) / 100);
    field.dataset.number = `${area}-${at}-${axis}`;
    field.setAttribute("aria-label", say(words, axis === 0 ? "fromLeft" : "fromTop", { point: String(at + 1), number: String(area + 1) }));
    field.addEventListener("change", () => {
      const value = Number(field.value) / 100;
      change(moved(areas, area, at, axis === 0 ? pointAt(value, point[1]) : pointAt(point[0], value)), `[data-number="${area}-${at}-${axis}"]`);
    });
    row.append(field);
  }
  return row;
}

draw();
