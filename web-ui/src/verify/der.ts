// Just enough of DER (ITU-T X.690) for a certificate of Ed25519 (RFC 5280, 8410) and an answer of a time stamping authority (RFC 3161).

export interface Node {
  tag: number;
  whole: Uint8Array;
  content: Uint8Array;
}

/** The nodes that `bytes` consists of. Throws where it does not. */
export function nodesOf(bytes: Uint8Array): Node[] {
  const found: Node[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at;
    const tag = byteAt(bytes, at++);
    let length = byteAt(bytes, at++);
    if (length > 0x7f) {
      const width = length & 0x7f;
      if (width < 1 || width > 4) throw new Error("length");
      length = 0;
      for (let digit = 0; digit < width; digit++) length = length * 256 + byteAt(bytes, at++);
    }
    if (at + length > bytes.length) throw new Error("beyond the end");
    found.push({ tag, whole: bytes.subarray(start, at + length), content: bytes.subarray(at, at + length) });
    at += length;
  }
  return found;
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new Error("beyond the end");
  return byte;
}

function child(node: Node, ...path: [number, number][]): Node {
  let found = node;
  for (const [place, tag] of path) {
    const next = nodesOf(found.content)[place];
    if (!next || next.tag !== tag) throw new Error("another structure");
    found = next;
  }
  return found;
}

function only(bytes: Uint8Array): Node {
  const [found, ...more] = nodesOf(bytes);
  if (!found || found.tag !== SEQUENCE || more.length) throw new Error("not one node");
  return found;
}

const [SEQUENCE, BITS, OCTETS, NUMBER, OID, EXPLICIT, GENERAL_TIME, UTC_TIME] = [0x30, 3, 4, 2, 6, 0xa0, 0x18, 0x17];
const ED25519 = "300506032b6570";

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new Error("no hex digits");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export interface Certificate {
  der: Uint8Array;
  signed: Uint8Array;
  signature: Uint8Array;
  publicKey: Uint8Array;
  isOwn: boolean;
  since: number;
  until: number;
}

/** A certificate as a station writes it. Throws for anything else. */
export function readCertificate(pem: Uint8Array): Certificate {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(pem);
  const match = /^-----BEGIN CERTIFICATE-----\n((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{1,64}={0,2}\n)-----END CERTIFICATE-----\n$/.exec(text);
  if (!match) throw new Error("no certificate");
  const base64 = match[1]!.replaceAll("\n", "");
  const der = fromBase64(base64);
  if (btoa(String.fromCharCode(...der)) !== base64) throw new Error("not written as it was");
  const whole = only(der);
  const parts = nodesOf(whole.content);
  const [signed, algorithm, signature] = parts;
  if (parts.length !== 3 || !signed || !algorithm || !signature || hex(algorithm.whole) !== ED25519) throw new Error("no Ed25519");
  const fields = nodesOf(signed.content);
  const [version, , inner, issuer, validity, subject, key] = fields;
  if (!version || version.tag !== EXPLICIT || !inner || !issuer || !validity || !subject || !key) throw new Error("fields are missing");
  if (hex(inner.whole) !== ED25519) throw new Error("no Ed25519");
  const [keyAlgorithm, keyBits] = nodesOf(key.content);
  if (!keyAlgorithm || !keyBits || hex(keyAlgorithm.whole) !== ED25519) throw new Error("no key of Ed25519");
  const [since, until] = nodesOf(validity.content).map(timeOf);
  if (since === undefined || until === undefined) throw new Error("no validity");
  return {
    der, signed: signed.whole, signature: bitsOf(signature, 64), publicKey: bitsOf(keyBits, 32),
    isOwn: hex(issuer.whole) === hex(subject.whole), since, until,
  };
}

function bitsOf(node: Node, length: number): Uint8Array {
  if (node.tag !== BITS || node.content.length !== length + 1 || node.content[0] !== 0) throw new Error("no bits");
  return node.content.subarray(1);
}

/** Milliseconds UTC. */
function timeOf(node: Node): number {
  const text = String.fromCharCode(...node.content);
  const year = node.tag === UTC_TIME ? 2 : 4;
  const match = new RegExp(`^(\\d{${year}})(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(?:\\.\\d+)?Z$`).exec(text);
  if (!match || (node.tag !== UTC_TIME && node.tag !== GENERAL_TIME)) throw new Error("no time");
  const [years, months, days, hours, minutes, seconds] = match.slice(1).map(Number) as [number, number, number, number, number, number];
  const whole = year === 4 ? years : years < 50 ? 2000 + years : 1900 + years;
  return Date.UTC(whole, months - 1, days, hours, minutes, seconds);
}

export interface Stamp {
  at: number;
  /** `SHA-256`, `SHA-384`, `SHA-512`. */
  hash: string;
  imprint: string;
}

const HASHES: Record<string, string> = { "608648016503040201": "SHA-256", "608648016503040202": "SHA-384", "608648016503040203": "SHA-512" };

/** What a time stamp says; whether its maker may say so is not looked at. Throws where it is none, or grants nothing. */
export function readStamp(response: Uint8Array): Stamp {
  const whole = only(response);
  const status = child(whole, [0, SEQUENCE], [0, NUMBER]);
  if (status.content.length !== 1 || status.content[0]! > 1) throw new Error("not granted");
  const content = child(whole, [1, SEQUENCE], [1, EXPLICIT], [0, SEQUENCE], [2, SEQUENCE], [1, EXPLICIT], [0, OCTETS]);
  const info = only(content.content);
  const imprint = child(info, [2, SEQUENCE]);
  const oid = hex(child(imprint, [0, SEQUENCE], [0, OID]).content);
  return { at: timeOf(child(info, [4, GENERAL_TIME])), hash: HASHES[oid] ?? "", imprint: hex(child(imprint, [1, OCTETS]).content) };
}
