import { type Exchange, inTransaction } from "../context.ts";
import { decodeBody } from "../decode.ts";
import { AuthError, validationFailed } from "../errors.ts";
import { normalizeEmail, sendRecovery } from "../mail.ts";
import { insertFlow, readChallenge } from "../pkce.ts";
import { findUserByEmail } from "../users.ts";

/** `POST /recover`; the answer does not tell whether the address is known. */
export async function recover(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  if (!auth.config.email.enabled) {
    throw new AuthError(400, "email_provider_disabled", "Email logins are disabled");
  }
  const body = await decodeBody(exchange.request, "RecoverParams", {
    email: "string",
    code_challenge: "string",
    code_challenge_method: "string",
  });
  if (body.email === "") throw validationFailed("Password recovery requires an email");
  const email = normalizeEmail(body.email);
  const challenge = readChallenge(body);
  await inTransaction(exchange, async (work) => {
    const user = await findUserByEmail(work.sql, email, { lock: true });
    if (!user) return;
    if (challenge) {
      await insertFlow(work, challenge, { userId: user.id, method: "recovery", provider: "recovery" });
    }
    await sendRecovery(work, { user, type: "recovery", challenge });
  });
  return Response.json({});
}
