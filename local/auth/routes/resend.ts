import { type AuthContext, type Exchange, inTransaction, type Work } from "../context.ts";
import { decodeBody, type Decoded, type Fields } from "../decode.ts";
import { AuthError, validationFailed } from "../errors.ts";
import { normalizeEmail, sendConfirmation, sendEmailChange } from "../mail.ts";
import { normalizePhone, sendSmsCode } from "../sms.ts";
import { findUserByEmail, findUserByPhone, type UserRow } from "../users.ts";

const fields = { type: "string", email: "string", phone: "string" } as const satisfies Fields;
const types = ["signup", "email_change", "sms", "phone_change"] as const;

/** `POST /resend`; the answer does not tell whether there was something to send. */
export async function resend(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const body = await decodeBody(exchange.request, "ResendConfirmationParams", fields);
  const type = types.find((known) => known === body.type);
  if (!type) throw validationFailed("Missing one of these types: signup, email_change, sms, phone_change");
  const { email, phone } = readContact(auth, body);
  await inTransaction(exchange, async (work) => {
    const user = email !== ""
      ? await findUserByEmail(work.sql, email, { lock: true })
      : await findUserByPhone(work.sql, phone, { lock: true });
    if (user) await send(work, { user, type });
  });
  return Response.json({});
}

function readContact(
  { config }: AuthContext,
  body: Decoded<typeof fields>,
): { email: string; phone: string } {
  if (body.email === "" && body.type === "signup") {
    throw validationFailed("Type provided requires an email address");
  }
  if (body.phone === "" && body.type === "sms") {
    throw validationFailed("Type provided requires a phone number");
  }
  if (body.email !== "" && body.phone !== "") {
    throw validationFailed("Only an email address or phone number should be provided.");
  }
  if (body.email !== "") {
    if (!config.email.enabled) {
      throw new AuthError(400, "email_provider_disabled", "Email logins are disabled");
    }
    return { email: normalizeEmail(body.email), phone: "" };
  }
  if (body.phone === "") throw validationFailed("Missing email address or phone number");
  if (!config.sms.enabled) throw new AuthError(400, "phone_provider_disabled", "Phone logins are disabled");
  return { email: "", phone: normalizePhone(body.phone) };
}

async function send(
  work: Work,
  { user, type }: { user: UserRow; type: typeof types[number] },
): Promise<void> {
  switch (type) {
    case "signup":
      if (user.email_confirmed_at) return;
      await sendConfirmation(work, { user, type: "signup", challenge: null });
      return;
    case "email_change":
      if (!user.email_change) return;
      await sendEmailChange(work, { user, email: user.email_change, challenge: null });
      return;
    case "sms":
      if (user.phone_confirmed_at || !user.phone) return;
      await sendSmsCode(work, { user, phone: user.phone, purpose: "confirmation" });
      return;
    case "phone_change":
      if (!user.phone_change) return;
      await sendSmsCode(work, { user, phone: user.phone_change, purpose: "phone_change" });
  }
}
