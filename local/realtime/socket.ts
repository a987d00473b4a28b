import { Channel } from "./channel.ts";
import {
  type ClientFrame,
  decodeFrame,
  type Encoded,
  encodeFrame,
  type JsonObject,
  type Vsn,
} from "./frames.ts";
import { type Identity, type Refusal, refuse } from "./identity.ts";
import { type Admission, admit, type Applicant, type Link, type Services } from "./join.ts";
import { limits } from "./limits.ts";
import { TaskQueue } from "./task_queue.ts";

/** What a socket knows of one topic: the channel, if joined, and the frames that wait for their turn. */
interface Slot {
  queue: TaskQueue;
  channel: Channel | null;
}

const prefix = "realtime:";
const messageTooBig = 1009;

/** One client's connection: hands each frame to its channel, in order per topic. */
export class SocketSession implements Link {
  readonly vsn: Vsn;
  readonly key: Identity;
  readonly headers: Record<string, string>;
  readonly #slots = new Map<string, Slot>();
  #isOver = false;

  constructor(
    readonly services: Services,
    readonly socket: WebSocket,
    opening: { vsn: Vsn; key: Identity; headers: Record<string, string> },
  ) {
    this.vsn = opening.vsn;
    this.key = opening.key;
    this.headers = opening.headers;
  }

  receive(data: unknown): void {
    if (this.#isOver) return;
    if (typeof data !== "string" && !(data instanceof ArrayBuffer)) return;
    const size = typeof data === "string" ? data.length : data.byteLength;
    if (size > limits.frameBytes) return this.disconnect(messageTooBig, "Message too big");
    const frame = decodeFrame(data, this.vsn);
    if (frame) this.#route(frame);
    else this.services.log("MalformedWebSocketMessage", `a frame of ${size} that is not vsn ${this.vsn}`);
  }

  send(encoded: Encoded): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.socket.send(encoded);
    if (this.socket.bufferedAmount <= limits.unreadBytes) return;
    // Later, because we may be in the middle of telling others something.
    queueMicrotask(() => this.disconnect());
  }

  /** Closes the connection and leaves its topics without waiting for the client, which may be gone. */
  disconnect(code?: number, reason?: string): void {
    this.end();
    if (this.socket.readyState === WebSocket.OPEN) this.socket.close(code, reason);
  }

  /** Leaves all topics. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const slot of this.#slots.values()) {
      slot.queue.run(() => {
        slot.channel?.end();
        slot.channel = null;
      });
    }
  }

  /** Resolves when no frame is being handled any more. */
  async settled(): Promise<void> {
    await Promise.all([...this.#slots.values()].map((slot) => slot.queue.settled()));
  }

  #route(frame: ClientFrame): void {
    if (frame.topic === "phoenix" && frame.event === "heartbeat") return this.#reply(frame, "ok", {});
    if (frame.event === "phx_join" && frame.topic.startsWith(prefix)) return this.#join(frame);
    const slot = this.#slots.get(frame.topic);
    if (slot) slot.queue.run(() => this.#handle(slot, frame));
    else this.#ignore(frame);
  }

  #join(frame: ClientFrame): void {
    const known = this.#slots.get(frame.topic);
    if (!known && this.#slots.size >= limits.channelsPerSocket) {
      return this.#reply(frame, "error", { reason: "ChannelRateLimitReached: Too many channels" });
    }
    const slot = known ?? this.#createSlot(frame.topic);
    slot.queue.run(async () => {
      // A client that joins again has forgotten its first join.
      slot.channel?.close();
      slot.channel = null;
      if (this.#isOver) return;
      const admission = await this.#admit(frame);
      if (this.#isOver) return;
      if (admission.refused) {
        return this.#reply(frame, "error", { reason: `${admission.code}: ${admission.message}` });
      }
      slot.channel = new Channel({
        applicant: this.#applicant(frame),
        admission,
        joinRef: frame.joinRef ?? frame.ref,
        queue: slot.queue,
        onShutdown: () => slot.channel = null,
      });
      slot.channel.open(frame.ref);
    });
  }

  #createSlot(topic: string): Slot {
    const queue = new TaskQueue({
      onError: (error) => this.services.log("UnknownErrorOnChannel", { topic, error }),
      onIdle: () => slot.channel || this.#slots.delete(topic),
    });
    const slot: Slot = { queue, channel: null };
    this.#slots.set(topic, slot);
    return slot;
  }

  async #admit(frame: ClientFrame): Promise<Admission | Refusal> {
    try {
      return await admit(this.#applicant(frame), frame.payload);
    } catch (error) {
      this.services.log("UnknownErrorOnChannel", { topic: frame.topic, error });
      return refuse("UnknownErrorOnChannel", "Unknown Error on Channel");
    }
  }

  #applicant({ topic }: ClientFrame): Applicant {
    return { services: this.services, link: this, name: topic.slice(prefix.length) };
  }

  async #handle(slot: Slot, frame: ClientFrame): Promise<void> {
    // Of a client that has gone meanwhile, only what it said to others matters still.
    if (this.#isOver && frame.event !== "broadcast") return;
    if (!slot.channel) return this.#ignore(frame);
    if (frame.event !== "phx_leave") return await slot.channel.handle(frame);
    // A leave of an earlier join of this topic came too late to mean anything.
    if (frame.joinRef !== null && frame.joinRef !== slot.channel.joinRef) return;
    this.#reply(frame, "ok", {});
    slot.channel.close();
    slot.channel = null;
  }

  /** Answers a frame on a topic that is not joined. */
  #ignore(frame: ClientFrame): void {
    if (frame.event === "phx_leave") this.#reply(frame, "ok", {});
    else this.#reply(frame, "error", { reason: "unmatched topic" });
  }

  #reply({ joinRef, ref, topic }: ClientFrame, status: "ok" | "error", response: JsonObject): void {
    this.send(
      encodeFrame({ joinRef, ref, topic, event: "phx_reply", payload: { status, response } }, this.vsn),
    );
  }
}
