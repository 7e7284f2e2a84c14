// A plan's version on the map: what is wished of a new eye's place in the next version (pinned, left out, moved, free again).

import type * as GeoJSON from "geojson";
import { Marker, type Map as MapView } from "maplibre-gl";

import { away, type Position } from "./map-geo";
import type { LayerInfo, Thing } from "./map-data";
import { send, type Answer } from "./map-server";
import type { CardButton } from "./map-side";
import { say, type Words } from "./page";

export interface PlanInfo {
  name: string;
  layers: LayerInfo[];
  back: string;
  /** Empty for whoever may wish nothing. */
  wish: string;
  phases: number;
}

export interface PlanOwner {
  words: Words;
  status(name: string, fill?: Record<string, string>): void;
  tell(text: string): void;
  reload(): Promise<void>;
  card(layer: string, key: string): void;
}

export const PLAN_EYES = "plan_eyes";
const STEP_M = 0.5;

export class PlanOnMap {
  private moving: { key: string; marker: Marker } | null = null;

  constructor(private readonly map: MapView, private readonly info: PlanInfo, private readonly owner: PlanOwner) {}

  get isMoving(): boolean {
    return this.moving !== null;
  }

  buttonsFor(thing: Thing): CardButton[] {
    if (thing.layer !== PLAN_EYES || !this.info.wish) return [];
    if (this.moving?.key === thing.key) {
      return [{ words: this.say("planMoveSave"), run: () => void this.saveMove(thing) }, { words: this.say("cancel"), run: () => this.endMove(thing) }];
    }
    const free = thing.properties.wishWords ? [{ words: this.say("planFree"), run: () => void this.wish(thing, "free") }] : [];
    return [
      { words: this.say("planPin"), run: () => void this.wish(thing, "pin") }, { words: this.say("planForbid"), run: () => void this.wish(thing, "forbid") },
      { words: this.say("planMove"), run: () => this.move(thing) }, ...free,
    ];
  }

  /** A click on the map while something is moved: it goes there. */
  put(at: Position): void {
    this.moving?.marker.setLngLat(at);
  }

  /** What was moved and not saved stays where it was. */
  drop(): void {
    this.moving?.marker.remove();
    this.moving = null;
  }

  private move(thing: Thing): void {
    this.drop();
    const element = document.createElement("button");
    element.type = "button";
    element.className = "map-handle move";
    element.append("✥");
    element.setAttribute("aria-label", this.say("handleMove"));
    const marker = new Marker({ element, draggable: true }).setLngLat((thing.geometry as GeoJSON.Point).coordinates as Position).addTo(this.map);
    element.addEventListener("click", (event) => event.stopPropagation());
    element.addEventListener("keydown", (event) => this.key(event, marker));
    this.moving = { key: thing.key, marker };
    this.owner.card(thing.layer, thing.key);
    this.owner.status("planMoving");
    element.focus({ preventScroll: true });
  }

  private key(event: KeyboardEvent, marker: Marker): void {
    const step = ({ ArrowLeft: 270, ArrowRight: 90, ArrowUp: 0, ArrowDown: 180 } as Record<string, number>)[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const { lng, lat } = marker.getLngLat();
    marker.setLngLat(away([lng, lat], step, event.shiftKey ? 10 * STEP_M : STEP_M));
  }

  private endMove(thing: Thing): void {
    this.drop();
    this.owner.status("");
    this.owner.card(thing.layer, thing.key);
  }

  private async saveMove(thing: Thing): Promise<void> {
    if (!this.moving) return;
    const { lng, lat } = this.moving.marker.getLngLat();
    await this.wish(thing, "move", { type: "Point", coordinates: [lng, lat] });
  }

  private async wish(thing: Thing, how: string, geometry: GeoJSON.Point | null = null): Promise<void> {
    const { candidate, bearing_deg: bearing } = thing.properties;
    const answer = await send(this.info.wish, { values: { how, candidate: String(candidate), bearing: how === "pin" ? String(bearing) : "" }, geometry });
    if (answer.kind !== "done") return this.notDone(answer);
    this.drop();
    await this.owner.reload();
    this.owner.card(thing.layer, thing.key);
    this.owner.status("planNoted", { name: answer.name });
  }

  private notDone(answer: Answer): void {
    if (answer.kind === "refused") this.owner.tell(Object.values(answer.errors).join(" "));
    else this.owner.status({ stale: "stale", loggedOut: "loggedOut", mayNot: "mayNot", gone: "thingGone", away: "serverAway", done: "saved" }[answer.kind]);
  }

  private say(name: string): string {
    return say(this.owner.words, name);
  }
}
