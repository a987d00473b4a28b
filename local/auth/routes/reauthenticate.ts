import { requireUser } from "../bearer.ts";
import { type Exchange, inTransaction } from "../context.ts";
import { AuthError, validationFailed } from "../errors.ts";
import { sendReauthentication } from "../mail.ts";
import { sendSmsCode } from "../sms.ts";
import { findUserById } from "../users.ts";

/** `GET /reauthenticate`: sends a nonce to the user's address, or else number. */
export async function reauthenticate(exchange: Exchange): Promise<Response> {
  const bearer = await requireUser(exchange);
  await inTransaction(exchange, async (work) => {
    const user = await findUserById(work.sql, bearer.user.id, { lock: true }) ?? bearer.user;
    if (user.email) {
      if (!user.email_confirmed_at) {
        throw new AuthError(422, "email_not_confirmed", "Please verify your email first.");
      }
      await sendReauthentication(work, user);
    } else if (user.phone) {
      if (!user.phone_confirmed_at) {
        throw new AuthError(422, "phone_not_confirmed", "Please verify your phone first.");
      }
      await sendSmsCode(work, { user, phone: user.phone, purpose: "reauthentication" });
    } else {
      throw validationFailed("Reauthentication requires the user to have an email or a phone number");
    }
  });
  return Response.json({});
}
