// Why somebody looks back or takes out. Said once for a sitting, kept in this tab, and named with every look.

export type Way = "history" | "export";

export interface Purpose {
  key: string;
  words: string;
  /** The number of an incident, a case or a request goes with it. */
  reference: boolean;
}

export interface Reason {
  purpose_key: string;
  reference: string;
  purpose: string;
}

export interface ReasonOptions {
  offered: Record<Way, Purpose[]>;
  /** Asks the person; never rejects: who does not want to say leaves the page. */
  ask(purposes: readonly Purpose[], before: Reason | null): Promise<Reason>;
  kept: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  nowMs(): number;
  changed(reason: Reason, words: string): void;
  /** What the page's address proposes, as from a request to see footage: asked about, never taken as said. */
  proposed?: Reason | null;
}

const PLACE = "luytre.reason";
const HOLDS_MS = 4 * 3600 * 1000;

function holds(reason: Reason, purposes: readonly Purpose[]): boolean {
  const named = purposes.find((purpose) => purpose.key === reason.purpose_key);
  return named !== undefined && (!named.reference || reason.reference !== "");
}

/** Reads what a page of this tab kept; null for what is old or no reason at all. */
export function readKept(text: string | null, nowMs: number): Reason | null {
  try {
    const found = JSON.parse(text ?? "null") as Partial<Reason & { at: number }> | null;
    if (!found || typeof found.purpose_key !== "string" || typeof found.at !== "number" || nowMs - found.at > HOLDS_MS || found.at > nowMs) return null;
    return { purpose_key: found.purpose_key, reference: String(found.reference ?? ""), purpose: String(found.purpose ?? "") };
  } catch {
    return null; // another program's, or torn
  }
}

export class Reasons {
  private reason: Reason | null;
  private asking: Promise<Reason> | null = null;
  private proposed: Reason | null;

  constructor(private readonly options: ReasonOptions) {
    this.reason = readKept(options.kept.getItem(PLACE), options.nowMs());
    this.proposed = options.proposed ?? null;
    if (this.proposed && this.reason?.reference === this.proposed.reference) this.proposed = null;
  }

  /** The reason for this way of looking: what was said already, the only one that there is, or what the person says now. */
  async get(way: Way): Promise<Reason> {
    const purposes = this.options.offered[way];
    if (this.proposed) return this.change(way);
    if (this.reason && holds(this.reason, purposes)) return this.say(this.reason);
    const only = purposes.length === 1 && !purposes[0]!.reference ? purposes[0]! : null;
    if (only) return this.say({ purpose_key: only.key, reference: "", purpose: "" });
    return this.change(way);
  }

  /** Asks, whatever was said before. Who asks meanwhile gets the same answer. */
  change(way: Way): Promise<Reason> {
    this.asking ??= this.options.ask(this.options.offered[way], this.proposed ?? this.reason).then((reason) => {
      this.asking = this.proposed = null;
      this.options.kept.setItem(PLACE, JSON.stringify({ ...reason, at: this.options.nowMs() }));
      return this.say(reason);
    });
    return this.asking;
  }

  /** The web has other purposes now (the regulation changed), and does not take what was said. */
  renew(way: Way, offered: Purpose[]): void {
    this.options.offered[way] = offered;
    this.reason = null;
    this.options.kept.removeItem(PLACE);
  }

  private say(reason: Reason): Reason {
    this.reason = reason;
    const words = Object.values(this.options.offered).flat().find((purpose) => purpose.key === reason.purpose_key)?.words ?? "";
    this.options.changed(reason, reason.reference ? `${words} · ${reason.reference}` : words);
    return reason;
  }
}

/** The reason that an address proposes by `reference` and `purpose`; null where it names no number. */
export function proposedIn(search: string): Reason | null {
  const query = new URLSearchParams(search);
  const reference = (query.get("reference") ?? "").trim().slice(0, 120);
  return reference ? { purpose_key: (query.get("purpose") ?? "").slice(0, 64), reference, purpose: "" } : null;
}

/** The purposes in an answer of 428; null where it is none. */
export async function purposesIn(response: Response): Promise<Purpose[] | null> {
  const answer = (await response.json().catch(() => null)) as { purposes?: unknown } | null;
  if (!Array.isArray(answer?.purposes)) return null;
  return (answer.purposes as Record<string, unknown>[]).map((one) => ({ key: String(one.key), words: String(one.words), reference: one.reference === true }));
}
