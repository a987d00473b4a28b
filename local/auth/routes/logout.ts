import { requireUser } from "../bearer.ts";
import { type Exchange, inTransaction } from "../context.ts";
import { validationFailed } from "../errors.ts";
import { endSessions } from "../sessions.ts";
import { findUserById } from "../users.ts";

/** `POST /logout`: ends this session, the others, or by default all of them. */
export async function logout(exchange: Exchange): Promise<Response> {
  const scope = exchange.url.searchParams.get("scope") || "global";
  const { user, session } = await requireUser(exchange);
  if (scope !== "global" && scope !== "local" && scope !== "others") {
    throw validationFailed(`Unsupported logout scope ${JSON.stringify(scope)}`);
  }
  await inTransaction(exchange, async (work) => {
    await findUserById(work.sql, user.id, { lock: true });
    if (!session || scope === "global") await endSessions(work.sql, user.id, "all");
    else {await endSessions(
        work.sql,
        user.id,
        scope === "local" ? { only: session.id } : { except: session.id },
      );}
  });
  return new Response(null, { status: 204 });
}
