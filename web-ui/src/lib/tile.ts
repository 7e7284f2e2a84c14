// One picture on the wall: its video, its name, and what it has to say when there is no picture.

import { Feed } from "./feed";
import type { ChannelListener, LiveSocket } from "./live-socket";
import { say, type CameraInfo, type Words } from "./page";

const STALLED_MS = 6000;
const ASK_AGAIN_MS = 10_000; // the recorder may learn of a new camera a little later than this page
const STILL_MS = 3000; // between single pictures, while the recorder hides homes for others
const LOOK_BACK_S = 30;
export type Stream = "main" | "sub";

function element(tag: string, className: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

export class Tile implements ChannelListener {
  readonly root: HTMLElement;
  private readonly video = document.createElement("video");
  private readonly badge = element("span", "tile-state");
  private readonly words = element("div", "tile-words");
  private readonly feed: Feed;
  private channel = 0;
  private tried = new Set<Stream>();
  private coded = false; // asked for as H.264: this browser shows neither stream as it is
  private readonly wished: Stream;
  private lastMs = 0;
  private live = false;
  private down = false; // told so, and nothing has come since
  private excuse = "";
  private again = 0;
  private masked = false;
  private readonly single = document.createElement("img");
  private stills = 0;
  private readonly links: HTMLAnchorElement[] = [];

  /** `linked`: the tile leads to its camera's page. `back`: and by a button back in time (`page` is the address up to the time). */
  constructor(
    private readonly camera: CameraInfo,
    private readonly socket: LiveSocket,
    private readonly text: Words,
    private stream: Stream,
    linked = false,
    private readonly back?: { page: string; words: string },
  ) {
    this.wished = stream;
    this.root = element("div", "tile");
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.disablePictureInPicture = true;
    const bar = element("div", "tile-bar");
    const name = element("span", "tile-name");
    name.textContent = camera.name;
    bar.append(name, this.badge);
    this.single.className = "tile-still";
    this.single.alt = "";
    this.single.hidden = true;
    this.root.append(this.video, this.single, this.words, bar);
    if (linked) this.addLinks();
    this.feed = new Feed(this.video, {
      playing: () => this.playing(),
      unsupported: (mime) => this.unsupported(mime),
      lost: () => this.lost(),
    });
    this.show("connecting", say(text, "connecting"));
    this.open();
  }

  private addLinks(): void {
    const open = element("a", "tile-link") as HTMLAnchorElement;
    open.href = this.camera.page;
    open.setAttribute("aria-label", this.camera.name);
    this.links.push(open);
    if (this.back) this.links.push(this.backLink(this.back.words));
    this.root.append(...this.links);
  }

  private backLink(words: string): HTMLAnchorElement {
    const link = element("a", "tile-back") as HTMLAnchorElement;
    const now = (): string => (link.href = this.justSeen);
    now();
    link.title = words;
    link.setAttribute("aria-label", words);
    link.append(document.querySelector<HTMLTemplateElement>("#back-icon")!.content.cloneNode(true));
    for (const name of ["pointerdown", "keydown"]) link.addEventListener(name, now);
    return link;
  }

  /** The address of playback a little before now. */
  get justSeen(): string {
    return this.back ? `${this.back.page}${Math.round(Date.now() / 1000 - LOOK_BACK_S)}` : this.camera.page;
  }

  focus(): void {
    this.links[0]?.focus();
  }

  /** While tiles are arranged, their buttons rest. */
  set still(still: boolean) {
    this.links[1]?.toggleAttribute("hidden", still);
  }

  get key(): string {
    return this.camera.key;
  }

  stop(): void {
    window.clearTimeout(this.again);
    this.endStills();
    this.socket.close(this.channel);
    this.feed.release();
    this.root.remove();
  }

  get isDown(): boolean {
    return this.root.dataset.kind === "lost";
  }

  get name(): string {
    return this.camera.name;
  }

  /** Called once a second: says so when nothing has come for a while. */
  tick(nowMs: number): void {
    if (this.live && nowMs - this.lastMs > STALLED_MS) {
      this.live = false;
      this.show("lost", this.excuse || say(this.text, "stalled"));
    }
  }

  /** The page's connection is gone or back; each tile says so, since people look at tiles. */
  link(words: string): void {
    this.fail("lost", words);
  }

  init(mime: string, data: Uint8Array<ArrayBuffer>, masked = false): void {
    this.masked = masked;
    this.feed.init(mime, data);
  }

  fragment(data: Uint8Array<ArrayBuffer>, startsGop: boolean, lostBefore: boolean): void {
    this.lastMs = performance.now();
    this.down = false;
    this.feed.fragment(data, startsGop);
    if (lostBefore) this.lost();
    if (!this.live && !this.video.paused && this.video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) this.playing();
  }

  state(state: string, problem: string, sentence: string): void {
    if (state === "live") {
      this.excuse = "";
      return;
    }
    const known = this.text.problems[problem];
    this.excuse = known ? `${capital(known.cause)}. ${known.hint}` : capital(sentence) || (this.text.states[state] ?? "");
    this.fail(problem === "" && (state === "connecting" || state === "waiting") ? "connecting" : "lost", this.excuse);
  }

  closed(reason: string): void {
    if (reason === "no_such_camera") {
      this.fail("lost", say(this.text, "forbidden"));
      this.again = window.setTimeout(() => this.reopen(), ASK_AGAIN_MS);
      return;
    }
    if (reason === "masks_changed") return this.reopen();
    if (reason === "mask_limit") {
      this.fail("still", say(this.text, "maskLimit"));
      this.again = window.setTimeout(() => this.reopen(), ASK_AGAIN_MS);
      if (this.stills === 0) void this.showStill();
      return;
    }
    const converting = { transcode_limit: "transcodeLimit", transcode_failed: "transcodeFailed", masks_unknown: "masksUnknown" }[reason];
    if (converting) {
      this.fail("lost", say(this.text, converting));
      this.again = window.setTimeout(() => this.reopen(), ASK_AGAIN_MS);
      return;
    }
    const known = this.text.problems[reason];
    this.fail("lost", known ? `${capital(known.cause)}. ${known.hint}` : this.excuse || say(this.text, "stalled"));
  }

  private reopen(): void {
    this.socket.close(this.channel);
    this.open();
  }

  private open(): void {
    this.tried.add(this.stream);
    this.channel = this.socket.open(this.camera.key, this.stream, this, this.coded);
  }

  /** One after the other until the picture moves again; they are masked as it is. */
  private async showStill(): Promise<void> {
    this.stills = window.setTimeout(() => void this.showStill(), STILL_MS);
    const found = await this.socket.picture(this.camera.key, this.root.clientWidth * (window.devicePixelRatio || 1)).catch(() => null);
    if (this.stills === 0 || found === null) return;
    URL.revokeObjectURL(this.single.src);
    this.single.src = URL.createObjectURL(found);
    this.single.hidden = false;
  }

  private endStills(): void {
    window.clearTimeout(this.stills);
    this.stills = 0;
    this.single.hidden = true;
    URL.revokeObjectURL(this.single.src);
    this.single.removeAttribute("src");
  }

  private fail(kind: "connecting" | "lost" | "still", words: string): void {
    this.live = false;
    this.down = true;
    this.show(kind, words);
  }

  private playing(): void {
    if (this.down) return; // the last of what was buffered
    this.live = true;
    this.lastMs = performance.now();
    if (this.stills !== 0) this.endStills();
    this.show("live", "");
  }

  private unsupported(mime: string): void {
    const other: Stream = this.stream === "main" ? "sub" : "main";
    if ((other === "main" || this.camera.hasSub) && !this.tried.has(other)) {
      this.stream = other;
      return this.reopen();
    }
    if (!this.coded && typeof MediaSource !== "undefined") {
      this.coded = true;
      this.stream = this.wished;
      return this.reopen();
    }
    this.fail("lost", say(this.text, typeof MediaSource === "undefined" || !/hvc1|hev1/.test(mime) ? "noMse" : "noH265"));
  }

  private lost(): void {
    this.root.classList.add("tile-slow");
    this.badge.title = say(this.text, "framesLost");
  }

  private show(kind: "live" | "connecting" | "lost" | "still", words: string): void {
    this.root.dataset.kind = kind;
    const [cause, ...hint] = words.split(/(?<=\.) /);
    const [told, advice] = [element("b", "tile-cause"), element("span", "tile-hint")];
    told.textContent = cause ?? "";
    advice.textContent = hint.join(" ");
    this.words.replaceChildren(told, advice);
    const how = this.masked ? "masked" : this.coded ? "coded" : "";
    this.badge.textContent = kind !== "live" ? "" : [say(this.text, "live"), ...(how ? [say(this.text, how)] : [])].join(" · ");
    if (how && !this.badge.title) this.badge.title = say(this.text, `${how}Why`);
  }
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
