// Tokens from the web for the recorder. One is kept for each thing looked at, and renewed a minute before it runs out.

import { purposesIn, type Reasons } from "./reason";

export type Look = { right: "live" | "history"; cameras: string[]; from?: number; to?: number };

export class LoggedOut extends Error {}
/** Holds the cameras that may not be seen (any longer), where the web names them. */
export class Refused extends Error {
  constructor(readonly cameras: readonly string[] = []) {
    super();
  }
}

interface Kept {
  look: Look;
  token: string;
  ticket: string;
  staleAtMs: number;
}

export interface TokenOptions {
  url: string;
  csrf: string;
  fetch: typeof fetch;
  nowMs: () => number;
  /** Who looks back says why. */
  reasons?: Reasons;
}

const RENEW_BEFORE_MS = 60_000; // or a quarter of its life, for a token that lives shorter
const KEPT_AT_MOST = 16;

function covers(kept: Look, wanted: Look): boolean {
  return (
    kept.right === wanted.right &&
    wanted.cameras.every((camera) => kept.cameras.includes(camera)) &&
    (wanted.right === "live" || ((kept.from ?? 0) <= (wanted.from ?? 0) && (kept.to ?? 0) >= (wanted.to ?? 0)))
  );
}

async function refusedCameras(response: Response): Promise<string[]> {
  const answer = (await response.json().catch(() => null)) as { refused?: unknown } | null;
  return Array.isArray(answer?.refused) ? answer.refused.map(String) : [];
}

export class Tokens {
  private kept: Kept[] = [];
  private underWay: { look: Look; asked: Promise<Kept> }[] = [];
  constructor(private readonly options: TokenOptions) {}

  /** A token that holds for a while yet. Rejects with LoggedOut, Refused, or what fetch rejects with. */
  async get(look: Look): Promise<string> {
    const found = this.kept.find((kept) => covers(kept.look, look));
    if (found && found.staleAtMs > this.options.nowMs()) return found.token;
    const same = this.underWay.find((one) => covers(one.look, look));
    return (await (same?.asked ?? this.ask(found?.look ?? look, found))).token;
  }

  /** A fresh token for the same look, without a new row in the access log. */
  async renew(look: Look): Promise<string> {
    const found = this.kept.find((kept) => covers(kept.look, look));
    return (await this.ask(found?.look ?? look, found)).token;
  }

  /** The reason is another one: what was given for the old one is asked for anew, as new looks. */
  forgetHistory(): void {
    this.kept = this.kept.filter((kept) => kept.look.right !== "history");
  }

  /** Twice at most: the web may not take the reason (any longer), and then names the purposes that it takes. */
  private async send(look: Look, ticket: string, again = true): Promise<Response> {
    const reasons = look.right === "history" ? this.options.reasons : undefined;
    const response = await this.options.fetch(this.options.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.options.csrf },
      body: JSON.stringify({ ...look, ticket, ...(reasons && (await reasons.get("history"))) }),
    });
    if (response.status !== 428 || !reasons || !again) return response;
    reasons.renew("history", (await purposesIn(response)) ?? []);
    return this.send(look, "", false);
  }

  /** Whoever wants the same meanwhile waits for this one: one look is one row. */
  private ask(look: Look, before: Kept | undefined): Promise<Kept> {
    const asked = this.fetch(look, before).finally(() => (this.underWay = this.underWay.filter((one) => one.asked !== asked)));
    this.underWay.push({ look, asked });
    return asked;
  }

  private async fetch(look: Look, before: Kept | undefined): Promise<Kept> {
    const response = await this.send(look, before?.ticket ?? "");
    if (response.status === 401) throw new LoggedOut();
    if (response.status === 403 || response.status === 400) {
      this.kept = this.kept.filter((other) => other !== before); // what is left of it is asked for anew
      throw new Refused(await refusedCameras(response));
    }
    if (!response.ok) throw new Error(`token: ${response.status}`);
    const answer = (await response.json()) as { token: string; ticket: string; expires_in_s: number };
    const life = answer.expires_in_s * 1000;
    const staleAtMs = this.options.nowMs() + life - Math.min(RENEW_BEFORE_MS, life / 4);
    const kept = { look, token: answer.token, ticket: answer.ticket, staleAtMs };
    this.kept = [kept, ...this.kept.filter((other) => other !== before)].slice(0, KEPT_AT_MOST);
    return kept;
  }
}
