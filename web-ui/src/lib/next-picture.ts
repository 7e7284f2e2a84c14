// From one picture to the next. How far that is a player knows once it has shown two of them: until then it is felt for.

const MORE_S = 0.03;
const TRIES = 20;
const WAITS_MS = 2000;

export interface Feeling {
  /** The moment of the picture that is shown; two pictures have two. */
  shown(): number | undefined;
  ready(): boolean;
  /** Where the clock stands (UTC seconds), and setting it. */
  at(): number;
  go(at: number): void;
  /** Whether nobody wished for something else meanwhile. */
  goes(): boolean;
}

/** `from`: within the picture that is left. `frameS`: how long a picture lasts, as far as is known. */
export async function toNextPicture(direction: 1 | -1, from: number, frameS: number, feeling: Feeling): Promise<void> {
  const before = feeling.shown();
  feeling.go(from + direction * frameS + frameS / 4); // well inside the picture, so that rounding does not matter
  if (before === undefined) return; // nothing is shown that could change
  for (let tries = 0; tries < TRIES && feeling.goes(); tries++) {
    await pictureThere(feeling);
    if (!feeling.goes() || feeling.shown() !== before) return;
    feeling.go(feeling.at() + direction * MORE_S);
  }
}

async function pictureThere(feeling: Feeling): Promise<void> {
  const limit = performance.now() + WAITS_MS;
  do await new Promise((resolve) => setTimeout(resolve, 60));
  while (!feeling.ready() && performance.now() < limit);
}
