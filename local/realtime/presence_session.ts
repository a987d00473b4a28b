import type { Channel } from "./channel.ts";
import { type ClientFrame, isJsonObject, type JsonObject, type Ref } from "./frames.ts";
import { limits } from "./limits.ts";

/** A channel's own presence: track, update and untrack. */
export class PresenceSession {
  #isEnabled: boolean;
  #calls = { count: 0, since: 0 };

  constructor(readonly channel: Channel) {
    this.#isEnabled = channel.config.wantsPresence;
  }

  /** Whether the client sees others: it said so at the join, or it has shown itself. */
  get isEnabled(): boolean {
    return this.#isEnabled;
  }

  async handle({ payload, ref }: ClientFrame): Promise<void> {
    const { channel } = this;
    if (typeof payload.event !== "string") return channel.reply(ref, "ok", {});
    if (this.#exceedsRate()) return channel.shutdown("Client presence rate limit exceeded");
    const event = payload.event.toLowerCase();
    if (event === "untrack") {
      channel.reply(ref, "ok", {});
      return channel.topic.announce(channel.topic.presence.untrack(channel));
    }
    if (event !== "track" || !await channel.mayWrite("presence")) return channel.reply(ref, "error", {});
    const meta = payload.payload ?? {};
    if (!isJsonObject(meta)) {
      return channel.reply(ref, "error", { reason: "Presence track payload must be a map" });
    }
    this.#track(ref, meta);
  }

  #track(ref: Ref, meta: JsonObject): void {
    const { channel } = this;
    const { topic, config } = channel;
    if (new TextEncoder().encode(JSON.stringify(meta)).byteLength > limits.payloadBytes) {
      return channel.shutdown("Track message size exceeded");
    }
    const diff = topic.presence.track(channel, config.presenceKey, meta);
    channel.reply(ref, "ok", {});
    topic.announce(diff);
    if (this.#isEnabled) return;
    this.#isEnabled = true;
    channel.sendPresenceState();
  }

  #exceedsRate(): boolean {
    const now = Date.now();
    if (now > this.#calls.since + limits.presenceWindowMs) this.#calls = { count: 0, since: now };
    return ++this.#calls.count > limits.presenceCalls;
  }
}
