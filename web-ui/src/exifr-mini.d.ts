// exifr's smallest build has no types of its own; the one function that is used.
declare module "exifr/dist/mini.esm.mjs" {
  export function gps(file: Blob): Promise<{ latitude: number; longitude: number } | undefined>;
}
