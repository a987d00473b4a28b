import { type AuthContext, type Exchange, inTransaction } from "../context.ts";
import { decodeBody } from "../decode.ts";
import { AuthError, validationFailed } from "../errors.ts";
import { isPassword, weakness } from "../passwords.ts";
import { issueSession } from "../sessions.ts";
import { formatPhone } from "../sms.ts";
import { findUserByEmail, findUserById, findUserByPhone, isBanned, type UserRow } from "../users.ts";

/** `POST /token?grant_type=password` */
export async function grantPassword(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const { email, phone, password } = await decodeBody(exchange.request, "PasswordGrantParams", {
    email: "string",
    phone: "string",
    password: "string",
  });
  if (email !== "" && phone !== "") {
    throw validationFailed("Only an email address or phone number should be provided on login.");
  }
  const found = await findByContact(auth, email, phone);
  if (!found?.encrypted_password || found.deleted_at) throw wrongCredentials();
  if (isBanned(found, auth.clock())) throw banned();
  if (!await isPassword(password, found.encrypted_password)) throw wrongCredentials();
  if (email !== "" && !found.email_confirmed_at) {
    throw new AuthError(400, "email_not_confirmed", "Email not confirmed");
  }
  if (phone !== "" && !found.phone_confirmed_at) {
    throw new AuthError(400, "phone_not_confirmed", "Phone not confirmed");
  }
  const answer = await inTransaction(exchange, async (work) => {
    const user = await findUserById(work.sql, found.id, { lock: true });
    // While the password was being compared, the user may have changed it, been banned or deleted.
    if (!user || user.encrypted_password !== found.encrypted_password) throw wrongCredentials();
    if (isBanned(user, work.now)) throw banned();
    return await issueSession(work, { user, method: "password" });
  });
  const weak = weakness(password, auth.config.password);
  return Response.json(weak ? { ...answer, weak_password: weak } : answer);
}

async function findByContact(auth: AuthContext, email: string, phone: string): Promise<UserRow | null> {
  const { database, config } = auth;
  if (email !== "") {
    if (!config.email.enabled) {
      throw new AuthError(422, "email_provider_disabled", "Email logins are disabled");
    }
    return await findUserByEmail(database, email);
  }
  if (phone === "") throw validationFailed("missing email or phone");
  if (!config.sms.enabled) throw new AuthError(422, "phone_provider_disabled", "Phone logins are disabled");
  return await findUserByPhone(database, formatPhone(phone));
}

function wrongCredentials(): AuthError {
  return new AuthError(400, "invalid_credentials", "Invalid login credentials");
}

function banned(): AuthError {
  return new AuthError(400, "user_banned", "User is banned");
}
