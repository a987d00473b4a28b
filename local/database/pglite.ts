import type { PGlite, Transaction } from "@electric-sql/pglite";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { cube } from "@electric-sql/pglite/contrib/cube";
import { earthdistance } from "@electric-sql/pglite/contrib/earthdistance";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { vector } from "@electric-sql/pglite/vector";
import { createPgliteConnection, type PgliteConnection } from "@supabase/lite/pglite";
import { Kysely } from "kysely";
import { type Database, isoTimestamp, type Listener, type Sql } from "./database.ts";
import { keepingExitCode, lockedDialect } from "./locked_dialect.ts";

/** PGlite and lite's connection over it; both use one session, so both go through its lock. */
export class PgliteDatabase implements Database {
  readonly kind = "pglite";

  private constructor(readonly connection: PgliteConnection) {}

  /** Opens the data folder, or a database in memory. */
  static async open(folder: string | "memory"): Promise<PgliteDatabase> {
    const connection = await createPgliteConnection({
      url: folder === "memory" ? "memory://" : folder,
      pgliteOptions: {
        extensions: { btree_gist, cube, earthdistance, pg_trgm, pgcrypto, vector },
        parsers: { 1114: isoTimestamp, 1184: isoTimestamp },
      },
    });
    connection.kysely = new Kysely({ dialect: lockedDialect(connection.driver) });
    await connection.driver.waitReady.catch((cause) => {
      throw new Error(`PGlite cannot open ${folder}: ${fileSystemProblem(cause)}`, { cause });
    });
    keepStackPointer(connection.driver);
    return new PgliteDatabase(connection);
  }

  get #db(): PGlite {
    return this.connection.driver;
  }

  query<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return run(this.#db, text, parameters);
  }

  async script(text: string): Promise<void> {
    await keepingExitCode(this.#db.exec(text));
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#db.transaction((tx) =>
      work({
        query: (text, parameters = []) => run(tx, text, parameters),
        script: async (text) => void await keepingExitCode(tx.exec(text)),
      })
    );
  }

  async listen(channel: string, { onNotify, onListening }: Listener): Promise<() => Promise<void>> {
    const unlisten = await this.#db.listen(channel, onNotify);
    onListening();
    return unlisten;
  }

  /** The whole data folder as a tar archive. */
  dump(): Promise<Blob> {
    return this.#db.dumpDataDir("none");
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

/** What of PGlite's inside is read and wrapped here; its types keep it private. */
interface Inside {
  mod: { ___stack_pointer: WebAssembly.Global };
  execProtocolRawSync(message: Uint8Array): Uint8Array;
}

/**
 * Gives PostgreSQL's C stack back after an error. PGlite 0.4 leaves the stack pointer where the error was raised, some
 * hundred bytes lower each time, until the stack runs into static memory after some ten thousand refusals.
 */
function keepStackPointer(db: PGlite): void {
  const inside = db as unknown as Inside;
  const execute = inside.execProtocolRawSync.bind(inside);
  const pointer = inside.mod.___stack_pointer;
  inside.execProtocolRawSync = (message) => {
    const before = pointer.value;
    try {
      return execute(message);
    } finally {
      pointer.value = before;
    }
  };
}

async function run<Row>(
  on: PGlite | Transaction,
  text: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  return (await keepingExitCode(on.query<Row>(text, [...parameters]))).rows;
}

/** PGlite's file system throws bare objects with WASI's error numbers. */
function fileSystemProblem(cause: unknown): string {
  const errno = typeof cause === "object" && cause !== null && "errno" in cause ? cause.errno : null;
  if (errno === 51) return "the disk is full";
  if (errno === 2 || errno === 69) return "the folder cannot be written";
  return cause instanceof Error ? cause.message : `error ${errno}`;
}
