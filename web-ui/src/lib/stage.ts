// The pictures of the playback page: which cameras, how they are laid out, which one is large, which one is chosen.

import type { CameraInfo } from "./page";
import type { Recorded } from "./recorded";
import { StepTile, type TileOwner } from "./step-tile";

export const MOST_CAMERAS = 9;

export class Stage {
  tiles: StepTile[] = [];
  chosen: StepTile | null = null;
  private large: StepTile | null = null;

  /** `changed` is told when cameras came or went, `looked` when another one was chosen. */
  constructor(
    private readonly root: HTMLElement,
    private readonly recorded: Recorded,
    private readonly owner: Omit<TileOwner, "chosen" | "enlarge" | "remove">,
    private readonly events: { changed(): void; looked(): void },
  ) {}

  get keys(): string[] {
    return this.tiles.map((tile) => tile.camera.key);
  }

  /** False when there is no room for one more. */
  add(...cameras: CameraInfo[]): boolean {
    const fresh = cameras.filter((camera) => !this.keys.includes(camera.key));
    if (this.tiles.length + fresh.length > MOST_CAMERAS) return false;
    for (const camera of fresh) {
      const tile = new StepTile(camera, { ...this.owner, chosen: (one) => this.choose(one), enlarge: (one) => this.enlarge(one), remove: (one) => this.remove(one) }, this.recorded);
      this.tiles.push(tile);
      this.root.append(tile.root);
    }
    this.lay();
    this.events.changed();
    if (!this.chosen && this.tiles[0]) this.choose(this.tiles[0]);
    return true;
  }

  /** The last one stays: a page without a picture has nothing to say. */
  remove(tile: StepTile): void {
    if (this.tiles.length <= 1) return;
    const place = this.tiles.indexOf(tile);
    this.tiles = this.tiles.filter((other) => other !== tile);
    if (this.large === tile) this.large = null;
    tile.end();
    this.lay();
    this.events.changed();
    const next = this.tiles[Math.min(place, this.tiles.length - 1)]!;
    if (this.chosen === tile) this.choose(next);
    next.root.focus();
  }

  choose(tile: StepTile): void {
    if (this.chosen === tile) return;
    this.chosen = tile;
    for (const other of this.tiles) other.root.toggleAttribute("data-chosen", other === tile);
    this.events.looked();
  }

  /** Large, or back among the others. */
  enlarge(tile: StepTile): void {
    this.large = this.large === tile || this.tiles.length === 1 ? null : tile;
    this.choose(tile);
    this.lay();
    tile.root.scrollIntoView({ block: "nearest", inline: "start" });
  }

  show(key: string): void {
    const tile = this.tiles.find((one) => one.camera.key === key);
    if (!tile) return;
    this.choose(tile);
    tile.root.focus();
    tile.root.scrollIntoView({ block: "nearest", inline: "start" });
  }

  /** The `number`th picture, from 1. */
  enlargeNumber(number: number): void {
    const tile = this.tiles[number - 1];
    if (tile) this.enlarge(tile);
  }

  shrink(): boolean {
    if (!this.large) return false;
    this.enlarge(this.large);
    return true;
  }

  private lay(): void {
    this.root.dataset.count = String(this.tiles.length);
    this.root.toggleAttribute("data-large", this.large !== null);
    for (const tile of this.tiles) {
      tile.root.toggleAttribute("data-large", tile === this.large);
      tile.root.toggleAttribute("data-alone", this.tiles.length === 1);
    }
  }
}
