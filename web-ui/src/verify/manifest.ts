// manifest.json and access-log.json as values; whatever they must not be throws (civic/evidence/package/manifest.py, extract.py).

import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, hex } from "./der";
import { verifies } from "./signing";

export const FRAME = ["manifest.json", "manifest.sig", "certificate.pem", "manifest.tsr"] as const;
export const LOG = "access-log.json";
const FORMAT = "luytre-evidence-1";
const LOG_FORMAT = "luytre-evidence-log-1";
const CHECKPOINT_FORMAT = "luytre-checkpoint-1";

export interface FileFacts {
  name: string;
  size: number;
  sha256: string;
  recordedBytes: number;
  recordedSha256: string;
}
export interface Segment {
  id: number;
  sha256: string | undefined;
  whole: boolean;
  mediaBytes: number;
  head: string;
}
export interface Part {
  name: string;
  codec: string;
  mediaOffset: number;
  segments: Segment[];
}
export interface Who {
  role: string;
  name: string;
}
export interface Gap {
  start: number;
  end: number;
  words: string;
}
export interface Manifest {
  kind: "full" | "viewing";
  number: string;
  commune: string;
  purpose: string[];
  reason: string;
  camera: string[];
  clock: { offset: number | undefined; how: string };
  requester: Who;
  approvers: Who[];
  operator: Who;
  start: number;
  end: number;
  madeAt: number;
  parts: Part[];
  gaps: Gap[];
  viewing: { name: string; of: string; original: string }[];
  files: FileFacts[];
  log: { table: string; seq: number; digest: string; key: string };
  certificate: string;
}

type Tree = Record<string, unknown>;

/** JSON in UTF-8 in which no object has a name twice. */
export function readJson(bytes: Uint8Array): unknown {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const found: unknown = JSON.parse(text);
  const names: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    if (token === "{") names.push(new Set());
    else if (token === "[") names.push(undefined);
    else if (token === "}" || token === "]") names.pop();
    else if (token.startsWith('"') && isKey) {
      const name = String(JSON.parse(token));
      if (names.at(-1)?.has(name)) throw new Error("a name stands twice");
      names.at(-1)?.add(name);
    }
    isKey = token === "{" || (token === "," && names.at(-1) !== undefined);
  }
  return found;
}

function tree(value: unknown): Tree {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("no object");
  return value as Tree;
}
function list<One>(value: unknown, each: (one: unknown) => One): One[] {
  if (!Array.isArray(value)) throw new Error("no list");
  return value.map(each);
}
function text(value: unknown): string {
  if (typeof value !== "string") throw new Error("no text");
  return value;
}
function count(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Error("no number");
  return value as number;
}
function digest(value: unknown): string {
  const found = text(value);
  if (!/^[0-9a-f]{64}$/.test(found)) throw new Error("no SHA-256");
  return found;
}
function moment(value: unknown): number {
  const { utc, local } = tree(value);
  const [one, other] = [utc, local].map((said) => {
    if (!/(?:Z|[+-]\d\d:\d\d)$/.test(text(said))) throw new Error("no zone");
    return Date.parse(text(said));
  });
  if (one === undefined || Number.isNaN(one) || one !== other) throw new Error("two moments");
  return one;
}
/** Each moment of the tree, whoever reads it: both its writings are the same one. */
function requireMoments(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Object.keys(value).sort().join() === "local,utc") moment(value);
  else Object.values(value).forEach(requireMoments);
}
function who(value: unknown): Who {
  const said = tree(value);
  return { role: text(said.role), name: text(said.name) };
}

export function isName(name: string): boolean {
  return /^(?:DOC-TRUOC\.md|[a-z0-9](?:[a-z0-9-]|\.(?!\.)){0,78}[a-z0-9])$/.test(name);
}
export function isOriginal(name: string): boolean {
  return /^original(?:\.[1-9][0-9]*)?\.mp4$/.test(name);
}

export function readManifest(bytes: Uint8Array): Manifest {
  const said = tree(readJson(bytes));
  if (said.format !== FORMAT) throw new Error("another format");
  requireMoments(said);
  const [facts, footage, log] = [tree(said.facts), tree(said.footage), tree(said.log)];
  const [purpose, camera, clock] = [tree(facts.purpose), tree(facts.camera), tree(facts.clock)];
  const kind = text(facts.kind);
  if (kind !== "full" && kind !== "viewing") throw new Error("another kind");
  if (clock.offset_s !== null && typeof clock.offset_s !== "number") throw new Error("no offset");
  const found: Manifest = {
    kind, number: text(facts.number), commune: text(facts.commune), purpose: [text(purpose.words), text(purpose.reference)],
    reason: text(purpose.reason), camera: [text(camera.name), text(camera.hamlet), text(camera.place)],
    clock: { offset: clock.offset_s ?? undefined, how: text(clock.how) }, requester: who(facts.requester),
    approvers: list(facts.approvers, who), operator: who(facts.operator), start: moment(facts.start), end: moment(facts.end),
    madeAt: moment(facts.made_at), parts: list(footage.parts, part), gaps: list(footage.gaps, gap), viewing: list(said.viewing, copy),
    files: list(said.files, file),
    log: { table: text(log.root_table), seq: count(log.root_seq), digest: digest(log.root_digest), key: digest(log.public_key) },
    certificate: digest(said.certificate_sha256),
  };
  requireSound(found);
  return found;
}

function part(value: unknown): Part {
  const said = tree(value);
  return {
    name: text(said.name), codec: text(said.codec), mediaOffset: count(said.media_offset_bytes),
    segments: list(said.segments, (one) => {
      const { id, sha256: hash, whole, media_bytes, head_b64 } = tree(one);
      return { id: count(id), sha256: hash === null ? undefined : digest(hash), whole: whole === true, mediaBytes: count(media_bytes), head: text(head_b64) };
    }),
  };
}
function gap(value: unknown): Gap {
  const said = tree(value);
  return { start: moment(said.start), end: moment(said.end), words: text(said.words) };
}
function copy(value: unknown): Manifest["viewing"][number] {
  const said = tree(value);
  return { name: text(said.name), of: text(said.of), original: digest(said.original_sha256) };
}
function file(value: unknown): FileFacts {
  const said = tree(value);
  const name = text(said.name);
  return {
    name, size: count(said.size_bytes), sha256: digest(said.sha256), recordedBytes: count(said.recorded_bytes),
    recordedSha256: isOriginal(name) ? digest(said.recorded_sha256) : text(said.recorded_sha256),
  };
}

function requireSound(manifest: Manifest): void {
  const names = manifest.files.map((one) => one.name);
  const parts = manifest.parts.map((one) => one.name);
  const originals = manifest.kind === "full" ? [...parts].sort() : [];
  const sound = [
    [...names, ...parts].every((name) => isName(name) && !(FRAME as readonly string[]).includes(name)),
    new Set(names).size === names.length && new Set(parts).size === parts.length,
    JSON.stringify(names.filter(isOriginal).sort()) === JSON.stringify(originals),
    manifest.viewing.every((one) => names.includes(one.name) && parts.includes(one.of)),
    names.includes(LOG),
  ];
  if (sound.includes(false)) throw new Error("facts that contradict each other");
}

export type LogFault = "log_unreadable" | "log_row" | "log_place" | "log_root" | "log_loose" | "log_checkpoint" | "log_key" | "log_head";
interface Row {
  table: string;
  seq: number;
  digest: string;
  text: string;
}

const utf8 = new TextEncoder();

/** What of the log's extract is not proven, with the row that it is about. */
export async function logFaults(bytes: Uint8Array, log: Manifest["log"]): Promise<[LogFault, string][]> {
  let said: Tree, rows: Row[], root: { table: string; seq: number; digest: string }, checkpoint: string;
  try {
    said = tree(readJson(bytes));
    if (said.format !== LOG_FORMAT) throw new Error("another format");
    rows = list(said.rows, (one) => {
      const row = tree(one);
      return { table: text(row.table), seq: count(row.seq), digest: text(row.digest), text: text(row.text) };
    });
    root = { table: text(said.root_table), seq: count(said.root_seq), digest: text(said.root_digest) };
    checkpoint = text(said.checkpoint);
  } catch {
    return [["log_unreadable", ""]];
  }
  const faults: [LogFault, string][] = [];
  let proven = new Set<string>();
  for (const row of rows) {
    const columns = columnsOf(row);
    if (hex(sha256(utf8.encode(row.text))) !== row.digest) faults.push(["log_row", nameOf(row)]);
    else if (!columns) faults.push(["log_place", nameOf(row)]);
    else if (row.table === root.table && row.seq === root.seq && row.digest === root.digest) {
      const digests = Object.values(columns).flatMap((value) => String(value).match(/(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])/g) ?? []);
      proven = new Set([...digests, row.digest]);
    }
  }
  const isNamed = root.table === log.table && root.seq === log.seq && root.digest === log.digest;
  if (!proven.has(root.digest) || !isNamed) faults.push(["log_root", ""]);
  if (proven.size) for (const row of rows) if (!proven.has(row.digest)) faults.push(["log_loose", nameOf(row)]);
  return [...faults, ...(await checkpointFaults(checkpoint, root, log.key))];
}

function nameOf(row: Row): string {
  return `${row.table} ${row.seq}`;
}

function columnsOf(row: Row): Tree | undefined {
  try {
    const said = readJson(utf8.encode(row.text));
    if (!Array.isArray(said) || said.length !== 3 || said[1] !== row.table) return undefined;
    const columns = tree(said[2]);
    return columns.seq === row.seq ? columns : undefined;
  } catch {
    return undefined;
  }
}

async function checkpointFaults(content: string, root: { table: string; seq: number; digest: string }, key: string): Promise<[LogFault, string][]> {
  let heads: unknown[][], publicKey: string;
  try {
    const said = tree(JSON.parse(content));
    const signed = text(said.text);
    publicKey = text(said.public_key);
    const inner = tree(JSON.parse(signed));
    if (inner.format !== CHECKPOINT_FORMAT) throw new Error("another format");
    heads = list(inner.heads, (head) => list(head, (one) => one));
    if (!(await verifies(fromHex(publicKey), fromHex(text(said.signature)), utf8.encode(signed)))) throw new Error("signature");
  } catch {
    return [["log_checkpoint", ""]];
  }
  const faults: [LogFault, string][] = publicKey === key ? [] : [["log_key", ""]];
  const told = heads.filter((head) => head[0] === root.table);
  if (told.length !== 1 || told[0]![1] !== root.seq || told[0]![2] !== root.digest) faults.push(["log_head", ""]);
  return faults;
}
