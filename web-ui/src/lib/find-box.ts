// The find box in every page's frame: a combobox over a listbox (WAI-ARIA Authoring Practices). The list itself comes
// from the server by htmx; here are only the keys. `/` and Ctrl+K go to the box, Enter goes to the first that was found.

const TYPING = "input, textarea, select, [contenteditable]";

/** Which option is chosen after a key: none is -1; past either end it turns round. */
export function step(chosen: number, by: number, count: number): number {
  if (count === 0) return -1;
  if (chosen < 0) return by > 0 ? 0 : count - 1;
  return (chosen + by + count) % count;
}

export function startFindBoxes(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>(".find-input")) watch(input);
  document.addEventListener("keydown", (event) => {
    const wanted = (event.key === "/" && !(event.target as Element).matches(TYPING)) || (event.key === "k" && (event.ctrlKey || event.metaKey));
    if (!wanted || event.defaultPrevented) return;
    const box = [...document.querySelectorAll<HTMLInputElement>(".find-input")].find((input) => input.offsetParent !== null);
    if (box === undefined) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

function watch(input: HTMLInputElement): void {
  const list = document.getElementById(input.getAttribute("aria-controls") ?? "");
  if (list === null) return;
  let asked = "";
  const options = () => [...list.querySelectorAll<HTMLAnchorElement>("a[role=option]")];
  const open = (shown: boolean) => {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) choose(-1);
  };
  const choose = (index: number) => {
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = options()[index];
    if (option === undefined) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  };
  const chosen = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");
  const go = () => {
    const option = options()[Math.max(0, chosen())];
    if (option !== undefined) location.assign(option.href);
  };
  let putOff = false; // Escape: what arrives now opens nothing
  let goes = false; // Enter came before the answer to what was typed last

  list.addEventListener("htmx:afterSwap", () => {
    asked = input.value;
    if (document.activeElement === input && !putOff) open(true);
    if (goes) { goes = false; go(); }
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(step(chosen(), event.key === "ArrowDown" ? 1 : -1, options().length));
    } else if (event.key === "Enter" && input.value.trim() !== "") {
      event.preventDefault();
      if (asked === input.value) go();
      else goes = true;
    } else if (event.key === "Escape") {
      event.preventDefault(); // the browser's own way would empty the box, and so open the list again
      if (list.hidden) input.value = "";
      putOff = true;
      open(false);
    }
  });
  for (const begins of ["input", "focus"]) input.addEventListener(begins, () => { putOff = false; });
  document.addEventListener("click", (event) => {
    if (!input.form?.contains(event.target as Node)) open(false);
  });
  input.form?.addEventListener("focusout", (event) => {
    if (!input.form?.contains(event.relatedTarget as Node | null)) open(false);
  });
}
