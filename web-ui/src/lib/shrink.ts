// A photo made small on the telephone: from its pixels alone, so that neither position nor owner leaves it, and the network is spared.

export const MOST_BYTES = 8 * 1024 * 1024;
const LONGEST_SIDE_PX = 1600;

export type Trouble = "photoVideo" | "photoUnreadable" | "photoTooLarge" | "photoInsecure";
export class NoPhoto extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble);
  }
}

/** Some browsers show in a page what they do not decode for a script (HEIC). */
async function shown(file: File): Promise<ImageBitmap | null> {
  const image = new Image(), url = URL.createObjectURL(file);
  try {
    image.src = url;
    await image.decode();
    return await createImageBitmap(image);
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A JPEG of at most 1600 pixels a side. Rejects with NoPhoto. */
export async function shrink(file: File): Promise<Blob> {
  if (file.type.startsWith("video/")) throw new NoPhoto("photoVideo");
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => shown(file));
  if (picture === null) throw new NoPhoto("photoUnreadable");
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  if (blob === null) throw new NoPhoto("photoUnreadable");
  if (blob.size > MOST_BYTES) throw new NoPhoto("photoTooLarge");
  return blob;
}
