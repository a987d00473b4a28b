// @ts-types="@types/pg"
import type pg from "pg";
import type { Listener } from "./database.ts";

/** How long a lost server is left alone. */
const retryMs = 500;

/** A connection that hears one channel, and is opened again when it is lost. */
export class PostgresListener {
  #client: pg.Client | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  constructor(
    readonly connect: () => pg.Client,
    readonly channel: string,
    readonly listener: Listener,
  ) {}

  /** Answers when the channel is heard for the first time. */
  async start(): Promise<void> {
    const client = this.connect();
    client.on("error", () => {});
    client.on("notification", ({ payload }) => this.listener.onNotify(payload ?? ""));
    this.#client = client;
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(this.channel)}`);
    if (this.#isStopped) return await client.end();
    client.on("end", () => this.#again());
    this.listener.onListening();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    await this.#client?.end().catch(() => {});
  }

  #again(): void {
    if (this.#isStopped) return;
    this.#retry = setTimeout(() => {
      this.start().catch(async () => {
        await this.#client?.end().catch(() => {});
        this.#again();
      });
    }, retryMs);
  }
}
