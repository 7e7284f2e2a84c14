// Where on the map one is, as a link: /map?at=20.91,105.97,16&layers=eyes,hamlets, or /map?eye=KEY.

export interface View {
  lat: number;
  lon: number;
  zoom: number;
}

export interface Wanted {
  view: View | null;
  /** Null: as remembered. */
  layers: string[] | null;
  /** The layer and key of what is to be shown. */
  thing: { layer: string; key: string } | null;
}

/** The names under which a link names one thing, and the layer that it lies in. */
export const THINGS: Record<string, string> = { eye: "eyes", place: "places", site: "sites", need: "needs", hamlet: "hamlets", obstacle: "obstacles", candidate: "candidates", case: "cases" };

export function readUrl(search: string, known: readonly string[]): Wanted {
  const query = new URLSearchParams(search);
  const layers = query.get("layers");
  const name = Object.keys(THINGS).find((one) => query.get(one));
  return {
    view: readView(query.get("at") ?? ""),
    layers: layers === null ? null : layers.split(",").filter((one) => known.includes(one)),
    thing: name ? { layer: THINGS[name]!, key: query.get(name)! } : null,
  };
}

function readView(text: string): View | null {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const [lat, lon, zoom = 15] = numbers;
  if (lat === undefined || lon === undefined || !numbers.every(Number.isFinite)) return null;
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 24 ? { lat, lon, zoom } : null;
}

export function writeUrl(view: View, layers: readonly string[], thing: Wanted["thing"], plan: readonly [string, string] | null = null, cases: string | null = null): string {
  const at = `${view.lat.toFixed(5)},${view.lon.toFixed(5)},${Number(view.zoom.toFixed(2))}`;
  const name = thing && Object.keys(THINGS).find((one) => THINGS[one] === thing.layer);
  const ofPlan = plan ? [`plan=${encodeURIComponent(plan[0])}`, `version=${encodeURIComponent(plan[1])}`] : [];
  const ofList = cases === null ? [] : [`cases=${encodeURIComponent(cases)}`];
  const parts = [...ofPlan, ...ofList, `at=${at}`, `layers=${layers.join(",")}`, ...(thing && name ? [`${name}=${encodeURIComponent(thing.key)}`] : [])];
  return `?${parts.join("&")}`;
}

/** Which layers are shown: by the link, else as this person left them on this machine, else as the server has it at first. */
export function shownLayers(layers: readonly { name: string; shown: boolean }[], byUrl: string[] | null, kept: string | null): Set<string> {
  if (byUrl !== null) return new Set(byUrl);
  const off = new Map((kept ?? "").split(",").filter(Boolean).map((part) => [part.replace(/^[+-]/, ""), part.startsWith("+")] as const));
  return new Set(layers.filter((one) => off.get(one.name) ?? one.shown).map((one) => one.name));
}

/** What is kept: each layer with + or -, so that one that comes with a newer version is shown as the server wants. */
export function keptLayers(layers: readonly { name: string }[], shown: ReadonlySet<string>): string {
  return layers.map(({ name }) => `${shown.has(name) ? "+" : "-"}${name}`).join(",");
}
