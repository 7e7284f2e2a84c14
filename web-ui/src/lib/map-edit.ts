// Drawing and changing things on the map.

import type { Map as MapView } from "maplibre-gl";

import type { MapData, Thing } from "./map-data";
import type { CardButton } from "./map-side";
import type { Words } from "./page";

export interface EditInfo {
  kinds: unknown[];
}

export interface EditOwner {
  words: Words;
  language: string;
  data: MapData;
  status(name: string, fill?: Record<string, string>): void;
  reload(layers: string[]): Promise<void>;
  open(layer: string, key: string): void;
  close(): void;
  nameOf(thing: Thing): string;
}

export class Editing {
  isOpen = false;
  takesClicks = false;

  constructor(readonly map: MapView, readonly info: EditInfo, readonly owner: EditOwner) {}

  buttonsFor(_thing: Thing): CardButton[] {
    return [];
  }
}
