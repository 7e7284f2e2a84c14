// One camera of the playback page: its video on the common clock, or the words for why there is none, or small pictures.

import { showTime } from "./clock";
import { say, type CameraInfo, type Words } from "./page";
import { Player, type Beat, type Failure } from "./player";
import type { Recorded } from "./recorded";
import { Thumbs, type Thumb } from "./thumbs";
import { standingAt, type Timeline } from "./timeline";

const PATIENCE_MS = 5000; // so long the others wait for one that has no picture yet
const SLOW_MS = 350; // a picture that is not there by then is shown small meanwhile
const MOST_THUMB_PX = 640;
const COMMON_H265 = 'video/mp4; codecs="hvc1.1.6.L123.B0"'; // Main profile, up to 1080p

function element(tag: string, className: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

function button(className: string, label: string, icon: string): HTMLButtonElement {
  const made = element("button", `tile-button ${className}`) as HTMLButtonElement;
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.title = label;
  const shape = document.querySelector(`template#icon-${icon}`) as HTMLTemplateElement | null;
  if (shape) made.append(shape.content.cloneNode(true));
  return made;
}

export interface TileOwner {
  words: Words;
  zone: string;
  reason(gap: { from: number; to: number; reason: string; words: string }): string;
  chosen(tile: StepTile): void;
  enlarge(tile: StepTile): void;
  remove(tile: StepTile): void;
  failed(kind: Failure): void;
}

export class StepTile {
  readonly root = element("div", "step-tile");
  readonly player: Player;
  private readonly video = document.createElement("video");
  private readonly picture = document.createElement("img");
  private readonly told = element("div", "step-words");
  private readonly converted = element("span", "step-coded");
  private readonly stamp = element("span", "step-stamp");
  private readonly thumbs: Thumbs;
  private trouble: Failure | null = null;
  private waitsSinceMs = 0;
  private showsThumbs = false;

  constructor(readonly camera: CameraInfo, private readonly owner: TileOwner, recorded: Recorded) {
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.preload = "auto";
    this.picture.hidden = true;
    this.picture.alt = "";
    this.root.tabIndex = 0;
    this.root.dataset.key = camera.key;
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", camera.name);
    this.told.setAttribute("role", "status");
    const bar = element("div", "step-bar");
    const name = element("span", "tile-name");
    name.textContent = camera.name;
    const large = button("step-large", say(owner.words, "enlarge", { name: camera.name }), "maximize");
    const away = button("step-remove", say(owner.words, "takeAway", { name: camera.name }), "x");
    bar.append(name, this.converted, this.stamp, large, away);
    this.root.append(this.video, this.picture, this.told, bar);
    large.addEventListener("click", () => owner.enlarge(this));
    away.addEventListener("click", () => owner.remove(this));
    this.root.addEventListener("dblclick", (event) => event.target instanceof HTMLButtonElement || owner.enlarge(this));
    for (const name of ["focusin", "pointerdown"]) this.root.addEventListener(name, () => owner.chosen(this));
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === this.root) owner.enlarge(this);
    });
    this.player = new Player(this.video, camera.key, recorded, {
      failed: (kind) => this.fail(kind),
      picture: () => {
        if (this.trouble === "recorder" || this.trouble === "busy") this.trouble = null;
      },
    });
    const width = (): number => Math.min(MOST_THUMB_PX, Math.max(160, this.root.clientWidth * (window.devicePixelRatio || 1)));
    this.thumbs = new Thumbs({ thumb: (at) => recorded.thumb(camera.key, at, width()) }, (thumb) => this.showThumb(thumb));
  }

  /** Whether the clock has to wait for this picture. */
  get holds(): boolean {
    return this.waitsSinceMs > 0 && performance.now() - this.waitsSinceMs < PATIENCE_MS;
  }

  get state(): string {
    return this.root.dataset.state ?? "";
  }

  /** Brings the tile to the clock. `stepping`: small pictures instead of the video (`stepS`: time from one to the next; 0: this one only). */
  update(beat: Beat, line: Timeline | undefined, stepping: boolean, stepS: number): void {
    const found = line && standingAt(line, beat.at);
    if (line?.masked !== (this.player.masked || undefined)) this.tellMasked(line?.masked === true);
    if (found && found.kind === "gap") return this.empty("gap", this.owner.reason(found.gap));
    if (found && found.kind === "none") return this.empty("none", say(this.owner.words, beat.at > beat.nowUtcS ? "future" : "noFootage"));
    if (!found) return this.say("loading", say(this.owner.words, this.trouble === "recorder" ? "recorderDown" : "loading"));
    if (this.trouble === "refused") return this.empty("refused", say(this.owner.words, "forbidden"));
    if (found.kind === "footage" && !canShow(found.run.codec)) this.askForH264();
    else if (this.trouble === "format" && found.kind === "footage" && found.run.codec) this.trouble = null;
    if (this.trouble === "format" || stepping) return this.step(beat, stepS);
    this.thumbs.settle();
    this.player.follow(beat);
    const ready = this.player.ready;
    this.waitsSinceMs = ready ? 0 : this.waitsSinceMs || performance.now();
    if (this.trouble === "busy" && !ready) return this.wait(beat, stepS);
    const isSlow = !ready && !beat.moving && !beat.held && performance.now() - this.waitsSinceMs > SLOW_MS;
    if (this.player.inHole || isSlow) this.showSmall(beat, stepS);
    else if (ready) this.endThumbs();
    this.say(ready ? "footage" : "loading", this.player.inHole ? say(this.owner.words, "lostPictures") : ready ? "" : this.trouble === "recorder" ? say(this.owner.words, "recorderDown") : "");
    const late = this.player.lateS;
    if (late === undefined) delete this.root.dataset.lateMs;
    else this.root.dataset.lateMs = (late * 1000).toFixed(1);
  }

  refuse(): void {
    this.fail("refused");
  }

  end(): void {
    this.player.stop();
    this.thumbs.clear();
    this.root.remove();
  }

  private step(beat: Beat, stepS: number): void {
    this.player.rest();
    this.waitsSinceMs = 0;
    this.showSmall(beat, stepS);
    this.say(this.trouble === "format" ? "format" : "stepping", this.trouble === "format" ? say(this.owner.words, "noH265Past") : "");
  }

  /** The recorder codes for others now: small pictures meanwhile, and nobody waits for this camera. */
  private wait(beat: Beat, stepS: number): void {
    this.waitsSinceMs = 0;
    this.showSmall(beat, stepS);
    const state = "busy";
    this.say(state, say(this.owner.words, this.player.masked ? "maskBusy" : "transcodeBusy"));
  }

  private tellMasked(masked: boolean): void {
    this.player.masked = masked;
    const how = masked ? "masked" : this.player.coded ? "coded" : "";
    this.converted.textContent = how ? say(this.owner.words, how) : "";
    this.converted.title = how ? say(this.owner.words, `${how}Why`) : "";
  }

  /** False where it is asked for already. */
  private askForH264(): boolean {
    if (!this.player.needsH264()) return false;
    this.tellMasked(this.player.masked);
    return true;
  }

  private showSmall(beat: Beat, stepS: number): void {
    this.showsThumbs = true;
    this.thumbs.want(beat.at, stepS);
  }

  private empty(state: string, words: string): void {
    this.player.rest();
    this.waitsSinceMs = 0;
    this.endThumbs();
    delete this.root.dataset.lateMs;
    this.say(state, words);
  }

  private say(state: string, words: string): void {
    if (this.root.dataset.state !== state) this.root.dataset.state = state;
    if (this.told.textContent !== words) this.told.textContent = words;
  }

  private showThumb(thumb: Thumb | null): void {
    if (!this.showsThumbs) return;
    this.picture.hidden = thumb === null;
    if (thumb === null) return;
    this.picture.src = thumb.url;
    this.picture.dataset.at = thumb.at.toFixed(3);
    this.stamp.textContent = showTime(thumb.at, this.owner.zone);
  }

  private endThumbs(): void {
    if (!this.showsThumbs) return;
    this.showsThumbs = false;
    this.picture.hidden = true;
    this.stamp.replaceChildren();
    this.thumbs.rest();
  }

  private fail(kind: Failure): void {
    if (kind === "format" && this.askForH264()) return;
    this.trouble = kind;
    this.owner.failed(kind);
  }
}

/** `codec` as the recorder's timeline has it. A picture that turns out otherwise is told by hls.js. */
function canShow(codec: string): boolean {
  if (typeof MediaSource === "undefined") return true; // hls.js tells
  return codec !== "h265" || MediaSource.isTypeSupported(COMMON_H265);
}
