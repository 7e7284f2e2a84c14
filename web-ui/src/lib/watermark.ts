// Who looks, and when, over all pictures of the page, where the regulation wants it: a photograph of the screen tells.

import { showMoment } from "./clock";

const LINES = 14;
const TIMES_A_LINE = 6;

export function watermarkText(name: string, at: number, zone: string): string {
  const said = `${name} · ${showMoment(at, zone).replace(/:\d\d$/, "")}`;
  return Array.from({ length: LINES }, () => Array.from({ length: TIMES_A_LINE }, () => said).join("        ")).join("\n");
}

/** Lies over the page, catches no click, is read by no screen reader. Goes with the page into full screen. */
export function showWatermark(name: string, zone: string): void {
  if (!name) return;
  const sheet = document.createElement("div");
  sheet.className = "watermark";
  sheet.setAttribute("aria-hidden", "true");
  const text = document.createElement("pre");
  sheet.append(text);
  (document.getElementById("main") ?? document.body).append(sheet);
  const write = (): void => void (text.textContent = watermarkText(name, Date.now() / 1000, zone));
  write();
  window.setInterval(write, 10_000);
}
