// Keys of the playback page. They do not count where somebody types, nor where a control has its own use for them.

const OF_CONTROLS = new Set([" ", "Enter", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown"]);

/** Whether a key pressed in this element is the element's own. */
export function isOwn(target: { tagName: string; type?: string } | null, key: string): boolean {
  if (target === null) return false;
  const tag = target.tagName.toLowerCase();
  if (tag === "textarea" || tag === "select") return true;
  if (tag === "input") return !["checkbox", "radio", "button"].includes(target.type ?? "text") || key === " ";
  return (tag === "button" || tag === "summary" || tag === "a") && OF_CONTROLS.has(key) && (key === " " || key === "Enter");
}

/** `actions` by key, with `Shift+` before it for arrows. */
export function onKeys(actions: Record<string, () => void>): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (isOwn(event.target as HTMLElement | null, event.key)) return;
    const name = event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = actions[name];
    if (!action || (name === "Enter" && event.target instanceof HTMLElement)) return;
    event.preventDefault();
    action();
  });
}
