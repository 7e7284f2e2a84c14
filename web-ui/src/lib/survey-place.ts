// Where something is: from the telephone, typed, or a pin that is dragged among what the list knows nearby.

import { say, type Words } from "./page";
import { metresBetween, movedBy, pointText, readPoint, type Point } from "./survey-figures";

const WATCH_MS = 15_000;
const GOOD_ENOUGH_M = 8;
const HALF_M = 40; // of what the little plan shows: half its width

export interface Around {
  name: string;
  position: Point;
}

/** The telephone's position, watched until it is good or time is over. `better` is told each nearer one. Rejects with a name of words. */
export function locate(better: (here: Point, metres: number) => void): Promise<void> {
  return new Promise((done, refuse) => {
    if (!("geolocation" in navigator) || !isSecureContext) return refuse(new Error("locateInsecure"));
    let best = Infinity;
    const end = (): void => {
      navigator.geolocation.clearWatch(watch);
      clearTimeout(timer);
      if (best < Infinity) done();
      else refuse(new Error("locateNone"));
    };
    const timer = setTimeout(end, WATCH_MS);
    const watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        if (coords.accuracy < best) {
          best = coords.accuracy;
          better([coords.latitude, coords.longitude], coords.accuracy);
        }
        if (best <= GOOD_ENOUGH_M) end();
      },
      (error) => {
        if (error.code !== error.PERMISSION_DENIED) return;
        navigator.geolocation.clearWatch(watch);
        clearTimeout(timer);
        refuse(new Error("locateRefused"));
      },
      { enableHighAccuracy: true, maximumAge: 0, timeout: WATCH_MS },
    );
  });
}

export class PlaceField {
  private middle: Point | null = null;
  private readonly plot: HTMLElement;
  private readonly pin: HTMLElement;

  constructor(
    private readonly root: HTMLElement,
    private readonly field: HTMLInputElement,
    private readonly words: Words,
    private readonly around: () => Around[],
  ) {
    this.plot = root.querySelector<HTMLElement>("[data-plot]")!;
    this.pin = root.querySelector<HTMLElement>("[data-pin]")!;
    root.querySelector<HTMLButtonElement>("[data-locate]")!.addEventListener("click", (event) => void this.fromTelephone(event.currentTarget as HTMLButtonElement));
    this.field.addEventListener("input", () => this.show());
    this.pin.addEventListener("pointerdown", (event) => this.drag(event));
    this.pin.addEventListener("keydown", (event) => this.key(event));
    root.querySelector("[data-scale]")!.textContent = say(words, "plotScale", { metres: String(2 * HALF_M) });
  }

  private said(text: string): void {
    this.root.querySelector("[data-locate-words]")!.textContent = text;
  }

  private async fromTelephone(button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    this.said(say(this.words, "locating"));
    try {
      await locate((here, metres) => {
        this.set(here);
        this.said(say(this.words, "located", { metres: String(Math.max(1, Math.round(metres))) }));
      });
    } catch (trouble) {
      this.said(say(this.words, (trouble as Error).message));
    }
    button.disabled = false;
  }

  private set(point: Point): void {
    this.field.value = pointText(point);
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** The plan about the field's position; called after the field was filled, too. */
  show(): void {
    const here = readPoint(this.field.value);
    this.plot.hidden = here === null;
    if (!here) return;
    if (!this.middle || metresBetween(this.middle, here) > HALF_M * 0.9) this.middle = here;
    const [x, y] = this.at(here);
    this.pin.style.left = `${50 + x}%`;
    this.pin.style.top = `${50 + y}%`;
    this.drawAround();
  }

  /** In hundredths of the plan, from its middle. */
  private at(point: Point): [number, number] {
    const [lat, lon] = this.middle!;
    const east = Math.sign(point[1] - lon) * metresBetween([lat, lon], [lat, point[1]]);
    const north = Math.sign(point[0] - lat) * metresBetween([lat, lon], [point[0], lon]);
    return [(east / HALF_M) * 50, (-north / HALF_M) * 50];
  }

  private drawAround(): void {
    const svg = this.plot.querySelector("svg")!;
    const near = this.around().filter((one) => metresBetween(one.position, this.middle!) < HALF_M);
    svg.replaceChildren(...near.flatMap((one) => {
      const [x, y] = this.at(one.position);
      const dot = document.createElementNS(svg.namespaceURI!, "circle");
      const name = document.createElementNS(svg.namespaceURI!, "text");
      for (const [key, value] of [["cx", x], ["cy", y], ["r", 1.6]] as const) dot.setAttribute(key, String(value));
      name.setAttribute("x", String(x + 2.5));
      name.setAttribute("y", String(y + 1));
      name.textContent = one.name;
      return [dot, name];
    }));
  }

  private drag(event: PointerEvent): void {
    if (event.button !== 0 || !this.middle) return;
    event.preventDefault();
    this.pin.focus();
    this.pin.setPointerCapture(event.pointerId);
    const middle = this.middle;
    const follow = (next: PointerEvent): void => {
      const box = this.plot.getBoundingClientRect();
      const [x, y] = [(next.clientX - box.left) / box.width - 0.5, (next.clientY - box.top) / box.height - 0.5].map((part) => Math.max(-0.49, Math.min(0.49, part)));
      this.set(movedBy(middle, x! * 2 * HALF_M, -y! * 2 * HALF_M));
    };
    const end = (): void => this.pin.removeEventListener("pointermove", follow);
    this.pin.addEventListener("pointermove", follow);
    this.pin.addEventListener("pointerup", end, { once: true });
    this.pin.addEventListener("pointercancel", end, { once: true });
  }

  private key(event: KeyboardEvent): void {
    const far = event.shiftKey ? 10 : 1;
    const by: Record<string, [number, number]> = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] };
    const step = by[event.key];
    const here = readPoint(this.field.value);
    if (!step || !here) return;
    event.preventDefault();
    this.set(movedBy(here, ...step));
  }
}
