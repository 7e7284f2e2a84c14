import { describe, expect, it } from "vitest";
import { Coalescer } from "../src/lib/coalesce";
import { FRAME_S, Middle, skewOf, steer } from "../src/lib/steer";
import { StepClock } from "../src/lib/step-clock";
import { Thumbs, type Thumb } from "../src/lib/thumbs";

describe("StepClock", () => {
  it("stands until it is let go, and goes on from where it was", () => {
    const time = { ms: 5000 };
    const clock = new StepClock(1000, () => time.ms);
    time.ms += 3000;
    expect(clock.at).toBe(1000);
    clock.play();
    expect([clock.playing, clock.moving]).toEqual([true, false]);
    clock.hold(false);
    time.ms += 2000;
    expect(clock.at).toBeCloseTo(1002);
    clock.hold(true);
    time.ms += 9000;
    expect(clock.at).toBeCloseTo(1002);
    clock.hold(false);
    clock.setRate(4);
    time.ms += 1000;
    expect(clock.at).toBeCloseTo(1006);
    expect(clock.atMs(time.ms + 500)).toBeCloseTo(1008);
    clock.setRate(0.125);
    time.ms += 8000;
    expect(clock.at).toBeCloseTo(1007);
    clock.pause();
    time.ms += 8000;
    expect([clock.at, clock.playing]).toEqual([1007, false]);
    clock.hold(false);
    expect(clock.moving).toBe(false);
  });

  it("never goes backwards by itself, whatever is switched", () => {
    const time = { ms: 0 };
    const clock = new StepClock(0, () => time.ms);
    let [last, seed] = [0, 11];
    for (let i = 0; i < 5000; i += 1) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      time.ms += seed % 40;
      if (seed % 5 === 0) clock.play();
      if (seed % 7 === 0) clock.pause();
      clock.hold(seed % 3 === 0);
      if (seed % 11 === 0) clock.setRate([0.125, 1, 16][seed % 3]!);
      expect(clock.at).toBeGreaterThanOrEqual(last);
      last = clock.at;
    }
  });
});

describe("steer", () => {
  it("leaves alone what is right, pulls what is a little off, seeks what is far", () => {
    expect(steer(0.004, 2)).toEqual({ kind: "rate", rate: 2 });
    expect(steer(0.1, 1)).toMatchObject({ kind: "rate" });
    expect((steer(0.1, 1) as { rate: number }).rate).toBeGreaterThan(1.1);
    expect((steer(-0.1, 1) as { rate: number }).rate).toBeLessThan(0.9);
    expect(steer(1, 1)).toEqual({ kind: "seek" });
    expect(steer(1, 4)).toMatchObject({ kind: "rate" });
    expect(steer(-0.5, 1)).toEqual({ kind: "wait" });
    expect((steer(-0.15, 0.125) as { rate: number }).rate).toBeGreaterThanOrEqual(0.0625);
    expect((steer(5, 16) as { rate: number }).rate).toBeLessThanOrEqual(16);
  });

  it("brings every picture under one frame time at every speed, and keeps it there", () => {
    for (const rate of [0.125, 0.5, 1, 2, 4]) {
      for (const first of [-0.65, -0.3, -0.05, 0.05, 0.3, 0.65]) {
        let late = first;
        const each: number[] = [];
        for (let tick = 0; tick < 400; tick += 1) { // ten times a second
          const next = steer(late, rate);
          late = next.kind === "seek" ? 0.05 : late + 0.1 * (rate - (next.kind === "wait" ? 0 : next.rate));
          each.push(Math.abs(late));
        }
        expect(Math.max(...each.slice(200)), `${first} at ${rate}`).toBeLessThan(FRAME_S);
      }
    }
  });
});

describe("Middle and skew", () => {
  it("one late frame does not count", () => {
    const middle = new Middle(5);
    expect(middle.value).toBeUndefined();
    for (const value of [0.01, 0.012, 0.3, 0.011, 0.013]) middle.add(value);
    expect(middle.value).toBe(0.012);
    for (let i = 0; i < 5; i += 1) middle.add(1);
    expect(middle.value).toBe(1);
    middle.clear();
    expect(middle.value).toBeUndefined();
  });

  it("is the greatest difference", () => expect([skewOf([]), skewOf([0.2]), skewOf([-0.01, 0.02, 0])]).toEqual([0, 0, 0.03]));
});

/** Promises that are kept by hand. */
function byHand<T>() {
  const asked: { wish: number; keep: (value: T) => void; fail: () => void }[] = [];
  const ask = (wish: number): Promise<T> => new Promise((keep, fail) => asked.push({ wish, keep, fail: () => fail(new Error("no")) }));
  const settle = async (): Promise<void> => { for (let i = 0; i < 10; i += 1) await Promise.resolve(); };
  return { asked, ask, settle };
}

describe("Coalescer", () => {
  it("meets the newest wish only, at most two at once", async () => {
    const { asked, ask, settle } = byHand<undefined>();
    const coalescer = new Coalescer<number>((wish) => ask(wish));
    for (let wish = 1; wish <= 9; wish += 1) coalescer.wish(wish);
    expect(asked.map((one) => one.wish)).toEqual([1, 2]);
    asked[0]!.keep(undefined);
    await settle();
    expect(asked.map((one) => one.wish)).toEqual([1, 2, 9]);
    asked[1]!.fail();
    await settle();
    coalescer.afterwards([20, 21, 22]);
    expect(asked.map((one) => one.wish)).toEqual([1, 2, 9]);
    asked[2]!.keep(undefined);
    await settle();
    expect(asked.map((one) => one.wish)).toEqual([1, 2, 9, 20]);
    coalescer.wish(30);
    asked[3]!.keep(undefined);
    await settle();
    expect(asked.map((one) => one.wish)).toEqual([1, 2, 9, 20, 30]);
    expect(coalescer.busy).toBe(1);
  });

  it("never has more than two under way, and the last wish is always met", async () => {
    const { asked, ask, settle } = byHand<undefined>();
    const coalescer = new Coalescer<number>((wish) => ask(wish));
    let [kept, seed] = [0, 3];
    for (let i = 1; i <= 400; i += 1) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      coalescer.wish(i);
      expect(coalescer.busy).toBeLessThanOrEqual(2);
      if (seed % 3 === 0 && kept < asked.length) asked[kept++]!.keep(undefined);
      await settle();
    }
    while (kept < asked.length) {
      asked[kept++]!.keep(undefined);
      await settle();
    }
    expect(asked.at(-1)!.wish).toBe(400);
  });
});

describe("Thumbs", () => {
  it("shows the newest wish, keeps what it had, and fetches around it", async () => {
    const { asked, ask, settle } = byHand<{ picture: Blob; at: number } | null>();
    const shown: (Thumb | null)[] = [];
    const freed: string[] = [];
    let made = 0;
    const thumbs = new Thumbs({ thumb: (at) => ask(Math.floor(at)) }, (thumb) => shown.push(thumb), {
      make: () => `u${++made}`, free: (url) => freed.push(url),
    });
    const picture = new Blob();
    thumbs.want(100.4, 10);
    thumbs.want(105.4, 10);
    thumbs.want(108.4, 10);
    expect(asked.map((one) => one.wish)).toEqual([100, 105]);
    asked[0]!.keep({ picture, at: 99 });
    await settle();
    expect(shown).toEqual([]); // of an older wish
    asked[1]!.keep({ picture, at: 104 });
    await settle();
    asked[2]!.keep({ picture, at: 108 });
    await settle();
    expect(shown).toEqual([{ url: "u3", at: 108 }]);
    asked[3]!.keep(null);
    await settle();
    expect(asked.slice(3).map((one) => one.wish)).toEqual([118, 98]);
    thumbs.want(118, 10);
    expect(shown.at(-1)).toBeNull();
    thumbs.want(100, 10);
    expect(shown.at(-1)).toEqual({ url: "u1", at: 99 });
    thumbs.clear();
    expect(freed.sort()).toEqual(["u1", "u2", "u3"]);
  });

  it("fetches nothing ahead for a click, nor once the film is to come", async () => {
    const { asked, ask, settle } = byHand<null>();
    const thumbs = new Thumbs({ thumb: (at) => ask(Math.floor(at)) }, () => undefined, { make: () => "", free: () => undefined });
    thumbs.want(100, 0);
    asked[0]!.keep(null);
    await settle();
    thumbs.want(200, 10);
    thumbs.settle();
    asked[1]!.keep(null);
    await settle();
    expect(asked.map((one) => one.wish)).toEqual([100, 200]);
  });

  it("a wish that failed may be made again", async () => {
    const { asked, ask, settle } = byHand<null>();
    const thumbs = new Thumbs({ thumb: (at) => ask(Math.floor(at)) }, () => undefined, { make: () => "", free: () => undefined });
    thumbs.want(100, 10);
    asked[0]!.fail();
    await settle();
    thumbs.want(100, 10);
    expect(asked.filter((one) => one.wish === 100)).toHaveLength(2);
  });
});
