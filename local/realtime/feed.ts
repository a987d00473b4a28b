import type { Database } from "../database/database.ts";
import type { Log } from "./authorization.ts";
import { broadcastSize } from "./frames.ts";
import { limits } from "./limits.ts";
import { deleteOldMessages, listMessages, readClock, readMessages, type StoredMessage } from "./messages.ts";
import type { Topics } from "./topics.ts";

export interface FeedOptions {
  database: Database;
  topics: Topics;
  log: Log;
}

const batchSize = 100;
const retryMs = 1_000;
const pruneMs = 3_600_000;
/** A message bears the time at which its transaction began; a search misses those that took longer than this. */
const slackSeconds = 120;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Broadcast from the database: delivers what `realtime.send` commits, in the order of the notifications, which is the
 * order of the commits. After a lost connection it looks for what was missed.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #pending: string[] = [];
  /** What a search for missed messages could find again, with the time from which on it cannot. */
  readonly #delivered = new Map<string, number>();
  #lastRead = 0;
  #mayMiss = false;
  #isClosed = false;
  #work: Promise<void> | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pruning: ReturnType<typeof setInterval> | undefined;
  #unlisten: () => Promise<void> = () => Promise.resolve();

  private constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Listens from now on. Old messages are deleted now and hourly. */
  static async start(options: FeedOptions): Promise<Feed> {
    const feed = new Feed(options);
    await deleteOldMessages(options.database);
    feed.#lastRead = await readClock(options.database);
    let isFirst = true;
    feed.#unlisten = await options.database.listen("realtime_messages", {
      onNotify: (id) => feed.#enqueue(id),
      onListening: () => {
        if (!isFirst) feed.#search();
        isFirst = false;
      },
    });
    feed.#pruning = setInterval(() => void feed.#prune(), pruneMs);
    return feed;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#pruning);
    await this.#unlisten().catch((error) => this.#options.log("UnableToStopListening", error));
    await this.#work;
  }

  #enqueue(id: string): void {
    // Anyone who may run SQL can notify this channel.
    if (!uuid.test(id)) return;
    this.#pending.push(id);
    this.#start();
  }

  #search(): void {
    this.#mayMiss = true;
    this.#start();
  }

  #start(): void {
    if (this.#isClosed || this.#work) return;
    this.#work = this.#run();
  }

  /** One reader at a time, because parallel reads would overtake each other. */
  async #run(): Promise<void> {
    try {
      while (!this.#isClosed && (this.#mayMiss || this.#pending.length > 0)) {
        if (this.#mayMiss) await this.#findMissed();
        const ids = this.#pending.slice(0, batchSize);
        const messages = await readMessages(this.#options.database, ids);
        this.#pending.splice(0, ids.length);
        for (const message of messages) this.#deliver(message);
        this.#forgetOld();
      }
    } catch (error) {
      this.#options.log("UnableToBroadcastChanges", error);
      if (!this.#isClosed) this.#retryLater();
    } finally {
      this.#work = null;
    }
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#start(), retryMs);
  }

  async #findMissed(): Promise<void> {
    this.#mayMiss = false;
    try {
      const ids = await listMessages(this.#options.database, this.#lastRead - slackSeconds);
      this.#pending.unshift(...ids.filter((id) => !this.#delivered.has(id)));
    } catch (error) {
      this.#mayMiss = true;
      throw error;
    }
  }

  #deliver({ id, topic, isPrivate, insertedAt, readAt, broadcast }: StoredMessage): void {
    if (this.#delivered.has(id)) return;
    this.#delivered.set(id, Math.max(insertedAt, readAt) + slackSeconds);
    this.#lastRead = readAt;
    if (broadcastSize(broadcast) <= limits.payloadBytes) {
      this.#options.topics.find(topic, isPrivate)?.broadcast(broadcast);
    } else {
      this.#options.log(
        "UnableToBroadcastChanges",
        `message ${id} is larger than ${limits.payloadBytes} bytes`,
      );
    }
  }

  #forgetOld(): void {
    for (const [id, until] of this.#delivered) {
      if (until >= this.#lastRead) break;
      this.#delivered.delete(id);
    }
  }

  async #prune(): Promise<void> {
    await deleteOldMessages(this.#options.database).catch((error) =>
      this.#options.log("UnableToDeleteOldMessages", error)
    );
  }
}
