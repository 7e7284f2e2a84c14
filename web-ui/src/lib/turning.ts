// Turning a camera: while an arrow is held, the machine is asked again twice a second; it stops the camera when it is not.
// What a browser that vanished left turning, the machine stops by itself.

import { csrfToken } from "./page";

const AGAIN_MS = 500;
const STATE_MS = 10_000;
const SPEED = 0.5;

export interface TurnState {
  mine: boolean;
  holder: string;
  patrol: string;
  refused: string;
  words?: string;
}

export interface TurnData {
  urls: Record<string, string>;
  state: TurnState;
  presets: { key: string; name: string }[];
  words: Record<string, string>;
}

export interface Wish {
  pan: number;
  tilt: number;
  zoom: number;
}

const KEYS: Record<string, Partial<Wish>> = {
  ArrowLeft: { pan: -1 }, ArrowRight: { pan: 1 }, ArrowUp: { tilt: 1 }, ArrowDown: { tilt: -1 },
  "+": { zoom: 1 }, "=": { zoom: 1 }, "-": { zoom: -1 },
};

/** What a key turns; null for one that turns nothing, and where somebody types. */
export function wishOfKey(key: string, target: { tagName: string } | null, modified: boolean): Wish | null {
  const found = KEYS[key];
  const types = target !== null && ["INPUT", "TEXTAREA", "SELECT", "VIDEO"].includes(target.tagName);
  return found === undefined || types || modified ? null : { pan: 0, tilt: 0, zoom: 0, ...found };
}

/** Who turns it, in words. `was`: that it was ours a moment ago. */
export function saidOf(state: TurnState, words: Record<string, string>, was: boolean): string {
  const fill = (name: string, who: string) => (words[name] ?? "").replace("{name}", who);
  if (state.words) return state.words;
  if (state.refused) return state.refused;
  const who = state.mine ? words.mine ?? "" : state.holder ? fill(was ? "taken" : "held", state.holder) : words.free ?? "";
  return state.patrol && (state.mine || state.holder) ? `${who} ${fill("patrol", state.patrol)}` : who;
}

/** One held arrow at a time; `send` and `stop` ask the machine. */
export class Held {
  private timer: number | undefined;
  private busy = false;

  constructor(private readonly send: (wish: Wish) => Promise<boolean>, private readonly stop: () => void) {}

  press(wish: Wish): void {
    if (this.timer !== undefined) return;
    const again = async () => {
      if (this.busy) return;
      this.busy = true;
      const goesOn = await this.send(wish).catch(() => false);
      this.busy = false;
      if (!goesOn) this.clear();
    };
    this.timer = window.setInterval(() => void again(), AGAIN_MS);
    void again();
  }

  release(): void {
    if (this.timer === undefined) return;
    this.clear();
    this.stop();
  }

  get isHeld(): boolean {
    return this.timer !== undefined;
  }

  private clear(): void {
    window.clearInterval(this.timer);
    this.timer = undefined;
  }
}

export function startTurning(): void {
  const told = document.getElementById("turning-data");
  const section = document.getElementById("turning");
  const said = document.getElementById("turning-said");
  const take = document.getElementById("turning-take");
  const presets = document.getElementById("turning-presets");
  if (!told || !section || !said || !take || !presets) return;
  const data = JSON.parse(told.textContent ?? "") as TurnData;
  let state = data.state;

  const show = (next: TurnState) => {
    said.textContent = saidOf(next, data.words, state.mine && !next.mine);
    take.hidden = next.mine || !next.holder || next.refused !== "";
    for (const button of section.querySelectorAll<HTMLButtonElement>(".turning-pad [data-pan], .turning-pad [data-tilt], .turning-pad [data-zoom], #turning-presets button")) {
      button.disabled = next.refused !== "";
    }
    state = next;
  };

  const ask = async (name: string, fields: Record<string, string | number> = {}): Promise<boolean> => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: csrfToken(), ...Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)])) });
    try {
      const answer = await fetch(data.urls[name] ?? "", { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) show((await answer.json()) as TurnState);
      return answer.ok;
    } catch {
      said.textContent = data.words.lost ?? "";
      return false;
    }
  };

  const held = new Held((wish) => ask("turn_move", { pan: wish.pan * SPEED, tilt: wish.tilt * SPEED, zoom: wish.zoom * SPEED }), () => void ask("turn_stop"));
  for (const button of section.querySelectorAll<HTMLButtonElement>(".turning-pad [data-pan], .turning-pad [data-tilt], .turning-pad [data-zoom]")) {
    const wish = { pan: Number(button.dataset.pan ?? 0), tilt: Number(button.dataset.tilt ?? 0), zoom: Number(button.dataset.zoom ?? 0) };
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId);
      held.press(wish);
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const) button.addEventListener(end, () => held.release());
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.addEventListener("keydown", (event) => {
      if ((event.key === "Enter" || event.key === " ") && !event.repeat) held.press(wish);
    });
    button.addEventListener("keyup", () => held.release());
  }
  document.addEventListener("keydown", (event) => {
    const wish = wishOfKey(event.key, event.target as HTMLElement | null, event.ctrlKey || event.altKey || event.metaKey);
    if (wish === null) return;
    event.preventDefault();
    if (!event.repeat) held.press(wish);
  });
  document.addEventListener("keyup", (event) => {
    if (event.key in KEYS) held.release();
  });
  window.addEventListener("blur", () => held.release());
  window.addEventListener("pagehide", () => {
    if (state.mine) navigator.sendBeacon(data.urls.turn_leave ?? "", new URLSearchParams({ csrfmiddlewaretoken: csrfToken() }));
  });
  take.addEventListener("click", () => void ask("turn_take"));
  for (const preset of data.presets) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = preset.name;
    button.addEventListener("click", () => void ask("turn_go", { preset: preset.key }));
    presets.append(button);
  }
  show(state);
  window.setInterval(() => {
    if (held.isHeld || document.hidden) return;
    void fetch(data.urls.turn ?? "", { headers: { Accept: "application/json" } })
      .then(async (answer) => {
        if (answer.ok) show((await answer.json()) as TurnState);
      })
      .catch(() => undefined);
  }, STATE_MS);
}
