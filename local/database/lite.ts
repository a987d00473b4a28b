import { App, setExperimental } from "@supabase/lite";
import { type Kysely, sql } from "kysely";
import type { Files } from "../storage/files.ts";
import type { Claims } from "../tokens.ts";
import type { PgliteDatabase } from "./pglite.ts";
import type { PostgresDatabase } from "./postgres.ts";

/** Who a request acts as, decided by the gateway before lite sees it. */
export interface Identity {
  key: "publishable" | "secret";
  claims: Claims;
}

export interface LiteOptions {
  jwtSecret: string;
  siteUrl: string;
  /** Seconds that an access token lives. */
  jwtExpiry: number;
  auth: Record<string, unknown>;
  /** Where Storage keeps what is uploaded. */
  files: Files;
  sendEmail(message: { to: string; subject: string; text?: string }): void;
}

export interface Lite {
  fetch(request: Request, identity: Identity): Promise<Response>;
}

/**
 * The official PostgREST- and Auth-compatible server over our database.
 *
 * It takes each request's identity from the gateway instead of a token, so a request costs no look-up of user and
 * session, and access tokens of the outside (ES256) and of lite (HS256) never meet.
 */
export async function createLite(
  database: PgliteDatabase | PostgresDatabase,
  options: LiteOptions,
): Promise<Lite> {
  const identities = new WeakMap<Request, Identity>();
  const { connection } = database;
  keepPrivileges(connection);
  quietExpectedErrors();
  openTransactionsInOneStatement(connection);
  introspectOnce(connection);
  const app = new App({
    connection,
    api: { enabled: true, schemas: ["public"], max_rows: 1000 },
    auth: {
      enabled: true,
      jwt_secret: options.jwtSecret,
      jwt_expiry: options.jwtExpiry,
      site_url: options.siteUrl,
      ...options.auth,
    },
    storage: { enabled: true, file_size_limit: "10MiB" },
    options: {
      server: {
        apiKeys: false,
        admin: false,
        disableStudio: true,
        middlewares: [async (c, next) => {
          const identity = identities.get(c.req.raw);
          if (!identity) return c.json({ message: "No identity" }, 401);
          c.set("apiKeyType", identity.key);
          c.set("ignoreAuthorization", true);
          c.set("jwt", identity.claims);
          if (identity.claims.sub) c.set("userId", identity.claims.sub);
          if (typeof identity.claims.session_id === "string") c.set("sessionId", identity.claims.session_id);
          await next();
        }],
      },
      drivers: { email: { send: (message) => Promise.resolve(options.sendEmail(message)) } },
    },
  });
  app._storageAdapter = options.files;
  await app.init();
  // Its start prints a warning of experiments that are switched on by then.
  setExperimental("storage", true);
  return {
    fetch(request, identity) {
      identities.set(request, identity);
      return app.fetch(request);
    },
  };
}

let isQuiet = false;

/** lite prints every error of PostgreSQL with its stack and parameters, also those that commands raise on purpose. */
function quietExpectedErrors(): void {
  if (isQuiet) return;
  isQuiet = true;
  // deno-lint-ignore no-console -- lite has no logger that could be given another one
  const print = console.error;
  // deno-lint-ignore no-console -- as above
  console.error = (...parts: unknown[]) => {
    const error = parts.find((part) => part instanceof Error);
    const code = error && "code" in error ? error.code : undefined;
    if (typeof code !== "string" || !/^([0-9A-Z]{5}|ERR_JW[ST]_\w+)$/.test(code)) print(...parts);
  };
}

type Connection = PgliteDatabase["connection"] | PostgresDatabase["connection"];

/**
 * lite's first request would grant everything in every schema with a table under RLS to the API's roles, and so undo
 * our migrations' privileges. It skips that when it believes to have done it.
 */
function keepPrivileges(connection: Connection): void {
  Object.assign(connection, { rlsState: "active" });
}

/**
 * lite walks through every column of the database for each request. The API exposes one schema, and it changes with
 * migrations only, which run before.
 */
function introspectOnce(connection: Connection): void {
  const introspect = connection.introspect.bind(connection);
  let known: ReturnType<typeof introspect> | undefined;
  const readExposed = async () => {
    const all = await introspect();
    const columns = all.columns.filter((column) => column.schema === "public");
    return { ...all, columns };
  };
  const read = () =>
    known ??= readExposed().catch((error) => {
      known = undefined;
      throw error;
    });
  Object.assign(connection, { introspect: read });
}

/** What lite knows of a request when it opens its transaction. */
interface RequestContext {
  auth?: { role?: string; uid?: string | null; jwt?: unknown };
  storage?: { operation?: string };
}

interface ContextOptions {
  transaction?: Kysely<unknown>;
  rpc?: { method: string; path: string; requestHeaders?: Record<string, string>; readOnly: boolean };
  forceRollback?: boolean;
}

/**
 * lite opens a request's transaction with ten statements, each a round trip: role, claims and headers one by one. Ours
 * sets the same in one.
 */
function openTransactionsInOneStatement(connection: Connection): void {
  // lite knows no schema; without one a connection and its transactions are the same to us.
  const database: Kysely<unknown> = connection.kysely;
  const withContext = <T>(
    context: RequestContext | undefined,
    work: (on: Kysely<unknown>) => Promise<T>,
    options: ContextOptions = {},
  ): Promise<T> => {
    if (!context && !options.rpc) return work(options.transaction ?? database);
    const run = async (on: Kysely<unknown>) => {
      await setContext(on, context ?? {}, options.rpc);
      return await work(on);
    };
    if (options.transaction && !options.forceRollback) return run(options.transaction);
    return committed(database, run, (result) => !options.forceRollback && !isRefusal(result));
  };
  Object.assign(connection, { withContext });
}

/** lite answers a write of none or several rows where one must be with 406, but keeps what it refuses; PostgREST does not. */
function isRefusal(result: unknown): boolean {
  return result instanceof Response && result.status >= 400;
}

/**
 * Does the work, and takes it back unless its result is to be kept: Storage asks so whether somebody may write, before it
 * touches a file.
 */
async function committed<T>(
  database: Kysely<unknown>,
  run: (on: Kysely<unknown>) => Promise<T>,
  isKept: (result: T) => boolean,
): Promise<T> {
  const undo = new Error("undo");
  let result: { value: T } | undefined;
  try {
    await database.transaction().execute(async (on) => {
      result = { value: await run(on) };
      if (!isKept(result.value)) throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  if (!result) throw undo;
  return result.value;
}

async function setContext(
  on: Kysely<unknown>,
  { auth, storage }: RequestContext,
  rpc: ContextOptions["rpc"],
) {
  const role = auth?.role ?? "anon";
  // One boolean comes back instead of everything that was set.
  await sql`
    select concat(
      set_config('role', ${role}, true),
      set_config('request.jwt.claim.sub', ${auth?.uid ?? ""}, true),
      set_config('request.jwt.claim.role', ${role}, true),
      set_config('request.jwt.claims', ${JSON.stringify(auth?.jwt ?? {})}, true),
      set_config('storage.operation', ${storage?.operation ?? ""}, true),
      set_config('response.status', '', true),
      set_config('response.headers', '', true),
      set_config('request.method', ${rpc?.method ?? ""}, true),
      set_config('request.path', ${rpc?.path ?? ""}, true),
      set_config('request.headers', ${JSON.stringify(rpc?.requestHeaders ?? {})}, true),
      set_config('transaction_read_only', ${rpc?.readOnly ? "on" : "off"}, true)
    ) is not null
  `.execute(on);
}
