// One camera alone: its main picture (the small one where the browser cannot show the main one's format).

import "./app";
import { showWatermark } from "./lib/watermark";
import { fullScreenButton, startSocket } from "./lib/live-page";
import { byId, readScreen } from "./lib/page";
import { snapshotButton } from "./lib/snapshot";
import { Tile } from "./lib/tile";
import { startTurning } from "./lib/turning";

const screen = readScreen();
showWatermark(screen.watermark ?? "", screen.timeZone);
const tiles: Tile[] = [];
const socket = startSocket(screen, () => screen.cameras.map((camera) => camera.key), () => tiles);
for (const camera of screen.cameras) {
  const tile = new Tile(camera, socket, screen.words, "main");
  tiles.push(tile);
  byId("wall").append(tile.root);
}
fullScreenButton();
snapshotButton(() => tiles[0]?.root.querySelector("video") ?? null, screen.timeZone);
startTurning();
document.addEventListener("keydown", (event) => {
  if (event.key === "f" && !event.ctrlKey && !event.altKey && !event.metaKey) byId("full").click();
});
