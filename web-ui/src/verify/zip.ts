// The one way a package is a zip: stored, nothing between the files, every header a function of its entry (civic/evidence/package/zips.py).

export interface Source {
  size: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

export interface Entry {
  name: string;
  size: number;
  crc: number;
  offset: number;
  time: number;
  date: number;
}

export interface Contents {
  entries: Entry[];
  /** File and the word's key. */
  faults: [string, ZipFault][];
}

export type ZipFault = "zip_end" | "zip_directory" | "zip_header" | "zip_place";

const LIMIT = 0xffffffff;
const MOST_ENTRIES = 500;
const DIRECTORY_BYTES = 1 << 20;
const LOOK_BYTES = 64 << 10;
const END_BYTES = 22;
const LARGE_END_BYTES = 76;
const CENTRAL_BYTES = 46;
const encoder = new TextEncoder();

/** Little-endian numbers one after the other: [bytes, value]. */
function packed(...fields: [2 | 4 | 8, number][]): Uint8Array {
  const out = new Uint8Array(fields.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return out;
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function extra(...values: number[]): Uint8Array {
  return values.length ? packed([2, 1], [2, 8 * values.length], ...values.map((value): [8, number] => [8, value])) : new Uint8Array();
}

export function localHeader(entry: Entry): Uint8Array {
  const large = entry.size >= LIMIT;
  const more = large ? extra(entry.size, entry.size) : extra();
  const size = large ? LIMIT : entry.size;
  const name = encoder.encode(entry.name);
  const head = packed(
    [4, 0x04034b50], [2, large ? 45 : 20], [2, 0x800], [2, 0], [2, entry.time], [2, entry.date], [4, entry.crc], [4, size], [4, size],
    [2, name.length], [2, more.length],
  );
  return joined(head, name, more);
}

function centralHeader(entry: Entry): Uint8Array {
  const sizes = entry.size >= LIMIT ? [entry.size, entry.size] : [];
  const more = extra(...sizes, ...(entry.offset >= LIMIT ? [entry.offset] : []));
  const size = Math.min(entry.size, LIMIT);
  const name = encoder.encode(entry.name);
  const head = packed(
    [4, 0x02014b50], [2, (3 << 8) | 45], [2, more.length ? 45 : 20], [2, 0x800], [2, 0], [2, entry.time], [2, entry.date], [4, entry.crc],
    [4, size], [4, size], [2, name.length], [2, more.length], [2, 0], [2, 0], [2, 0], [4, (0o100644 << 16) >>> 0],
    [4, Math.min(entry.offset, LIMIT)],
  );
  return joined(head, name, more);
}

function endRecords(count: number, offset: number, size: number): Uint8Array {
  const large = offset >= LIMIT
    ? packed(
        [4, 0x06064b50], [8, 44], [2, (3 << 8) | 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count], [8, size], [8, offset],
        [4, 0x07064b50], [4, 0], [8, offset + size], [4, 1],
      )
    : new Uint8Array();
  return joined(large, packed([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, Math.min(offset, LIMIT)], [2, 0]));
}

const latin = new TextDecoder("latin1");

async function looksLikeOne(source: Source): Promise<boolean> {
  const head = latin.decode(await source.read(0, Math.min(LOOK_BYTES, source.size)));
  const tail = latin.decode(await source.read(Math.max(0, source.size - LOOK_BYTES), source.size));
  if (!head.startsWith("PK") && !tail.includes("PK\x05\x06")) return false;
  return [head, tail].some((end) => end.includes("manifest.json") && (end.includes("manifest.sig") || end.includes("DOC-TRUOC.md")));
}

/** Nothing where the file is no package, not even a damaged one. */
export async function readContents(source: Source): Promise<Contents | undefined> {
  if (!(await looksLikeOne(source))) return undefined;
  const place = await directoryPlace(source);
  if (!place) return { entries: [], faults: [["", "zip_end"]] };
  const [count, offset, size] = place;
  const found = readDirectory(await source.read(offset, offset + size), count);
  if (!same(endRecords(count, offset, size), await source.read(offset + size, source.size))) found.faults.push(["", "zip_end"]);
  let expected = 0;
  const kept: Entry[] = [];
  for (const entry of found.entries) {
    if (entry.offset !== expected) found.faults.push([entry.name, "zip_place"]);
    const header = localHeader(entry);
    if (entry.offset + header.length + entry.size > offset) {
      found.faults.push([entry.name, "zip_header"]);
      continue;
    }
    if (!same(await source.read(entry.offset, entry.offset + header.length), header)) found.faults.push([entry.name, "zip_header"]);
    expected = entry.offset + header.length + entry.size;
    kept.push(entry);
  }
  if (expected !== offset && !found.faults.length) found.faults.push(["", "zip_place"]);
  return { entries: kept, faults: found.faults };
}

async function directoryPlace(source: Source): Promise<[number, number, number] | undefined> {
  if (source.size < END_BYTES) return undefined;
  const view = viewOf(await source.read(source.size - END_BYTES, source.size));
  if (view.getUint32(0, true) !== 0x06054b50) return undefined;
  let [count, size, offset, closing] = [view.getUint16(10, true), view.getUint32(12, true), view.getUint32(16, true), END_BYTES];
  if (offset === LIMIT) {
    closing += LARGE_END_BYTES;
    if (source.size < closing) return undefined;
    const large = viewOf(await source.read(source.size - closing, source.size - END_BYTES));
    [count, size, offset] = [32, 40, 48].map((at) => Number(large.getBigUint64(at, true))) as [number, number, number];
  }
  if (count < 1 || count > MOST_ENTRIES || size > DIRECTORY_BYTES || offset + size + closing !== source.size) return undefined;
  return [count, offset, size];
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readDirectory(raw: Uint8Array, count: number): Contents {
  const found: Contents = { entries: [], faults: [] };
  let at = 0;
  for (let number = 0; number < count; number++) {
    const one = entryAt(raw, at);
    if (!one) {
      found.faults.push(["", "zip_directory"]);
      return found;
    }
    const [entry, length] = one;
    if (!same(centralHeader(entry), raw.subarray(at, at + length))) found.faults.push([entry.name, "zip_header"]);
    found.entries.push(entry);
    at += length;
  }
  if (at !== raw.length) found.faults.push(["", "zip_directory"]);
  return found;
}

function entryAt(raw: Uint8Array, at: number): [Entry, number] | undefined {
  if (raw.length - at < CENTRAL_BYTES) return undefined;
  const view = viewOf(raw.subarray(at));
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((place) => view.getUint16(place, true)) as [number, number, number];
  const length = CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
  if (view.getUint32(0, true) !== 0x02014b50 || at + length > raw.length) return undefined;
  const nameAt = at + CENTRAL_BYTES;
  const name = new TextDecoder("utf-8", { ignoreBOM: true }).decode(raw.subarray(nameAt, nameAt + nameBytes));
  const large: number[] = [];
  for (let place = CENTRAL_BYTES + nameBytes + 4; place + 8 <= CENTRAL_BYTES + nameBytes + extraBytes; place += 8) {
    large.push(Number(view.getBigUint64(place, true)));
  }
  let [size, offset] = [view.getUint32(24, true), view.getUint32(42, true)];
  if (size === LIMIT && large.length >= 2) {
    size = large[0]!;
    large.splice(0, 2);
  }
  if (offset === LIMIT && large.length) offset = large[0]!;
  const entry = { name, size, crc: view.getUint32(16, true), offset, time: view.getUint16(12, true), date: view.getUint16(14, true) };
  return [entry, length];
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before;
  for (let at = 0; at < bytes.length; at++) value = (value >>> 8) ^ TABLE[(value ^ bytes[at]!) & 255]!;
  return ~value >>> 0;
}
