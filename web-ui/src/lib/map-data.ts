// The layers as they came from the server, each with the box of every feature; and what the eyes do now.

import type * as GeoJSON from "geojson";

import { boxOf, meets, middle, type Box, type Position } from "./map-geo";

export interface Thing {
  layer: string;
  key: string;
  name: string;
  box: Box;
  geometry: GeoJSON.Geometry;
  properties: Record<string, string | number | boolean | null>;
}

export interface LayerInfo {
  name: string;
  words: string;
  url: string;
  shown: boolean;
}

export interface State {
  look: string;
  words: string;
  reason?: string;
}

export class LoggedOut extends Error {}

export class MapData {
  readonly things = new Map<string, Thing[]>();
  readonly leftOut = new Map<string, number>();
  sources: string[] = [];
  private states: Record<string, State> = {};
  private readonly told = new Map<string, string[]>();

  constructor(private readonly layers: readonly LayerInfo[]) {}

  async load(name: string): Promise<void> {
    const info = this.layers.find((one) => one.name === name);
    if (!info) return;
    const found = (await getJson(info.url)) as GeoJSON.FeatureCollection & { left_out: number; sources: string[] };
    this.things.set(name, found.features.map((feature) => thing(name, feature)));
    this.leftOut.set(name, found.left_out);
    this.told.set(name, found.sources);
    this.sources = [...new Set([...this.told.values()].flat())];
  }

  /** What a source of the map gets: eyes and their views bear the eye's look. */
  collection(name: string): GeoJSON.FeatureCollection {
    const looks = name === "eyes" || name === "views";
    const features = (this.things.get(name) ?? []).map((one) => feature(one, looks ? { look: this.look(one.key) } : {}));
    return { type: "FeatureCollection", features };
  }

  /** Each hamlet's name once, where the server says that its middle is. */
  hamletNames(): GeoJSON.FeatureCollection {
    const features = (this.things.get("hamlets") ?? []).map((one) => ({ ...feature(one, {}), geometry: { type: "Point" as const, coordinates: labelOf(one) } }));
    return { type: "FeatureCollection", features };
  }

  /** Whether anything that is seen has changed. */
  setStates(states: Record<string, State>): boolean {
    const before = JSON.stringify(this.states);
    this.states = states;
    return before !== JSON.stringify(states);
  }

  state(key: string): State | undefined {
    return this.states[key];
  }

  look(key: string): string {
    return this.states[key]?.look ?? "unknown";
  }

  find(layer: string, key: string): Thing | undefined {
    return this.things.get(layer)?.find((one) => one.key === key);
  }

  inView(layer: string, view: Box): Thing[] {
    return (this.things.get(layer) ?? []).filter((one) => meets(one.box, view));
  }
}

export function labelOf(one: Thing): Position {
  const { lon, lat } = one.properties;
  return typeof lon === "number" && typeof lat === "number" ? [lon, lat] : middle(one.box);
}

function thing(layer: string, found: GeoJSON.Feature): Thing {
  const properties = (found.properties ?? {}) as Thing["properties"];
  return { layer, key: String(found.id), name: String(properties.name ?? ""), box: boxOf(found.geometry), geometry: found.geometry, properties };
}

function feature(one: Thing, more: Record<string, string>): GeoJSON.Feature {
  return { type: "Feature", id: one.key, geometry: one.geometry, properties: { ...one.properties, ...more, key: one.key } };
}

export async function getJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (answer.status === 401) throw new LoggedOut();
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
