// An owner signs with a finger: strokes drawn on a field, kept in the form as points.

import "./app";
import "./sign.css";
import { byId } from "./lib/page";
import { longer, readStrokes, unitsOf, type Stroke } from "./lib/strokes";

const field = byId<HTMLCanvasElement>("sign");
const kept = byId<HTMLInputElement>("strokes");
const pen = field.getContext("2d")!;
let strokes: Stroke[] = readStrokes(kept.value);
let drawing = false;

function draw(): void {
  pen.clearRect(0, 0, field.width, field.height);
  pen.lineWidth = 6;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#000";
  for (const stroke of strokes) {
    pen.beginPath();
    for (const [x, y] of stroke) pen.lineTo(x, y);
    if (stroke.length === 1) pen.lineTo(stroke[0]![0] + 1, stroke[0]![1]);
    pen.stroke();
  }
  kept.value = strokes.length ? JSON.stringify(strokes) : "";
}

function point(event: PointerEvent): [number, number] {
  return unitsOf(event.clientX, event.clientY, field.getBoundingClientRect(), field.width, field.height);
}

field.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  field.setPointerCapture(event.pointerId);
  drawing = true;
  strokes = [...strokes, [point(event)]];
  draw();
});
field.addEventListener("pointermove", (event) => {
  if (!drawing) return;
  strokes = longer(strokes, point(event));
  draw();
});
for (const over of ["pointerup", "pointercancel"]) field.addEventListener(over, () => (drawing = false));
byId("sign-again").addEventListener("click", () => {
  strokes = [];
  draw();
});
draw();
