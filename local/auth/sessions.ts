import type { Sql } from "../database/database.ts";
import { addMethod, type AuthenticationMethod, mintAccessToken } from "./access_tokens.ts";
import { isIpAddress } from "./client_address.ts";
import { randomText } from "./codes.ts";
import type { Exchange, Work } from "./context.ts";
import { findIdentities } from "./identities.ts";
import type { JsonObject } from "./json.ts";
import { userJson } from "./user_json.ts";
import { updateUser, type UserRow } from "./users.ts";

/** What every sign-in answers. */
export interface SessionAnswer {
  access_token: string;
  token_type: "bearer";
  expires_in: number;
  expires_at: number;
  refresh_token: string;
  user: JsonObject;
}

export interface SessionRow {
  id: string;
  user_id: string;
  created_at: string;
  not_after: string | null;
  /** Its last refresh, or else its start. */
  active_at: string;
}

export async function findSession(sql: Sql, id: string): Promise<SessionRow | null> {
  const [session] = await sql.query<SessionRow>(
    `select id, user_id, created_at, not_after, coalesce(refreshed_at at time zone 'UTC', created_at) as active_at
     from auth.sessions where id = $1`,
    [id],
  );
  return session ?? null;
}

/** Starts a session: its row, its first refresh token, the time on the user, how it began; in GoTrue's order. */
export async function issueSession(
  work: Work,
  { user, method }: { user: UserRow; method: AuthenticationMethod },
): Promise<SessionAnswer> {
  const { exchange, sql, now } = work;
  const sessionId = crypto.randomUUID();
  await sql.query(
    `insert into auth.sessions (id, user_id, aal, user_agent, ip, created_at, updated_at)
     values ($1, $2, 'aal1', $3, $4, $5, $5)`,
    [sessionId, user.id, exchange.request.headers.get("user-agent"), ipAddress(exchange), now.toISOString()],
  );
  const refreshToken = await insertRefreshToken(work, { userId: user.id, sessionId, parent: null });
  const signedIn = await updateUser(work, user.id, { last_sign_in_at: now.toISOString() });
  await addMethod(work, sessionId, method);
  return await answerSession(work, { user: signedIn, sessionId, refreshToken });
}

/** The answer for a session that exists. */
export async function answerSession(
  work: Work,
  { user, sessionId, refreshToken }: { user: UserRow; sessionId: string; refreshToken: string },
): Promise<SessionAnswer> {
  const minted = await mintAccessToken(work, user, sessionId);
  return {
    access_token: minted.token,
    token_type: "bearer",
    expires_in: work.auth.config.jwtExpirySeconds,
    expires_at: minted.expiresAt,
    refresh_token: refreshToken,
    user: userJson(user, await findIdentities(work.sql, user.id)),
  };
}

export interface NewRefreshToken {
  userId: string;
  sessionId: string;
  /** The token that was given for this one. */
  parent: string | null;
}

export async function insertRefreshToken(
  { sql, now }: Work,
  { userId, sessionId, parent }: NewRefreshToken,
): Promise<string> {
  const token = randomText(16);
  await sql.query(
    `insert into auth.refresh_tokens (id, token, user_id, session_id, parent, revoked, created_at, updated_at)
     values ($1, $2, $3, $4, $5, false, $6, $6)`,
    [crypto.randomUUID(), token, userId, sessionId, parent, now.toISOString()],
  );
  return token;
}

/** Ends sessions of a user, and with them their refresh tokens: one, all, or all but one. */
export async function endSessions(
  sql: Sql,
  userId: string,
  which: { only: string } | { except: string } | "all",
): Promise<void> {
  if (which === "all") {
    await sql.query("delete from auth.sessions where user_id = $1", [userId]);
  } else if ("only" in which) {
    await sql.query("delete from auth.sessions where user_id = $1 and id = $2", [userId, which.only]);
  } else {
    await sql.query("delete from auth.sessions where user_id = $1 and id <> $2", [userId, which.except]);
  }
}

/** The tokens as the fragment of a redirect. */
export function sessionFragment(answer: SessionAnswer, members: Record<string, string>): string {
  const fragment = new URLSearchParams({
    access_token: answer.access_token,
    expires_at: String(answer.expires_at),
    expires_in: String(answer.expires_in),
    refresh_token: answer.refresh_token,
    token_type: answer.token_type,
    ...members,
  });
  fragment.sort();
  return fragment.toString();
}

/** The address for a column of type inet. */
export function ipAddress({ address }: Exchange): string | null {
  return isIpAddress(address) ? address : null;
}
