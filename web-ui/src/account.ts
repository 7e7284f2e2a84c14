// Pages about accounts: links to copy, cameras to tick, keys for the second step of logging in.

import "./app";
import { addressOf } from "./lib/push";
import { create, get, supported } from "./lib/webauthn";

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
  button.addEventListener("click", () => void copy(button));
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const from = document.querySelector<HTMLElement>(button.dataset.copy!)!;
  const text = from instanceof HTMLInputElement ? from.value : from.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text.trim());
  } catch {
    selectAll(from); // without https there is no clipboard for pages: marked, so that Ctrl+C is enough
    if (!document.execCommand("copy")) return;
  }
  const words = button.querySelector("span")!;
  words.textContent = button.dataset.done!;
}

function selectAll(element: HTMLElement): void {
  if (element instanceof HTMLInputElement) return element.select();
  window.getSelection()?.selectAllChildren(element);
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

// --- cameras of an assignment: a hamlet's all at once ---------------------------------------------------------------
const boxes = (within: ParentNode, name: string): HTMLInputElement[] => [...within.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)];

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-tick]")) {
  button.addEventListener("click", () => {
    const group = button.closest(".grant-group")!;
    const all = boxes(group, button.dataset.tick!);
    const wanted = !all.every((box) => box.checked); // pressed once more, it takes them away again
    for (const box of all) {
      box.checked = wanted;
      box.dispatchEvent(new Event("change"));
    }
  });
}

// --- keys (WebAuthn) ------------------------------------------------------------------------------------------------
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-webauthn]")) {
  form.querySelector("[data-webauthn-go]")!.addEventListener("click", () => void useKey(form));
}

async function useKey(form: HTMLFormElement): Promise<void> {
  const words = form.querySelector<HTMLElement>(".error[data-failed]")!;
  if (!supported()) {
    words.textContent = words.dataset.missing!;
    return;
  }
  const data: unknown = JSON.parse(document.getElementById("js_data")!.textContent!);
  try {
    const credential = form.dataset.webauthn === "create" ? await create(data) : await get(data);
    form.querySelector<HTMLInputElement>("input[name=credential]")!.value = JSON.stringify(credential);
  } catch {
    words.textContent = words.dataset.failed!;
    return;
  }
  form.submit();
}

// --- this device rings (Web Push) -----------------------------------------------------------------------------------
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-ring]")) {
  const words = form.querySelector<HTMLElement>("[role=status]")!;
  form.querySelector("button")!.addEventListener("click", () => {
    void ring(form, words).catch(() => words.replaceChildren(words.dataset.failed!));
  });
}

async function ring(form: HTMLFormElement, words: HTMLElement): Promise<void> {
  const found = await addressOf(form.dataset.ring!, "/sw.js", "/");
  if ("trouble" in found) return words.replaceChildren(words.dataset[found.trouble]!);
  const fields = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
  fields.set("address", found.address);
  const answer = await fetch(form.action, { method: "POST", body: fields });
  if (answer.ok) return location.reload();
  words.replaceChildren(((await answer.json()) as { trouble?: string }).trouble ?? words.dataset.failed!);
}
