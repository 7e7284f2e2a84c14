// A tip about life that nobody has read sounds on every page of whoever is on duty, each time the bar is asked for, until it is read.

const HIGH_HZ = 880;
const LOW_HZ = 660;
const TONE_S = 0.25;
let sound: AudioContext | null = null;

export function startAlarms(): void {
  const place = document.getElementById("alarms");
  if (place === null) return;
  // A browser lets a page sound only after somebody touched it.
  const unlock = (): void => void (sound ??= new AudioContext()).resume();
  addEventListener("pointerdown", unlock, { once: true });
  addEventListener("keydown", unlock, { once: true });
  place.addEventListener("htmx:afterSettle", () => {
    if (place.querySelector("[data-alarm]")) ring();
  });
}

function ring(): void {
  if (sound === null || sound.state !== "running") return;
  for (let tone = 0; tone < 6; tone++) {
    const from = sound.currentTime + tone * TONE_S;
    const oscillator = new OscillatorNode(sound, { type: "square", frequency: tone % 2 ? LOW_HZ : HIGH_HZ });
    const loudness = new GainNode(sound, { gain: 0.2 });
    oscillator.connect(loudness).connect(sound.destination);
    oscillator.start(from);
    oscillator.stop(from + TONE_S);
  }
}
