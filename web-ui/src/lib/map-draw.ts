// The drawn shape: terra-draw while it is drawn and bent, points as the truth in between.

import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawSelectMode, type GeoJSONStoreFeatures } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import type { GeoJSONSource, Map as MapView } from "maplibre-gl";

import type { Position } from "./map-geo";
import { pointsOf, shapeOf, type Shape } from "./map-points";

const MODES: Record<Shape, string> = { Point: "point", LineString: "linestring", Polygon: "polygon" };
const DECIMALS = 6;

export class Draw {
  points: Position[] = [];
  private id: string | number | null = null;
  private readonly terra: TerraDraw;

  constructor(private readonly map: MapView, private readonly changed: () => void) {
    const bends = { feature: { draggable: true, coordinates: { draggable: true, midpoints: true, deletable: true } } };
    this.terra = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 9 }),
      modes: [new TerraDrawPointMode(), new TerraDrawLineStringMode(), new TerraDrawPolygonMode(),
        new TerraDrawSelectMode({ flags: { point: { feature: { draggable: true } }, linestring: bends, polygon: bends } })],
    });
    this.terra.start();
    this.terra.on("finish", (id, context) => {
      if (context.action === "draw") this.finished(id);
      else this.take();
    });
    this.terra.on("deselect", () => setTimeout(() => this.select(), 0)); // there is but one, and it stays in hand
  }

  /** Draws from nothing: what is there goes. */
  begin(shape: Shape): void {
    this.points = [];
    this.clear();
    this.terra.setMode(MODES[shape]);
    this.preview();
  }

  /** Shows points as a shape that can be bent; too few of them as points. */
  show(shape: Shape, points: readonly Position[]): void {
    this.points = [...points];
    this.clear();
    const geometry = shapeOf(shape, points);
    if (geometry) {
      const id = this.terra.getFeatureId();
      const feature = { type: "Feature", id, geometry: rounded(geometry), properties: { mode: MODES[shape] } } as GeoJSONStoreFeatures;
      if (this.terra.addFeatures([feature])[0]?.valid) {
        this.id = id;
        this.select();
      }
    } else this.terra.setMode(MODES[shape]);
    this.preview();
  }

  end(): void {
    this.clear();
    this.points = [];
    this.preview();
    this.terra.setMode("static");
  }

  private clear(): void {
    this.id = null;
    this.terra.clear();
  }

  private finished(id: string | number): void {
    this.id = id;
    this.take();
    setTimeout(() => this.select(), 0); // not within terra-draw's own event
  }

  private select(): void {
    if (this.id === null || !this.terra.hasFeature(this.id)) return;
    this.terra.setMode("select");
    this.terra.selectFeature(this.id);
  }

  private take(): void {
    const found = this.id === null ? undefined : this.terra.getSnapshotFeature(this.id);
    this.points = (found && pointsOf(found.geometry)) ?? [];
    this.preview();
    this.changed();
  }

  /** Points that are no shape yet. */
  private preview(): void {
    const loose = this.id === null ? this.points : [];
    const features = loose.map((point) => ({ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: point } }));
    (this.map.getSource("measure") as GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features });
  }
}

function rounded<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_name, part: unknown) => (typeof part === "number" ? Number(part.toFixed(DECIMALS)) : part)) as T;
}
