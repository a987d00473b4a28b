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
import type postgres from "postgres";

/**
 * One reserved connection of postgres.js. Statements are prepared once per connection, which saves parsing, planning
 * and a round trip each time, as PostgREST does; BEGIN goes out together with the statement that follows it.
 */
class PreparedConnection implements DatabaseConnection {
  #begin: Promise<unknown> | null = null;

  constructor(readonly sql: postgres.ReservedSql) {}

  begin(): void {
    this.#begin = this.sql.unsafe("begin").execute();
    // Its failure is reported by the statement that follows.
    this.#begin.catch(() => {});
  }

  async end(statement: "commit" | "rollback"): Promise<void> {
    await this.#begin;
    await this.sql.unsafe(statement);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const parameters = query.parameters as postgres.ParameterOrJSON<never>[];
    const options = { prepare: true, simple: false };
    const running = this.sql.unsafe<R[] & postgres.Row[]>(query.sql, parameters, options).execute();
    await this.#begin;
    const rows = await running;
    return { rows: [...rows], numAffectedRows: BigInt(rows.count ?? 0) };
  }

  // deno-lint-ignore require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("lite does not stream");
  }
}

/** A Kysely dialect for postgres.js that costs fewer round trips than the usual one. */
export function preparedDialect(pool: postgres.Sql): Dialect {
  const driver: Driver = {
    init: () => Promise.resolve(),
    acquireConnection: async () => new PreparedConnection(await pool.reserve()),
    beginTransaction: (connection) => Promise.resolve((connection as PreparedConnection).begin()),
    commitTransaction: (connection) => (connection as PreparedConnection).end("commit"),
    rollbackTransaction: (connection) => (connection as PreparedConnection).end("rollback"),
    releaseConnection: (connection) => Promise.resolve((connection as PreparedConnection).sql.release()),
    destroy: () => Promise.resolve(),
  };
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
