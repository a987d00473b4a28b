import type { Database, Sql } from "../../local/database/database.ts";

/** The people of the table: who they are to the booking that everything is about. */
export interface Scenario {
  attendee: string;
  provider: string;
  stranger: string;
  event: string;
  booking: string;
  /** A one-to-one booking of the attendee, with a meeting that is open, a private note of theirs and a recording. */
  meeting: string;
  /** The provider's webhook endpoint. */
  endpoint: string;
  /** A delivery to it. */
  webhook: string;
  schedule: string;
  blocked: string;
  offering: string;
  /** The provider's. */
  notification: string;
  /** What the attendee said of an earlier booking with the provider. */
  review: string;
  /** A one-to-one booking of the attendee, and its payment. */
  time: string;
  payment: string;
  waiting: string;
}

export const roles = [
  "visitor",
  "stranger",
  "attendee",
  "provider",
  "administrator",
  "service role",
] as const;
export type Role = (typeof roles)[number];

/** Runs something as one of them, and takes back whatever it did. */
export class Access {
  constructor(readonly database: Database, readonly scenario: Scenario) {}

  /** The answer of `work`, or the code of its error. */
  async as<T>(role: Role, work: (sql: Sql) => Promise<T>): Promise<T | { code: string; message: string }> {
    const rollback = new Error("rollback");
    let answer: T | { code: string; message: string } | undefined;
    try {
      await this.database.transaction(async (sql) => {
        await this.#become(sql, role);
        answer = await work(sql);
        throw rollback;
      });
    } catch (error) {
      if (error !== rollback) answer = error as { code: string; message: string };
    }
    return answer as T | { code: string; message: string };
  }

  async #become(sql: Sql, role: Role): Promise<void> {
    const { scenario } = this;
    const user = role === "stranger" || role === "attendee" || role === "provider" ? scenario[role] : null;
    const databaseRole = user
      ? "authenticated"
      : ({ visitor: "anon", administrator: "migrator", "service role": "service_role" } as Record<
        string,
        string
      >)[role]!;
    if (databaseRole === "migrator") return await sql.script("set local role migrator");
    const claims = JSON.stringify({ role: databaseRole, ...(user ? { sub: user, session_id: user } : {}) });
    await sql.query("select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", [
      databaseRole,
      claims,
    ]);
  }
}

const isDenied = (answer: unknown) =>
  typeof answer === "object" && answer !== null && "code" in answer &&
  (answer as { code: string }).code === "42501";

interface Relation {
  name: string;
  isView: boolean;
  columns: string[];
  /** Finds the scenario's row. */
  where: string;
}

/** What one role may do with the scenario's row of a table or view: `select insert update(columns) delete`. */
export async function relationAccess(access: Access, role: Role, relation: Relation): Promise<string> {
  const { name, columns, where } = relation;
  const affects = async (statement: string) => {
    const answer = await access.as(role, (sql) => sql.query(statement));
    if (isDenied(answer)) return false;
    // Any other error came after the privileges had been checked.
    return Array.isArray(answer) ? answer.length > 0 : true;
  };
  const allowed: string[] = [];
  if (await affects(`select 1 from ${name} where ${where} limit 1`)) allowed.push("select");
  if (!relation.isView) {
    if (
      await affects(
        `insert into ${name} (${columns.join(", ")}) select ${
          columns.join(", ")
        } from ${name} where ${where} returning 1`,
      )
    ) {
      allowed.push("insert");
    }
    const updatable: string[] = [];
    for (const column of columns) {
      if (await affects(`update ${name} set ${column} = ${column} where ${where} returning 1`)) {
        updatable.push(column);
      }
    }
    if (updatable.length === columns.length) allowed.push("update");
    else if (updatable.length > 0) allowed.push(`update(${updatable.join(", ")})`);
    if (await affects(`delete from ${name} where ${where} returning 1`)) allowed.push("delete");
  }
  return allowed.join(" ") || "–";
}

/** What a call of a command comes to: ok, the code that it raises, or – where it may not be called. */
export async function commandAccess(access: Access, role: Role, statement: string): Promise<string> {
  const answer = await access.as(role, (sql) => sql.query(statement));
  if (Array.isArray(answer)) return "ok";
  if (isDenied(answer)) return "–";
  const { code, message } = answer as { code: string; message: string };
  return code.startsWith("PT") ? message : code;
}

/** Whether one role may join a topic, and send on it, as Realtime finds out: by reading and writing as that role. */
export async function topicAccess(access: Access, role: Role, topic: string): Promise<string> {
  const allowed: string[] = [];
  const withTopic = async (sql: Sql) =>
    void await sql.query("select set_config('realtime.topic', $1, true)", [topic]);
  const joins = await access.as(role, async (sql) => {
    await withTopic(sql);
    return await sql.query("select 1 from realtime.messages where topic = $1 and extension = 'broadcast'", [
      topic,
    ]);
  });
  if (Array.isArray(joins) && joins.length > 0) allowed.push("join");
  const sends = await access.as(role, async (sql) => {
    await withTopic(sql);
    return await sql.query("insert into realtime.messages (topic, extension) values ($1, 'broadcast')", [
      topic,
    ]);
  });
  if (Array.isArray(sends)) allowed.push("send");
  return allowed.join(" ") || "–";
}
