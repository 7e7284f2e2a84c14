// Handles of one eye on the map: its place, its direction, how wide it looks. Dragged, or moved by arrow keys.

import { Marker, type GeoJSONSource, type Map as MapView } from "maplibre-gl";

import { away, bearing, hfovThrough, onCompass, sector, type Position } from "./map-geo";
import { say, type Words } from "./page";

export interface Hang {
  at: Position;
  /** Null: nobody knows where it looks. */
  bearingDeg: number | null;
  hfovDeg: number;
  reachM: number;
}

type Name = "move" | "turn" | "widen";

export class EyeHandles {
  private readonly markers = new Map<Name, Marker>();
  private hang: Hang;

  constructor(private readonly map: MapView, private readonly words: Words, hang: Hang, private readonly changed: (hang: Hang, what: Name) => void) {
    this.hang = hang;
    for (const [name, sign] of [["move", "✥"], ["turn", "▲"], ["widen", "⇔"]] as const) this.markers.set(name, this.handle(name, sign));
    this.draw();
  }

  set(hang: Partial<Hang>): void {
    this.hang = { ...this.hang, ...hang };
    this.draw();
  }

  remove(): void {
    for (const marker of this.markers.values()) marker.remove();
    (this.map.getSource("chosen") as GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features: [] });
  }

  private handle(name: Name, sign: string): Marker {
    const element = document.createElement("button");
    element.type = "button";
    element.className = `map-handle ${name}`;
    element.textContent = sign;
    element.dataset.handle = name;
    element.addEventListener("keydown", (event) => this.key(event, name));
    element.addEventListener("click", (event) => event.stopPropagation());
    const marker = new Marker({ element, draggable: true }).setLngLat(this.hang.at).addTo(this.map);
    marker.on("drag", () => this.dragged(name, [marker.getLngLat().lng, marker.getLngLat().lat]));
    marker.on("dragend", () => this.draw());
    return marker;
  }

  private dragged(name: Name, to: Position): void {
    const { at, bearingDeg } = this.hang;
    if (name === "move") this.change({ at: to }, name);
    else if (name === "turn") this.change({ bearingDeg: Math.round(bearing(at, to)) % 360 }, name);
    else this.change({ hfovDeg: hfovThrough(at, bearingDeg ?? 0, to), bearingDeg: bearingDeg ?? 0 }, name);
  }

  private key(event: KeyboardEvent, name: Name): void {
    const side: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const step = side[event.key];
    if (!step || (name !== "move" && step[0] === 0)) return;
    event.preventDefault();
    event.stopPropagation();
    const { at, bearingDeg, hfovDeg } = this.hang;
    const by = event.shiftKey ? 15 : 1;
    if (name === "move") this.change({ at: away(at, (Math.atan2(step[0], step[1]) * 180) / Math.PI, event.shiftKey ? 5 : 0.5) }, name);
    else if (name === "turn") this.change({ bearingDeg: onCompass((bearingDeg ?? 0) + step[0] * by) }, name);
    else this.change({ hfovDeg: Math.min(360, Math.max(1, hfovDeg + step[0] * by)), bearingDeg: bearingDeg ?? 0 }, name);
  }

  private change(part: Partial<Hang>, what: Name): void {
    this.hang = { ...this.hang, ...part };
    this.draw(what);
    this.changed(this.hang, what);
  }

  /** `held`: the handle under the finger stays where the finger has it. */
  private draw(held?: Name): void {
    const { at, bearingDeg, hfovDeg, reachM } = this.hang;
    const shown = Math.max(reachM, 8);
    const places: Record<Name, Position> = { move: at, turn: away(at, bearingDeg ?? 0, shown), widen: away(at, (bearingDeg ?? 0) + Math.min(hfovDeg, 180) / 2, shown * 0.7) };
    const words: Record<Name, string> = {
      move: say(this.words, "handleMove"), turn: say(this.words, "handleTurn", { deg: bearingDeg === null ? "?" : String(Math.round(bearingDeg)) }),
      widen: say(this.words, "handleWiden", { deg: String(Math.round(hfovDeg)) }),
    };
    for (const [name, marker] of this.markers) {
      if (name !== held) marker.setLngLat(places[name]);
      marker.getElement().setAttribute("aria-label", words[name]);
      marker.getElement().title = words[name];
    }
    const geometry = { type: "Polygon" as const, coordinates: [sector(at, bearingDeg, hfovDeg, reachM)] };
    (this.map.getSource("chosen") as GeoJSONSource | undefined)?.setData({ type: "Feature", properties: {}, geometry });
  }
}
