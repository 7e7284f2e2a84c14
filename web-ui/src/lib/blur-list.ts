// The regions beside the picture: each with its moments to go to, and what can be done with it at the moment shown.

import { showTime } from "./clock";
import { say, type Words } from "./page";
import { boxAt, keyNear, type Track } from "./tracks";

export type Act = "wholeSpan" | "beginHere" | "endHere" | "dropKey" | "removeRegion";

export interface ListOwner {
  words: Words;
  zone: string;
  choose(index: number): void;
  go(atMs: number): void;
  act(act: Act, index: number): void;
}

/** 14:05:03,24 */
export function showMs(atMs: number, zone: string): string {
  const rest = Math.floor((((atMs % 1000) + 1000) % 1000) / 10);
  return `${showTime(Math.floor(atMs / 1000), zone)},${String(rest).padStart(2, "0")}`;
}

export class RegionList {
  private tracks: readonly Track[] = [];
  private cards: HTMLFieldSetElement[] = [];

  constructor(private readonly root: HTMLElement, private readonly owner: ListOwner) {}

  draw(tracks: readonly Track[], chosen: number): void {
    this.tracks = tracks;
    this.cards = tracks.map((track, index) => this.card(track, index, index === chosen));
    const none = document.createElement("p");
    none.className = "text-secondary";
    none.textContent = say(this.owner.words, "noRegions");
    this.root.replaceChildren(...(tracks.length ? this.cards : [none]));
  }

  /** Marks the moment that is shown, and closes what cannot be done at it. */
  at(atMs: number, nearMs: number): void {
    for (const [index, card] of this.cards.entries()) {
      const track = this.tracks[index]!;
      const [here, box] = [keyNear(track, atMs, nearMs), boxAt(track, atMs)];
      for (const chip of card.querySelectorAll<HTMLButtonElement>("[data-at]")) {
        const current = here !== undefined && Number(chip.dataset.at) === here.at;
        chip.classList.toggle("here", current);
        if (current) chip.setAttribute("aria-current", "true");
        else chip.removeAttribute("aria-current");
      }
      for (const act of card.querySelectorAll<HTMLButtonElement>("[data-act]")) {
        const needs = { wholeSpan: true, beginHere: box, endHere: box, dropKey: here, removeRegion: true }[act.dataset.act as Act];
        act.disabled = !needs;
      }
    }
  }

  private card(track: Track, index: number, chosen: boolean): HTMLFieldSetElement {
    const [made, title, keys, acts] = [document.createElement("fieldset"), document.createElement("legend"), document.createElement("div"), document.createElement("div")];
    const number = String(index + 1);
    made.className = `blur-track${chosen ? " chosen" : ""}`;
    made.dataset.track = String(index);
    title.textContent = say(this.owner.words, "region", { number });
    keys.className = "blur-keys";
    keys.append(...track.map((key) => {
      const time = showMs(key.at, this.owner.zone);
      const chip = this.button(time, () => {
        this.owner.choose(index);
        this.owner.go(key.at);
      });
      chip.dataset.at = String(key.at);
      chip.setAttribute("aria-label", say(this.owner.words, "goToKey", { number, time }));
      return chip;
    }));
    acts.className = "btn-list";
    acts.append(...(["wholeSpan", "beginHere", "endHere", "dropKey", "removeRegion"] as const).map((act) => {
      const button = this.button(say(this.owner.words, act), () => this.owner.act(act, index));
      button.dataset.act = act;
      return button;
    }));
    made.append(title, keys, ...(track.length === 1 ? [this.warning()] : []), acts);
    made.addEventListener("focusin", () => this.owner.choose(index));
    return made;
  }

  /** With one moment alone it hides one picture: seldom what was meant, and not seen while that picture stands there. */
  private warning(): HTMLParagraphElement {
    const made = document.createElement("p");
    made.className = "small mb-2";
    made.textContent = say(this.owner.words, "oneMoment");
    return made;
  }

  private button(words: string, run: () => void): HTMLButtonElement {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm";
    made.textContent = words;
    made.addEventListener("click", run);
    return made;
  }
}
