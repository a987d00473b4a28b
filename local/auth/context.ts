import type { Database, Sql } from "../database/database.ts";
import type { Lite } from "../database/lite.ts";
import type { Inbox, InboxMessage } from "../inbox.ts";
import type { TokenAuthority } from "../tokens.ts";
import type { Attempts } from "./codes.ts";
import type { AuthConfig } from "./config.ts";
import { AuthError } from "./errors.ts";
import type { GoogleKeys } from "./google.ts";
import type { Limits } from "./limits.ts";
import type { SessionAnswer } from "./sessions.ts";

/** Who calls: the key that the gateway has checked, and the address of the socket. */
export interface Caller {
  /** Null only on the paths that GoTrue serves without a key. */
  key: "publishable" | "secret" | null;
  address: string;
}

/** Everything that the handlers work with. */
export interface AuthContext {
  database: Database;
  lite: Lite;
  tokens: TokenAuthority;
  inbox: Inbox;
  config: AuthConfig;
  clock: () => Date;
  limits: Limits;
  /** Tries at SMS codes. */
  attempts: Attempts;
  googleKeys: GoogleKeys;
  /** Refreshes under way, by refresh token: who comes with the same token gets the same answer. */
  refreshes: Map<string, Promise<SessionAnswer>>;
}

/** One request and what is known of its sender. */
export interface Exchange {
  auth: AuthContext;
  request: Request;
  url: URL;
  caller: Caller;
  /** The address that limits count and sessions record; empty when unknown. */
  address: string;
}

export type Handler = (exchange: Exchange) => Promise<Response>;

/** One transaction of an exchange, the time at which it happens, and what is sent when it has committed. */
export interface Work {
  auth: AuthContext;
  exchange: Exchange;
  sql: Sql;
  now: Date;
  send(message: Omit<InboxMessage, "id" | "at">): void;
}

/**
 * Runs writes in one transaction. What throws undoes them; a returned {@link AuthError} is thrown after they have
 * been committed (a refusal that must leave a trace, such as a detected theft).
 */
export async function inTransaction<T>(
  exchange: Exchange,
  run: (work: Work) => Promise<T>,
): Promise<Exclude<T, AuthError>> {
  const { auth } = exchange;
  const outgoing: Omit<InboxMessage, "id" | "at">[] = [];
  const result = await auth.database.transaction((sql) =>
    run({ auth, exchange, sql, now: auth.clock(), send: (message) => void outgoing.push(message) })
  );
  for (const message of outgoing) auth.inbox.add(message);
  if (result instanceof AuthError) throw result;
  return result as Exclude<T, AuthError>;
}
