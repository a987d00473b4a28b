import { createClient, type RealtimeChannel, type SupabaseClient } from "@supabase/supabase-js";
import assert from "node:assert/strict";
import postgres from "postgres";
import type { Database } from "../../local/database/database.ts";
import { PgliteDatabase } from "../../local/database/pglite.ts";
import { installPlatform } from "../../local/database/platform.ts";
import { PostgresDatabase } from "../../local/database/postgres.ts";
import { loadKeys, type ProjectKeys } from "../../local/keys.ts";
import { createRealtime, type Realtime } from "../../local/realtime/server.ts";
import { settledWithin } from "../../local/settled_within.ts";
import { type Claims, TokenAuthority } from "../../local/tokens.ts";
import { shutDown } from "../support/shut_down.ts";

/** The server that the tests run on; on PGlite without it. */
export const databaseUrl = Deno.env.get("DATABASE_URL");

/** How long a test waits for something that must come. */
const patienceMs = 10_000;

/** A server of its own for one test file, with its database and its clients. */
export interface Project {
  database: Database;
  realtime: Realtime;
  tokens: TokenAuthority;
  keys: ProjectKeys;
  url: string;
  /** What the server logged. */
  log: Inbox<{ code: string; cause: unknown }>;
  /** Somebody new, with a token for `expiresIn` seconds. */
  person(expiresIn?: number): Promise<{ id: string; token: string }>;
  /** The official client, with the token that `accessToken` answers; without it with its API key only. */
  client(accessToken?: () => string, realtime?: Record<string, unknown>): Client;
  /** Commits one message from the database. */
  send(topic: string, payload: Record<string, unknown>, isPrivate?: boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startProject(): Promise<Project> {
  const scratch = await openScratchDatabase();
  const keys = await loadKeys(null);
  const tokens = await TokenAuthority.create(keys, "http://127.0.0.1");
  const log = new Inbox<{ code: string; cause: unknown }>();
  const realtime = await createRealtime({
    database: scratch.database,
    tokens,
    publishableKey: keys.publishableKey,
    secretKey: keys.secretKey,
    log: (code, cause) => log.push({ code, cause }),
  });
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => realtime.fetch(request),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    database: scratch.database,
    realtime,
    tokens,
    keys,
    url,
    log,
    person: async (expiresIn = 3600) => {
      const id = crypto.randomUUID();
      return { id, token: await tokens.sign(claimsOf(id), expiresIn) };
    },
    client: (accessToken, options = {}) => {
      const client = createClient(url, keys.publishableKey, {
        realtime: { reconnectAfterMs: () => 10, ...options },
        ...(accessToken
          ? { accessToken: () => Promise.resolve(accessToken()) }
          : { auth: { persistSession: false, autoRefreshToken: false } }),
      });
      return Object.assign(client, { [Symbol.asyncDispose]: () => disconnect(client) });
    },
    send: (topic, payload, isPrivate = true) =>
      scratch.database.query("select realtime.send($1::text::jsonb, 'note', $2, $3)", [
        JSON.stringify(payload),
        topic,
        isPrivate,
      ]).then(() => {}),
    close: async () => {
      await realtime.close();
      await shutDown(server);
      await scratch.drop();
    },
  };
}

export function claimsOf(id: string): Claims {
  return { sub: id, role: "authenticated", aud: "authenticated" };
}

export type Client = SupabaseClient & AsyncDisposable;

/** Ends a client as its own `disconnect` does, but without the timer of ten seconds that this leaves running. */
async function disconnect({ realtime }: SupabaseClient): Promise<void> {
  // The declarations leave out what is internal.
  const { socketAdapter } = realtime as unknown as {
    socketAdapter: { getSocket(): { disconnect(callback: () => void): void } };
  };
  const gone = new Promise<void>((resolve) => socketAdapter.getSocket().disconnect(resolve));
  await settledWithin(gone, patienceMs);
  for (const channel of realtime.channels) channel.teardown();
}

/**
 * Policies of the tests: people read their own `user:<id>` and any `notice:*`, read and write `room:*`, hear and speak
 * in `hall:*` without being present, and are present in `foyer:*` without hearing or speaking.
 */
const policies = `
  create policy "people read their own topic" on realtime.messages for select to authenticated
    using ((select realtime.topic()) = 'user:' || (select auth.uid()));
  create policy "people read notices and rooms" on realtime.messages for select to authenticated
    using ((select realtime.topic()) ~ '^(notice|room):');
  create policy "people write in rooms" on realtime.messages for insert to authenticated
    with check ((select realtime.topic()) ~ '^room:');
  create policy "people hear halls" on realtime.messages for select to authenticated
    using ((select realtime.topic()) ~ '^hall:' and extension = 'broadcast');
  create policy "people speak in halls" on realtime.messages for insert to authenticated
    with check ((select realtime.topic()) ~ '^hall:' and extension = 'broadcast');
  create policy "people see each other in foyers" on realtime.messages for select to authenticated
    using ((select realtime.topic()) ~ '^foyer:' and extension = 'presence');
  create policy "people show themselves in foyers" on realtime.messages for insert to authenticated
    with check ((select realtime.topic()) ~ '^foyer:' and extension = 'presence');
`;

async function openScratchDatabase(): Promise<{ database: Database; drop(): Promise<void> }> {
  if (!databaseUrl) {
    const database = withoutExitCodes(await PgliteDatabase.open("memory"));
    await prepare(database);
    return { database, drop: () => database.close() };
  }
  const name = `rt_${crypto.randomUUID().replaceAll("-", "")}`;
  await asAdministrator(`create database ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = name;
  const database = await PostgresDatabase.open(url.href);
  await prepare(database);
  return {
    database,
    drop: async () => {
      await database.close();
      await asAdministrator(`drop database ${name} with (force)`);
    },
  };
}

/** PGlite sets the process' exit code when a statement fails, and the runner takes that for the test's own. */
function withoutExitCodes(database: Database): Database {
  const reset = <T>(result: Promise<T>) => result.finally(() => Deno.exitCode = 0);
  return {
    kind: database.kind,
    query: (text, parameters) => reset(database.query(text, parameters)),
    script: (text) => reset(database.script(text)),
    transaction: (work) => reset(database.transaction(work)),
    listen: (channel, onNotify) => database.listen(channel, onNotify),
    close: () => database.close(),
  };
}

async function prepare(database: Database): Promise<void> {
  await installPlatform(database, "old");
  await database.script(policies);
}

async function asAdministrator(statement: string): Promise<void> {
  const sql = postgres(databaseUrl!, { max: 1, onnotice: () => {} });
  await sql.unsafe(statement);
  await sql.end();
}

/** What arrives, to be taken one by one. */
export class Inbox<Item> {
  readonly #items: Item[] = [];
  readonly #waiting: ((item: Item) => void)[] = [];

  /** Everything that has arrived and not been taken. */
  get items(): readonly Item[] {
    return this.#items;
  }

  push = (item: Item): void => {
    const taker = this.#waiting.shift();
    if (taker) taker(item);
    else this.#items.push(item);
  };

  next(): Promise<Item> {
    if (this.#items.length > 0) return Promise.resolve(this.#items.shift()!);
    return inTime("nothing arrived", (resolve) => this.#waiting.push(resolve));
  }

  async take(count: number): Promise<Item[]> {
    const items: Item[] = [];
    while (items.length < count) items.push(await this.next());
    return items;
  }

  /** The next that fits; what came before it is gone. */
  async find(fits: (item: Item) => boolean): Promise<Item> {
    for (;;) {
      const item = await this.next();
      if (fits(item)) return item;
    }
  }
}

async function inTime<T>(complaint: string, start: (resolve: (value: T) => void) => void): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => timeout.reject(new Error(`${complaint} within ${patienceMs} ms`)),
    patienceMs,
  );
  try {
    return await Promise.race([new Promise(start), timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

export interface Status {
  status: string;
  message: string;
}

/** Subscribes with the client's current token and answers the channel's statuses from now on. */
export async function watch(channel: RealtimeChannel): Promise<Inbox<Status>> {
  // Without it the first join of a private channel goes out before the client has asked for its token.
  await channel.socket.setAuth();
  const statuses = new Inbox<Status>();
  channel.subscribe((status, error) => statuses.push({ status, message: error?.message ?? "" }));
  return statuses;
}

/** Subscribes and waits until the server has accepted. */
export async function subscribed(channel: RealtimeChannel): Promise<RealtimeChannel> {
  const { status, message } = await (await watch(channel)).next();
  assert.equal(status, "SUBSCRIBED", message);
  return channel;
}

export interface Received {
  event: string;
  payload: Record<string, unknown>;
  meta?: { id: string };
}

/** The broadcasts that a channel receives; ask before subscribing. */
export function broadcastsOf(channel: RealtimeChannel): Inbox<Received> {
  const received = new Inbox<Received>();
  channel.on("broadcast", { event: "*" }, (message) => received.push(message as unknown as Received));
  return received;
}

/** A WebSocket without the official client. */
export class RawSocket {
  readonly received = new Inbox<unknown>();
  readonly closed: Promise<CloseEvent>;

  private constructor(readonly socket: WebSocket) {
    socket.binaryType = "arraybuffer";
    this.closed = new Promise((resolve) => socket.onclose = resolve);
    socket.onmessage = ({ data }) => this.received.push(typeof data === "string" ? JSON.parse(data) : data);
    socket.onerror = (event) => event.preventDefault();
  }

  static async open(
    project: Project,
    { vsn = "2.0.0", key = project.keys.publishableKey } = {},
  ): Promise<RawSocket> {
    const address = `${project.url.replace("http", "ws")}/realtime/v1/websocket?apikey=${key}&vsn=${vsn}`;
    const socket = new WebSocket(address);
    const raw = new RawSocket(socket);
    await inTime("the socket did not open", (resolve) => {
      socket.onopen = resolve;
      raw.closed.then(resolve);
    });
    assert.equal(socket.readyState, WebSocket.OPEN);
    return raw;
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  async close(): Promise<void> {
    this.socket.close();
    await settledWithin(this.closed, patienceMs);
  }
}
