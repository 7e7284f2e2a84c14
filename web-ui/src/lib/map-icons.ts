// The map's pictures, drawn on a canvas: no sprite is fetched. An eye's state is told by its shape as well as by its colour.

import bank from "../../node_modules/@tabler/icons/icons/outline/building-bank.svg?raw";
import church from "../../node_modules/@tabler/icons/icons/outline/building-church.svg?raw";
import community from "../../node_modules/@tabler/icons/icons/outline/building-community.svg?raw";
import store from "../../node_modules/@tabler/icons/icons/outline/building-store.svg?raw";
import flame from "../../node_modules/@tabler/icons/icons/outline/flame.svg?raw";
import home from "../../node_modules/@tabler/icons/icons/outline/home.svg?raw";
import pin from "../../node_modules/@tabler/icons/icons/outline/map-pin.svg?raw";
import school from "../../node_modules/@tabler/icons/icons/outline/school.svg?raw";

/** Bright enough on the dark ground, dark enough on the light one, and told apart by people who see no red or green. */
export const LOOKS = { works: "#1f8a43", faulty: "#b86e00", down: "#d12f2f", off: "#6a7280", listed: "#4a5568", unknown: "#6a7280" } as const;
export type Look = keyof typeof LOOKS;
export const PLACE_COLOURS: Record<string, string> = { route: "#2563b8", residential: "#7a4fc0", hot_spot: "#c2410c" };
export const INSTITUTION = "#0f7490";
export const NEEDS = ["#8a2c58", "#ae2f63", "#d6336c"]; // by urgency: can wait, this year, at once
const PLACES: Record<string, string> = {
  residential: home, hot_spot: flame, school, market: store, temple: church, cultural_house: community, office: bank, other: pin,
};
const SIZE = 26;
type Draw = (at: CanvasRenderingContext2D) => void;

export interface Images {
  hasImage(id: string): boolean;
  addImage(id: string, image: ImageData, options: { pixelRatio: number }): unknown;
}

export function addIcons(map: Images): void {
  for (const look of Object.keys(LOOKS) as Look[]) add(map, `eye-${look}`, eye(look));
  for (const kind of Object.keys(PLACES)) add(map, `place-${kind}`, place(kind));
  for (const urgency of [1, 2, 3]) add(map, `need-${urgency}`, need(urgency));
  add(map, "site", site);
  add(map, "candidate", candidate);
}

/** The same picture for the legend. */
export function picture(id: string): HTMLCanvasElement {
  const [kind, rest = ""] = id.split(/-(.*)/s);
  const draw = kind === "eye" ? eye(rest as Look) : kind === "place" ? place(rest) : kind === "need" ? need(Number(rest)) : kind === "candidate" ? candidate : site;
  const made = canvas(2, draw);
  made.className = "map-icon";
  made.setAttribute("aria-hidden", "true");
  return made;
}

function add(map: Images, id: string, draw: Draw): void {
  const ratio = Math.max(2, Math.ceil(window.devicePixelRatio));
  const made = canvas(ratio, draw);
  const data = made.getContext("2d")!.getImageData(0, 0, made.width, made.height);
  if (!map.hasImage(id)) map.addImage(id, data, { pixelRatio: ratio });
}

function canvas(ratio: number, draw: Draw): HTMLCanvasElement {
  const made = document.createElement("canvas");
  made.width = made.height = SIZE * ratio;
  const at = made.getContext("2d")!;
  at.scale(ratio, ratio);
  at.lineJoin = at.lineCap = "round";
  draw(at);
  return made;
}

const mid = SIZE / 2;
const outlines: Record<Look, (at: CanvasRenderingContext2D) => void> = {
  works: (at) => at.arc(mid, mid, 10, 0, 7),
  off: (at) => at.arc(mid, mid, 10, 0, 7),
  listed: (at) => at.arc(mid, mid, 9, 0, 7),
  down: (at) => at.roundRect(mid - 10, mid - 10, 20, 20, 2),
  faulty: (at) => polygon(at, [[mid, 1.5], [SIZE - 1.5, SIZE - 4], [1.5, SIZE - 4]]),
  unknown: (at) => polygon(at, [[mid, 1.5], [SIZE - 1.5, mid], [mid, SIZE - 1.5], [1.5, mid]]),
};
const marks: Record<Look, number[][]> = {
  works: [[8.5, 13.5, 12, 17, 18, 9.5]],
  down: [[9, 9, 17, 17], [17, 9, 9, 17]],
  off: [[8, 13, 18, 13]],
  faulty: [[13, 10, 13, 15], [13, 18.6, 13, 18.8]],
  unknown: [[13, 8, 13, 14], [13, 17.6, 13, 17.8]],
  listed: [],
};

function eye(look: Look): Draw {
  return (at) => {
    at.beginPath();
    outlines[look](at);
    at.closePath();
    at.fillStyle = look === "listed" ? "#fff" : LOOKS[look];
    at.fill();
    if (look === "listed") ring(at, 6, "#fff");
    ring(at, look === "listed" ? 3.5 : 2, look === "listed" ? LOOKS.listed : "#fff");
    at.strokeStyle = "#fff";
    at.lineWidth = 2.6;
    for (const line of marks[look]) polyline(at, line);
  };
}

function ring(at: CanvasRenderingContext2D, wide: number, colour: string): void {
  at.lineWidth = wide;
  at.strokeStyle = colour;
  at.stroke();
}

function place(kind: string): Draw {
  return (at) => {
    at.beginPath();
    at.roundRect(2, 2, SIZE - 4, SIZE - 4, 6);
    at.fillStyle = PLACE_COLOURS[kind] ?? INSTITUTION;
    at.fill();
    at.strokeStyle = "#fff";
    at.lineWidth = 1.5;
    at.stroke();
    at.translate(5, 5);
    at.scale(16 / 24, 16 / 24);
    at.lineWidth = 2.2;
    for (const match of (PLACES[kind] ?? pin).matchAll(/<path d="([^"]+)"/g)) at.stroke(new Path2D(match[1]!));
  };
}

function need(urgency: number): Draw {
  return (at) => {
    at.beginPath();
    at.moveTo(mid, SIZE - 1.5);
    at.bezierCurveTo(mid - 3, SIZE - 8, 4, mid + 3, 4, 10.5);
    at.arc(mid, 10.5, 9, Math.PI, 0);
    at.bezierCurveTo(SIZE - 4, mid + 3, mid + 3, SIZE - 8, mid, SIZE - 1.5);
    at.fillStyle = NEEDS[urgency - 1] ?? NEEDS[0]!;
    at.fill();
    at.strokeStyle = "#fff";
    at.lineWidth = 1.5;
    at.stroke();
    at.fillStyle = "#fff";
    at.font = "bold 12px sans-serif";
    at.textAlign = "center";
    at.textBaseline = "middle";
    at.fillText("!".repeat(urgency), mid, 11.5);
  };
}

const candidate: Draw = (at) => {
  at.beginPath();
  polygon(at, [[mid, 3], [SIZE - 3, mid], [mid, SIZE - 3], [3, mid]]);
  at.closePath();
  at.fillStyle = "#fff";
  at.fill();
  at.strokeStyle = "#b45309";
  at.lineWidth = 2.5;
  at.stroke();
  polyline(at, [mid - 4, mid, mid + 4, mid]);
  polyline(at, [mid, mid - 4, mid, mid + 4]);
};

const site: Draw = (at) => {
  at.beginPath();
  at.rect(mid - 5, mid - 5, 10, 10);
  at.fillStyle = "#fff";
  at.fill();
  at.strokeStyle = "#374151";
  at.lineWidth = 2.5;
  at.stroke();
};

function polygon(at: CanvasRenderingContext2D, points: number[][]): void {
  points.forEach(([x, y], number) => (number ? at.lineTo(x!, y!) : at.moveTo(x!, y!)));
}

function polyline(at: CanvasRenderingContext2D, numbers: number[]): void {
  at.beginPath();
  for (let part = 0; part < numbers.length; part += 2) {
    if (part) at.lineTo(numbers[part]!, numbers[part + 1]!);
    else at.moveTo(numbers[part]!, numbers[part + 1]!);
  }
  at.stroke();
}
