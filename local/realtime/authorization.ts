import type { Database, Sql } from "../database/database.ts";
import type { Claims } from "../tokens.ts";
import { Limiter } from "./limiter.ts";

export type Extension = "broadcast" | "presence";
export type Permissions = Record<Extension, boolean>;

/** Who asks for what: everything that a policy on `realtime.messages` may look at. */
export interface Question {
  topic: string;
  claims: Claims;
  /** The `x-` headers of the request that opened the connection. */
  headers: Record<string, string>;
}

export type Log = (code: string, cause: unknown) => void;

/** The database did not answer, so nobody knows what is permitted. */
export class AuthorizationUnavailableError extends Error {
  override name = "AuthorizationUnavailableError";
}

/** Fewer than the database's connections, so that many joins at once hold up nobody else. */
const concurrentQuestions = 2;

/**
 * Answers from the policies on `realtime.messages`, as hosted does: reading is permitted to whom the policies show a
 * probe row of the topic, writing to whom they let insert one. The probes are always rolled back.
 *
 * A policy that fails permits nothing.
 */
export class Authorization {
  readonly #limiter = new Limiter(concurrentQuestions);

  constructor(readonly database: Database, readonly log: Log) {}

  canRead(question: Question): Promise<Permissions> {
    return this.#ask<Permissions>({ broadcast: false, presence: false }, async (sql) => {
      const probes = { broadcast: crypto.randomUUID(), presence: crypto.randomUUID() };
      await sql.query(
        "insert into realtime.messages (id, topic, extension) values ($1, $3, 'broadcast'), ($2, $3, 'presence')",
        [probes.broadcast, probes.presence, question.topic],
      );
      await become(sql, question);
      const rows = await sql.query<{ id: string }>(
        "select m.id::text as id from realtime.messages as m where m.id in ($1, $2)",
        [probes.broadcast, probes.presence],
      );
      const visible = new Set(rows.map((row) => row.id));
      return { broadcast: visible.has(probes.broadcast), presence: visible.has(probes.presence) };
    });
  }

  canWrite(question: Question, extension: Extension): Promise<boolean> {
    return this.#ask(false, async (sql) => {
      await become(sql, question);
      await sql.query("insert into realtime.messages (topic, extension) values ($1, $2)", [
        question.topic,
        extension,
      ]);
      return true;
    });
  }

  async #ask<Answer>(refusal: Answer, work: (sql: Sql) => Promise<Answer>): Promise<Answer> {
    try {
      return await this.#limiter.run(() => rolledBack(this.database, work));
    } catch (error) {
      const state = sqlState(error);
      if (state === insufficientPrivilege) return refusal;
      if (state === null) {
        throw new AuthorizationUnavailableError("The database is out of reach", { cause: error });
      }
      this.log("RlsPolicyError", error);
      return refusal;
    }
  }
}

const insufficientPrivilege = "42501";

/** SQLSTATE of an error that a statement raised; null when the connection or the server failed. */
function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || !("severity" in error)) return null;
  return error.severity === "ERROR" ? String(error.code) : null;
}

async function become(sql: Sql, { topic, claims, headers }: Question): Promise<void> {
  await sql.query(
    `select
       set_config('role', $1, true),
       set_config('realtime.topic', $2, true),
       set_config('request.jwt.claims', $3, true),
       set_config('request.jwt.claim.sub', $4, true),
       set_config('request.jwt.claim.role', $1, true),
       set_config('request.headers', $5, true)`,
    [claims.role, topic, JSON.stringify(claims), claims.sub ?? "", JSON.stringify(headers)],
  );
}

/** What `work` answers, in a transaction that leaves nothing behind. */
async function rolledBack<Answer>(database: Database, work: (sql: Sql) => Promise<Answer>): Promise<Answer> {
  const outcome: { answer?: Answer } = {};
  const rollback = new Error("The probes are done");
  await database.transaction(async (sql) => {
    outcome.answer = await work(sql);
    throw rollback;
  }).catch((error) => {
    if (error !== rollback) throw error;
  });
  // `work` has answered, or its error was thrown above.
  return outcome.answer as Answer;
}
