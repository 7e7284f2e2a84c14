// The page that travels in a package: it checks one that is dropped on it, and shows what it says. It asks no network for anything.

import { check, type Finding, type Report } from "./check";
import type { Gap, Manifest, Who } from "./manifest";
import { FOUND, SAID, filled, type Language } from "./words";
import type { Source } from "./zip";

type Said = keyof typeof SAID;
type Shown = { name: "none" | "unreadable" } | { name: "report"; report: Report; file: File };

let language: Language = "vi";
let shown: Shown | undefined;
let turn = 0;
let urls: string[] = [];

const at = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const say = (said: Said, values: Record<string, string | number> = {}): string => filled(SAID[said], language, values);

function made<Name extends keyof HTMLElementTagNameMap>(name: Name, words: string, className = ""): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.textContent = words;
  if (className) element.className = className;
  return element;
}

const moments = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Ho_Chi_Minh", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

function moment(ms: number): string {
  const part = Object.fromEntries(moments.formatToParts(ms).map(({ type, value }) => [type, value]));
  return `${part.hour}:${part.minute}:${part.second} ${part.day}/${part.month}/${part.year}`;
}

function sourceOf(file: File): Source {
  return {
    size: file.size,
    read: async (start, end) => {
      const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
      if (bytes.length !== Math.max(0, Math.min(end, file.size) - start)) throw new Error("the file changed while it was read");
      return bytes;
    },
  };
}

async function take(file: File): Promise<void> {
  const own = ++turn;
  at("name").textContent = file.name;
  shown = undefined;
  draw();
  const bar = at<HTMLProgressElement>("bar");
  at("progress").hidden = false;
  const tell = (part: number): void => {
    if (own !== turn) return;
    bar.value = part;
    at("part").textContent = say("reading", { part: Math.floor(part * 100) });
  };
  tell(0);
  let found: Shown;
  try {
    const report = await check(sourceOf(file), Date.now(), tell);
    found = report ? { name: "report", report, file } : { name: "none" };
  } catch {
    found = { name: "unreadable" };
  }
  if (own !== turn) return;
  at("progress").hidden = true;
  shown = found;
  draw();
  at("result").focus();
}

function draw(): void {
  document.documentElement.lang = language;
  document.title = say("title");
  for (const element of document.querySelectorAll<HTMLElement>("[data-say]")) element.textContent = say(element.dataset.say as Said);
  at("language").lang = language === "vi" ? "en" : "vi";
  for (const video of document.querySelectorAll("video")) {
    video.removeAttribute("src");
    video.load();  // lets go of its player: a browser has only so many
  }
  for (const url of urls) URL.revokeObjectURL(url);
  urls = [];
  const result = at("result");
  result.replaceChildren();
  result.hidden = !shown;
  if (!shown) return;
  if (shown.name !== "report") {
    result.dataset.verdict = shown.name;
    result.append(made("p", say(shown.name), "verdict bad"));
    return;
  }
  drawReport(result, shown.report, shown.file);
}

function drawReport(result: HTMLElement, report: Report, file: File): void {
  const isGood = report.faults.length === 0;
  result.dataset.verdict = isGood ? "good" : "bad";
  result.append(made("p", isGood ? say("good") : say("bad", { count: report.faults.length }), `verdict ${isGood ? "good" : "bad"}`));
  if (!isGood) result.append(findings(report.faults, "faults"), made("p", say("distrust")));
  if (isGood) {
    const digits = report.fingerprint.match(/.{4}/g) ?? [];
    result.append(made("p", say("compare")), made("code", digits.join(" "), "fingerprint"));
  }
  if (report.notes.length) result.append(made("h2", say("notes")), findings(report.notes, "notes"));
  if (report.manifest) {
    result.append(made("h2", say("claims")));
    if (!isGood) result.append(made("p", say("unproven"), "unproven"));
    result.append(facts(report.manifest, report));
  }
  if (report.films.length) result.append(made("h2", say("films")), ...report.films.map((film) => drawFilm(film, file)));
}

function findings(found: Finding[], className: string): HTMLElement {
  const list = made("ul", "", className);
  for (const one of found) {
    const item = document.createElement("li");
    item.dataset.file = one.file;
    item.dataset.code = one.code;
    item.append(made("strong", one.file || say("package")), `: ${filled(FOUND[one.word], language, { of: one.of })}`);
    list.append(item);
  }
  return list;
}

function drawFilm({ name, start, end }: Report["films"][number], file: File): HTMLElement {
  const figure = document.createElement("figure");
  const video = document.createElement("video");
  const url = URL.createObjectURL(file.slice(start, end, "video/mp4"));
  urls.push(url);
  video.controls = true;
  video.preload = "metadata";
  video.src = url;
  video.addEventListener("error", () => figure.append(made("p", say("noplay"))), { once: true });
  const caption = made("figcaption", name);
  video.setAttribute("aria-label", name);
  figure.append(caption, video);
  return figure;
}

function facts(manifest: Manifest, report: Report): HTMLElement {
  const dots = (parts: string[]): string => parts.filter(Boolean).join(" · ");
  const segments = manifest.parts.flatMap((part) => part.segments);
  const compared = segments.filter((one) => one.whole && one.sha256 !== undefined).length;
  const rows: [Said, string][] = [
    ["number", manifest.number],
    ["commune", manifest.commune],
    ["holds", say(manifest.kind)],
    ["purpose", dots(manifest.purpose)],
    ["reason", manifest.reason],
    ["camera", dots(manifest.camera)],
    ["span", `${moment(manifest.start)} – ${moment(manifest.end)}`],
    ["clock", dots([clock(manifest.clock.offset), manifest.clock.how])],
    ["gaps", manifest.gaps.map((gap: Gap) => `${moment(gap.start)} – ${moment(gap.end)}: ${gap.words}`).join("; ")],
    ["requested", person(manifest.requester)],
    ["approved", manifest.approvers.map(person).join("; ")],
    ["operator", person(manifest.operator)],
    ["made", moment(manifest.madeAt)],
    ["stamped", report.stampedAt === undefined ? "" : moment(report.stampedAt)],
    ["compared", manifest.kind === "full" ? say("comparedOf", { compared, all: segments.length }) : ""],
  ];
  const list = document.createElement("dl");
  for (const [name, value] of rows) if (value) list.append(made("dt", say(name)), made("dd", value));
  return list;
}

function clock(offset: number | undefined): string {
  if (offset === undefined) return say("clockUnknown");
  const seconds = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false }).format(Math.abs(offset));
  return say(offset >= 0 ? "clockAhead" : "clockBehind", { seconds });
}

function person({ name, role }: Who): string {
  return role ? `${name} (${role})` : name;
}

function listen(): void {
  const input = at<HTMLInputElement>("file");
  const zone = at("zone");
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) void take(file);
    input.value = "";  // so that the same file can be chosen again
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  document.addEventListener("dragleave", () => zone.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    const file = event.dataTransfer?.files[0];
    if (file) void take(file);
  });
  at("language").addEventListener("click", () => {
    language = language === "vi" ? "en" : "vi";
    draw();
  });
}

listen();
draw();
