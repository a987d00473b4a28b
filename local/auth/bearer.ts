import type { Claims } from "../tokens.ts";
import type { AuthContext, Exchange } from "./context.ts";
import { AuthError } from "./errors.ts";
import { findSession, type SessionRow } from "./sessions.ts";
import { findUserById, isBanned, type UserRow } from "./users.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: unknown): text is string {
  return typeof text === "string" && uuid.test(text);
}

/** Who sent a request with a user's access token. */
export interface Bearer {
  user: UserRow;
  /** Null for tokens that name no session. */
  session: SessionRow | null;
}

/**
 * The user whose access token the request carries, whose session still lives.
 *
 * @throws {AuthError} as GoTrue refuses; the ban is checked too, which GoTrue leaves to the next refresh
 */
export async function requireUser(exchange: Exchange): Promise<Bearer> {
  const { auth } = exchange;
  const claims = await readClaims(exchange);
  if (!claims.sub) throw badJwt("invalid claim: missing sub claim");
  if (!isUuid(claims.sub)) throw new AuthError(400, "bad_jwt", "invalid claim: sub claim must be a UUID");
  const user = await findUserById(auth.database, claims.sub);
  if (!user || user.deleted_at) {
    throw new AuthError(403, "user_not_found", "User from sub claim in JWT does not exist");
  }
  const session = await requireSession(auth, claims.session_id);
  if (isBanned(user, auth.clock())) throw new AuthError(403, "user_banned", "User is banned");
  return { user, session };
}

/**
 * Lets only the secret key pass.
 *
 * @throws {AuthError} 401 without credentials, 403 for everybody else
 */
export async function requireAdmin(exchange: Exchange): Promise<void> {
  if (!exchange.request.headers.has("authorization") && exchange.caller.key === "secret") return;
  const claims = await readClaims(exchange);
  if (claims.role !== "service_role") throw new AuthError(403, "not_admin", "User not allowed");
}

async function requireSession(auth: AuthContext, sessionId: unknown): Promise<SessionRow | null> {
  if (sessionId === undefined || sessionId === "") return null;
  if (!isUuid(sessionId)) throw badJwt("invalid claim: session_id claim must be a UUID");
  const session = await findSession(auth.database, sessionId);
  if (!session) {
    throw new AuthError(403, "session_not_found", "Session from session_id claim in JWT does not exist");
  }
  return session;
}

/** The claims of the bearer token. Like the gateway of a hosted project, this takes an API key for its role. */
async function readClaims({ auth, request, caller }: Exchange): Promise<Claims> {
  const [, token] = /^[Bb]earer (\S+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
  if (!token) throw new AuthError(401, "no_authorization", "This endpoint requires a Bearer token");
  if (token.startsWith("sb_secret_") && caller.key === "secret") return { role: "service_role" };
  if (token.startsWith("sb_publishable_") && caller.key !== null) return { role: "anon" };
  const parts = token.split(".").length;
  if (parts !== 3) {
    throw badJwt(unverifiable(`token is malformed: token contains an invalid number of segments`));
  }
  const verification = await auth.tokens.verify(token);
  if (!verification.ok) {
    throw badJwt(unverifiable(verification.reason === "expired" ? expired : "token signature is invalid"));
  }
  const { claims } = verification;
  // The authority goes by the clock of the machine; a stack with its own clock means its own.
  if (typeof claims.exp !== "number" || claims.exp * 1000 <= auth.clock().getTime()) {
    throw badJwt(unverifiable(expired));
  }
  return claims;
}

const expired = "token has invalid claims: token is expired";

function unverifiable(reason: string): string {
  return `invalid JWT: unable to parse or verify signature, ${reason}`;
}

function badJwt(message: string): AuthError {
  return new AuthError(403, "bad_jwt", message);
}
