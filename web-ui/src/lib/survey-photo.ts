// A survey's photo: made small, with the digest by which its sending is told from others.

import { NoPhoto, shrink } from "./shrink";
export { MOST_BYTES, NoPhoto, type Trouble } from "./shrink";

export interface Small {
  sha256: string;
  type: string;
  bytes: ArrayBuffer;
}

/** Rejects with NoPhoto. */
export async function smallPhoto(file: File): Promise<Small> {
  if (crypto.subtle === undefined && !file.type.startsWith("video/")) throw new NoPhoto("photoInsecure");
  const bytes = await (await shrink(file)).arrayBuffer();
  return { sha256: await sha256Of(bytes), type: "image/jpeg", bytes };
}

export async function sha256Of(bytes: ArrayBuffer): Promise<string> {
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
