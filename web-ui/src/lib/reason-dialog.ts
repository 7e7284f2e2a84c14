// The dialog that asks why: purposes to choose from, a number where the purpose wants one, and a few words.

import { byId, say, type Words } from "./page";
import type { Purpose, Reason } from "./reason";

export class ReasonDialog {
  private readonly dialog = byId<HTMLDialogElement>("reason");
  private readonly choices = byId("reason-choices");
  private readonly reference = byId<HTMLInputElement>("reason-reference");
  private readonly more = byId<HTMLInputElement>("reason-words");
  private readonly error = byId("reason-error");
  private purposes: readonly Purpose[] = [];
  private answer: ((reason: Reason) => void) | null = null;
  private before: Reason | null = null;

  constructor(private readonly words: Words) {
    byId("reason-form").addEventListener("submit", (event) => this.submit(event));
    this.choices.addEventListener("change", () => this.chosen());
    this.dialog.addEventListener("cancel", (event) => this.cancel(event));
  }

  ask(purposes: readonly Purpose[], before: Reason | null): Promise<Reason> {
    this.purposes = purposes;
    this.before = before;
    this.choices.replaceChildren(...purposes.map((purpose) => this.choice(purpose)));
    const known = purposes.find((purpose) => purpose.key === before?.purpose_key) ?? (purposes.length === 1 ? purposes[0] : undefined);
    if (known) this.choices.querySelector<HTMLInputElement>(`input[value="${CSS.escape(known.key)}"]`)!.checked = true;
    this.reference.value = before?.reference ?? "";
    this.more.value = before?.purpose ?? "";
    this.fail("");
    this.chosen();
    if (!this.dialog.open) this.dialog.showModal();
    return new Promise((resolve) => (this.answer = resolve));
  }

  private choice(purpose: Purpose): HTMLElement {
    const [label, input, words] = [document.createElement("label"), document.createElement("input"), document.createElement("span")];
    label.className = "form-check";
    input.type = "radio";
    input.name = "purpose";
    input.className = "form-check-input";
    input.value = purpose.key;
    words.className = "form-check-label";
    words.textContent = purpose.words;
    label.append(input, words);
    return label;
  }

  private named(): Purpose | undefined {
    const chosen = this.choices.querySelector<HTMLInputElement>("input:checked")?.value;
    return this.purposes.find((purpose) => purpose.key === chosen);
  }

  private chosen(): void {
    this.reference.required = this.named()?.reference === true;
    byId("reason-star").hidden = !this.reference.required;
  }

  private submit(event: Event): void {
    event.preventDefault();
    const purpose = this.named();
    const reference = this.reference.value.trim();
    if (!purpose) return this.fail("purposeMissing", this.choices.querySelector("input"));
    if (purpose.reference && !reference) return this.fail("referenceMissing", this.reference);
    this.done({ purpose_key: purpose.key, reference, purpose: this.more.value.trim() });
  }

  private fail(name: string, at: HTMLElement | null = null): void {
    this.error.textContent = name ? say(this.words, name) : "";
    this.reference.setAttribute("aria-invalid", String(at === this.reference));
    at?.focus();
  }

  /** Esc keeps what was said before; where nothing was, it stays open: without a reason there is no picture. */
  private cancel(event: Event): void {
    event.preventDefault();
    const known = this.before && this.purposes.some((purpose) => purpose.key === this.before?.purpose_key);
    if (known) this.done(this.before!);
  }

  private done(reason: Reason): void {
    this.dialog.close();
    this.answer?.(reason);
    this.answer = null;
  }
}
