// Areas of a photo that are blurred: drawn over it with finger or mouse, moved and sized by keys. The field below is what counts; it is
// there without this script too.

import "./app";
import "./faces.css";
import { grown, readBoxes, writeBoxes, type Box, type Size } from "./lib/boxes";
import { byId } from "./lib/page";

const drawn = JSON.parse(byId("drawn").textContent ?? "") as Size & { least: number; area: string; added: string; removed: string };
const stage = byId("stage");
const field = byId<HTMLTextAreaElement>("id_boxes");
let boxes: Box[] = readBoxes(field.value);

function draw(focus = -1): void {
  for (const old of stage.querySelectorAll("button")) old.remove();
  stage.append(...boxes.map(area));
  if (focus >= 0) stage.querySelectorAll("button")[Math.min(focus, boxes.length - 1)]?.focus();
}

function change(next: Box[], focus = -1): void {
  boxes = next;
  field.value = writeBoxes(boxes);
  draw(focus);
}

function say(words: string, number: number): void {
  byId("faces-said").textContent = words.replace("{number}", String(number));
}

function area(box: Box, at: number): HTMLElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "faces-area";
  made.setAttribute("aria-label", drawn.area.replace("{number}", String(at + 1)));
  place(made, box);
  made.addEventListener("keydown", (event) => key(event, at));
  return made;
}

function place(element: HTMLElement, [left, top, width, height]: Box): void {
  element.style.left = `${(100 * left) / drawn.width}%`;
  element.style.top = `${(100 * top) / drawn.height}%`;
  element.style.width = `${(100 * width) / drawn.width}%`;
  element.style.height = `${(100 * height) / drawn.height}%`;
}

function key(event: KeyboardEvent, at: number): void {
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    change(boxes.filter((_box, each) => each !== at), at);
    return say(drawn.removed, at + 1);
  }
  const next = grown(boxes[at]!, event.key, event.shiftKey, drawn, drawn.least);
  if (!next) return;
  event.preventDefault();
  change(boxes.map((box, each) => (each === at ? next : box)), at);
}

function add(box: Box): void {
  change([...boxes, box], boxes.length);
  say(drawn.added, boxes.length);
}

function pointOf(event: PointerEvent): [number, number] {
  const around = stage.getBoundingClientRect();
  const within = (share: number, most: number): number => Math.round(Math.min(1, Math.max(0, share)) * most);
  return [within((event.clientX - around.left) / around.width, drawn.width), within((event.clientY - around.top) / around.height, drawn.height)];
}

stage.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || event.target instanceof HTMLButtonElement) return;
  event.preventDefault();
  const [x, y] = pointOf(event), rubber = document.createElement("div");
  rubber.className = "faces-area";
  stage.append(rubber);
  stage.setPointerCapture(event.pointerId);
  const span = (to: PointerEvent): Box => {
    const [x2, y2] = pointOf(to);
    return [Math.min(x, x2), Math.min(y, y2), Math.abs(x2 - x), Math.abs(y2 - y)];
  };
  const follow = (to: PointerEvent): void => place(rubber, span(to));
  const end = (to: PointerEvent): void => {
    stage.removeEventListener("pointermove", follow);
    stage.removeEventListener("pointerup", end);
    stage.removeEventListener("pointercancel", end);
    rubber.remove();
    const box = span(to);
    if (to.type === "pointerup" && Math.min(box[2], box[3]) >= drawn.least) add(box);
  };
  stage.addEventListener("pointermove", follow);
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", end);
});
byId("add").addEventListener("click", () => {
  const side = Math.max(drawn.least, Math.round(Math.min(drawn.width, drawn.height) / 8));
  add([Math.round((drawn.width - side) / 2), Math.round((drawn.height - side) / 2), side, side]);
});
field.addEventListener("input", () => {
  boxes = readBoxes(field.value);
  draw();
});
byId("add").hidden = byId("faces-help").hidden = false;
draw();
