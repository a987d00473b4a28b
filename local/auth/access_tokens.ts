import type { Claims } from "../tokens.ts";
import type { Sql } from "../database/database.ts";
import type { Work } from "./context.ts";
import type { UserRow } from "./users.ts";

/** How someone signed in, in the words of `amr`. */
export type AuthenticationMethod =
  | "password"
  | "otp"
  | "oauth"
  | "anonymous"
  | "magiclink"
  | "recovery"
  | "email/signup"
  | "email_change"
  | "invite";

/** Signs an access token with the claims of a hosted project; `amr` says how its session began. */
export async function mintAccessToken(
  { auth: { tokens, config }, sql, now }: Work,
  user: UserRow,
  sessionId: string,
): Promise<{ token: string; expiresAt: number }> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const claims: Claims = {
    sub: user.id,
    aud: user.aud,
    iat: issuedAt,
    email: user.email ?? "",
    phone: user.phone ?? "",
    app_metadata: user.raw_app_meta_data ?? {},
    user_metadata: user.raw_user_meta_data ?? {},
    role: user.role,
    aal: "aal1",
    amr: await readMethods(sql, sessionId),
    session_id: sessionId,
    is_anonymous: user.is_anonymous,
  };
  return {
    token: await tokens.sign(claims, config.jwtExpirySeconds),
    expiresAt: issuedAt + config.jwtExpirySeconds,
  };
}

/** Records how a session began. */
export async function addMethod(
  { sql, now }: Work,
  sessionId: string,
  method: AuthenticationMethod,
): Promise<void> {
  await sql.query(
    `insert into auth.mfa_amr_claims (id, session_id, authentication_method, created_at, updated_at)
     values ($1, $2, $3, $4, $4)
     on conflict (session_id, authentication_method) do update set updated_at = excluded.updated_at`,
    [crypto.randomUUID(), sessionId, method, now.toISOString()],
  );
}

async function readMethods(sql: Sql, sessionId: string): Promise<{ method: string; timestamp: number }[]> {
  const rows = await sql.query<{ method: string; at: string }>(
    `select authentication_method as method, updated_at as at
     from auth.mfa_amr_claims
     where session_id = $1
     order by updated_at desc`,
    [sessionId],
  );
  return rows.map(({ method, at }) => ({ method, timestamp: Math.floor(Date.parse(at) / 1000) }));
}
