// Checks a package: every byte of it, read once, in pieces. The same codes as civic/evidence/package/verifying.py.

import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { type Certificate, fromBase64, hex, readCertificate, readStamp } from "./der";
import { FRAME, LOG, isName, isOriginal, logFaults, readManifest, type FileFacts, type LogFault, type Manifest, type Part } from "./manifest";
import { verifies } from "./signing";
import { type Contents, type Entry, type Source, type ZipFault, crc32, joined, localHeader, readContents } from "./zip";

export type Word =
  | ZipFault | LogFault
  | "checksum" | "changed" | "size" | "too_long" | "missing" | "extra" | "name" | "doubled" | "manifest" | "signature" | "certificate"
  | "not_by_itself" | "other_certificate" | "validity" | "expired" | "segment" | "segment_open" | "link" | "stamp" | "stamp_other"
  | "stamp_unchecked" | "no_stamp";

export interface Finding {
  file: string;
  code: string;
  word: Word;
  /** Which row or recording. */
  of: string;
}

export interface Report {
  manifest: Manifest | undefined;
  faults: Finding[];
  notes: Finding[];
  fingerprint: string;
  stampedAt: number | undefined;
  /** By name, as places in the file. */
  films: { name: string; start: number; end: number }[];
}

const WARNINGS = ["expired", "segment_open", "no_time_stamp", "time_stamp_unchecked"];
const CHUNK_BYTES = 4 << 20;
const LONGEST: Record<string, number> = {
  "manifest.json": 32 << 20, "manifest.sig": 64, "certificate.pem": 16 << 10, "manifest.tsr": 256 << 10, [LOG]: 16 << 20,
};

type Hash = ReturnType<typeof sha256.create>;

interface Range {
  start: number;
  end: number;
  expected: string;
  finding: Finding;
  hash: Hash;
}

interface Read {
  sha256: string;
  /** Of what the recorder gave: without what was written after it. Nothing where the file is shorter. */
  beginSha256: string | undefined;
  isSound: boolean;
  content: Uint8Array | undefined;
}

/** Nothing where the file is no package at all. `tell` gets the part that was read, 0 to 1. */
export async function check(source: Source, now: number, tell: (part: number) => void): Promise<Report | undefined> {
  const contents = await readContents(source);
  return contents && (await new Check(source, contents, now, tell).report());
}

class Check {
  private readonly entries: Map<string, Entry>;
  private readonly findings: Finding[] = [];
  private done = 0;

  constructor(private readonly source: Source, private readonly contents: Contents, private readonly now: number, private readonly tell: (part: number) => void) {
    this.entries = new Map(contents.entries.map((entry) => [entry.name, entry]));
  }

  async report(): Promise<Report> {
    for (const [file, word] of this.contents.faults) this.find(file, "zip", word);
    this.names();
    const small = new Map<string, Uint8Array>();
    for (const name of Object.keys(LONGEST)) {
      const entry = this.entries.get(name);
      if (!entry) continue;
      if (entry.size > LONGEST[name]!) {
        this.find(name, "size", "too_long");
        continue;
      }
      const read = await this.read(entry, [], true);
      if (!read.isSound) this.find(name, "changed", "checksum");
      small.set(name, read.content!);
    }
    const manifest = this.manifest(small.get("manifest.json"));
    const certificate = await this.signing(small, manifest);
    const stampedAt = this.stamping(small);
    if (manifest) {
      await this.files(manifest);
      await this.log(small.get(LOG), manifest);
      this.links(manifest);
    }
    const findings = [...new Map(this.findings.map((one) => [[one.file, one.code, one.word, one.of].join("\n"), one])).values()];
    findings.sort((one, other) => (one.file < other.file ? -1 : one.file > other.file ? 1 : 0));
    return {
      manifest, stampedAt, fingerprint: certificate ? hex(sha256(certificate.der)) : "",
      faults: findings.filter((one) => !WARNINGS.includes(one.code)), notes: findings.filter((one) => WARNINGS.includes(one.code)),
      films: this.contents.entries.filter((entry) => entry.name.endsWith(".mp4")).map(placeOf),
    };
  }

  private find(file: string, code: string, word: Word, of = ""): void {
    this.findings.push({ file, code, word, of });
  }

  private names(): void {
    const names = this.contents.entries.map((entry) => entry.name);
    for (const name of this.entries.keys()) {
      if (!isName(name)) this.find(name, "name", "name");
      else if (names.filter((other) => other === name).length > 1) this.find(name, "name", "doubled");
    }
    for (const name of FRAME.slice(0, 3)) if (!this.entries.has(name)) this.find(name, "missing", "missing");
  }

  /** One pass; the ranges' hashes go along. That of the first `beginBytes` is the whole's on its way. */
  private async read(entry: Entry, ranges: Range[], keeps: boolean, beginBytes = 0): Promise<Read> {
    const { start, end } = placeOf(entry);
    const hash = sha256.create();
    const kept: Uint8Array[] = [];
    let crc = 0;
    let beginSha256: string | undefined;
    for (let at = start; at < end; at += CHUNK_BYTES) {
      const chunk = await this.source.read(at, Math.min(at + CHUNK_BYTES, end));
      const rest = beginBytes - (at - start);
      if (rest > 0 && rest <= chunk.length) beginSha256 = hex(hash.update(chunk.subarray(0, rest)).clone().digest());
      hash.update(beginSha256 !== undefined && rest > 0 ? chunk.subarray(rest) : chunk);
      crc = crc32(chunk, crc);
      for (const range of ranges) {
        const low = Math.max(range.start - (at - start), 0);
        const high = Math.min(range.end - (at - start), chunk.length);
        if (low < high) range.hash.update(chunk.subarray(low, high));
      }
      if (keeps) kept.push(chunk);
      this.done += chunk.length;
      this.tell(Math.min(1, this.done / this.source.size));
    }
    return { sha256: hex(hash.digest()), beginSha256, isSound: crc === entry.crc, content: keeps ? joined(...kept) : undefined };
  }

  private manifest(bytes: Uint8Array | undefined): Manifest | undefined {
    if (!bytes) return undefined;
    try {
      return readManifest(bytes);
    } catch {
      this.find("manifest.json", "manifest", "manifest");
      return undefined;
    }
  }

  private async signing(small: Map<string, Uint8Array>, manifest: Manifest | undefined): Promise<Certificate | undefined> {
    const name = "certificate.pem";
    const [pem, signature, signed] = [small.get(name), small.get("manifest.sig"), small.get("manifest.json")];
    if (!pem) return undefined;
    let certificate: Certificate;
    try {
      certificate = readCertificate(pem);
    } catch {
      this.find(name, "certificate", "certificate");
      return undefined;
    }
    const isItsOwn = certificate.isOwn && (await verifies(certificate.publicKey, certificate.signature, certificate.signed));
    if (!isItsOwn) this.find(name, "certificate", "not_by_itself");
    if (this.now > certificate.until) this.find(name, "expired", "expired");
    if (manifest && hex(sha256(certificate.der)) !== manifest.certificate) this.find(name, "certificate", "other_certificate");
    if (manifest && !(certificate.since <= manifest.madeAt && manifest.madeAt <= certificate.until)) this.find(name, "validity", "validity");
    if (signature && signed && !(await verifies(certificate.publicKey, signature, signed))) this.find("manifest.sig", "signature", "signature");
    return certificate;
  }

  private stamping(small: Map<string, Uint8Array>): number | undefined {
    const name = "manifest.tsr";
    const response = small.get(name);
    if (!response) {
      if (!this.entries.has(name)) this.find("", "no_time_stamp", "no_stamp");
      return undefined;
    }
    try {
      const stamp = readStamp(response);
      const hash = { "SHA-256": sha256, "SHA-384": sha384, "SHA-512": sha512 }[stamp.hash];
      if (!hash || hex(hash(small.get("manifest.sig") ?? new Uint8Array())) !== stamp.imprint) {
        this.find(name, "time_stamp", "stamp_other");
        return undefined;
      }
      this.find(name, "time_stamp_unchecked", "stamp_unchecked");
      return stamp.at;
    } catch {
      this.find(name, "time_stamp", "stamp");
      return undefined;
    }
  }

  private async files(manifest: Manifest): Promise<void> {
    const named = new Set(manifest.files.map((one) => one.name));
    for (const name of this.entries.keys()) {
      if (!named.has(name) && !(FRAME as readonly string[]).includes(name)) this.find(name, "extra", "extra");
    }
    for (const facts of manifest.files) {
      const entry = this.entries.get(facts.name);
      if (!entry) this.find(facts.name, "missing", "missing");
      else if (entry.size !== facts.size) this.find(facts.name, "size", "size");
      else if (!(facts.name in LONGEST) || entry.size <= LONGEST[facts.name]!) {
        await this.file(entry, facts, manifest.parts.find((part) => part.name === facts.name));
      }
    }
  }

  private async file(entry: Entry, facts: FileFacts, part: Part | undefined): Promise<void> {
    const ranges = part ? rangesOf(part) : [];
    const read = await this.read(entry, ranges, false, facts.recordedBytes);
    const isChanged = read.sha256 !== facts.sha256 || (part !== undefined && read.beginSha256 !== facts.recordedSha256);
    if (!read.isSound || isChanged) this.find(entry.name, "changed", read.isSound ? "changed" : "checksum");
    for (const { hash, expected, finding } of ranges) {
      if (hex(hash.digest()) !== expected) this.findings.push(finding);
    }
    if (part?.segments.some((one) => one.sha256 === undefined)) this.find(entry.name, "segment_open", "segment_open");
  }

  private async log(bytes: Uint8Array | undefined, manifest: Manifest): Promise<void> {
    if (bytes) for (const [word, of] of await logFaults(bytes, manifest.log)) this.find(LOG, "log", word, of);
  }

  private links(manifest: Manifest): void {
    for (const copy of manifest.viewing) {
      const original = manifest.files.find((one) => isOriginal(one.name) && one.name === copy.of);
      if (original && original.recordedSha256 !== copy.original) this.find(copy.name, "link", "link");
    }
  }
}

function placeOf(entry: Entry): { name: string; start: number; end: number } {
  const start = entry.offset + localHeader(entry).length;
  return { name: entry.name, start, end: start + entry.size };
}

/** What of an original has a hash of its own: each whole segment of the archive. */
function rangesOf(part: Part): Range[] {
  const file = part.name;
  const found: Range[] = [];
  let at = part.mediaOffset;
  for (const { id, sha256: expected, whole, mediaBytes, head } of part.segments) {
    if (whole && expected !== undefined) {
      const hash = sha256.create().update(bytesOf(head));
      found.push({ start: at, end: at + mediaBytes, expected, hash, finding: { file, code: "segment", word: "segment", of: String(id) } });
    }
    at += mediaBytes;
  }
  return found;
}

function bytesOf(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    return new Uint8Array();
  }
}
