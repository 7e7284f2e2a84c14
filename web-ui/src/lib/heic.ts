// HEIC, what iPhones take: where the browser shows it, `shrink` makes it a JPEG; where it does not, the station can.

export const MOST_BYTES = 8 * 1024 * 1024;
const BRANDS = new Set(["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"]);

/** By its first twelve bytes: its name and its type are the telephone's word. */
export async function isHeic(file: Blob): Promise<boolean> {
  const head = new TextDecoder("latin1").decode(await file.slice(4, 12).arrayBuffer());
  return head.startsWith("ftyp") && BRANDS.has(head.slice(4));
}
