// Every page: the style, and htmx.

import "@tabler/core/dist/css/tabler.min.css";
import "./app.css";
import "htmx.org";
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

// Installable, and a page in plain words without a network. Only over https or on this machine; elsewhere nothing is lost.
void navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
