// The file below the map: a PMTiles archive that the web hands out in pieces.

import { addProtocol, type LayerSpecification, type SourceSpecification } from "maplibre-gl";
import { PMTiles, Protocol } from "pmtiles";

import { escaped, layersOf } from "./map-base-style";

export interface Basemap {
  url: string;
  tiles: string;
  attribution: string;
}

export interface BaseStyle {
  source: SourceSpecification;
  layers: LayerSpecification[];
}

export async function baseStyle(base: Basemap, dark: boolean): Promise<BaseStyle> {
  const archive = new PMTiles(new URL(base.url, location.href).href);
  const protocol = new Protocol();
  protocol.add(archive);
  addProtocol("pmtiles", protocol.tile);
  const attribution = escaped(base.attribution);
  const url = `pmtiles://${archive.source.getKey()}`;
  if (base.tiles === "raster") {
    return { source: { type: "raster", url, tileSize: 256, attribution }, layers: [{ id: "base", type: "raster", source: "base", paint: { "raster-opacity": dark ? 0.6 : 1 } }] };
  }
  const metadata = (await archive.getMetadata()) as { vector_layers?: { id: string }[] } | null;
  const names = (metadata?.vector_layers ?? []).map((one) => one.id);
  return { source: { type: "vector", url, attribution }, layers: names.flatMap((name) => layersOf(name, dark)) };
}
