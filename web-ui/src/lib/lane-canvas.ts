// Draws the timeline: a lane a camera with its footage and gaps, marks, the head, now. Colours come from the style sheet.

import { showDate, showTime, toLocal } from "./clock";
import { laneHeight, RULER_PX } from "./lane";
import { ticks, xOf, type Timeline, type View } from "./timeline";

export interface Lane {
  name: string;
  line: Timeline;
}

export interface Picture {
  view: View;
  lanes: readonly Lane[];
  head: number;
  markIn: number | null;
  markOut: number | null;
  bookmarks: readonly number[];
  now: number;
  nowWords: string;
}

interface Paper {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  colour(name: string): string;
  x(at: number): number;
}

function paperOf(canvas: HTMLCanvasElement, view: View): Paper | null {
  const scale = window.devicePixelRatio || 1;
  const [widthPx, heightPx] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
  if (canvas.width !== widthPx || canvas.height !== heightPx) {
    canvas.width = widthPx;
    canvas.height = heightPx;
  }
  const context = canvas.getContext("2d");
  if (!context || widthPx === 0) return null;
  const style = getComputedStyle(canvas);
  const rem = remOf();
  const [width, height] = [canvas.clientWidth / rem, canvas.clientHeight / rem];
  context.setTransform(scale * rem, 0, 0, scale * rem, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height, colour: (name) => style.getPropertyValue(name).trim(), x: (at) => xOf(view, at, width) };
}

/** How much larger than on a desk everything is. */
export function remOf(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

export function draw(canvas: HTMLCanvasElement, picture: Picture, zone: string): void {
  const paper = paperOf(canvas, picture.view);
  if (!paper) return;
  const tall = laneHeight(picture.lanes.length);
  picture.lanes.forEach((lane, index) => drawLane(paper, picture, lane, RULER_PX + index * tall, tall));
  drawTicks(paper, picture.view, zone);
  if (picture.lanes.length > 1) picture.lanes.forEach((lane, index) => drawName(paper, lane.name, RULER_PX + index * tall, tall));
  drawNow(paper, picture);
  for (const at of picture.bookmarks) drawBookmark(paper, paper.x(at));
  drawMarks(paper, picture);
  pin(paper, paper.x(picture.head), paper.colour("--line-head"));
  triangle(paper, paper.x(picture.head), paper.colour("--line-head"));
}

function drawLane(paper: Paper, picture: Picture, lane: Lane, top: number, tall: number): void {
  const box = (from: number, to: number, fill: string): void => {
    const [x1, x2] = [paper.x(from), paper.x(Math.min(to, picture.now))];
    if (x2 < 0 || x1 > paper.width || x2 < x1) return;
    paper.context.fillStyle = fill;
    paper.context.fillRect(Math.max(0, x1), top + 1, Math.max(1, Math.min(paper.width, x2) - Math.max(0, x1)), tall - 2);
  };
  box(picture.view.from, picture.view.to, paper.colour("--line-none"));
  for (const run of lane.line.runs) box(run.from, run.to, paper.colour("--line-run"));
  for (const gap of lane.line.gaps) box(gap.from, gap.to, paper.colour("--line-gap"));
}

function drawName(paper: Paper, name: string, top: number, tall: number): void {
  const { context } = paper;
  context.font = "600 11px system-ui, sans-serif";
  const wide = Math.min(context.measureText(name).width, 150);
  context.fillStyle = "rgb(0 0 0 / 62%)";
  context.fillRect(0, top + 1, wide + 10, Math.min(tall - 2, 16));
  context.fillStyle = paper.colour("--line-head");
  context.save();
  context.beginPath();
  context.rect(0, top, wide + 8, tall);
  context.clip();
  context.fillText(name, 5, top + Math.min(tall - 3, 13));
  context.restore();
}

function drawTicks(paper: Paper, view: View, zone: string): void {
  const { context } = paper;
  const local = toLocal(view.from, zone);
  const offset = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second) / 1000 - Math.floor(view.from);
  const { step, at } = ticks(view, paper.width, offset);
  let firstX = paper.width;
  for (const moment of at) {
    const x = Math.round(paper.x(moment));
    const midnight = showTime(moment, zone) === "00:00:00";
    firstX = Math.min(firstX, midnight ? x : firstX);
    context.fillStyle = paper.colour(midnight ? "--line-head" : "--line-text");
    context.globalAlpha = midnight ? 0.9 : 0.35;
    context.fillRect(x, 22, 1, paper.height - 22);
    context.globalAlpha = 1;
    context.font = `${midnight ? "700 " : ""}12px system-ui, sans-serif`;
    const label = step >= 86_400 || midnight ? showDate(moment, zone).slice(0, 5) : showTime(moment, zone, step < 60);
    context.fillText(label, x + 4, 30);
  }
  if (firstX < 90) return; // the date is told there
  context.font = "700 12px system-ui, sans-serif";
  context.fillStyle = paper.colour("--line-text");
  context.fillText(showDate(view.from, zone), 4, 14);
}

function drawNow(paper: Paper, picture: Picture): void {
  const x = paper.x(picture.now);
  if (x < 0 || x > paper.width) return;
  paper.context.fillStyle = paper.colour("--line-now");
  paper.context.fillRect(Math.round(x), 16, 2, paper.height - 16);
  paper.context.font = "12px system-ui, sans-serif";
  const wide = paper.context.measureText(picture.nowWords).width;
  paper.context.fillText(picture.nowWords, Math.min(x + 4, paper.width - wide - 4), 14);
}

function drawMarks(paper: Paper, picture: Picture): void {
  const { markIn, markOut } = picture;
  const fill = paper.colour("--line-mark");
  if (markIn !== null && markOut !== null && markOut > markIn) {
    paper.context.fillStyle = fill;
    paper.context.fillRect(paper.x(markIn), RULER_PX - 5, paper.x(markOut) - paper.x(markIn), 5);
    paper.context.globalAlpha = 0.16;
    paper.context.fillRect(paper.x(markIn), RULER_PX, paper.x(markOut) - paper.x(markIn), paper.height - RULER_PX);
    paper.context.globalAlpha = 1;
  }
  for (const [mark, side] of [[markIn, -1], [markOut, 1]] as const) {
    if (mark === null) continue;
    pin(paper, paper.x(mark), fill);
    paper.context.fillRect(paper.x(mark) - (side < 0 ? 10 : 0), RULER_PX - 14, 10, 14); // its handle
  }
}

function drawBookmark(paper: Paper, x: number): void {
  const { context } = paper;
  context.fillStyle = paper.colour("--line-bookmark");
  context.beginPath();
  context.arc(x, RULER_PX - 3, 4, 0, 2 * Math.PI);
  context.fill();
}

function pin(paper: Paper, x: number, fill: string): void {
  paper.context.fillStyle = fill;
  paper.context.fillRect(Math.round(x) - 1, 16, 2, paper.height - 16);
}

function triangle(paper: Paper, x: number, fill: string): void {
  const { context } = paper;
  context.fillStyle = fill;
  context.beginPath();
  context.moveTo(x - 7, paper.height);
  context.lineTo(x + 7, paper.height);
  context.lineTo(x, paper.height - 10);
  context.fill();
}
