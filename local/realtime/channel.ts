import type { Extension, Permissions } from "./authorization.ts";
import {
  broadcastSize,
  type ClientFrame,
  type Encoded,
  encodeFrame,
  type JsonObject,
  type Ref,
  type Vsn,
} from "./frames.ts";
import { expiryMessage, identifyToken, type Identity, isApiKey } from "./identity.ts";
import { type Admission, type Applicant, type JoinConfig, permit } from "./join.ts";
import { limits } from "./limits.ts";
import { PresenceSession } from "./presence_session.ts";
import type { TaskQueue } from "./task_queue.ts";
import type { Member, Topic } from "./topics.ts";

export interface ChannelOptions {
  applicant: Applicant;
  admission: Admission;
  joinRef: Ref;
  /** Where this channel's frames are handled one after another. */
  queue: TaskQueue;
  /** Called when the channel closes by itself. */
  onShutdown(): void;
}

/** The expiry timer is set anew at least this often, because a longer delay may not fit a timer. */
const longestTimerMs = 3_600_000;

/** One client on one topic, from the accepted join until leave, expiry or disconnection. */
export class Channel implements Member {
  readonly vsn: Vsn;
  readonly joinRef: Ref;
  readonly config: JoinConfig;
  readonly topic: Topic;
  readonly #options: ChannelOptions;
  readonly #presence: PresenceSession;
  readonly #mayWrite = new Map<Extension, boolean>();
  #identity: Identity;
  #permissions: Permissions;
  #expiry: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  /** Enters the topic: from here on its messages are delivered, so answer the join before anything else runs. */
  constructor(options: ChannelOptions) {
    const { applicant, admission } = options;
    this.#options = options;
    this.vsn = applicant.link.vsn;
    this.joinRef = options.joinRef;
    this.config = admission.config;
    this.#identity = admission.identity;
    this.#permissions = admission.permissions;
    this.topic = applicant.services.topics.enter(applicant.name, {
      isPrivate: this.config.isPrivate,
      member: this,
    });
    this.#presence = new PresenceSession(this);
    this.#awaitExpiry();
  }

  get hearsBroadcasts(): boolean {
    return this.#permissions.broadcast;
  }

  get hearsPresence(): boolean {
    return this.#presence.isEnabled && this.#permissions.presence;
  }

  deliver(encoded: Encoded): void {
    this.#options.applicant.link.send(encoded);
  }

  /** Accepts the join numbered `ref`. */
  open(ref: Ref): void {
    this.reply(ref, "ok", { postgres_changes: [] });
    this.sendPresenceState();
    if (this.config.wantsReadiness) this.#tell("ok", "Replication connection established");
  }

  async handle(frame: ClientFrame): Promise<void> {
    if (frame.event === "broadcast") await this.#broadcast(frame);
    else if (frame.event === "presence") await this.#presence.handle(frame);
    else if (frame.event === "access_token") await this.#refresh(frame.payload.access_token);
  }

  reply(ref: Ref, status: "ok" | "error", response: JsonObject): void {
    this.#push("phx_reply", { status, response }, ref);
  }

  sendPresenceState(): void {
    if (this.hearsPresence) this.#push("presence_state", this.topic.presence.state());
  }

  /** Answers from the policies once per token; a public topic has none. */
  async mayWrite(extension: Extension): Promise<boolean> {
    if (!this.config.isPrivate) return true;
    const known = this.#mayWrite.get(extension);
    if (known !== undefined) return known;
    const { services, link, name } = this.#options.applicant;
    const question = { topic: name, claims: this.#identity.claims, headers: link.headers };
    const answer = await services.authorization.canWrite(question, extension);
    this.#mayWrite.set(extension, answer);
    return answer;
  }

  /** Tells the client why, and closes the channel for good: clients do not join again by themselves. */
  shutdown(message: string): void {
    this.#tell("error", message);
    this.close();
    this.#options.onShutdown();
  }

  /** Leaves the topic and tells the client. */
  close(): void {
    this.end();
    this.#push("phx_close", {}, this.joinRef);
  }

  /** Leaves the topic. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#expiry);
    this.#options.applicant.services.topics.leave(this.topic, this);
  }

  async #broadcast({ broadcast, ref }: ClientFrame): Promise<void> {
    if (!broadcast) return;
    const problem = await this.#problemWith(broadcastSize(broadcast));
    if (!problem) this.topic.broadcast(broadcast, this.config.hearsItself ? undefined : this);
    if (this.config.wantsAck) this.reply(ref, problem ? "error" : "ok", problem ? { error: problem } : {});
  }

  async #problemWith(size: number): Promise<string | null> {
    try {
      if (!await this.mayWrite("broadcast")) return "unauthorized";
      return size > limits.payloadBytes ? "payload_size_exceeded" : null;
    } catch (error) {
      this.#options.applicant.services.log("UnableToSetPolicies", error);
      return "unable_to_set_policies";
    }
  }

  /** Takes over a new token: what it permits counts from now on. */
  async #refresh(token: unknown): Promise<void> {
    if (typeof token !== "string" || isApiKey(token) || token === this.#identity.token) return;
    const { applicant } = this.#options;
    const identity = await identifyToken(token, applicant.services.tokens);
    if (identity.refused) return this.shutdown(identity.message);
    const admission = await permit(applicant, { config: this.config, identity });
    if (admission.refused) return this.shutdown(admission.message);
    if (this.#loses(admission.permissions)) {
      return this.shutdown(
        `You no longer have permission to read from this Channel topic: ${applicant.name}`,
      );
    }
    this.#identity = identity;
    this.#permissions = admission.permissions;
    this.#mayWrite.clear();
    this.#awaitExpiry();
  }

  #loses({ broadcast, presence }: Permissions): boolean {
    return (this.hearsBroadcasts && !broadcast) || (this.hearsPresence && !presence);
  }

  #awaitExpiry(): void {
    clearTimeout(this.#expiry);
    const { expiresAt } = this.#identity;
    if (expiresAt === null) return;
    const delayMs = Math.min(Math.max(expiresAt * 1000 - Date.now(), 0), longestTimerMs);
    // Queued, so that a new token that has already arrived is taken over first.
    this.#expiry = setTimeout(() => this.#options.queue.run(() => this.#checkExpiry()), delayMs);
  }

  #checkExpiry(): void {
    if (this.#isOver) return;
    const { expiresAt } = this.#identity;
    if (expiresAt === null || Date.now() < expiresAt * 1000) this.#awaitExpiry();
    else this.shutdown(expiryMessage(expiresAt));
  }

  #tell(status: "ok" | "error", message: string): void {
    this.#push("system", { extension: "system", status, message, channel: this.topic.name });
  }

  #push(event: string, payload: JsonObject, ref: Ref = null): void {
    const frame = { joinRef: this.joinRef, ref, topic: this.topic.channelName, event, payload };
    this.deliver(encodeFrame(frame, this.vsn));
  }
}
