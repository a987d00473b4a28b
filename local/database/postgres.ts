import { createPostgresConnection, type PostgresConnection } from "@supabase/lite/postgres";
import { Kysely } from "kysely";
import postgres from "postgres";
import { type Database, isoTimestamp, type Listener, type Sql } from "./database.ts";
import { preparedDialect } from "./prepared_dialect.ts";

/** A server that does not answer within this time is down. */
const connectTimeoutSeconds = 2;

/** The driver would wait for up to 20 s before it looks for a lost server again. */
const backoffSeconds = (attempt: number) => Math.min(0.2 * attempt, 1);

/**
 * A PostgreSQL server: lite's pool for the requests, and one of our own for the platform's work (realtime,
 * sign-in, console), so that neither starves the other.
 */
export class PostgresDatabase implements Database {
  readonly kind = "postgres";

  private constructor(readonly connection: PostgresConnection, readonly pool: postgres.Sql) {}

  /** Connects as a superuser: the platform's roles are made through this connection. */
  static async open(url: string, { poolSize = 10 } = {}): Promise<PostgresDatabase> {
    const pool = postgres(url, {
      max: 4,
      connect_timeout: connectTimeoutSeconds,
      backoff: backoffSeconds,
      connection: { TimeZone: "UTC" },
      onnotice: () => {},
      types: isoTimestampTypes,
    });
    await pool`select 1`.catch(async (error) => {
      await pool.end({ timeout: 0 });
      throw error;
    });
    const connection = createPostgresConnection({
      url,
      postgresOptions: {
        max: poolSize,
        connect_timeout: connectTimeoutSeconds,
        backoff: backoffSeconds,
        onnotice: () => {},
        types: { ...isoTimestampTypes, ...jsonTextTypes },
      },
    });
    connection.kysely = new Kysely({ dialect: preparedDialect(connection.driver) });
    return new PostgresDatabase(connection, pool);
  }

  query<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return run(this.pool, text, parameters);
  }

  async script(text: string): Promise<void> {
    await this.pool.unsafe(text);
  }

  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const result = await this.pool.begin((tx) =>
      work({
        query: (text, parameters = []) => run(tx, text, parameters),
        script: async (text) => void await tx.unsafe(text),
      })
    );
    return result as T;
  }

  async listen(channel: string, { onNotify, onListening }: Listener): Promise<() => Promise<void>> {
    const { unlisten } = await this.pool.listen(channel, onNotify, onListening);
    return unlisten;
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end({ timeout: 1 }), this.connection.driver.end({ timeout: 1 })]);
  }
}

const isoTimestampTypes = {
  timestamp: { to: 1114, from: [1114], serialize: String, parse: isoTimestamp },
  timestamptz: { to: 1184, from: [1184], serialize: String, parse: isoTimestamp },
};

/** lite hands over JSON that is text already; encoding it again would store a JSON string. */
const jsonTextTypes = Object.fromEntries(
  ([["json", 114], ["jsonb", 3802]] as const).map(([name, oid]) => [name, {
    to: oid,
    from: [oid],
    serialize: (value: unknown) => typeof value === "string" ? value : JSON.stringify(value),
    parse: (text: string) => JSON.parse(text),
  }]),
);

async function run<Row>(on: postgres.ISql, text: string, parameters: readonly unknown[]): Promise<Row[]> {
  return [...await on.unsafe<Row[] & postgres.Row[]>(text, parameters as postgres.ParameterOrJSON<never>[])];
}
