import type { Sql } from "../../database/database.ts";
import { type Exchange, inTransaction, type Work } from "../context.ts";
import { decodeBody } from "../decode.ts";
import { AuthError, OAuthError } from "../errors.ts";
import {
  answerSession,
  endSessions,
  findSession,
  insertRefreshToken,
  ipAddress,
  type SessionAnswer,
} from "../sessions.ts";
import { findUserById, isBanned, updateUser, type UserRow } from "../users.ts";

interface RefreshTokenRow {
  token: string;
  user_id: string;
  session_id: string | null;
  revoked: boolean;
  parent: string | null;
  updated_at: string;
}

/** `POST /token?grant_type=refresh_token` */
export async function grantRefreshToken(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const { refresh_token: token } = await decodeBody(exchange.request, "RefreshTokenGrantParams", {
    refresh_token: "string",
  });
  if (token === "") throw new OAuthError("invalid_request", "refresh_token required");
  // Tabs and requests of one client refresh at the same moment; they share one answer.
  let refresh = auth.refreshes.get(token);
  if (!refresh) {
    refresh = inTransaction(exchange, (work) => refreshSession(work, token))
      .finally(() => auth.refreshes.delete(token));
    auth.refreshes.set(token, refresh);
  }
  return Response.json(await refresh);
}

/** Gives the next token of a session; the lock on the user makes that atomic across processes too. */
async function refreshSession(
  work: Work,
  token: string,
): Promise<SessionAnswer | AuthError> {
  const { exchange, sql, now } = work;
  const found = await findRefreshToken(sql, token);
  const user = found && await findUserById(sql, found.user_id, { lock: true });
  const row = await findRefreshToken(sql, token);
  if (!row || !user || user.deleted_at) {
    throw refused("refresh_token_not_found", "Refresh Token Not Found");
  }
  if (isBanned(user, now)) throw refused("user_banned", "User Banned");
  const session = row.session_id && await findSession(sql, row.session_id);
  if (!session) throw refused("session_not_found", "No Valid Session Found");
  if (session.not_after && Date.parse(session.not_after) < now.getTime()) {
    throw refused("session_expired", "Session Expired");
  }
  const { sessionInactivityMs } = work.auth.config;
  if (sessionInactivityMs > 0 && Date.parse(session.active_at) + sessionInactivityMs < now.getTime()) {
    throw refused("session_expired", "Session Expired (Inactivity)");
  }
  const next = await nextToken(work, { row, sessionId: session.id, user });
  if (next instanceof AuthError) return next;
  const answer = await answerSession(work, {
    user: await findUserById(sql, user.id) ?? user,
    sessionId: session.id,
    refreshToken: next,
  });
  await sql.query(
    `update auth.sessions
     set refreshed_at = $2::timestamptz at time zone 'UTC', user_agent = $3, ip = $4, updated_at = $2::timestamptz
     where id = $1`,
    [session.id, now.toISOString(), exchange.request.headers.get("user-agent"), ipAddress(exchange)],
  );
  return answer;
}

/**
 * A used token gives the session's current one again to who did not get the answer, and a new one within the reuse
 * interval; after that its return is a theft, and the session ends (as in GoTrue's second token algorithm, whose
 * first one takes the revoked tokens for another ten seconds).
 */
async function nextToken(
  work: Work,
  { row, sessionId, user }: { row: RefreshTokenRow; sessionId: string; user: UserRow },
): Promise<string | AuthError> {
  const { auth: { config }, sql, now } = work;
  if (row.revoked) {
    const [active] = await sql.query<{ token: string; parent: string | null }>(
      `select token, parent from auth.refresh_tokens
       where session_id = $1 and not revoked
       order by created_at desc
       limit 1`,
      [sessionId],
    );
    if (active?.parent === row.token) return active.token;
    if (now.getTime() > Date.parse(row.updated_at) + config.refreshTokenReuseSeconds * 1000) {
      if (config.refreshTokenRotation) await endSessions(sql, user.id, { only: sessionId });
      return refused("refresh_token_already_used", "Already Used");
    }
  }
  await sql.query(
    "update auth.refresh_tokens set revoked = true, updated_at = $2 where token = $1 and not revoked",
    [row.token, now.toISOString()],
  );
  const next = await insertRefreshToken(work, { userId: user.id, sessionId, parent: row.token });
  await updateUser(work, user.id, { last_sign_in_at: user.last_sign_in_at });
  return next;
}

async function findRefreshToken(sql: Sql, token: string): Promise<RefreshTokenRow | null> {
  const [row] = await sql.query<RefreshTokenRow>(
    "select token, user_id, session_id, revoked, parent, updated_at from auth.refresh_tokens where token = $1 limit 1",
    [token],
  );
  return row ?? null;
}

function refused(code: string, reason: string): AuthError {
  return new AuthError(400, code, `Invalid Refresh Token: ${reason}`);
}
