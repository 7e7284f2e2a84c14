// Beside the map: the legend, which is also what switches layers; the search; the list of what is in view; the card of one thing.

import { plain } from "./clock";
import { picture, LOOKS, PLACE_COLOURS, INSTITUTION } from "./map-icons";
import { labelOf, type LayerInfo, type MapData, type Thing } from "./map-data";
import { CASES, PHASES, PRIVATE, ZONES } from "./map-style";
import { say, type Words } from "./page";

export const MOST_LISTED = 40;
/** Without these a list would be of thousands of houses. */
const LISTED = ["cases", "plan_eyes", "eyes", "needs", "places", "candidates", "sites", "hamlets", "incidents", "obstacles"];

export interface SideOwner {
  words: Words;
  language: string;
  layers: readonly LayerInfo[];
  data: MapData;
  pages: Record<string, string>;
  /** In how many phases the plan's eyes go up; 0 without a plan. */
  phases: number;
  open(thing: Thing): void;
}

// --- the legend -----------------------------------------------------------------------------------------------------
export function drawLegend(root: HTMLElement, owner: SideOwner, shown: ReadonlySet<string>, toggle: (name: string, on: boolean) => void): void {
  root.replaceChildren(...owner.layers.map((layer) => {
    const row = document.createElement("div");
    row.className = "map-layer";
    const label = document.createElement("label");
    label.className = "form-check mb-0";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.className = "form-check-input";
    box.checked = shown.has(layer.name);
    box.dataset.layer = layer.name;
    box.addEventListener("change", () => toggle(layer.name, box.checked));
    const words = document.createElement("span");
    words.className = "form-check-label";
    words.textContent = layer.words;
    label.append(box, words);
    const keys = document.createElement("div");
    keys.className = "map-keys";
    keys.append(...legendKeys(layer.name, owner.phases).map(([name, mark]) => keyRow(mark, say(owner.words, name))));
    row.append(label, keys);
    return row;
  }));
}

function keyRow(mark: HTMLElement, words: string): HTMLElement {
  const row = document.createElement("span");
  row.className = "map-key";
  row.append(mark, words);
  return row;
}

function swatch(colour: string, kind: "line" | "area" | "dashes" | "heat" | "dot"): HTMLElement {
  const made = document.createElement("span");
  made.className = `map-swatch ${kind}`;
  made.style.setProperty("--swatch", colour);
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** The names of words, each with its mark. */
export function legendKeys(layer: string, phases = 0): [string, HTMLElement][] {
  if (layer === "eyes") return Object.keys(LOOKS).map((look) => [`look_${look}`, picture(`eye-${look}`)]);
  if (layer === "views") return [["keyWedge", swatch(LOOKS.works, "area")]];
  if (layer === "hamlets") return [["keyBoundary", swatch("var(--map-hamlet)", "dashes")]];
  if (layer === "cases") return Object.entries(CASES).map(([state, colour]) => [`case_${state}`, swatch(colour, "dot")]);
  if (layer === "incidents") return [["keyHeat", swatch("", "heat")]];
  if (layer === "obstacles") return [["keyBuilding", swatch("#a89f8e", "area")], ["keyWall", swatch("#a89f8e", "line")], ["keyPrivate", swatch(PRIVATE, "area")]];
  if (layer === "zones" || layer === "zones_night") return Object.entries(ZONES).map(([level, colour]) => [`zone_${level}`, swatch(colour, "area")]);
  if (layer === "candidates") return [["keyCandidate", picture("candidate")]];
  if (layer === "plan_views") return [["keyPlanView", swatch(PHASES[0]!, "area")]];
  if (layer === "plan_eyes") return PHASES.slice(0, Math.max(1, phases)).map((colour, at) => [phases > 1 ? `phase_${at + 1}` : "keyNewEye", swatch(colour, "dot")]);
  if (layer === "sites") return [["keySite", picture("site")]];
  if (layer === "needs") return [3, 2, 1].map((urgency) => [`urgency_${urgency}`, picture(`need-${urgency}`)]);
  if (layer !== "places") return [];
  const kinds: [string, HTMLElement][] = ["residential", "hot_spot", "school", "market", "temple", "cultural_house", "office", "other"].map((kind) => [`place_${kind}`, picture(`place-${kind}`)]);
  return [["place_route", swatch(PLACE_COLOURS.route ?? INSTITUTION, "line")], ...kinds];
}

// --- search and list ------------------------------------------------------------------------------------------------
/** Things that have every word in their name, without accents too; names that begin with the first come first. */
export function searched(things: readonly Thing[], typed: string): Thing[] {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const found = things.flatMap((thing) => {
    const name = plain(thing.name);
    const text = plain([thing.name, thing.properties.hamletWords, thing.properties.kindWords, thing.properties.site].filter(Boolean).join(" "));
    return thing.name && wanted.every((word) => text.includes(word)) ? [{ thing, first: name.startsWith(wanted[0]!) ? 0 : 1 }] : [];
  });
  return found.sort((a, b) => a.first - b.first).map((one) => one.thing);
}

export function nameOf(thing: Thing, words: Words): string {
  const { kindWords, height_m: height, day } = thing.properties;
  if (thing.name) return thing.name;
  if (thing.layer === "incidents") return `${kindWords ?? ""} ${day ?? ""}`.trim();
  return height ? say(words, "tallKind", { kind: String(kindWords), height: String(height).replace(".", ",") }) : String(kindWords ?? "");
}

export function moreOf(thing: Thing, owner: SideOwner): string {
  const state = thing.layer === "eyes" ? owner.data.state(thing.key)?.words : "";
  const kind = thing.name && thing.layer !== "eyes" ? String(thing.properties.kindWords ?? "") : "";
  return [state, kind, thing.properties.hamletWords === thing.name ? "" : String(thing.properties.hamletWords ?? "")].filter(Boolean).join(" · ");
}

export function drawList(root: HTMLElement, groups: { words: string; things: Thing[] }[], owner: SideOwner): void {
  const focused = (document.activeElement as HTMLElement | null)?.dataset.thing;
  root.replaceChildren(...groups.filter((group) => group.things.length).flatMap((group) => {
    const title = document.createElement("h3");
    title.textContent = `${group.words} (${group.things.length})`;
    const list = document.createElement("ul");
    list.append(...group.things.slice(0, MOST_LISTED).map((thing) => item(thing, owner)));
    const left = group.things.length - MOST_LISTED;
    if (left <= 0) return [title, list];
    const more = document.createElement("p");
    more.className = "text-secondary";
    more.textContent = say(owner.words, "andMore", { count: String(left) });
    return [title, list, more];
  }));
  if (!root.children.length) root.textContent = say(owner.words, "nothingInView");
  if (focused) root.querySelector<HTMLElement>(`[data-thing="${CSS.escape(focused)}"]`)?.focus();
}

export function listed(owner: SideOwner, shown: ReadonlySet<string>, take: (layer: string) => Thing[]): { words: string; things: Thing[] }[] {
  return LISTED.flatMap((name) => {
    const layer = owner.layers.find((one) => one.name === name);
    return layer && shown.has(name) ? [{ words: layer.words, things: take(name) }] : [];
  });
}

function item(thing: Thing, owner: SideOwner): HTMLElement {
  const row = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "choice";
  button.dataset.thing = `${thing.layer}:${thing.key}`;
  const name = document.createElement("span");
  name.textContent = nameOf(thing, owner.words);
  const more = document.createElement("small");
  more.textContent = moreOf(thing, owner);
  button.append(name, more);
  button.addEventListener("click", () => owner.open(thing));
  row.append(button);
  return row;
}

// --- the card -------------------------------------------------------------------------------------------------------
export interface CardButton {
  words: string;
  run(): void;
}

export function drawCard(root: HTMLElement, thing: Thing, owner: SideOwner, buttons: CardButton[]): void {
  const title = document.createElement("h2");
  title.tabIndex = -1;
  title.textContent = nameOf(thing, owner.words);
  const facts = document.createElement("dl");
  facts.className = "facts";
  for (const [name, value] of factsOf(thing, owner)) {
    const term = document.createElement("dt");
    term.textContent = say(owner.words, name);
    const said = document.createElement("dd");
    said.textContent = value;
    facts.append(term, said);
  }
  const actions = document.createElement("div");
  actions.className = "btn-list";
  actions.append(...linksOf(thing, owner).map(([name, url]) => link(say(owner.words, name), url)), ...buttons.map(button));
  root.replaceChildren(title, facts, actions);
}

function link(words: string, url: string): HTMLElement {
  const made = document.createElement("a");
  made.className = "btn";
  made.href = url;
  made.textContent = words;
  return made;
}

export function button({ words, run }: CardButton): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.textContent = words;
  made.addEventListener("click", run);
  return made;
}

export function factsOf(thing: Thing, owner: Pick<SideOwner, "words" | "language" | "data">): [string, string][] {
  const told = thing.properties;
  const number = (value: unknown): string => new Intl.NumberFormat(owner.language, { maximumFractionDigits: 1 }).format(Number(value));
  const state = thing.layer === "eyes" ? owner.data.state(thing.key) : undefined;
  const facts: [string, unknown, string?][] = [
    ["factState", [state?.words, state?.reason].filter(Boolean).join(": ")],
    ["factKind", told.kindWords], ["factHamlet", told.hamletWords], ["factSite", thing.layer === "eyes" && told.site !== thing.name ? told.site : ""], ["factRoad", told.road],
    ["factOwner", told.ownerWords], ["factTier", told.tierWords], ["factCondition", told.connected ? "" : told.conditionWords],
    ["factBearing", thing.layer === "plan_eyes" ? told.bearingWords : thing.layer !== "eyes" ? null : typeof told.bearing_deg === "number" ? `${number(told.bearing_deg)}°` : say(owner.words, "bearingUnknown")],
    ["factHfov", thing.layer === "eyes" && typeof told.bearing_deg === "number" ? `${number(told.hfov_used_deg)}°${told.hfov_deg === null ? ` (${say(owner.words, "assumed")})` : ""}` : null],
    ["factReach", typeof told.reach_m === "number" ? `${number(told.reach_m)} m` : null],
    ["factHeight", typeof told.height_m === "number" ? `${number(told.height_m)} m` : null],
    ["factResidents", typeof told.residents === "number" ? number(told.residents) : null],
    ["factVehicles", typeof told.vehicles_a_day === "number" ? number(told.vehicles_a_day) : null],
    ["factDay", told.day], ["factUrgency", told.urgency ? say(owner.words, `urgency_${told.urgency}`) : ""], ["factReason", told.reasonWords], ["factNeedState", told.stateWords], ["factCase", told.caseWords],
    ["factSource", told.source],
    ["factPhase", told.phaseWords], ["factCost", told.costWords], ["factWhy", told.why], ["factWish", told.wishWords], ["factBearings", told.bearings], ["factMost", told.most_eyes],
  ];
  return facts.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => [name, String(value)]);
}

/** The list of what happened round a point, closed incidents too. */
export function nearUrl(pages: Record<string, string>, [lon, lat]: readonly number[]): string {
  return `${pages.incidents}?state=all&near=${Number(lat).toFixed(6)},${Number(lon).toFixed(6)}&within=300`;
}

export function linksOf(thing: Thing, owner: Pick<SideOwner, "pages">): [string, string][] {
  const { pages } = owner;
  const keyed = (name: string, key: string): string => (pages[name] ?? "").replace("KEY", encodeURIComponent(key));
  const camera = String(thing.properties.camera ?? "");
  const links: [string, string | false | undefined][] = thing.layer === "eyes"
    ? [["toLive", thing.properties.live === true && pages.camera && keyed("camera", camera)],
      ["toPlayback", thing.properties.history === true && pages.playback && `${pages.playback}?cameras=${encodeURIComponent(camera)}`],
      ["toHealth", camera !== "" && pages.health], ["toEye", pages.eye && keyed("eye", thing.key)]]
    : [["toPlan", thing.layer === "plan_eyes" && pages.plan_back], ["toCandidate", thing.layer === "candidates" && pages.candidate_edit && keyed("candidate_edit", thing.key)],
      ["toPlace", thing.layer === "places" && pages.place && keyed("place", thing.key)], ["toNeed", thing.layer === "needs" && pages.need && keyed("need", thing.key)],
      ["toCase", thing.layer === "cases" && pages.incident && keyed("incident", thing.key)]];
  if (thing.layer === "eyes" || thing.layer === "cases") links.push(["toNear", pages.incidents && nearUrl(pages, labelOf(thing))]);
  return links.flatMap(([name, url]) => (url ? [[name, url] as [string, string]] : []));
}
