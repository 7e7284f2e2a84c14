// Dragging tiles to their places with mouse, finger or pen.

export class Dragging {
  on = false;
  private held: HTMLElement | null = null;

  constructor(
    private readonly wall: HTMLElement,
    /** From one place of the page to another, in the order that is seen. */
    private readonly move: (from: number, to: number) => void,
  ) {
    wall.addEventListener("pointerdown", (event) => this.take(event));
    wall.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) wall.addEventListener(name, () => this.drop());
    wall.addEventListener("click", (event) => this.on && event.preventDefault(), true); // a tile is a link
    wall.addEventListener("dragstart", (event) => event.preventDefault()); // the browser's own dragging of links
  }

  private seen(): HTMLElement[] {
    const tiles = [...this.wall.querySelectorAll<HTMLElement>(".tile")];
    return tiles.map((tile, index) => ({ tile, order: Number(tile.style.order) || 0, index })).sort((a, b) => a.order - b.order || a.index - b.index).map((one) => one.tile);
  }

  private take(event: PointerEvent): void {
    const tile = (event.target as HTMLElement).closest<HTMLElement>(".tile");
    if (!this.on || tile === null || event.button !== 0) return;
    this.held = tile;
    tile.classList.add("held");
    this.wall.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  private drag(event: PointerEvent): void {
    if (this.held === null) return;
    const under = document.elementsFromPoint(event.clientX, event.clientY).map((element) => element.closest<HTMLElement>(".tile"));
    const over = under.find((tile) => tile !== null && tile !== this.held);
    if (!over || under.includes(this.held)) return;
    const order = this.seen();
    this.move(order.indexOf(this.held), order.indexOf(over));
  }

  private drop(): void {
    this.held?.classList.remove("held");
    this.held = null;
  }
}
