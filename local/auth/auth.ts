import type { Database } from "../database/database.ts";
import type { Lite } from "../database/lite.ts";
import type { Inbox } from "../inbox.ts";
import type { TokenAuthority } from "../tokens.ts";
import { Attempts } from "./codes.ts";
import type { AuthConfig } from "./config.ts";
import type { AuthContext, Caller } from "./context.ts";
import { GoogleKeys } from "./google.ts";
import { Limits } from "./limits.ts";
import { createRouter } from "./router.ts";

export interface AuthOptions {
  database: Database;
  lite: Lite;
  tokens: TokenAuthority;
  inbox: Inbox;
  config: AuthConfig;
  clock: () => Date;
  /** Hears of failures that are answered with 500; an error of the database may quote a row. */
  report?: (error: unknown) => void;
}

/**
 * Supabase Auth: the same requests and answers as GoTrue's, on our database, inbox and signing key.
 *
 * lite serves the redirects to Google only. Its other writes are not atomic, come in another order than GoTrue's (a
 * trigger on the confirmation never fires) and cannot be mended from outside.
 */
export interface Auth {
  /** Answers a request under `/auth/v1` whose API key the gateway has checked. */
  fetch(request: Request, caller: Caller): Promise<Response>;
}

export function createAuth({ report = () => {}, ...options }: AuthOptions): Auth {
  const { config, clock } = options;
  const context: AuthContext = {
    ...options,
    limits: new Limits(config.limits, clock),
    attempts: new Attempts(config.sms.attemptsPerCode),
    googleKeys: new GoogleKeys(config.google.jwksUrl),
    refreshes: new Map(),
  };
  const route = createRouter(context, report);
  return { fetch: route };
}
