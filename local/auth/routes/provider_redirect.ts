import { addMethod } from "../access_tokens.ts";
import { isUuid } from "../bearer.ts";
import { type Exchange, inTransaction } from "../context.ts";
import { answerSession, findSession } from "../sessions.ts";
import { findUserById } from "../users.ts";

/**
 * `GET /authorize` and `/callback`: lite's, which knows Google's pages. Only the session that it puts into the last
 * redirect is replaced: its token is of lite's own kind and must not leave.
 */
export async function providerRedirect(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const anonymous = { key: "publishable", claims: { role: "anon" } } as const;
  const answer = await auth.lite.fetch(exchange.request, anonymous);
  const location = answer.headers.get("location");
  if (!location) return answer;
  // lite repeats the location in the body, tokens included.
  await answer.body?.cancel();
  return new Response(null, {
    status: answer.status,
    headers: { location: await withOwnTokens(exchange, location) },
  });
}

async function withOwnTokens(exchange: Exchange, location: string): Promise<string> {
  const [target = "", fragment = ""] = location.split("#");
  const members = new URLSearchParams(fragment);
  const inner = members.get("access_token");
  if (!inner) return location;
  const { sub, session_id } = readInnerClaims(inner);
  const answer = await inTransaction(exchange, async (work) => {
    const user = isUuid(sub) ? await findUserById(work.sql, sub) : null;
    const session = isUuid(session_id) ? await findSession(work.sql, session_id) : null;
    if (!user || !session) throw new Error("lite answered with a session that does not exist");
    await addMethod(work, session.id, "oauth");
    const refreshToken = members.get("refresh_token") ?? "";
    return await answerSession(work, { user, sessionId: session.id, refreshToken });
  });
  members.set("access_token", answer.access_token);
  members.set("expires_in", String(answer.expires_in));
  members.set("expires_at", String(answer.expires_at));
  return `${target}#${members}`;
}

/** The claims of a token that lite has handed to us in this process, so its signature needs no check. */
function readInnerClaims(token: string): { sub?: unknown; session_id?: unknown } {
  const [, payload = ""] = token.split(".");
  return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(payload, { alphabet: "base64url" })));
}
