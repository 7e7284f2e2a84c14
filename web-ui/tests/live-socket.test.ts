import { beforeEach, describe, expect, it, vi } from "vitest";
import { LiveSocket, waitMs, type ChannelListener, type Link } from "../src/lib/live-socket";
import { LoggedOut, Refused } from "../src/lib/tokens";

class FakeWebSocket {
  static made: FakeWebSocket[] = [];
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  binaryType = "";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor(readonly url: string) {
    FakeWebSocket.made.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
  say(message: unknown): void {
    this.onmessage?.({ data: typeof message === "object" && !(message instanceof ArrayBuffer) ? JSON.stringify(message) : message });
  }
}

const tick = (): Promise<void> => new Promise((done) => setTimeout(done, 0));
const binary = (kind: number, channel: number, byte: number): ArrayBuffer => new Uint8Array([kind, 1, 0, channel, 0, 0, 0, 0, byte]).buffer;

function listener() {
  return { init: vi.fn(), fragment: vi.fn(), state: vi.fn(), closed: vi.fn() } satisfies ChannelListener;
}

let links: Link[];
let later: { run: () => void; ms: number }[];
let token: () => Promise<string>;
let freshToken: () => Promise<string>;

function socket(): LiveSocket {
  return new LiveSocket({
    url: "ws://recorder/v1/live",
    token: () => token(),
    freshToken: () => freshToken(),
    link: (state) => links.push(state),
    create: (url) => new FakeWebSocket(url) as unknown as WebSocket,
    later: (run, ms) => later.push({ run, ms }),
    random: () => 0.5,
  });
}

beforeEach(() => {
  FakeWebSocket.made = [];
  links = [];
  later = [];
  token = () => Promise.resolve("t/1");
  freshToken = () => Promise.resolve("fresh");
});

describe("LiveSocket", () => {
  it("opens one connection for many cameras, and asks for each", async () => {
    const live = socket();
    live.open("a", "sub", listener());
    live.open("b", "main", listener());
    await tick();
    expect(FakeWebSocket.made).toHaveLength(1);
    const made = FakeWebSocket.made[0]!;
    expect(made.url).toBe("ws://recorder/v1/live?token=t%2F1");
    made.open();
    expect(made.sent).toEqual([
      { op: "open", ch: 1, camera: "a", stream: "sub" },
      { op: "open", ch: 2, camera: "b", stream: "main" },
    ]);
  });

  it("asks for a picture coded again where this browser cannot show it, also after a new connection", async () => {
    const live = socket();
    live.open("a", "sub", listener(), true);
    await tick();
    const made = FakeWebSocket.made[0]!;
    made.open();
    expect(made.sent).toEqual([{ op: "open", ch: 1, camera: "a", stream: "sub", as: "h264" }]);
    live.open("b", "sub", listener(), true);
    await tick();
    expect(made.sent.at(-1)).toEqual({ op: "open", ch: 2, camera: "b", stream: "sub", as: "h264" });
  });

  it("gives each channel what is its own, with the type told before", async () => {
    const live = socket();
    const [a, b] = [listener(), listener()];
    live.open("a", "sub", a);
    live.open("b", "sub", b);
    await tick();
    const made = FakeWebSocket.made[0]!;
    made.open();
    made.say({ ch: 2, event: "init", mime: "video/mp4; codecs=x", stream: "sub" });
    made.say(binary(1, 2, 5));
    made.say(binary(2, 2, 6));
    made.say({ ch: 1, event: "state", state: "failed", problem: "lost", sentence: "s" });
    made.say({ ch: 1, event: "closed", reason: "lost" });
    expect(b.init).toHaveBeenCalledWith("video/mp4; codecs=x", new Uint8Array([5]), false);
    expect(b.fragment).toHaveBeenCalledWith(new Uint8Array([6]), true, false);
    expect(a.state).toHaveBeenCalledWith("failed", "lost", "s");
    expect(a.closed).toHaveBeenCalledWith("lost");
    expect(a.init).not.toHaveBeenCalled();
    made.say({ ch: 2, event: "closed", reason: "scope" });
    made.say({ ch: 1, event: "refused", sentence: "s" });
    made.say({ event: "refused", sentence: "about no channel" });
    expect(b.closed).toHaveBeenCalledWith("no_such_camera");
    expect(a.closed).toHaveBeenLastCalledWith("no_such_camera");
    expect(a.closed).toHaveBeenCalledTimes(2);
  });

  it("drops what comes for a channel that was closed, or makes no sense", async () => {
    const live = socket();
    const a = listener();
    const ch = live.open("a", "sub", a);
    await tick();
    const made = FakeWebSocket.made[0]!;
    made.open();
    live.close(ch);
    made.say(binary(2, ch, 6));
    made.say("nonsense");
    made.say(new ArrayBuffer(3));
    expect(a.fragment).not.toHaveBeenCalled();
    expect(made.sent.at(-1)).toEqual({ op: "close", ch });
  });

  it("comes back by itself, later each time, and opens everything again", async () => {
    const live = socket();
    live.open("a", "sub", listener());
    await tick();
    FakeWebSocket.made[0]!.open();
    FakeWebSocket.made[0]!.close();
    expect(links).toEqual(["connecting", "up", "down"]);
    later[0]!.run();
    await tick();
    FakeWebSocket.made[1]!.close();
    expect(later[1]!.ms).toBeGreaterThan(later[0]!.ms);
    later[1]!.run();
    await tick();
    FakeWebSocket.made[2]!.open();
    expect(FakeWebSocket.made[2]!.sent).toEqual([{ op: "open", ch: 1, camera: "a", stream: "sub" }]);
    FakeWebSocket.made[2]!.say({ ch: 1, event: "state", state: "recording" });
    FakeWebSocket.made[2]!.close();
    expect(later[2]!.ms).toBe(later[0]!.ms); // it had worked: start over
  });

  it("sends a new token before a camera that the old one did not cover", async () => {
    const live = socket();
    live.open("a", "sub", listener());
    await tick();
    const made = FakeWebSocket.made[0]!;
    made.open();
    token = () => Promise.resolve("t/2");
    live.open("b", "sub", listener());
    await tick();
    expect(made.sent.slice(1)).toEqual([
      { op: "token", token: "t/2" },
      { op: "open", ch: 2, camera: "b", stream: "sub" },
    ]);
  });

  it("renews its token when told that it runs out", async () => {
    const live = socket();
    live.open("a", "sub", listener());
    await tick();
    const made = FakeWebSocket.made[0]!;
    made.open();
    made.say({ event: "token_expires", in_s: 60 });
    expect(later[0]!.ms).toBe(37_500); // not at once: a commune's pages must not all ask together
    later[0]!.run();
    await tick();
    expect(made.sent.at(-1)).toEqual({ op: "token", token: "fresh" });
  });

  it("tries to renew again while the web is away, on the same connection", async () => {
    socket().open("a", "sub", listener());
    await tick();
    const made = FakeWebSocket.made[0]!;
    made.open();
    freshToken = () => Promise.reject(new Error("fetch failed"));
    made.say({ event: "token_expires", in_s: 60 });
    later[0]!.run();
    await tick();
    expect(links).toEqual(["connecting", "up"]);
    freshToken = () => Promise.resolve("back");
    later[1]!.run();
    await tick();
    expect(made.sent.at(-1)).toEqual({ op: "token", token: "back" });
    made.close();
    later[1]!.run(); // of a connection that is gone: nothing
    await tick();
    expect(FakeWebSocket.made).toHaveLength(1);
  });

  it("stops, and says why, when nobody is logged in or nothing may be seen", async () => {
    for (const [error, state] of [[new LoggedOut(), "logged_out"], [new Refused(), "refused"]] as const) {
      links = [];
      token = () => Promise.reject(error);
      socket().open("a", "sub", listener());
      await tick();
      expect(links.at(-1)).toBe(state);
    }
    expect(later).toEqual([]);
    expect(FakeWebSocket.made).toEqual([]);
  });

  it("tries again when the web does not answer, and at once when the network is back", async () => {
    token = () => Promise.reject(new TypeError("network"));
    const live = socket();
    live.open("a", "sub", listener());
    await tick();
    expect(links.at(-1)).toBe("down");
    token = () => Promise.resolve("t");
    live.hurry();
    await tick();
    expect(FakeWebSocket.made).toHaveLength(1);
    later[0]!.run(); // the old timer comes too late to matter
    await tick();
    expect(FakeWebSocket.made).toHaveLength(1);
  });

  it("stays closed when the page is left", async () => {
    const live = socket();
    live.open("a", "sub", listener());
    await tick();
    FakeWebSocket.made[0]!.open();
    live.end();
    expect(later).toEqual([]);
  });
});

describe("waitMs", () => {
  it("doubles up to its cap, and spreads", () => {
    expect(waitMs(0, 0.5)).toBe(500);
    expect(waitMs(1, 0.5)).toBe(1000);
    expect(waitMs(50, 0.5)).toBe(15_000);
    expect(waitMs(3, 0)).toBeLessThan(waitMs(3, 1));
  });
});
