// A large file in pieces over a line that breaks (luytre.civic.appeals): first what it is, then piece by piece from where the server
// stands. HEAD and PATCH are those of tus 1.0.0; the beginning is ours, since the hash of each piece is told before its bytes.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

export const MIB = 1024 * 1024;
const SMALL_BYTES = 256 * MIB; // up to here pieces are small: one that a line breaks is lost whole
const WAITS_S = [1, 2, 5, 10, 20, 30];

export interface Manifest {
  name: string;
  size: number;
  sha256: string;
  piece: number;
  pieces: string[];
}

/** Not taken, and trying again would change nothing. `message`: the server's words; empty where it said none. */
export class NotTaken extends Error {}

export interface Told {
  counting(part: number): void;
  counted(hash: string): void;
  there(part: number): void;
  /** The line is broken; `part` of the file is there. */
  waiting(part: number): void;
}

export interface Line {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Seconds, or until the network is back. */
  wait(seconds: number): Promise<void>;
}

export async function describe(file: File, told: Pick<Told, "counting">): Promise<Manifest> {
  const piece = file.size <= SMALL_BYTES ? MIB : 4 * MIB;
  const whole = sha256.create();
  const pieces: string[] = [];
  for (let at = 0; at < file.size; at += piece) {
    const bytes = new Uint8Array(await file.slice(at, at + piece).arrayBuffer());
    whole.update(bytes);
    pieces.push(await hashOf(bytes));
    told.counting(Math.min(1, (at + piece) / file.size));
  }
  return { name: file.name, size: file.size, sha256: bytesToHex(whole.digest()), piece, pieces };
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = globalThis.crypto?.subtle; // there on https alone
  return bytesToHex(subtle ? new Uint8Array(await subtle.digest("SHA-256", bytes)) : sha256(bytes));
}

/** Until the whole has arrived. Errors: NotTaken; what the browser says where the file cannot be read any more. */
export async function send(begin: string, file: File, line: Line, told: Told): Promise<Manifest> {
  const manifest = await describe(file, told);
  told.counted(manifest.sha256);
  let part = 0;
  const answer = await insist(line, () => told.waiting(part), () => line.fetch(begin, { method: "POST", body: JSON.stringify(manifest), headers: { "Content-Type": "application/json" } }));
  if (answer.status !== 201) throw await notTaken(answer);
  const { url, offset } = (await answer.json()) as { url: string; offset: number };
  let at = offset;
  while (at < manifest.size) {
    part = at / manifest.size;
    told.there(part);
    at = await sendPiece(url, file, at, manifest, line, () => told.waiting(part));
  }
  told.there(1);
  return manifest;
}

async function sendPiece(url: string, file: File, at: number, manifest: Manifest, line: Line, broken: () => void): Promise<number> {
  const body = await file.slice(at, at + manifest.piece).arrayBuffer();
  const headers = { "Tus-Resumable": "1.0.0", "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" };
  let ask = false; // whether an answer got lost: then where it stands is asked first
  const answer = await insist(line, () => { ask = true; broken(); }, async () => {
    if (ask) {
      const stands = await line.fetch(url, { method: "HEAD" });
      if (offsetOf(stands) !== at) return stands;
    }
    return line.fetch(url, { method: "PATCH", body, headers });
  });
  const stands = offsetOf(answer);
  if ((answer.ok || answer.status === 409) && stands !== null && stands !== at) return stands;
  throw await notTaken(answer);
}

/** Again and again while there is no line, or the server is not itself. */
async function insist(line: Line, broken: () => void, once: () => Promise<Response>): Promise<Response> {
  for (let tries = 0; ; tries++) {
    try {
      const answer = await once();
      if (![500, 502, 503, 504].includes(answer.status)) return answer;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // what fetch throws where there is no line
    }
    broken();
    await line.wait(WAITS_S[Math.min(tries, WAITS_S.length - 1)]!);
  }
}

function offsetOf(answer: Response): number | null {
  const said = answer.headers.get("Upload-Offset");
  return said === null ? null : Number(said);
}

async function notTaken(answer: Response): Promise<NotTaken> {
  const said = (await answer.json().catch(() => null)) as { message?: string } | null;
  return new NotTaken(said?.message ?? "");
}
