// A little work before something is sent (luytre.civic.tips.effort): a number with which the task's SHA-256 begins with so many zero bits.

import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

const A_TURN = 4000; // tries between two breaths of the page

export function zeroBits(digest: Uint8Array): number {
  let bits = 0;
  for (const byte of digest) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}

export async function solve(task: string, bits: number, breathe: () => Promise<void> = () => new Promise((done) => setTimeout(done))): Promise<string> {
  for (let number = 0; ; number++) {
    if (zeroBits(sha256(utf8ToBytes(`${task}:${number}`))) >= bits) return String(number);
    if (number % A_TURN === A_TURN - 1) await breathe();
  }
}
