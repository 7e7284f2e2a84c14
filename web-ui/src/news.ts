// /nhan-tin: with a script a press wishes for messages on this very telephone, and another ends them. Without one the form is sent
// as it is, for the channels that are typed.

import { addressOf, canPush, known } from "./lib/push";
import { solve } from "./lib/effort";

const SCOPE = "/nhan-tin";
const form = document.getElementById("news") as HTMLFormElement;
const told = document.getElementById("push-said")!;
const ending = document.getElementById("news-end")!;
const typed = form.querySelector<HTMLElement>("[data-typed]");
const address = form.querySelector<HTMLInputElement>("[name=address]")!;

const channel = (): string => form.querySelector<HTMLInputElement>("[name=channel]:checked")?.value ?? "";
const hint = (name: string): void => {
  told.textContent = told.dataset[name] ?? "";
};

function draw(): void {
  if (typed) typed.hidden = channel() === "push";
  for (const sum of form.querySelectorAll<HTMLElement>("[data-sum]")) sum.hidden = channel() === "push"; // done by the browser
  if (channel() === "push") hint(canPush() ? "asks" : "none");
  else told.replaceChildren();
}

/** Where the server wants a little work first, it is done and the same is sent again, once. */
async function send(fields: FormData, again = true): Promise<Record<string, unknown>> {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields as unknown as Record<string, string>), headers: { Accept: "application/json" } });
  const found = (await answer.json()) as Record<string, unknown>;
  if (answer.status !== 429 || !again || typeof found.task !== "string") return found;
  fields.set("task", found.task);
  fields.set("answer", await solve(found.task, Number(found.bits)));
  return send(fields, false);
}

async function subscribe(): Promise<void> {
  const found = await addressOf(form.dataset.key!, `${SCOPE}/sw.js`, SCOPE);
  if ("trouble" in found) return hint(found.trouble);
  address.value = found.address;
  const answer = await send(new FormData(form));
  for (const error of form.querySelectorAll<HTMLElement>(".error")) error.replaceChildren();
  if (answer.taken) {
    hint("done");
    ending.hidden = false;
    return;
  }
  const errors = (answer.errors ?? {}) as Record<string, string[]>;
  for (const [name, words] of Object.entries(errors)) document.getElementById(`err-${name}`)?.append(words.join(" "));
  told.textContent = String(answer.trouble ?? "");
}

form.addEventListener("submit", (event) => {
  if (channel() !== "push") return;
  event.preventDefault();
  void subscribe().catch(() => hint("failed"));
});
form.addEventListener("change", draw);
ending.querySelector("button")!.addEventListener("click", () => {
  void (async () => {
    const found = await known(SCOPE);
    if (found === null) return;
    const fields = new FormData();
    fields.set("do", "end");
    fields.set("address", JSON.stringify(found));
    if (!(await send(fields)).ended) return;
    await found.unsubscribe();
    ending.hidden = true;
    hint("ended");
  })().catch(() => hint("failed"));
});
void known(SCOPE).then((found) => (ending.hidden = found === null)).catch(() => undefined);
draw();
