// The picture that is on the page at this moment, as a file: nothing is asked of the recorder.

const QUALITY = 0.92;

/** `Cong cho 2026-11-24 21-30-05.jpg`: the camera's name without what files cannot be called, and the time it was saved. */
export function fileName(name: string, now: Date, timeZone: string): string {
  const time = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone }).format(now).replaceAll(":", "-");
  return `${name.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, " ").trim().slice(0, 80)} ${time}.jpg`;
}

export function snapshotButton(video: () => HTMLVideoElement | null, timeZone: string): void {
  const button = document.getElementById("snapshot");
  button?.addEventListener("click", () => {
    const shown = video();
    if (shown === null || shown.videoWidth === 0) return;
    const canvas = document.createElement("canvas");
    canvas.width = shown.videoWidth;
    canvas.height = shown.videoHeight;
    canvas.getContext("2d")?.drawImage(shown, 0, 0);
    canvas.toBlob((blob) => {
      if (blob !== null) save(blob, fileName(button.dataset.name ?? "", new Date(), timeZone));
    }, "image/jpeg", QUALITY);
  });
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
