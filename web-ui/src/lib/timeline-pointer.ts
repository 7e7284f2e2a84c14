// Fingers, mouse and wheel on the timeline: look about in the lanes, move the ruler, pinch, drag a mark.

import { touched, type Touched } from "./lane";
import { remOf } from "./lane-canvas";
import { atX, pan, zoom, type View } from "./timeline";

export interface PointerOwner {
  view(): View;
  setView(view: View): void;
  marks(): { in: number | null; out: number | null };
  setMark(which: "in" | "out", at: number): void;
  scrub(at: number): void;
  release(): void;
  /** Pressed and lifted in one place: there, without looking about. */
  click(at: number): void;
  hover(at: number, y: number): void;
}

const EDGE_PX = 24;
const STILL_PX = 3; // a click's hand trembles
const HOLD_MS = 250; // pressed longer, it is no click: small pictures come, which a click has no use for

export class TimelinePointer {
  private readonly down = new Map<number, number>(); // pointer → x
  private holds: Touched | "pinch" | null = null;
  private lastX = 0;
  private pressedX = 0;
  private moved = false;
  private hold = 0; // the timer of a press that may become a click

  constructor(private readonly canvas: HTMLCanvasElement, private readonly owner: PointerOwner) {
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"] as const) canvas.addEventListener(name, (event) => this.lift(event));
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  /** Somebody looks about at this moment. */
  get scrubbing(): boolean {
    return this.holds === "lanes" && this.hold === 0;
  }

  /** And goes on from there: more than a click. */
  get dragging(): boolean {
    return this.scrubbing && this.moved;
  }

  private get width(): number {
    return this.canvas.clientWidth;
  }

  private press(event: PointerEvent): void {
    this.canvas.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, event.offsetX);
    this.lastX = this.pressedX = event.offsetX;
    this.moved = false;
    if (this.down.size === 2) {
      if (this.scrubbing) this.owner.release();
      this.pressedLong();
      this.holds = "pinch";
      return;
    }
    if (this.down.size > 2) return;
    const rem = remOf();
    const found = touched(event.offsetX / rem, event.offsetY / rem, this.owner.view(), this.width / rem, this.owner.marks());
    this.holds = event.button === 1 || event.shiftKey ? "ruler" : found;
    if (this.holds === "lanes") this.hold = window.setTimeout(() => this.begin(), HOLD_MS);
  }

  /** It is no click: looking about begins where the finger is. */
  private begin(): void {
    this.pressedLong();
    this.owner.scrub(this.at(this.lastX));
  }

  private pressedLong(): void {
    window.clearTimeout(this.hold);
    this.hold = 0;
  }

  private move(event: PointerEvent): void {
    if (this.holds === null) return this.owner.hover(this.at(event.offsetX), event.offsetY / remOf());
    const before = this.down.get(event.pointerId);
    if (before === undefined) return;
    this.moved ||= Math.abs(event.offsetX - this.pressedX) > STILL_PX;
    if (this.moved) this.pressedLong();
    if (this.holds === "pinch") this.pinch(event, before);
    else if (this.holds === "ruler") this.owner.setView(pan(this.owner.view(), this.seconds(this.lastX - event.offsetX)));
    else if (this.holds === "lanes") {
      if (this.hold === 0) this.look(event.offsetX);
    }
    else this.owner.setMark(this.holds, this.at(event.offsetX));
    this.down.set(event.pointerId, event.offsetX);
    this.lastX = event.offsetX;
  }

  /** At the edge the view goes along. */
  private look(x: number): void {
    const over = x < EDGE_PX ? x - EDGE_PX : x > this.width - EDGE_PX ? x - this.width + EDGE_PX : 0;
    if (over) this.owner.setView(pan(this.owner.view(), this.seconds(over / 4)));
    this.owner.scrub(this.at(Math.max(0, Math.min(this.width, x))));
  }

  private pinch(event: PointerEvent, before: number): void {
    const other = [...this.down].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) return;
    const [was, is] = [Math.max(20, Math.abs(before - other)), Math.max(20, Math.abs(event.offsetX - other))];
    this.owner.setView(zoom(this.owner.view(), this.at(other), was / is));
  }

  private lift(event: PointerEvent): void {
    if (!this.down.delete(event.pointerId) || this.down.size > 0) return;
    const [held, wasClick] = [this.holds, this.hold !== 0];
    this.pressedLong();
    this.holds = null;
    if (held === "lanes" && wasClick && event.type === "pointerup") this.owner.click(this.at(event.offsetX));
    else if (held === "lanes") this.owner.release();
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) this.owner.setView(pan(this.owner.view(), this.seconds(event.deltaX || event.deltaY)));
    else this.owner.setView(zoom(this.owner.view(), this.at(event.offsetX), event.deltaY > 0 ? 1.25 : 0.8));
  }

  private at(x: number): number {
    return atX(this.owner.view(), x, this.width);
  }

  private seconds(px: number): number {
    const view = this.owner.view();
    return (px / Math.max(1, this.width)) * (view.to - view.from);
  }
}
