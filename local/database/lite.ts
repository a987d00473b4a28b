import { App } from "@supabase/lite";
import { type Kysely, sql } from "kysely";
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
  setContextInOneStatement(connection);
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
  await app.init();
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
    const [error] = parts;
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) print(...parts);
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

/** lite sets a request's role and claims in six statements; each is a round trip inside the transaction. */
function setContextInOneStatement(connection: Connection): void {
  Object.assign(connection, {
    applyJwtSessionContext: async (
      on: Kysely<unknown>,
      vars: {
        auth?: { role?: string; uid?: string | null; jwt?: unknown };
        storage?: { operation?: string };
      },
    ) => {
      const role = vars.auth?.role ?? "anon";
      await sql`
        select
          set_config('role', ${role}, true),
          set_config('request.jwt.claim.sub', ${vars.auth?.uid ?? ""}, true),
          set_config('request.jwt.claim.role', ${role}, true),
          set_config('request.jwt.claims', ${JSON.stringify(vars.auth?.jwt ?? {})}, true),
          set_config('storage.operation', ${vars.storage?.operation ?? ""}, true)
      `.execute(on);
    },
    applyRpcRequestGucs: async (
      on: Kysely<unknown>,
      request: { method: string; path: string; requestHeaders?: Record<string, string> },
    ) => {
      await sql`
        select
          set_config('response.status', '', true),
          set_config('response.headers', '', true),
          set_config('request.method', ${request.method}, true),
          set_config('request.path', ${request.path}, true),
          set_config('request.headers', ${JSON.stringify(request.requestHeaders ?? {})}, true)
      `.execute(on);
    },
  });
}
