// The map of the page of telling: fetched when somebody asks for it. Hamlets, roads, the file below them, and one pin.

import "maplibre-gl/dist/maplibre-gl.css";
import { AttributionControl, Map as MapView, Marker, NavigationControl, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

import { baseStyle } from "./map-base";
import { escaped } from "./map-base-style";
import type { Position } from "./map-geo";
import { THEMES } from "./map-style";
import { stepOf, type Land } from "./tell-where";

const FONT = ["Noto Sans", "Segoe UI", "Roboto", "Liberation Sans", "DejaVu Sans"];
const theme = THEMES.light;

function styleOf(land: Land): StyleSpecification {
  const collection = (features: GeoJSON.Feature[]) => ({ type: "geojson" as const, data: { type: "FeatureCollection" as const, features } });
  const names = land.hamlets.map(({ properties }) => ({ type: "Feature" as const, geometry: { type: "Point" as const, coordinates: [properties.lon, properties.lat] }, properties: { name: properties.name } }));
  const words = { "text-color": theme.ink, "text-halo-color": theme.halo, "text-halo-width": 1.6 };
  return {
    version: 8,
    sources: { hamlets: collection(land.hamlets), names: collection(names), roads: collection(land.roads) },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": theme.ground } },
      { id: "road-edge", type: "line", source: "roads", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": theme.buildingLine, "line-width": ["interpolate", ["linear"], ["zoom"], 12, 3, 18, 14] } },
      { id: "road", type: "line", source: "roads", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": theme.halo, "line-width": ["interpolate", ["linear"], ["zoom"], 12, 1.5, 18, 11] } },
      { id: "hamlet-line", type: "line", source: "hamlets", paint: { "line-color": theme.hamlet, "line-width": 2, "line-dasharray": [3, 2] } },
      { id: "road-name", type: "symbol", source: "roads", minzoom: 14, layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "symbol-placement": "line" }, paint: words },
      { id: "hamlet-name", type: "symbol", source: "names", layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 15, "text-max-width": 9 }, paint: { ...words, "text-color": theme.hamlet } },
    ],
  };
}

/** One pin on a map: by touch, by drawing it, by keys. `moved` is told where it is each time that somebody moved it. */
export class PinMap {
  private readonly map: MapView;
  private readonly marker: Marker;
  private placed = false;

  constructor(private readonly place: HTMLElement, land: Land, private readonly moved: (at: Position) => void) {
    setWorkerUrl(new URL(workerUrl, location.href).href);
    const { title = "", nearer = "", farther = "", credits = "", pin = "" } = place.dataset;
    this.map = new MapView({
      container: place, style: styleOf(land), bounds: land.bounds, fitBoundsOptions: { padding: 20 }, attributionControl: false, keyboard: false, maxZoom: 19, minZoom: 4, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0,
      locale: { "Map.Title": title, "NavigationControl.ZoomIn": nearer, "NavigationControl.ZoomOut": farther, "AttributionControl.ToggleAttribution": credits, "Marker.Title": pin },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    if (land.sources.length || land.basemap) this.map.addControl(new AttributionControl({ compact: true, customAttribution: land.sources.map(escaped) }), "bottom-right");
    this.marker = new Marker({ draggable: true, color: theme.chosen });
    this.marker.on("dragend", () => this.moved(this.at()!));
    this.map.on("click", ({ lngLat }) => this.put([lngLat.lng, lngLat.lat]));
    this.map.getCanvas().addEventListener("keydown", (event) => this.key(event));
    (window as unknown as { luytrePin: MapView }).luytrePin = this.map; // for tests
    void this.begin(land);
  }

  at(): Position | null {
    const { lng, lat } = this.placed ? this.marker.getLngLat() : { lng: NaN, lat: NaN };
    return this.placed ? [lng, lat] : null;
  }

  /** Shows the pin there, and the map around it; tells nobody. */
  show(at: Position): void {
    this.marker.setLngLat(at);
    if (!this.placed) this.marker.addTo(this.map);
    this.placed = true;
    if (!this.map.getBounds().contains(at)) this.map.jumpTo({ center: at, zoom: Math.max(this.map.getZoom(), 15) });
  }

  drop(): void {
    this.marker.remove();
    this.placed = false;
  }

  focus(): void {
    this.map.getCanvas().focus({ preventScroll: true });
    this.place.scrollIntoView({ block: "nearest" });
  }

  resize(): void {
    this.map.resize();
  }

  private async begin(land: Land): Promise<void> {
    await new Promise<void>((done) => void this.map.once("load", () => done()));
    try {
      const base = land.basemap ? await baseStyle(land.basemap, false) : null;
      if (base) this.map.addSource("base", base.source);
      for (const layer of base?.layers ?? []) this.map.addLayer(layer, "road-edge");
    } catch {
      // the ground stays plain: hamlets and roads are there
    }
    this.place.dataset.ready = "1";
  }

  private put(at: Position): void {
    this.show(at);
    this.moved(at);
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "+" || event.key === "=") this.map.zoomIn({ duration: 0 });
    else if (event.key === "-" || event.key === "−") this.map.zoomOut({ duration: 0 });
    else if (!this.step(stepOf(event.key, event.shiftKey))) return;
    event.preventDefault();
  }

  /** The first key sets the pin in the middle of what is seen. */
  private step(by: [number, number] | null): boolean {
    if (by === null) return false;
    const from = this.placed ? this.marker.getLngLat() : this.map.getCenter();
    const { x, y } = this.map.project(from);
    const to = this.placed ? this.map.unproject([x + by[0], y + by[1]]) : from;
    this.put([to.lng, to.lat]);
    return true;
  }
}
