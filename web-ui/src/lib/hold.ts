// The address of the form that holds footage, filled with what is marked: held in one step, said why in the form.

/** `from` and `to` in UTC seconds; `reference` as it was said when looking back. */
export function holdAddress(form: string, cameras: readonly string[], from: number, to: number, reference: string): string {
  const query = new URLSearchParams({ cameras: cameras.join(","), from: String(Math.floor(from)), to: String(Math.ceil(to)) });
  if (reference) query.set("reference", reference);
  return `${form}?${query.toString()}`;
}
