import type { PGlite, Transaction } from "@electric-sql/pglite";
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

/**
 * A connection that owns PGlite's transaction lock from begin to commit.
 *
 * PGlite is one session. Without the lock, parallel requests run inside each other's transaction, with each
 * other's role and claims.
 */
class LockedConnection implements DatabaseConnection {
  #open: { tx: Transaction; release: () => void; finished: Promise<void> } | null = null;

  constructor(readonly db: PGlite) {}

  begin(): Promise<void> {
    return new Promise((begun, failed) => {
      let release = () => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      const finished = this.db.transaction((tx) => {
        this.#open = { tx, release, finished };
        begun();
        return held;
      });
      finished.catch(failed);
    });
  }

  async commit(): Promise<void> {
    const open = this.#take();
    open?.release();
    await open?.finished;
  }

  async rollback(): Promise<void> {
    const open = this.#take();
    if (!open) return;
    try {
      await open.tx.rollback();
    } finally {
      open.release();
    }
    await open.finished;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const result = await keepingExitCode(
      (this.#open?.tx ?? this.db).query<R>(query.sql, [...query.parameters]),
    );
    return { rows: result.rows, numAffectedRows: BigInt(result.affectedRows ?? 0) };
  }

  // deno-lint-ignore require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("PGlite does not stream");
  }

  #take() {
    const open = this.#open;
    this.#open = null;
    return open;
  }
}

/** PGlite's runtime sets the process's exit code with every error that PostgreSQL raises. */
export async function keepingExitCode<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    Deno.exitCode = 0;
  }
}

/** A Kysely dialect for PGlite whose transactions exclude each other and every plain query. */
export function lockedDialect(db: PGlite): Dialect {
  const driver: Driver = {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(new LockedConnection(db)),
    beginTransaction: (connection) => (connection as LockedConnection).begin(),
    commitTransaction: (connection) => (connection as LockedConnection).commit(),
    rollbackTransaction: (connection) => (connection as LockedConnection).rollback(),
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  };
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
