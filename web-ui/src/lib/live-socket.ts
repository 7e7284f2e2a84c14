// One WebSocket a page, many cameras in it. Connects again by itself, and opens all its channels again when it does.

import { parseFrame, parseMessage } from "./protocol";
import { LoggedOut, Refused } from "./tokens";

export interface ChannelListener {
  /** `masked`: homes are hidden in what comes. */
  init(mime: string, data: Uint8Array<ArrayBuffer>, masked: boolean): void;
  fragment(data: Uint8Array<ArrayBuffer>, startsGop: boolean, lostBefore: boolean): void;
  state(state: string, problem: string, sentence: string): void;
  closed(reason: string): void;
}

export type Link = "connecting" | "up" | "down" | "logged_out" | "refused";

export interface SocketOptions {
  url: string;
  token: () => Promise<string>;
  freshToken: () => Promise<string>;
  link: (state: Link) => void;
  create: (url: string) => WebSocket;
  later: (run: () => void, ms: number) => unknown;
  random: () => number;
}

interface Channel {
  camera: string;
  stream: string;
  coded: boolean;
  listener: ChannelListener;
  mime: string;
  masked: boolean;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const AGAIN_MS = 5_000;
/** A camera outside of one's scope is told as one that is not there. */
const OUT_OF_SCOPE = "no_such_camera";

/** Half to one and a half of a doubling wait, so that a hundred pages do not come back in the same instant. */
export function waitMs(tries: number, random: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 10)) * (0.5 + random);
}

export class LiveSocket {
  private readonly channels = new Map<number, Channel>();
  private socket: WebSocket | null = null;
  private lastChannel = 0;
  private tries = 0;
  private ended = false;
  private waiting = false;
  private sentToken = "";

  constructor(private readonly options: SocketOptions) {}

  /** `coded`: asks for it as H.264, coded again where it is something else. */
  open(camera: string, stream: string, listener: ChannelListener, coded = false): number {
    do this.lastChannel = (this.lastChannel % 65_535) + 1;
    while (this.channels.has(this.lastChannel));
    this.channels.set(this.lastChannel, { camera, stream, coded, listener, mime: "", masked: false });
    if (this.socket?.readyState === 1) this.ask(this.lastChannel);
    else if (this.socket === null) this.connect();
    return this.lastChannel;
  }

  /** Opens a channel on a standing connection, after a token that covers its camera was sent where it was not yet. */
  private ask(ch: number): void {
    const socket = this.socket;
    this.options.token().then(
      (token) => {
        const channel = this.channels.get(ch);
        if (socket !== this.socket || socket?.readyState !== 1 || !channel) return;
        if (token !== this.sentToken) this.send({ op: "token", token });
        this.sentToken = token;
        this.sendOpen(ch, channel);
      },
      (error: unknown) => void this.renewFailed(error),
    );
  }

  close(channel: number): void {
    if (this.channels.delete(channel) && this.socket?.readyState === 1) this.send({ op: "close", ch: channel });
  }

  /** One picture of a camera as it is now; null while there is none. */
  async picture(camera: string, widthPx: number): Promise<Blob | null> {
    const where = this.options.url.replace(/^ws/, "http").replace(/\/live$/, `/picture/${encodeURIComponent(camera)}/main`);
    const answer = await fetch(`${where}?w=${Math.round(widthPx)}`, { headers: { Authorization: `Bearer ${await this.options.token()}` } });
    return answer.ok ? answer.blob() : null;
  }

  /** For good: the page is left. */
  end(): void {
    this.ended = true;
    this.socket?.close();
  }

  /** The network is back: do not wait for the next try. */
  hurry(): void {
    if (this.socket === null) {
      this.tries = 0;
      this.connect();
    }
  }

  private connect(): void {
    if (this.ended || this.waiting || this.socket !== null) return;
    this.waiting = true;
    this.options.link("connecting");
    this.options.token().then(
      (token) => this.start(token),
      (error: unknown) => this.noToken(error),
    );
  }

  private start(token: string): void {
    this.waiting = false;
    if (this.ended || this.socket !== null) return;
    const socket = this.options.create(`${this.options.url}?token=${encodeURIComponent(token)}`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.sentToken = token;
    socket.onopen = () => {
      this.options.link("up");
      for (const [ch, channel] of this.channels) this.sendOpen(ch, channel);
    };
    socket.onmessage = (event: MessageEvent) => this.receive(event.data as string | ArrayBuffer);
    socket.onclose = () => this.lost(socket);
  }

  private noToken(error: unknown): void {
    this.waiting = false;
    if (error instanceof LoggedOut) return this.options.link("logged_out");
    if (error instanceof Refused) return this.options.link("refused");
    this.again();
  }

  private lost(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.socket = null;
    if (!this.ended) this.again();
  }

  private again(): void {
    this.options.link("down");
    this.options.later(() => this.connect(), waitMs(this.tries, this.options.random()));
    this.tries += 1;
  }

  private receive(data: string | ArrayBuffer): void {
    this.tries = 0;
    if (typeof data !== "string") return this.binary(data);
    const message = parseMessage(data);
    if (message === null) return;
    if (message.event === "token_expires") return this.renewLater(message.inS);
    const channel = this.channels.get(message.ch);
    if (channel === undefined) return;
    if (message.event === "init") [channel.mime, channel.masked] = [message.mime, message.masked];
    else if (message.event === "state") channel.listener.state(message.state, message.problem, message.sentence);
    else channel.listener.closed(message.event === "refused" || message.reason === "scope" ? OUT_OF_SCOPE : message.reason);
  }

  private binary(data: ArrayBuffer): void {
    const frame = parseFrame(data);
    const channel = frame && this.channels.get(frame.channel);
    if (!frame || !channel) return; // also what was under way when the channel was closed
    if (frame.kind === "init") channel.listener.init(channel.mime, frame.data, channel.masked);
    else channel.listener.fragment(frame.data, frame.startsGop, frame.lostBefore);
  }

  /** At half to three quarters of the time that is left, so that the pages of a commune do not all ask at once. */
  private renewLater(leftS: number): void {
    const socket = this.socket;
    this.options.later(() => this.renew(socket), leftS * 1000 * (0.5 + this.options.random() / 4));
  }

  private renew(socket: WebSocket | null): void {
    if (socket !== this.socket) return;
    this.options.freshToken().then(
      (token) => {
        if (socket !== this.socket || socket?.readyState !== 1) return;
        this.sentToken = token;
        this.send({ op: "token", token });
      },
      (error: unknown) => {
        if (!this.renewFailed(error)) this.options.later(() => this.renew(socket), AGAIN_MS);
      },
    );
  }

  /** True for an answer that stands. Else the web is away: the picture goes on until the token runs out. */
  private renewFailed(error: unknown): boolean {
    if (error instanceof LoggedOut) this.options.link("logged_out");
    else if (error instanceof Refused) this.options.link("refused");
    else return false;
    return true;
  }

  private sendOpen(ch: number, channel: Channel): void {
    const { camera, stream, coded } = channel;
    this.send({ op: "open", ch, camera, stream, ...(coded ? { as: "h264" } : {}) });
  }

  private send(message: Record<string, unknown>): void {
    this.socket?.send(JSON.stringify(message));
  }
}
