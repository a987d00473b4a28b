import { createPostgresConnection, type PostgresConnection } from "@supabase/lite/postgres";
import { Kysely } from "kysely";
// @ts-types="@types/pg"
import pg from "pg";
import { parse as parseArray } from "postgres-array";
import { ConnectionFailure } from "./connection_failure.ts";
import { type Database, isoTimestamp, type Listener, type Sql } from "./database.ts";
import { PostgresListener } from "./postgres_listener.ts";
import { preparedDialect } from "./prepared_dialect.ts";

/**
 * A PostgreSQL server: a pool for the requests that lite answers, and one for the platform's work (realtime, sign-in,
 * console), so that neither starves the other.
 */
export class PostgresDatabase implements Database {
  readonly kind = "postgres";
  readonly #listeners = new Set<PostgresListener>();
  #closed: Promise<void> | undefined;

  private constructor(
    readonly config: pg.ClientConfig,
    readonly pool: pg.Pool,
    readonly requests: pg.Pool,
    readonly connection: PostgresConnection,
  ) {}

  /**
   * Connects as a superuser: the platform's roles are made through this connection.
   *
   * @param options.connectTimeoutMs a server that takes no connection within this time is down
   */
  static async open(
    url: string,
    { poolSize = 10, connectTimeoutMs = 10_000 }: { poolSize?: number; connectTimeoutMs?: number } = {},
  ): Promise<PostgresDatabase> {
    const settings = connection(url, connectTimeoutMs);
    const config = { ...settings, types: readTypes(await arrayTypes(settings)) };
    const pool = openPool(config, 4);
    const requests = openPool(config, poolSize);
    // lite's own driver connects when it is first used, and so never.
    const lite = createPostgresConnection({ url });
    lite.kysely = new Kysely({ dialect: preparedDialect(requests) });
    return new PostgresDatabase(config, pool, requests, lite);
  }

  query<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return run(this.pool, text, parameters);
  }

  async script(text: string): Promise<void> {
    await this.pool.query(text);
  }

  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query("begin");
      const result = await work({
        query: (text, parameters = []) => run(client, text, parameters),
        script: async (text) => void await client.query(text),
      });
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch(() => {});
      throw error;
    } finally {
      client.release();
    }
  }

  async listen(channel: string, listener: Listener): Promise<() => Promise<void>> {
    const listening = new PostgresListener(() => new pg.Client(this.config), channel, listener);
    this.#listeners.add(listening);
    await listening.start();
    return async () => {
      this.#listeners.delete(listening);
      await listening.stop();
    };
  }

  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#listeners].map((listener) => listener.stop()));
    const ended = Promise.all([this.pool.end(), this.requests.end()]);
    // A server that does not answer any more would be waited for without end.
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, 1000);
    await Promise.race([ended, late]);
    clearTimeout(timer);
  }
}

function connection(url: string, connectTimeoutMs: number): pg.ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    options: "-c TimeZone=UTC",
    keepAlive: true,
  };
}

/** What the arrays of PostgreSQL's own types hold, by the number of their type. */
async function arrayTypes(config: pg.ClientConfig): Promise<Map<number, number>> {
  const client = new pg.Client(config);
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query("select typarray::int, oid::int from pg_type where typarray <> 0");
    return new Map(rows.map(({ typarray, oid }) => [typarray, oid]));
  } catch (error) {
    throw ConnectionFailure.from(error);
  } finally {
    await client.end();
  }
}

/** A pool whose callers wait for a free connection as long as they like, but not for a server that is down. */
function openPool(config: pg.ClientConfig, max: number): pg.Pool {
  class Client extends pg.Client {
    constructor() {
      super({ ...config, pipeline: true });
    }
  }
  const pool = new pg.Pool({ max, Client, idleTimeoutMillis: 0 });
  // What a lost connection was doing fails by itself; the pool opens another one.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

const parsers: Record<number, (text: string) => unknown> = {
  20: exactNumber((text) => BigInt(text)),
  1700: exactNumber((text) => text),
  1082: (text) => text,
  1083: (text) => text,
  1266: (text) => text,
  1114: isoTimestamp,
  1184: isoTimestamp,
  1186: (text) => text,
};

/** How values are read: as PostgREST writes them in JSON, dates and times as text. */
function readTypes(elements: ReadonlyMap<number, number>): pg.CustomTypesConfig {
  const scalar = (oid: number) => parsers[oid] ?? pg.types.getTypeParser(oid);
  return {
    getTypeParser: (oid) => {
      const element = elements.get(oid);
      if (element === undefined) return scalar(oid);
      const parse = scalar(element);
      return (text: string) => parseArray(text, parse);
    },
  };
}

/** A number, where it is as exact as the text. */
function exactNumber(otherwise: (text: string) => unknown) {
  return (text: string) => {
    const number = Number(text);
    return Number.isFinite(number) && String(number) === text ? number : otherwise(text);
  };
}

async function run<Row>(
  on: pg.Pool | pg.PoolClient,
  text: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  return (await on.query(text, [...parameters])).rows;
}
