// Drawing and changing things on the map: the form beside it, the shape on it, saving, undoing. What was drawn is never lost on an error.

import type * as GeoJSON from "geojson";
import { Marker, type GeoJSONSource, type Map as MapView } from "maplibre-gl";

import { Draw } from "./map-draw";
import { EyeHandles, type Hang } from "./map-eye";
import { FormPanel, type FieldInfo } from "./map-form";
import type { Position } from "./map-geo";
import type { MapData, Thing } from "./map-data";
import { figure, pointsOf, shapeOf, usualShape, type Shape } from "./map-points";
import { fetchThing, send, type Answer, type Body, type Thing as Told } from "./map-server";
import { button, type CardButton } from "./map-side";
import { byId, say, type Words } from "./page";

export interface KindInfo {
  kind: string;
  words: string;
  layer: string;
  shapes: Shape[];
  url: string;
  fields: FieldInfo[];
  restores: boolean;
}

export interface EditInfo {
  kinds: KindInfo[];
  /** Null for whoever may turn none. */
  eye: { words: string; layer: string; url: string; fields: FieldInfo[] } | null;
  addEye: string;
}

export interface EditOwner {
  words: Words;
  language: string;
  user: number;
  data: MapData;
  status(name: string, fill?: Record<string, string>): void;
  reload(layers: string[]): Promise<void>;
  open(layer: string, key: string): void;
  close(): void;
  nameOf(thing: Thing): string;
}

/** What is in hand: a new thing (key ""), or one that there is. */
interface Open {
  kind: KindInfo;
  key: string;
  name: string;
  mark: string | null;
  before: Told | null;
  /** A shape of several parts, kept as it is unless it is drawn anew. */
  whole: GeoJSON.Geometry | null;
  reachM: number;
}

interface Draft {
  kind: string;
  key: string;
  name: string;
  mark: string | null;
  values: Record<string, string>;
  shape: Shape;
  points: Position[];
  whole: GeoJSON.Geometry | null;
  reachM: number;
}

interface Undo {
  words: string;
  layers: string[];
  run(): Promise<Answer>;
}

const EYE_KIND = "eye";
const NEAR_ZOOM = 18;

export class Editing {
  private open: Open | null = null;
  private handles: EyeHandles | null = null;
  private fault: Marker | null = null;
  private readonly undos: Undo[] = [];
  private readonly draw: Draw;
  private readonly form: FormPanel;
  private readonly kinds: KindInfo[];
  private saving = false;

  constructor(private readonly map: MapView, private readonly info: EditInfo, private readonly owner: EditOwner) {
    const eye: KindInfo[] = info.eye ? [{ ...info.eye, kind: EYE_KIND, shapes: ["Point"], restores: false }] : [];
    this.kinds = [...info.kinds, ...eye];
    this.draw = new Draw(map, () => this.bent());
    this.form = new FormPanel(byId("map-edit"), {
      words: owner.words, typed: () => this.typed(), points: (points) => this.pointsGiven(points), shape: (shape) => this.redraw(shape), centre: () => this.centre(),
      save: () => void this.save(), redraw: () => this.redraw(this.form.shape), cancel: () => this.end(), remove: () => this.askRemove(),
    });
    this.menu();
    byId("map-undo").addEventListener("click", () => void this.undo());
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && !this.open && !(event.target as HTMLElement).closest("input, textarea, select")) void this.undo();
    });
    this.restoreDraft();
  }

  get isOpen(): boolean {
    return this.open !== null;
  }

  get takesClicks(): boolean {
    return this.open !== null;
  }

  buttonsFor(thing: Thing): CardButton[] {
    const kind = this.kinds.find((one) => one.layer === thing.layer);
    if (!kind) return [];
    const words = kind.kind === EYE_KIND ? "move" : "edit";
    return [{ words: this.say(words), run: () => void this.change(kind, thing) }];
  }

  // --- opening ------------------------------------------------------------------------------------------------------
  private menu(): void {
    const items = this.info.kinds.map((kind) => button({ words: kind.words, run: () => this.begin(kind) }));
    for (const item of items) item.className = "menu-item";
    if (this.info.addEye && this.info.eye) {
      const link = document.createElement("a");
      link.className = "menu-item";
      link.textContent = this.info.eye.words;
      link.addEventListener("click", () => {
        const [lon, lat] = this.centre();
        link.href = `${this.info.addEye}?position=${lat.toFixed(6)},${lon.toFixed(6)}`;
      });
      link.href = this.info.addEye;
      items.push(link as unknown as HTMLButtonElement);
    }
    byId("map-kinds").replaceChildren(...items);
    byId("map-draw").hidden = items.length === 0;
  }

  private begin(kind: KindInfo): void {
    byId<HTMLDetailsElement>("map-draw").open = false;
    if (this.open) return this.owner.status("editingFirst");
    this.owner.close();
    const shape = kind.shapes[0] ?? "Point";
    this.show({ kind, key: "", name: "", mark: null, before: null, whole: null, reachM: 0 }, {}, shape, []);
    this.draw.begin(shape);
  }

  private async change(kind: KindInfo, thing: Thing): Promise<void> {
    const told = await fetchThing(this.url(kind, thing.key));
    if (!told?.geometry) return this.owner.status("serverAway");
    this.owner.close();
    const points = pointsOf(told.geometry);
    const open = { kind, key: thing.key, name: this.owner.nameOf(thing), mark: told.mark, before: told, whole: points ? null : told.geometry, reachM: Number(thing.properties.reach_m ?? 30) };
    this.show(open, told.values, shapeOfKind(told.geometry), points ?? []);
  }

  private show(open: Open, values: Record<string, string>, shape: Shape, points: Position[]): void {
    this.open = open;
    const isEye = open.kind.kind === EYE_KIND;
    const title = open.key ? this.say("changeThing", { name: open.name }) : this.say("newThing", { kind: open.kind.words });
    const help = isEye ? this.say("eyeHelp") : this.say(points.length ? "drawn" : `draw_${shape}`);
    this.form.open({ title, help, fields: open.kind.fields, shapes: isEye ? [] : open.kind.shapes, bends: !open.whole, removes: open.key !== "" && !isEye }, values, shape, points);
    byId("map-screen").classList.add("drawing");
    this.owner.status("");
    if (open.whole) this.outline(open.whole);
    else if (isEye) this.takeEye(points[0] ?? this.centre());
    else if (points.length) this.draw.show(shape, points);
    if (isEye && this.map.getZoom() < NEAR_ZOOM && points[0]) this.map.jumpTo({ center: points[0], zoom: NEAR_ZOOM });
    this.draw.points = points;
  }

  private end(): void {
    this.open = null;
    this.handles?.remove();
    this.handles = null;
    this.fault?.remove();
    this.outline(null);
    this.draw.end();
    this.form.close();
    byId("map-screen").classList.remove("drawing");
    this.forgetDraft();
  }

  private outline(geometry: GeoJSON.Geometry | null): void {
    const data = geometry ? { type: "Feature" as const, properties: {}, geometry } : { type: "FeatureCollection" as const, features: [] };
    (this.map.getSource("chosen") as GeoJSONSource).setData(data);
  }

  // --- the shape ----------------------------------------------------------------------------------------------------
  private bent(): void {
    this.fault?.remove();
    this.form.setPoints(this.draw.points);
    if (this.draw.points.length) this.form.help(this.say("drawn"));
    this.keepDraft();
  }

  private pointsGiven(points: Position[]): void {
    if (!this.open) return;
    this.open.whole = null;
    this.fault?.remove();
    if (this.handles) {
      this.draw.points = points;
      if (points[0]) this.handles.set({ at: points[0] });
    } else this.draw.show(this.form.shape, points);
    this.keepDraft();
  }

  private redraw(shape: Shape): void {
    if (!this.open || this.handles) return;
    this.open.whole = null;
    this.outline(null);
    this.form.setShape(shape);
    this.draw.begin(shape);
    this.form.setPoints([]);
    this.form.help(this.say(`draw_${shape}`));
    this.keepDraft();
  }

  private typed(): void {
    if (!this.open) return;
    const values = this.form.values();
    if (this.handles) this.handles.set({ bearingDeg: figure(values.bearing_deg), hfovDeg: figure(values.hfov_deg) ?? this.usualHfov() });
    const shape = usualShape(this.open.kind.kind, values.kind ?? "", this.form.shape);
    if (shape !== this.form.shape && !this.draw.points.length && !this.open.whole) this.redraw(shape);
    this.keepDraft();
  }

  private takeEye(at: Position): void {
    const values = this.form.values();
    const hang: Hang = { at, bearingDeg: figure(values.bearing_deg), hfovDeg: figure(values.hfov_deg) ?? this.usualHfov(), reachM: this.open?.reachM ?? 30 };
    this.draw.points = [at];
    this.handles = new EyeHandles(this.map, this.owner.words, hang, (next, what) => {
      if (what === "move") this.draw.points = [next.at];
      else if (next.bearingDeg !== null) this.form.set("bearing_deg", String(Math.round(next.bearingDeg * 10) / 10));
      if (what === "widen") this.form.set("hfov_deg", String(next.hfovDeg));
      this.form.setPoints(this.draw.points);
      this.keepDraft();
    });
  }

  private usualHfov(): number {
    const thing = this.open && this.owner.data.find("eyes", this.open.key);
    return Number(thing?.properties.hfov_used_deg ?? 90);
  }

  private centre(): Position {
    const { lng, lat } = this.map.getCenter();
    return [lng, lat];
  }

  private geometry(): GeoJSON.Geometry | null {
    return this.open?.whole ?? shapeOf(this.form.shape, this.draw.points);
  }

  // --- saving -------------------------------------------------------------------------------------------------------
  private async save(): Promise<void> {
    const open = this.open;
    if (!open || this.saving) return;
    const geometry = this.geometry();
    if (!geometry) return this.form.errors({ geometry: this.say(this.draw.points.length ? "tooFew" : "nothingDrawn") });
    const body: Body = { values: this.form.values(), geometry, mark: open.mark };
    this.saving = true;
    const answer = await send(this.url(open.kind, open.key), body);
    this.saving = false;
    if (this.open !== open) return; // cancelled meanwhile
    if (answer.kind === "done") return this.saved(open, answer);
    this.notDone(answer);
  }

  private async saved(open: Open, answer: Answer & { kind: "done" }): Promise<void> {
    const name = answer.name || open.kind.words;
    const { kind, before } = open;
    if (!before) this.remember(name, kind, () => send(`${this.url(kind, answer.key)}/remove`, { mark: answer.mark }));
    else this.remember(name, kind, () => send(this.url(kind, answer.key), { values: before.values, geometry: before.geometry, mark: answer.mark }));
    this.end();
    await this.owner.reload(layersOf(kind));
    this.owner.open(kind.layer, answer.key);
    this.owner.status("saved", { name });
  }

  private notDone(answer: Answer): void {
    if (answer.kind === "refused") {
      this.form.ask(this.say("notSaved"));
      const { __all__: general = "", ...errors } = answer.errors;
      this.form.errors(general ? { geometry: general, ...errors } : errors);
      if (answer.at) this.showFault(answer.at);
    } else if (answer.kind === "stale") this.askStale();
    else this.form.ask(this.say({ loggedOut: "loggedOut", mayNot: "mayNot", gone: "thingGone", away: "serverAway", done: "saved" }[answer.kind]));
  }

  private showFault(at: Position): void {
    const element = document.createElement("div");
    element.className = "map-fault";
    this.fault?.remove();
    this.fault = new Marker({ element }).setLngLat(at).addTo(this.map);
    if (!this.map.getBounds().contains(at)) this.map.easeTo({ center: at, duration: 200 });
  }

  private askStale(): void {
    const theirs = button({ words: this.say("takeTheirs"), run: () => void this.takeTheirs() });
    const mine = button({ words: this.say("keepMine"), run: () => void this.keepMine() });
    this.form.ask(this.say("stale"), [theirs, mine]);
  }

  private async takeTheirs(): Promise<void> {
    const open = this.open;
    if (!open) return;
    this.end();
    await this.owner.reload(layersOf(open.kind));
    const thing = this.owner.data.find(open.kind.layer, open.key);
    if (thing) await this.change(open.kind, thing);
    else this.owner.status("thingGone");
  }

  private async keepMine(): Promise<void> {
    const open = this.open;
    const told = open && (await fetchThing(this.url(open.kind, open.key)));
    if (!open || !told) return this.form.ask(this.say("thingGone"));
    open.mark = told.mark;
    open.before = told;
    this.form.ask("");
    await this.save();
  }

  private askRemove(): void {
    const name = this.open?.name ?? "";
    const yes = button({ words: this.say("remove"), run: () => void this.remove() });
    yes.classList.add("btn-danger");
    this.form.ask(this.say("removeSure", { name }), [yes, button({ words: this.say("cancel"), run: () => this.form.ask("") })]);
  }

  private async remove(): Promise<void> {
    const open = this.open;
    if (!open) return;
    const answer = await send(`${this.url(open.kind, open.key)}/remove`, { mark: open.mark });
    if (answer.kind !== "done") return this.notDone(answer);
    const { kind, key, before, name } = open;
    const back = kind.restores ? (): Promise<Answer> => send(`${this.url(kind, key)}/restore`, {}) : (): Promise<Answer> => send(kind.url, { values: before?.values ?? {}, geometry: before?.geometry });
    this.remember(name, kind, back);
    this.end();
    await this.owner.reload(layersOf(kind));
    this.owner.status("removed", { name });
  }

  private url(kind: KindInfo, key: string): string {
    return key ? `${kind.url}/${encodeURIComponent(key)}` : kind.url;
  }

  // --- undoing ------------------------------------------------------------------------------------------------------
  private remember(words: string, kind: KindInfo, run: () => Promise<Answer>): void {
    this.undos.push({ words, layers: layersOf(kind), run });
    this.drawUndo();
  }

  private drawUndo(): void {
    const last = this.undos.at(-1);
    byId<HTMLButtonElement>("map-undo").disabled = !last;
    byId("map-undo").title = last ? this.say("undo", { what: last.words }) : this.say("nothingToUndo");
  }

  private async undo(): Promise<void> {
    const last = this.undos.at(-1);
    if (!last) return;
    if (this.open) return this.owner.status("editingFirst");
    const answer = await last.run();
    if (answer.kind !== "away" && answer.kind !== "loggedOut") this.undos.pop();
    this.drawUndo();
    this.owner.close();
    await this.owner.reload(last.layers);
    if (answer.kind === "done") return this.owner.status("undone", { what: last.words });
    this.owner.status({ stale: "undoStale", refused: "undoStale", gone: "thingGone", mayNot: "mayNot", loggedOut: "loggedOut", away: "serverAway" }[answer.kind]);
  }

  // --- the draft, for a reload or a login that ran out --------------------------------------------------------------
  private keepDraft(): void {
    const { open } = this;
    if (!open) return;
    const draft: Draft = { kind: open.kind.kind, key: open.key, name: open.name, mark: open.mark, values: this.form.values(), shape: this.form.shape, points: this.draw.points, whole: open.whole, reachM: open.reachM };
    try {
      sessionStorage.setItem(this.draftName(), JSON.stringify(draft));
    } catch {
      // a browser that keeps nothing: what is drawn is still in the page
    }
  }

  private forgetDraft(): void {
    try {
      sessionStorage.removeItem(this.draftName());
    } catch {
      // as above
    }
  }

  private draftName(): string {
    return `luytre.map.draft.${this.owner.user}`;
  }

  private restoreDraft(): void {
    try {
      const draft = JSON.parse(sessionStorage.getItem(this.draftName()) ?? "null") as Draft | null;
      const kind = draft && this.kinds.find((one) => one.kind === draft.kind);
      if (!draft || !kind) return;
      this.show({ kind, key: draft.key, name: draft.name, mark: draft.mark, before: null, whole: draft.whole, reachM: draft.reachM }, draft.values, draft.shape, draft.points);
      if (!draft.points.length && !draft.whole) this.draw.begin(draft.shape);
      if (draft.key) void fetchThing(this.url(kind, draft.key)).then((told) => this.open && (this.open.before = told));
      this.owner.status("draftBack");
    } catch {
      this.forgetDraft();
    }
  }

  private say(name: string, fill: Record<string, string> = {}): string {
    return say(this.owner.words, name, fill);
  }
}

function layersOf(kind: KindInfo): string[] {
  if (kind.kind === EYE_KIND || kind.kind === "site") return [kind.layer, "views", "zones", "zones_night", "eyes", "sites"];
  return kind.kind === "obstacle" ? [kind.layer, "views", "zones", "zones_night"] : [kind.layer]; // what hides cuts what is seen
}

function shapeOfKind(geometry: GeoJSON.Geometry): Shape {
  return geometry.type.endsWith("Polygon") ? "Polygon" : geometry.type.endsWith("LineString") ? "LineString" : "Point";
}
