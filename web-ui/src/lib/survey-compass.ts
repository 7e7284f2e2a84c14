// Which way something looks: an arrow that is dragged or moved by keys, and the telephone's own compass where it has one.

import { say, type Words } from "./page";
import { directionOf, headingOf, meanHeading, turned, windOf } from "./survey-figures";

const MARK_EVERY = 45;
const SENSED_AT_MOST = 12; // the mean of so many, about a fifth of a second
const NO_SENSOR_AFTER_MS = 2500;

interface AppleOrientation {
  requestPermission?: () => Promise<"granted" | "denied">;
}

export class Compass {
  private readonly dial: HTMLElement;
  private readonly needle: Element;
  private readonly sensed: number[] = [];
  private listening: ((event: Event) => void) | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly field: HTMLInputElement,
    private readonly words: Words,
  ) {
    this.dial = root.querySelector<HTMLElement>(".survey-dial")!;
    this.needle = root.querySelector("[data-needle]")!;
    this.drawMarks();
    this.dial.addEventListener("pointerdown", (event) => this.drag(event));
    this.dial.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("input", () => this.show());
    this.sense.addEventListener("click", () => void (this.listening ? this.stop() : this.start()));
    this.show();
  }

  private get sense(): HTMLButtonElement {
    return this.root.querySelector<HTMLButtonElement>("[data-sense]")!;
  }

  /** The field's degrees; null while it holds none. */
  private get degrees(): number | null {
    const typed = this.field.value.trim().replace(",", ".");
    return typed === "" || !Number.isFinite(Number(typed)) ? null : turned(Number(typed));
  }

  private set(degrees: number): void {
    this.field.value = String(turned(degrees));
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** The arrow as the field has it; called after the field was filled. */
  show(): void {
    const degrees = this.degrees;
    this.dial.classList.toggle("unset", degrees === null);
    this.dial.setAttribute("aria-valuenow", String(degrees ?? 0));
    const wind = (say(this.words, "winds").split("|"))[windOf(degrees ?? 0)] ?? "";
    this.dial.setAttribute("aria-valuetext", degrees === null ? say(this.words, "noDirection") : `${degrees}°, ${wind}`);
    this.needle.setAttribute("transform", `rotate(${degrees ?? 0})`);
  }

  private drawMarks(): void {
    const letters = say(this.words, "windLetters").split("|");
    const marks = this.root.querySelector("[data-marks]")!;
    for (let degrees = 0; degrees < 360; degrees += MARK_EVERY) {
      const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
      const angle = (degrees * Math.PI) / 180;
      text.setAttribute("x", String(Math.round(Math.sin(angle) * 53)));
      text.setAttribute("y", String(Math.round(-Math.cos(angle) * 53 + 3)));
      text.textContent = letters[degrees / MARK_EVERY] ?? "";
      marks.append(text);
    }
  }

  private drag(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.stop();
    this.dial.focus();
    this.dial.setPointerCapture(event.pointerId);
    const follow = (next: PointerEvent): void => {
      const box = this.dial.getBoundingClientRect();
      this.set(directionOf(next.clientX - box.left - box.width / 2, next.clientY - box.top - box.height / 2));
    };
    const end = (): void => this.dial.removeEventListener("pointermove", follow);
    follow(event);
    this.dial.addEventListener("pointermove", follow);
    this.dial.addEventListener("pointerup", end, { once: true });
    this.dial.addEventListener("pointercancel", end, { once: true });
  }

  private key(event: KeyboardEvent): void {
    const far = event.shiftKey ? 15 : 1;
    const by: Record<string, number> = { ArrowRight: far, ArrowUp: far, ArrowLeft: -far, ArrowDown: -far, PageUp: 15, PageDown: -15 };
    const step = by[event.key];
    if (step === undefined && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    this.stop();
    this.set(step === undefined ? (event.key === "Home" ? 0 : 359) : (this.degrees ?? 0) + step);
  }

  // --- the telephone's compass ---------------------------------------------------------------------------------------
  private async start(): Promise<void> {
    const asking = (globalThis.DeviceOrientationEvent as unknown as AppleOrientation | undefined)?.requestPermission;
    if (asking && (await asking().catch(() => "denied")) !== "granted") return this.said("senseRefused");
    this.sensed.length = 0;
    this.listening = (event) => this.heard(event as DeviceOrientationEvent);
    for (const kind of KINDS) addEventListener(kind, this.listening);
    this.said("senseStarted");
    this.sense.querySelector("[data-sense-words]")!.textContent = say(this.words, "senseTake");
    setTimeout(() => {
      if (this.listening && this.sensed.length === 0) {
        this.stop();
        this.said("senseNone");
      }
    }, NO_SENSOR_AFTER_MS);
  }

  private heard(event: DeviceOrientationEvent): void {
    const heading = headingOf(event, screen.orientation?.angle ?? 0);
    if (heading === null) return;
    this.sensed.push(heading);
    if (this.sensed.length > SENSED_AT_MOST) this.sensed.shift();
    this.set(meanHeading(this.sensed));
  }

  /** What was measured last stays. */
  stop(): void {
    if (!this.listening) return;
    for (const kind of KINDS) removeEventListener(kind, this.listening);
    this.listening = null;
    this.sense.querySelector("[data-sense-words]")!.textContent = say(this.words, "senseAgain");
    if (this.sensed.length) this.said("senseTaken");
  }

  private said(name: string): void {
    this.root.querySelector("[data-sense-said]")!.textContent = say(this.words, name);
  }
}

const KINDS = ["deviceorientationabsolute", "deviceorientation"];
