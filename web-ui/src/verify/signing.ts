// Ed25519 (RFC 8032): the browser's own where it has it, else a library's.

import { ed25519 } from "@noble/curves/ed25519.js";

export async function verifies(publicKey: Uint8Array, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    const key = await crypto.subtle.importKey("raw", publicKey as BufferSource, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature as BufferSource, data as BufferSource);
  } catch {
    try {
      return ed25519.verify(signature, data, publicKey, { zip215: false });
    } catch {
      return false;
    }
  }
}
