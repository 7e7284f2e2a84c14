// The survey on a telephone: the list of today, forms, what waits to be sent. Everything here works without a network once the page
// was opened with one; the list and what was filled in lie in the telephone's own store (lib/survey-store).

import "./app";
import "./survey.css";
import { byId, say, type Words } from "./lib/page";
import { distanceText, inOrder, metresBetween, type Point } from "./lib/survey-figures";
import { EntryForm } from "./lib/survey-form";
import { locate } from "./lib/survey-place";
import { Sender, type Outcome } from "./lib/survey-send";
import { blank, newId, Store, type Entry, type Kind, type Thing, type Today } from "./lib/survey-store";

interface SurveyPage {
  todayUrl: string;
  readyUrl: string;
  entriesUrl: string;
  photosUrl: string;
  loginUrl: string;
  words: Words;
}
type Registration = ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };

const LIST_MOST = 300;
const AGAIN_MS = 60_000;
const HEAR_MS = 2500;
const page = JSON.parse(byId("survey-page").textContent ?? "") as SurveyPage;
const words = page.words;
const store = await Store.open();
const screens = [...document.querySelectorAll<HTMLElement>("[data-screen]")];
const forms = new Map<Kind, EntryForm>();
let today: Today | null = null;
let here: Point | null = null;
let sending: Promise<void> | null = null;
let lastEnd: Outcome["end"] = "done";

for (const kind of ["eye", "need", "nothing_here"] as const) {
  const screen = screens.find((one) => one.dataset.screen === kind)!;
  forms.set(kind, new EntryForm(screen, store, words, { hamlets: () => today?.hamlets ?? [], around, finished, left: () => go("list"), dropped }));
}

function around(): { name: string; position: Point }[] {
  return (today?.things ?? []).flatMap(({ name, position }) => (position ? [{ name, position }] : []));
}

// --- where the person is: one screen at a time, in the address, so that Back and a reload go where they should -----------
function go(hash: string): void {
  if (location.hash === `#${hash}`) void route();
  else location.hash = hash;
}

async function route(): Promise<void> {
  const [name = "list", id = ""] = location.hash.slice(1).split("/");
  const entry = id && today ? await store.entry(today.user, id) : null;
  const wanted = entry && forms.has(name as Kind) ? name : name === "queue" ? "queue" : "list";
  for (const form of forms.values()) form.close();
  const opening = entry && wanted === entry.kind ? forms.get(entry.kind)!.open(entry) : null; // filled before it is seen
  for (const screen of screens) screen.hidden = screen.dataset.screen !== wanted;
  document.querySelector<HTMLElement>("#survey")!.dataset.at = wanted;
  await opening;
  await draw();
  if (wanted !== "list" || id) screens.find((one) => !one.hidden)?.querySelector("h2")?.focus();
}

async function open(entry: Entry): Promise<void> {
  await store.keep({ ...entry, state: "draft" });
  go(`${entry.kind}/${entry.id}`);
}

function add(kind: Kind, thing: Thing | null): void {
  if (!today) return;
  const round = byId<HTMLSelectElement>("survey-round").value;
  const hamlet = Number(byId<HTMLSelectElement>("survey-hamlet").value) || today.hamlets[0]?.id || null;
  void open(blank(newId(), today.user, kind, Date.now(), thing, round, hamlet));
}

async function finished(entry: Entry): Promise<void> {
  void navigator.storage?.persist?.().catch(() => false); // so that the browser does not clear what waits
  notice(say(words, "kept", { name: entry.name }));
  markVisited(entry);
  go("list");
  await wantSending();
}

async function dropped(entry: Entry): Promise<void> {
  await store.remove(entry.id);
  go("list");
}

function markVisited(entry: Entry): void {
  for (const thing of today?.things ?? []) if (thing.key === entry.target || thing.key === entry.place) thing.visited = true;
  if (today) void store.keepToday(today);
}

// --- the list ---------------------------------------------------------------------------------------------------------
function make<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(className: string, text: string, run: () => void): HTMLButtonElement {
  const made = make("button", className, text);
  made.type = "button";
  made.addEventListener("click", run);
  return made;
}

async function draw(): Promise<void> {
  const entries = today ? await store.entries(today.user) : [];
  drawBar(entries);
  drawList();
  drawQueue(entries);
  byId("survey-others").textContent = await othersWords();
}

function drawBar(entries: Entry[]): void {
  byId("survey-who").textContent = today?.name ?? "";
  byId("survey-net").textContent = say(words, navigator.onLine ? "online" : "offline");
  byId("survey-net").dataset.state = navigator.onLine ? "online" : "offline";
  const link = byId("survey-waiting");
  link.hidden = entries.length === 0;
  link.textContent = say(words, "waiting", { count: String(entries.length) });
  byId("survey-send").hidden = !entries.some((entry) => entry.state === "waiting");
  for (const one of document.querySelectorAll<HTMLButtonElement>("[data-add]")) one.disabled = !today?.hamlets.length;
}

async function othersWords(): Promise<string> {
  const others = await store.others(today?.user ?? -1);
  return others ? say(words, "others", { count: String(others) }) : "";
}

function drawList(): void {
  const empty = byId("survey-empty");
  empty.textContent = today === null ? say(words, "noList") : today.hamlets.length === 0 ? say(words, "noHamlet") : "";
  fillChoices();
  const hamlet = Number(byId<HTMLSelectElement>("survey-hamlet").value);
  const things = (today?.things ?? []).filter((thing) => !hamlet || thing.hamlet === hamlet);
  const shown = inOrder(things, here).slice(0, LIST_MOST);
  byId("survey-things").replaceChildren(...shown.map(line));
  if (today?.hamlets.length && things.length === 0) empty.textContent = say(words, "nothingListed");
  drawProgress();
}

function line(thing: Thing): HTMLElement {
  const item = make("li", thing.visited ? "visited" : "");
  item.dataset.key = thing.key;
  const name = make("div", "survey-name");
  const hamlet = today?.hamlets.find(({ id }) => id === thing.hamlet)?.name ?? "";
  const parts = [say(words, `kind_${thing.kind}`), hamlet, thing.visited ? say(words, "visited") : ""];
  if (here && thing.position) parts.push(distanceText(metresBetween(here, thing.position)));
  name.append(make("strong", "", thing.name), make("small", "text-secondary", parts.filter(Boolean).join(" · ")));
  const actions = make("div", "btn-list");
  if (thing.kind === "place") {
    actions.append(button("btn", say(words, "addHere"), () => add("eye", thing)), button("btn", say(words, "needHere"), () => add("need", thing)), button("btn", say(words, "nothingHere"), () => add("nothing_here", thing)));
  } else actions.append(button("btn", say(words, thing.visited ? "again" : "check"), () => add(thing.kind as Kind, thing)));
  for (const one of actions.children) one.setAttribute("aria-label", `${one.textContent}: ${thing.name}`);
  item.append(name, actions);
  return item;
}

function fillChoices(): void {
  choices(byId("survey-round"), (today?.campaigns ?? []).map((one) => [one.key, say(words, "roundUntil", { name: one.name, day: one.until })]), say(words, "noRound"), true);
  const hamlets = (today?.hamlets ?? []).map(({ id, name }): [string, string] => [String(id), name]);
  choices(byId("survey-hamlet"), hamlets, say(words, "allHamlets"), hamlets.length === 1);
}

/** Anew only where something else is to be chosen from: what was chosen stays. */
function choices(select: HTMLSelectElement, options: [string, string][], none: string, first: boolean): void {
  const wanted = JSON.stringify(options);
  if (select.dataset.options === wanted) return;
  const before = select.value;
  select.dataset.options = wanted;
  select.replaceChildren(new Option(none, ""), ...options.map(([value, text]) => new Option(text, value)));
  select.value = options.some(([value]) => value === before) ? before : first ? (options[0]?.[0] ?? "") : "";
}

function drawProgress(): void {
  const round = today?.campaigns.find(({ key }) => key === byId<HTMLSelectElement>("survey-round").value);
  byId("survey-progress").replaceChildren(...(round?.hamlets ?? []).map(({ hamlet, target, eyes, needs }) => {
    const row = make("div", "");
    const name = today?.hamlets.find(({ id }) => id === hamlet)?.name ?? "";
    const done = eyes + needs;
    const told = say(words, target ? "progress" : "progressOpen", { name, done: String(done), target: String(target), eyes: String(eyes), needs: String(needs) });
    row.append(make("span", "small", told));
    if (target) row.append(Object.assign(make("progress", ""), { max: target, value: Math.min(done, target) }));
    row.querySelector("progress")?.setAttribute("aria-label", told);
    return row;
  }));
}

// --- what waits -------------------------------------------------------------------------------------------------------
function drawQueue(entries: Entry[]): void {
  byId("survey-queue").replaceChildren(...(entries.length ? entries.map(queued) : [make("li", "text-secondary", say(words, "queueEmpty"))]));
}

function queued(entry: Entry): HTMLElement {
  const item = make("li", "");
  item.dataset.entry = entry.id;
  item.dataset.state = entry.state;
  const name = make("div", "survey-name");
  const made = dayAndTime(new Date(entry.made));
  const photos = entry.photos.length ? say(words, "photosSent", { sent: String(entry.photos.filter(({ sent }) => sent).length), count: String(entry.photos.length) }) : "";
  name.append(make("strong", "", entry.name || say(words, `kind_${entry.kind}`)));
  name.append(make("small", "text-secondary", [say(words, `kind_${entry.kind}`), made, photos].filter(Boolean).join(" · ")));
  name.append(make("small", entry.state === "fault" || entry.state === "conflict" ? "text-danger" : "", stateWords(entry)));
  const actions = make("div", "btn-list");
  if (entry.state === "conflict" || entry.state === "refused") {
    const look = make("a", "btn btn-primary", say(words, "lookAtBoth"));
    look.href = `${page.entriesUrl}/${entry.id}`;
    actions.append(look, button("btn", say(words, "putAway"), () => void store.remove(entry.id).then(draw)));
  } else actions.append(button("btn", say(words, entry.state === "draft" ? "goOn" : "edit"), () => void open(entry)));
  item.append(name, actions);
  return item;
}

/** `27/11 14:05`, by the telephone's clock. */
function dayAndTime(moment: Date): string {
  const [day, month, hour, minute] = [moment.getDate(), moment.getMonth() + 1, moment.getHours(), moment.getMinutes()].map((part) => String(part).padStart(2, "0"));
  return `${day}/${month} ${hour}:${minute}`;
}

function stateWords(entry: Entry): string {
  const told = Object.values(entry.faults).filter(Boolean).join(" ");
  return [say(words, `state_${entry.state}`), entry.state === "fault" || entry.state === "refused" ? told : ""].filter(Boolean).join(" ");
}

// --- sending ----------------------------------------------------------------------------------------------------------
/** Now, where there is a network; and the browser is asked to do it later, where it can. */
async function wantSending(): Promise<void> {
  if (navigator.onLine) await sendNow(false);
  if (navigator.onLine && lastEnd !== "later") return;
  const registration = (await navigator.serviceWorker?.getRegistration().catch(() => undefined)) as Registration | undefined;
  await registration?.sync?.register("survey").catch(() => undefined);
}

function sendNow(asked: boolean): Promise<void> {
  sending ??= sendOnce(asked).finally(() => (sending = null));
  return sending;
}

async function sendOnce(asked: boolean): Promise<void> {
  if (!today) return;
  const user = today.user;
  const sender = new Sender(store, page, (url, options) => fetch(url, options), () => void draw());
  const run = (): Promise<Outcome> => sender.sendAll(user);
  const outcome = await (navigator.locks ? navigator.locks.request("luytre-survey-send", run) : run());
  lastEnd = outcome.end;
  tell(outcome, asked);
  if (outcome.sent) await refresh();
  await draw();
}

function tell({ end, sent, conflicts }: Outcome, asked: boolean): void {
  if (end === "login") notice(say(words, "loginFirst"), { href: `${page.loginUrl}?next=/survey`, text: say(words, "logIn") });
  else if (end === "other") notice(say(words, "otherPerson"));
  else if (conflicts) notice(say(words, "conflictsMade", { count: String(conflicts) }), { href: "#queue", text: say(words, "look") });
  else if (sent) notice(say(words, "sent", { count: String(sent) }));
  else if (end === "later" && asked) notice(say(words, "notNow"));
}

function notice(text: string, link?: { href: string; text: string }): void {
  const told = byId("survey-notice");
  told.replaceChildren(make("span", "", text));
  if (link) told.append(" ", Object.assign(make("a", "alert-link", link.text), { href: link.href }));
}

// --- the list of today, and whose it is -------------------------------------------------------------------------------
async function refresh(): Promise<void> {
  const answer = await fetch(page.todayUrl, { headers: { Accept: "application/json" }, cache: "no-store", credentials: "same-origin" }).catch(() => null);
  if (answer?.status === 401) notice(say(words, "loginFirst"), { href: `${page.loginUrl}?next=/survey`, text: say(words, "logIn") });
  if (!answer?.ok) return;
  today = (await answer.json()) as Today;
  const done = new Set((await store.entries(today.user)).flatMap(({ target, place, state }) => (state === "draft" ? [] : [target, place])));
  for (const thing of today.things) thing.visited ||= done.has(thing.key);
  await store.keepToday(today);
}

byId("survey-send").addEventListener("click", () => void sendNow(true));
byId("survey-round").addEventListener("change", drawList);
byId("survey-hamlet").addEventListener("change", drawList);
for (const one of document.querySelectorAll<HTMLButtonElement>("[data-add]")) one.addEventListener("click", () => add(one.dataset.add as Kind, null));
byId("survey-near").addEventListener("click", () => {
  byId("survey-near-words").textContent = say(words, "locating");
  const found = locate((point, metres) => {
    here = point;
    byId("survey-near-words").textContent = say(words, "located", { metres: String(Math.max(1, Math.round(metres))) });
    drawList();
  });
  found.catch((trouble: unknown) => (byId("survey-near-words").textContent = say(words, (trouble as Error).message)));
});
addEventListener("hashchange", () => void route());
addEventListener("online", () => void refresh().then(() => sendNow(false)).then(draw));
addEventListener("offline", () => void draw());
navigator.serviceWorker?.addEventListener("message", () => void refresh().then(draw));
setInterval(() => {
  if (navigator.onLine && !document.hidden) void sendNow(false);
}, AGAIN_MS);

// Somebody else may have logged in since: with a network the machine says who is here before any list is shown, if it says so soon.
const kept = await store.today(Date.now());
const asked = refresh();
if (navigator.onLine) await Promise.race([asked, new Promise((done) => setTimeout(done, HEAR_MS))]);
today ??= kept;
const before = today?.user;
await route();
await asked;
if ((today as Today | null)?.user !== before) await route(); // somebody else is here, or the first list came
else await draw();
await wantSending();
if (!isSecureContext) notice(say(words, "insecure"));
void navigator.serviceWorker?.ready.then((registration) => registration.active?.postMessage("keep")).catch(() => undefined);
