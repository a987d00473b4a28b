/** Something that runs SQL: a database, or one transaction of it. */
export interface Sql {
  /** Runs one statement. Pass JSON as text and cast it (`$1::text::jsonb`): the drivers differ otherwise. */
  query<Row = Record<string, unknown>>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Runs a script of several statements, without parameters. */
  script(text: string): Promise<void>;
}

export interface Listener {
  onNotify(payload: string): void;
  /** Called when listening starts, and again after a lost connection: what was notified meanwhile is gone. */
  onListening(): void;
}

/** One database under the embedded stack: PGlite in this process, or a PostgreSQL server. */
export interface Database extends Sql {
  readonly kind: "pglite" | "postgres";
  /** Runs `work` between begin and commit; rolls back when it throws. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Hears of what is notified on a channel; the answer stops listening. */
  listen(channel: string, listener: Listener): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** PostgreSQL's text form of a timestamp in ISO 8601, as PostgREST writes it. */
export function isoTimestamp(text: string): string {
  return text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");
}
