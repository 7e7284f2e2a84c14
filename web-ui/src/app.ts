// Every page: the style, and htmx.

import "@tabler/core/dist/css/tabler.min.css";
import "./app.css";
import "htmx.org";
import { startAlarms } from "./lib/alarm";
import { startFindBoxes } from "./lib/find-box";

// A menu made of <details> closes when something else is clicked, or with Escape.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (!open.contains(event.target as Node)) open.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) open.open = false;
});

startFindBoxes();
startAlarms();

// Who logs out leaves no list of the survey behind. What was filled in and is not sent yet stays: it is sent by the same person alone.
const WIPED_WITHIN_MS = 1000;
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.action.endsWith("/logout") || form.dataset.wiped) return;
  event.preventDefault();
  form.dataset.wiped = "yes";
  const late = new Promise((done) => setTimeout(done, WIPED_WITHIN_MS));
  void Promise.race([forgetSurvey().catch(() => undefined), late]).finally(() => form.requestSubmit());
});
async function forgetSurvey(): Promise<void> {
  const { NAME, Store } = await import("./lib/survey-store");
  if (!(await indexedDB.databases()).some(({ name }) => name === NAME)) return;
  const store = await Store.open();
  await store.forgetToday();
  store.close();
}

// Installable, and a page in plain words without a network. Only over https or on this machine; elsewhere nothing is lost.
void navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
