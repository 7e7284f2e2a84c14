// The recorder's live WebSocket (design/recorder-http.md): text messages, and binary ones with a header of 8 bytes.

export const HEADER_BYTES = 8;

export interface Frame {
  kind: "init" | "fragment";
  startsGop: boolean;
  lostBefore: boolean;
  channel: number;
  data: Uint8Array<ArrayBuffer>;
}

/** Null for what is too short or of a kind that this version does not know. */
export function parseFrame(buffer: ArrayBuffer): Frame | null {
  if (buffer.byteLength <= HEADER_BYTES) return null;
  const view = new DataView(buffer);
  const kind = view.getUint8(0);
  if (kind !== 1 && kind !== 2) return null;
  const flags = view.getUint8(1);
  return {
    kind: kind === 1 ? "init" : "fragment",
    startsGop: (flags & 1) !== 0,
    lostBefore: (flags & 2) !== 0,
    channel: view.getUint16(2, false),
    data: new Uint8Array(buffer, HEADER_BYTES),
  };
}

export type Message =
  | { event: "init"; ch: number; mime: string; stream: string; masked: boolean }
  | { event: "state"; ch: number; state: string; problem: string; sentence: string }
  | { event: "closed"; ch: number; reason: string }
  | { event: "refused"; ch: number; sentence: string }
  | { event: "token_expires"; inS: number };

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Null for what is not understood: an older page must live with a newer recorder. */
export function parseMessage(raw: string): Message | null {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const found = value as Record<string, unknown>;
  const ch = typeof found.ch === "number" ? found.ch : -1;
  switch (found.event) {
    case "init":
      return { event: "init", ch, mime: text(found.mime), stream: text(found.stream), masked: found.masked === true };
    case "state":
      return { event: "state", ch, state: text(found.state), problem: text(found.problem), sentence: text(found.sentence) };
    case "closed":
      return { event: "closed", ch, reason: text(found.reason) };
    case "refused":
      return { event: "refused", ch, sentence: text(found.sentence) };
    case "token_expires":
      return { event: "token_expires", inS: typeof found.in_s === "number" ? found.in_s : 0 };
    default:
      return null;
  }
}
