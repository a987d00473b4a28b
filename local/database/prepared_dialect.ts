import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
// @ts-types="@types/pg"
import type pg from "pg";
import { ConnectionFailure } from "./connection_failure.ts";

/** Statements that are prepared; the API's are few, and what comes after them is not worth a server's memory. */
const maxPrepared = 1000;

/**
 * One connection of a pool. Statements are prepared once per connection, which saves parsing and planning each time, as
 * PostgREST does; BEGIN goes out together with the statement that follows it.
 */
class PreparedConnection implements DatabaseConnection {
  #begin: Promise<unknown> | null = null;

  constructor(readonly client: pg.PoolClient, readonly names: Map<string, string>) {}

  begin(): void {
    const begin = this.client.query("begin");
    // Its failure is reported by the statement that follows.
    begin.catch(() => {});
    this.#begin = begin;
  }

  async end(statement: "commit" | "rollback"): Promise<void> {
    try {
      await this.#begin;
      await this.client.query(statement);
    } catch (error) {
      throw ConnectionFailure.from(error);
    }
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const running = this.client.query({ ...this.#prepared(sql), text: sql, values: [...parameters] });
    const [begun, answer] = await Promise.allSettled([this.#begin, running]);
    if (begun.status === "rejected") throw ConnectionFailure.from(begun.reason);
    if (answer.status === "rejected") throw ConnectionFailure.from(answer.reason);
    const { rows, rowCount } = answer.value;
    return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
  }

  // deno-lint-ignore require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("lite does not stream");
  }

  release(): void {
    this.client.release();
  }

  #prepared(text: string): { name?: string } {
    let name = this.names.get(text);
    if (!name) {
      if (this.names.size >= maxPrepared) return {};
      this.names.set(text, name = `lite_${this.names.size}`);
    }
    return { name };
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw ConnectionFailure.from(error);
  }
}

/** A Kysely dialect for node-postgres that costs fewer round trips than the usual one. */
export function preparedDialect(pool: pg.Pool): Dialect {
  const names = new Map<string, string>();
  const driver: Driver = {
    init: () => Promise.resolve(),
    acquireConnection: async () => new PreparedConnection(await connect(pool), names),
    beginTransaction: (connection) => Promise.resolve((connection as PreparedConnection).begin()),
    commitTransaction: (connection) => (connection as PreparedConnection).end("commit"),
    rollbackTransaction: (connection) => (connection as PreparedConnection).end("rollback"),
    releaseConnection: (connection) => Promise.resolve((connection as PreparedConnection).release()),
    destroy: () => Promise.resolve(),
  };
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
