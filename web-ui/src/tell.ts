// /bao-tin: the form as three screens, photos made small before they go, and what was told without a network sent when it is back.
// Without this script the same form is one page, and works.

import "./tell.css";
import { isHeic, MOST_BYTES as HEIC_BYTES } from "./lib/heic";
import { byId } from "./lib/page";
import { NoPhoto, shrink } from "./lib/shrink";
import { Where } from "./lib/tell-place";
import { newSending, send, type Outcome, type Refused } from "./lib/tell-send";
import { TellStore, type Kept } from "./lib/tell-store";

const MOST_PHOTOS = 6;
const MOST_VIDEO_BYTES = 50 * 1024 * 1024;
const MOST_ALL_BYTES = 60 * 1024 * 1024;
const form = byId<HTMLFormElement>("tell");
const screens = [...form.querySelectorAll<HTMLElement>("[data-screen]")];
const photos: Blob[] = [];
const where = new Where(form);
let at = 0;
let busy = false;

// --- screens ------------------------------------------------------------------------------------------------------------
function show(screen: number, focus = true): void {
  at = Math.max(0, Math.min(screen, screens.length - 1));
  screens.forEach((one, number) => (one.hidden = number !== at));
  form.querySelector<HTMLElement>("[data-back]")!.style.visibility = at === 0 ? "hidden" : "visible";
  form.querySelector<HTMLElement>("[data-next]")!.hidden = at === screens.length - 1;
  const said = byId("tell-at");
  said.textContent = (said.dataset.at ?? "").replace("{step}", String(at + 1)).replace("{steps}", String(screens.length));
  summarize();
  if (focus) {
    const first = screens[at]!.querySelector<HTMLElement>("input:not([type=hidden]):not([hidden]), select, textarea");
    first?.focus({ preventScroll: true });
    form.scrollIntoView({ block: "start" });
  }
}

/** What is going to be told of the place, once more before it is sent. */
function summarize(): void {
  const said = byId("where-said"), words = where.summary();
  said.hidden = !words;
  said.textContent = (said.dataset.where ?? "").replace("{where}", words);
}

function screenOf(name: string): number {
  return screens.findIndex((one) => one.querySelector(`[name="${name}"], #err-${name}`) !== null);
}

/** The first screen with an error, with the errors at their fields. */
function tell(refused: Refused): void {
  for (const place of form.querySelectorAll<HTMLElement>(".error")) place.replaceChildren();
  let first = screens.length - 1;
  for (const [name, words] of Object.entries(refused.errors)) {
    const place = document.getElementById(`err-${name}`);
    if (place) place.textContent = words.join(" ");
    if (screenOf(name) >= 0) first = Math.min(first, screenOf(name));
  }
  const said = byId("send-said");
  said.textContent = (said.dataset.refused ?? "").replace("{why}", refused.trouble);
  show(Object.keys(refused.errors).length ? first : screens.length - 1);
}

// --- where and when -----------------------------------------------------------------------------------------------------
function earlier(): void {
  form.querySelector<HTMLElement>("[data-earlier]")!.hidden = new FormData(form).get("when") !== "earlier";
}

function locate(): void {
  const said = byId("here-said");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      where.set([coords.longitude, coords.latitude]);
      said.textContent = (said.dataset.found ?? "").replace("{m}", String(Math.ceil(coords.accuracy)));
    },
    () => (said.textContent = said.dataset.failed ?? ""),
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
  );
}

// --- photos -------------------------------------------------------------------------------------------------------------
async function choose(files: File[]): Promise<void> {
  const said = byId("photos-said");
  const words: string[] = [];
  void offerPlace(files);
  for (const file of files) {
    if (photos.length >= MOST_PHOTOS) break;
    const isVideo = file.type.startsWith("video/");
    if (isVideo && file.size + photos.reduce((sum, one) => sum + one.size, 0) > (file.size > MOST_VIDEO_BYTES ? 0 : MOST_ALL_BYTES)) {
      words.push((said.dataset.large ?? "").replace("{name}", file.name));
      continue;
    }
    try {
      photos.push(isVideo ? file : await shrink(file));
    } catch (error) {
      if (!(error instanceof NoPhoto)) throw error;
      if (file.size <= HEIC_BYTES && (await isHeic(file))) photos.push(file.slice(0, file.size, "image/heic")); // the station makes it anew
      else words.push((said.dataset.unreadable ?? "").replace("{name}", file.name));
    }
  }
  const behind = files.length - words.length - photos.length;
  if (behind > 0) words.push((said.dataset.many ?? "").replace("{count}", String(behind)));
  const size = Math.ceil(photos.reduce((sum, one) => sum + one.size, 0) / 1000);
  if (photos.length) words.unshift((said.dataset.chosen ?? "").replace("{count}", String(photos.length)).replace("{size}", String(size)));
  said.textContent = words.join(" ");
  drawPhotos();
}

function drawPhotos(): void {
  const place = byId("photos-shown");
  for (const old of place.querySelectorAll<HTMLImageElement | HTMLVideoElement>("img, video")) URL.revokeObjectURL(old.src);
  place.replaceChildren(
    ...photos.map((photo, number) => {
      const button = document.createElement("button");
      const picture = document.createElement(photo.type.startsWith("video/") ? "video" : "img");
      picture.src = URL.createObjectURL(photo);
      if (picture instanceof HTMLImageElement) picture.alt = "";
      button.type = "button";
      button.setAttribute("aria-label", (place.dataset.remove ?? "").replace("{number}", String(number + 1)));
      button.append(photo.type === "image/heic" ? Object.assign(document.createElement("span"), { textContent: "HEIC" }) : picture);
      button.addEventListener("click", () => {
        photos.splice(number, 1);
        drawPhotos();
      });
      return button;
    }),
  );
}

/** A photo's own place is read here, on the telephone, and used only when its sender says so: what is sent has none. */
async function offerPlace(files: File[]): Promise<void> {
  const reader = await import("exifr/dist/mini.esm.mjs").catch(() => null); // not there without a network: then nothing is offered
  for (const file of reader ? files : []) {
    const found = await reader!.gps(file).catch(() => null);
    if (!found || !Number.isFinite(found.latitude) || !Number.isFinite(found.longitude)) continue;
    const button = byId("photo-place");
    button.hidden = false;
    button.onclick = () => {
      where.set([found.longitude, found.latitude]);
      button.hidden = true;
    };
    return;
  }
}

// --- sending ------------------------------------------------------------------------------------------------------------
function gathered(): Kept {
  const fields = [...new FormData(form)].flatMap(([name, value]) => (typeof value === "string" && !["task", "answer", "sending"].includes(name) ? [[name, value] as [string, string]] : []));
  return { sending: form.querySelector<HTMLInputElement>("[name=sending]")!.value, fields, photos: [...photos] };
}

async function submit(): Promise<void> {
  if (busy) return;
  busy = true;
  const said = byId("send-said");
  said.textContent = said.dataset.working ?? "";
  const one = gathered();
  const outcome = await deliver(one);
  busy = false;
  if (outcome.end === "refused") tell(outcome.refused);
  if (outcome.end === "large") said.textContent = said.dataset.toolarge ?? "";
  if (outcome.end !== "later") return;
  const store = await TellStore.open();
  await store.keep(one);
  store.close();
  said.textContent = said.dataset.kept ?? "";
}

async function deliver(one: Kept): Promise<Outcome> {
  const outcome = await send(one, form.action, form.dataset.ready ?? "", (url, options) => fetch(url, options));
  if (outcome.end === "told") told(outcome.told.code, outcome.told.left);
  return outcome;
}

function told(code: string, left: string[]): void {
  const made = byId<HTMLTemplateElement>("told").content.cloneNode(true) as DocumentFragment;
  made.querySelector("#code")!.textContent = code;
  made.querySelector<HTMLInputElement>("[name=code]")!.value = code;
  made.querySelector("[data-left]")!.replaceChildren(...left.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  const heading = made.querySelector<HTMLElement>("h1")!;
  form.replaceWith(made);
  heading.focus();
}

/** What was kept is sent, one after another; the code of the last one is shown. */
async function sendKept(): Promise<void> {
  if (busy) return;
  const store = await TellStore.open();
  try {
    for (const one of await store.all()) {
      busy = true;
      const outcome = await deliver(one);
      if (outcome.end === "later") return;
      if (outcome.end === "refused") fill(one, outcome.refused);
      if (outcome.end === "large") fill(one, { trouble: byId("send-said").dataset.toolarge ?? "", errors: {} });
      await store.remove(one.sending);
    }
  } finally {
    busy = false;
    store.close();
  }
}

/** What was kept and is not taken as it is stands in the form again. */
function fill(one: Kept, refused: Refused): void {
  for (const [name, value] of one.fields) {
    for (const field of form.querySelectorAll<HTMLInputElement>(`[name="${name}"]`)) {
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type !== "file") field.value = value;
    }
  }
  photos.splice(0, photos.length, ...one.photos);
  drawPhotos();
  earlier();
  where.refresh();
  tell(refused);
}

form.querySelector<HTMLInputElement>("[name=sending]")!.value = newSending(); // the page may come from the telephone's store
for (const sum of form.querySelectorAll<HTMLElement>("[data-sum]")) sum.hidden = true; // the browser does the work itself
form.querySelector("[data-next]")!.addEventListener("click", () => show(at + 1));
form.querySelector("[data-back]")!.addEventListener("click", () => show(at - 1));
form.addEventListener("change", (event) => {
  const field = event.target as HTMLInputElement;
  if (field.name === "when") earlier();
  if (field.name === "kind" && at === 0) byId("err-kind").replaceChildren();
  if (field.type === "file") void choose([...(field.files ?? [])]).then(() => (field.value = ""));
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void submit();
});
byId("here").addEventListener("click", locate);
form.querySelector<HTMLElement>("[data-here]")!.hidden = !("geolocation" in navigator) || !isSecureContext;
byId("tell-steps").hidden = false;
earlier();
show(document.getElementById("trouble") ? Math.max(0, screens.findIndex((one) => [...one.querySelectorAll(".error")].some((error) => error.textContent?.trim()))) : 0, false);
addEventListener("online", () => void sendKept());
void sendKept();
void navigator.serviceWorker?.register("/bao-tin/sw.js", { scope: "/bao-tin" }).catch(() => undefined);
