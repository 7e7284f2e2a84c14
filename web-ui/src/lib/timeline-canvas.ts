// Draws the timeline: footage, gaps, marks, the head. Colours come from the style sheet's variables.

import { showDate, showTime, toLocal } from "./clock";
import { ticks, xOf, type Gap, type Run, type View } from "./timeline";

export interface Picture {
  view: View;
  runs: readonly Run[];
  gaps: readonly Gap[];
  head: number;
  markIn: number | null;
  markOut: number | null;
  now: number;
}

const BAND = { top: 26, height: 30 }; // at a root size of 16 px; larger on the screen of a station

export function draw(canvas: HTMLCanvasElement, picture: Picture, zone: string): void {
  const scale = window.devicePixelRatio || 1;
  const [widthPx, heightPx] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
  if (canvas.width !== widthPx || canvas.height !== heightPx) {
    canvas.width = widthPx;
    canvas.height = heightPx;
  }
  const context = canvas.getContext("2d");
  if (!context || widthPx === 0) return;
  const style = getComputedStyle(canvas);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const [width, height] = [canvas.clientWidth / rem, canvas.clientHeight / rem];
  context.setTransform(scale * rem, 0, 0, scale * rem, 0, 0);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const box = (from: number, to: number, fill: string, top = BAND.top, tall = BAND.height): void => {
    const [x1, x2] = [xOf(picture.view, from, width), xOf(picture.view, to, width)];
    if (x2 < 0 || x1 > width) return;
    context.fillStyle = fill;
    context.fillRect(Math.max(0, x1), top, Math.max(1, Math.min(width, x2) - Math.max(0, x1)), tall);
  };
  context.clearRect(0, 0, width, height);
  box(picture.view.from, Math.min(picture.view.to, picture.now), colour("--line-none"));
  for (const gap of picture.gaps) box(gap.from, gap.to, colour("--line-gap"));
  for (const run of picture.runs) box(run.from, run.to, colour("--line-run"));
  if (picture.markIn !== null && picture.markOut !== null) box(picture.markIn, picture.markOut, colour("--line-mark"), BAND.top - 6, 6);
  drawTicks(context, picture.view, width, zone, colour("--line-text"));
  for (const mark of [picture.markIn, picture.markOut]) if (mark !== null) pin(context, xOf(picture.view, mark, width), colour("--line-mark"), height);
  pin(context, xOf(picture.view, picture.head, width), colour("--line-head"), height);
}

function pin(context: CanvasRenderingContext2D, x: number, fill: string, height: number): void {
  context.fillStyle = fill;
  context.fillRect(Math.round(x) - 1, 0, 2, height);
}

function drawTicks(context: CanvasRenderingContext2D, view: View, width: number, zone: string, fill: string): void {
  const local = toLocal(view.from, zone);
  const offset = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second) / 1000 - Math.floor(view.from);
  const { step, at } = ticks(view, width, offset);
  context.fillStyle = fill;
  context.font = "12px system-ui, sans-serif";
  for (const moment of at) {
    const x = Math.round(xOf(view, moment, width));
    context.fillRect(x, BAND.top - 4, 1, BAND.height + 8);
    const midnight = showTime(moment, zone) === "00:00:00";
    const label = step >= 86_400 || midnight ? showDate(moment, zone).slice(0, 5) : showTime(moment, zone, step < 60);
    context.fillText(label, x + 4, 16);
  }
}
