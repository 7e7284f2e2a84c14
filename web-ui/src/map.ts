// The map of the commune: layers from the server, states every quarter of a minute, a link to what is seen, and drawing for those who may.

import "maplibre-gl/dist/maplibre-gl.css";
import "./app";
import "./map.css";
import { AttributionControl, Map as MapView, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

import { baseStyle, type Basemap } from "./lib/map-base";
import { escaped } from "./lib/map-base-style";
import { getJson, labelOf, LoggedOut, MapData, type LayerInfo, type State, type Thing } from "./lib/map-data";
import type { EditInfo, Editing } from "./lib/map-edit";
import type { Box } from "./lib/map-geo";
import { addIcons } from "./lib/map-icons";
import { Measure } from "./lib/map-measure";
import { Pace } from "./lib/map-pace";
import { PLAN_EYES, PlanOnMap, type PlanInfo } from "./lib/map-plan";
import { drawCard, drawLegend, drawList, listed, nameOf, nearUrl, searched, type CardButton, type SideOwner } from "./lib/map-side";
import { CLICKED, emptyStyle, hiddenWhenPlain, styleLayersOf, THEMES, ZONE_LAYERS } from "./lib/map-style";
import { keptLayers, readUrl, shownLayers, writeUrl, type Wanted } from "./lib/map-url";
import { byId, say, type Words } from "./lib/page";

interface Page {
  user: number;
  layers: LayerInfo[];
  statesUrl: string;
  loginUrl: string;
  bounds: Box;
  basemap: Basemap | null;
  pages: Record<string, string>;
  edit: EditInfo | null;
  plan: PlanInfo | null;
  /** The filters of the list whose incidents are shown; null: the layer is that of all that are open. */
  cases: string | null;
  words: Words;
}

const STATES_MS = 15_000;
const told = JSON.parse(byId("map-page").textContent ?? "") as Page;
const words = told.words;
const language = document.documentElement.lang || "vi";
const isDark = document.documentElement.dataset.bsTheme === "dark";
const scale = Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1);
const theme = { ...THEMES[isDark ? "dark" : "light"], scale };
const names = told.layers.map((one) => one.name);
const wanted = readUrl(location.search, names);
const keep = `luytre.map.layers.${told.user}`;
const shown = shownLayers(told.layers, wanted.layers, read(keep));
const data = new MapData(told.layers);
if (told.plan) {
  for (const layer of told.plan.layers) shown.add(layer.name);
  told.pages.plan_back = told.plan.back;
}
if (told.cases !== null && wanted.layers === null) shown.add("cases");
const query = new URLSearchParams(location.search);
const ofPlan: [string, string] | null = told.plan ? [query.get("plan") ?? "", query.get("version") ?? ""] : null;
/** Fetched when they are first shown: they are large, and few look at them. */
const LATE = new Set(["zones", "zones_night", "cases"]);
let plan: PlanOnMap | null = null;
let chosen: Thing | null = null;
let editing: Editing | null = null;

setWorkerUrl(new URL(workerUrl, location.href).href);
const map = new MapView({
  container: "map", style: emptyStyle(theme), attributionControl: false, maxZoom: 21, minZoom: 4, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0, crossSourceCollisions: false,
  ...(wanted.view ? { center: [wanted.view.lon, wanted.view.lat] as [number, number], zoom: wanted.view.zoom } : { bounds: told.bounds, fitBoundsOptions: { padding: 30 } }),
  locale: {
    "Map.Title": say(words, "mapTitle"), "NavigationControl.ZoomIn": say(words, "zoomIn"), "NavigationControl.ZoomOut": say(words, "zoomOut"), "AttributionControl.ToggleAttribution": say(words, "attribution"),
    "ScaleControl.Meters": "m", "ScaleControl.Kilometers": "km",
  },
});
map.touchZoomRotate.disableRotation();
const hidden = hiddenWhenPlain(emptyStyle(theme));
new Pace(map, (plain) => {
  for (const [layer, property, full] of hidden) map.setPaintProperty(layer, property, plain ? 0 : full);
});
map.addControl(new NavigationControl({ showCompass: false }), "top-right");
map.addControl(new ScaleControl({ unit: "metric" }), "top-left");
(window as unknown as { luytreMap: MapView }).luytreMap = map; // for tests and the bench

const side: SideOwner = { words, language, layers: told.layers, data, pages: told.pages, phases: told.plan?.phases ?? 0, open: (thing) => open(thing, true) };

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function status(name: string, fill: Record<string, string> = {}): void {
  byId("map-status").textContent = name ? say(words, name, fill) : "";
}

// --- layers ---------------------------------------------------------------------------------------------------------
function refill(name: string): void {
  (map.getSource(name) as GeoJSONSource | undefined)?.setData(data.collection(name));
  if (name === "hamlets") (map.getSource("hamlet-names") as GeoJSONSource | undefined)?.setData(data.hamletNames());
}

async function load(name: string): Promise<void> {
  try {
    await data.load(name);
  } catch (error) {
    return failed(error);
  }
  refill(name);
  credits();
  const left = data.leftOut.get(name) ?? 0;
  if (left) status("leftOut", { layer: told.layers.find((one) => one.name === name)?.words ?? name, count: String(left) });
}

function failed(error: unknown): void {
  if (error instanceof LoggedOut) status("loggedOut");
  else status("notLoaded");
}

function showLayers(): void {
  for (const name of names) {
    for (const id of styleLayersOf(name)) map.setLayoutProperty(id, "visibility", shown.has(name) ? "visible" : "none");
  }
}

function toggle(name: string, on: boolean): void {
  if (on) shown.add(name);
  else shown.delete(name);
  try {
    localStorage.setItem(keep, keptLayers(told.layers, shown));
  } catch {
    // nothing is remembered, and all else goes on
  }
  showLayers();
  if (on && LATE.has(name) && !data.things.has(name)) void load(name);
  moved();
}

/** Levels of view are those of the eye that is chosen; of all where none is. */
function showZones(): void {
  const eye = chosen?.layer === "eyes" ? chosen.key : null;
  for (const id of ZONE_LAYERS) map.setFilter(id, eye ? ["==", ["get", "eye"], eye] : null);
}

let attribution: AttributionControl | null = null;
function credits(): void {
  if (attribution) map.removeControl(attribution);
  attribution = data.sources.length || told.basemap ? new AttributionControl({ compact: true, customAttribution: data.sources.map(escaped) }) : null;
  if (attribution) map.addControl(attribution, "bottom-right");
}

async function base(basemap: Basemap): Promise<void> {
  try {
    const style = await baseStyle(basemap, isDark);
    map.addSource("base", style.source);
    for (const layer of style.layers) map.addLayer(layer, "obstacle-fill");
  } catch {
    status("noBasemap");
  }
}

async function states(): Promise<void> {
  if (document.hidden) return;
  try {
    const found = (await getJson(told.statesUrl)) as { eyes: Record<string, State>; recorder: string };
    byId("map-recorder").textContent = found.recorder;
    if (!data.setStates(found.eyes)) return;
    refill("eyes");
    refill("views");
    moved();
    if (chosen?.layer === "eyes" && !editing?.isOpen) card(chosen);
  } catch (error) {
    failed(error);
  }
}

// --- what is seen, as list and as link -------------------------------------------------------------------------------
function view(): Box {
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}

let timer = 0;
function moved(): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    const centre = map.getCenter();
    const thing: Wanted["thing"] = chosen ? { layer: chosen.layer, key: chosen.key } : null;
    history.replaceState(null, "", writeUrl({ lat: centre.lat, lon: centre.lng, zoom: map.getZoom() }, names.filter((name) => shown.has(name)), thing, ofPlan, told.cases));
    list();
  }, 150);
}

function list(): void {
  const typed = byId<HTMLInputElement>("map-search").value.trim();
  if (typed) return drawList(byId("map-list"), listed(side, new Set(names), (name) => searched(data.things.get(name) ?? [], typed)), side);
  const seen = view();
  drawList(byId("map-list"), listed(side, shown, (name) => data.inView(name, seen)), side);
}

// --- one thing ------------------------------------------------------------------------------------------------------
function open(thing: Thing, fly: boolean): void {
  if (editing?.isOpen) return status("editingFirst");
  plan?.drop();
  chosen = thing;
  showZones();
  if (!shown.has(thing.layer)) {
    toggle(thing.layer, true);
    drawLegend(byId("map-legend"), side, shown, toggle);
  }
  (map.getSource("chosen") as GeoJSONSource).setData({ type: "Feature", geometry: thing.geometry, properties: {} });
  if (fly) goTo(thing);
  card(thing);
  byId("map-card").querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  byId("map-card").scrollIntoView({ block: "nearest" });
  moved();
}

function goTo(thing: Thing): void {
  const [west, south, east, north] = thing.box;
  if (west === east && south === north) map.easeTo({ center: labelOf(thing), zoom: Math.max(map.getZoom(), 17), duration: 300 });
  else map.fitBounds([west, south, east, north], { padding: 60, maxZoom: 18, duration: 300 });
}

function card(thing: Thing): void {
  byId("map-card").hidden = false;
  drawCard(byId("map-card"), thing, side, [...(editing?.buttonsFor(thing) ?? []), ...(plan?.buttonsFor(thing) ?? []), { words: say(words, "close"), run: close } satisfies CardButton]);
}

function close(): void {
  plan?.drop();
  chosen = null;
  showZones();
  byId("map-card").hidden = true;
  byId("map-card").replaceChildren();
  (map.getSource("chosen") as GeoJSONSource).setData({ type: "FeatureCollection", features: [] });
  moved();
}

function clicked(x: number, y: number): void {
  const around: [[number, number], [number, number]] = [[x - 4, y - 4], [x + 4, y + 4]];
  for (const [id, layer] of CLICKED) {
    const found = map.getLayer(id) && map.queryRenderedFeatures(around, { layers: [id] })[0];
    const thing = found ? data.find(layer, String(found.properties.key)) : undefined;
    if (thing) return open(thing, false);
  }
  if (chosen) close();
}

// --- start ----------------------------------------------------------------------------------------------------------
const measure = new Measure(map, words, language, (text) => {
  byId("map-measured").textContent = text;
});
map.on("click", (event) => {
  if (measure.isOn) measure.add([event.lngLat.lng, event.lngLat.lat]);
  else if (plan?.isMoving) plan.put([event.lngLat.lng, event.lngLat.lat]);
  else if (!editing?.takesClicks) clicked(event.point.x, event.point.y);
});
map.on("mousemove", (event) => {
  const over = !measure.isOn && map.loaded() && map.queryRenderedFeatures(event.point, { layers: CLICKED.map(([id]) => id) }).length > 0;
  if (!editing?.takesClicks) map.getCanvas().style.cursor = measure.isOn ? "crosshair" : over ? "pointer" : "";
});
map.on("moveend", moved);
byId("map-search").addEventListener("input", list);
byId("map-search").addEventListener("keydown", (event) => {
  if (event.key === "Enter") byId("map-list").querySelector<HTMLButtonElement>("button.choice")?.click();
});
byId("map-measure").addEventListener("click", () => {
  const on = measure.toggle();
  byId("map-measure").setAttribute("aria-pressed", String(on));
  byId("map-measure-bar").hidden = !on;
  status(on ? "measuring" : "");
});
byId("map-measure-add").addEventListener("click", () => {
  const { lng, lat } = map.getCenter();
  measure.add([lng, lat]);
});
byId("map-measure-clear").addEventListener("click", () => measure.clear());
byId("map-full").addEventListener("click", () => void (document.fullscreenElement ? document.exitFullscreen() : byId("main").requestFullscreen()));
const paper = document.querySelector<HTMLAnchorElement>("#map-paper");
paper?.addEventListener("click", () => {
  const box = view().map((one) => one.toFixed(5)).join(",");
  paper.href = `${told.pages.map_paper}?layers=${names.filter((name) => shown.has(name)).join(",")}&box=${box}`;
});
const near = document.querySelector<HTMLAnchorElement>("#map-near");
near?.addEventListener("click", () => {
  const { lat, lng } = map.getCenter();
  near.href = nearUrl(told.pages, [lng, lat]);
});
window.setInterval(() => void states(), STATES_MS);
document.addEventListener("visibilitychange", () => void states());

async function start(): Promise<void> {
  if (matchMedia("(max-width: 991.98px)").matches) document.querySelector<HTMLDetailsElement>(".map-legend")!.open = false;
  if (!map.isStyleLoaded()) await new Promise<void>((done) => void map.once("load", () => done()));
  addIcons(map);
  showLayers();
  drawLegend(byId("map-legend"), side, shown, toggle);
  await Promise.all([...names.filter((name) => !LATE.has(name) || shown.has(name)).map(load), states(), ...(told.basemap ? [base(told.basemap)] : [])]);
  refill("eyes");
  refill("views");
  if (told.edit) {
    const { Editing } = await import("./lib/map-edit");
    editing = new Editing(map, told.edit, {
      words, language, user: told.user, data, status,
      reload: async (layers) => {
        await Promise.all(layers.filter((name) => data.things.has(name)).map(load));
        if (layers.includes("eyes")) await states();
        list();
      },
      open: (layer, key) => {
        const thing = data.find(layer, key);
        if (thing) open(thing, false);
        else close();
      },
      close, nameOf: (thing) => nameOf(thing, words),
    });
    if (chosen) card(chosen);
  }
  if (told.plan) {
    plan = new PlanOnMap(map, told.plan, {
      words, status, tell: (text) => (byId("map-status").textContent = text), reload: () => load(PLAN_EYES),
      card: (layer, key) => {
        const thing = data.find(layer, key);
        if (!thing) return close();
        chosen = thing;
        card(thing);
      },
    });
  }
  const thing = wanted.thing ? data.find(wanted.thing.layer, wanted.thing.key) : undefined;
  if (thing) open(thing, !wanted.view);
  else if (wanted.thing) status("thingGone");
  list();
  byId("map-screen").dataset.ready = "1";
}

void start();
