import type { Config } from "../config.ts";
import type { Runtime } from "../runtime.ts";
import { AppError } from "./errors.ts";

/** Who sent a request, as its gate established it. */
export type Actor =
  | { kind: "anonymous" }
  | {
    kind: "user";
    id: string;
    sessionId: string | null;
    token: string;
    /** How the token came, and when what brought it expires. */
    via: "token" | "cookie";
    endsAtMs: number;
  }
  | { kind: "service" };

export type UserActor = Extract<Actor, { kind: "user" }>;

const rememberedTokens = 10_000;
const rememberedMs = 60_000;

/**
 * Verifies access tokens and remembers those that were good until they expire but at most a minute: the signature
 * check costs more than all the rest of a small request.
 */
export class TokenVerifier {
  #remembered = new Map<string, { actor: UserActor; until: number }>();

  constructor(readonly runtime: Runtime) {}

  /**
   * The user whose token this is.
   *
   * @throws {AppError} INVALID_TOKEN when it is malformed, forged, expired or not a user's; TRY_AGAIN when the
   * project's keys cannot be read
   */
  verify(token: string): UserActor | Promise<UserActor> {
    const now = this.runtime.now().getTime();
    const known = this.#remembered.get(token);
    return known && known.until > now ? known.actor : this.#verifyAnew(token, now);
  }

  async #verifyAnew(token: string, now: number): Promise<UserActor> {
    const { actor, expiresAt } = await verifyUser(token, this.runtime.config);
    if (this.#remembered.size >= rememberedTokens) this.#remembered.clear();
    this.#remembered.set(token, { actor, until: Math.min(expiresAt, now + rememberedMs) });
    return actor;
  }
}

async function verifyUser(token: string, config: Config): Promise<{ actor: UserActor; expiresAt: number }> {
  const { verifyCredentials } = await import("@supabase/server/core");
  const { data, error } = await verifyCredentials({ token, apikey: null }, {
    auth: "user",
    audience: "authenticated",
    issuer: config.issuer,
    env: {
      url: config.supabaseUrl,
      publishableKeys: {},
      secretKeys: {},
      jwks: new URL(`${config.supabaseUrl}/auth/v1/.well-known/jwks.json`),
    },
  });
  if (error) throw new AppError(error.status >= 500 ? "TRY_AGAIN" : "INVALID_TOKEN", { cause: error });
  const { sub, role, exp, session_id: sessionId }: Record<string, unknown> = { ...data.jwtClaims };
  if (typeof sub !== "string" || role !== "authenticated" || typeof exp !== "number") {
    throw new AppError("INVALID_TOKEN");
  }
  const expiresAt = exp * 1000;
  return {
    actor: {
      kind: "user",
      id: sub,
      sessionId: typeof sessionId === "string" ? sessionId : null,
      token,
      via: "token",
      endsAtMs: expiresAt,
    },
    expiresAt,
  };
}

/** The bearer token of an Authorization header; null when there is none. API keys are not tokens. */
export function bearerToken(authorization: string | undefined): string | null {
  if (!authorization || !/^Bearer /i.test(authorization)) return null;
  const token = authorization.slice("Bearer ".length).trim();
  return token === "" || token.startsWith("sb_") ? null : token;
}
