// Measuring: clicks, or the point in the middle of the map by a button, and the length along them.

import type { GeoJSONSource, Map as MapView } from "maplibre-gl";

import { distance, pathLength, showMetres, type Position } from "./map-geo";
import { say, type Words } from "./page";

export class Measure {
  isOn = false;
  private points: Position[] = [];

  constructor(private readonly map: MapView, private readonly words: Words, private readonly language: string, private readonly told: (text: string) => void) {}

  toggle(): boolean {
    this.isOn = !this.isOn;
    this.clear();
    return this.isOn;
  }

  add(point: Position): void {
    this.points.push(point);
    this.draw();
  }

  clear(): void {
    this.points = [];
    this.draw();
  }

  private draw(): void {
    const features = [
      ...(this.points.length > 1 ? [{ type: "Feature" as const, properties: {}, geometry: { type: "LineString" as const, coordinates: this.points } }] : []),
      ...this.points.map((point) => ({ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: point } })),
    ];
    (this.map.getSource("measure") as GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features });
    const [last, before] = [this.points.at(-1), this.points.at(-2)];
    if (!last || !before) return this.told(say(this.words, this.points.length ? "measureOne" : "measureNone"));
    this.told(say(this.words, "measured", { length: showMetres(pathLength(this.points), this.language), last: showMetres(distance(before, last), this.language) }));
  }
}
