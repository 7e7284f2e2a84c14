// What the wall and a camera's own page share: the socket, its state in words, the clock, full screen.

import { LiveSocket, type Link } from "./live-socket";
import { byId, csrfToken, say, type Screen } from "./page";
import type { Tile } from "./tile";
import { Refused, Tokens } from "./tokens";

export function startSocket(screen: Screen, cameras: () => string[], tiles: () => Iterable<Tile>): LiveSocket {
  const tokens = new Tokens({ url: screen.tokenUrl, csrf: csrfToken(), fetch: window.fetch.bind(window), nowMs: () => performance.now() });
  const refused = new Set<string>();
  const look = () => ({ right: "live" as const, cameras: cameras().filter((camera) => !refused.has(camera)) });

  /** A camera that is taken away while somebody watches loses its own tile, and the others go on. */
  async function allowed(ask: () => Promise<string>): Promise<string> {
    try {
      return await ask();
    } catch (error) {
      const news = error instanceof Refused ? error.cameras.filter((camera) => !refused.has(camera)) : [];
      for (const camera of news) refused.add(camera);
      for (const tile of tiles()) if (refused.has(tile.key)) tile.link(say(screen.words, "forbidden"));
      if (news.length === 0 || look().cameras.length === 0) throw error;
      return allowed(ask);
    }
  }

  const socket = new LiveSocket({
    url: `${screen.recorderUrl.replace(/^http/, "ws")}/v1/live`,
    token: () => allowed(() => tokens.get(look())),
    freshToken: () => allowed(() => tokens.renew(look())),
    link: (state) => tellLink(screen, state, tiles()),
    create: (url) => new WebSocket(url),
    later: (run, ms) => window.setTimeout(run, ms),
    random: Math.random,
  });
  window.addEventListener("online", () => socket.hurry());
  window.addEventListener("pagehide", () => socket.end());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload(); // came back from the browser's cache with a closed socket
  });
  window.setInterval(() => {
    for (const tile of tiles()) tile.tick(performance.now());
  }, 1000);
  return socket;
}

function tellLink(screen: Screen, state: Link, tiles: Iterable<Tile>): void {
  if (state === "up" || state === "connecting") return;
  const words = {
    down: navigator.onLine ? "reconnecting" : "offline",
    logged_out: "loggedOut",
    refused: "forbidden",
  }[state];
  for (const tile of tiles) tile.link(say(screen.words, words));
  if (state === "logged_out") {
    window.location.href = `${screen.loginUrl}?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
  }
}

export function fullScreenButton(): void {
  byId("full").addEventListener("click", () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void byId("main").requestFullscreen();
  });
}
