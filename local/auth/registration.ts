import type { Exchange, Work } from "./context.ts";
import { inTransaction } from "./context.ts";
import { confirmEmail, confirmPhone } from "./confirm.ts";
import { AuthError, isUniqueViolation } from "./errors.ts";
import { findIdentity, insertIdentity, ownIdentityData, removeUnconfirmedIdentities } from "./identities.ts";
import type { JsonObject } from "./json.ts";
import { sendConfirmation } from "./mail.ts";
import { hashPassword, unknowablePassword } from "./passwords.ts";
import { type Challenge, insertFlow } from "./pkce.ts";
import { sendSmsCode } from "./sms.ts";
import {
  findUserById,
  findUserByPhone,
  findUserWithEmail,
  insertUser,
  type NewUser,
  type UserRow,
} from "./users.ts";

/** Someone who signs up with an address or a number. */
export interface Registration {
  provider: "email" | "phone";
  /** The normalised address or number. */
  contact: string;
  /** Null for who signs in by codes. */
  password: string | null;
  data: JsonObject;
  challenge: Challenge | null;
}

/**
 * Signs a person up, or continues a sign-up that was never confirmed: then only the code is sent again, because
 * nobody has proven to be the one who began.
 *
 * @returns null when a confirmed user has the address or number
 */
export async function register(
  exchange: Exchange,
  registration: Registration,
): Promise<UserRow | null> {
  const { auth } = exchange;
  const { provider, contact, password } = registration;
  const known = provider === "email"
    ? await findUserWithEmail(auth.database, contact)
    : await findUserByPhone(auth.database, contact);
  if (known && isConfirmed(known, provider)) return null;
  const encryptedPassword = password === null || known
    ? unknowablePassword()
    : await hashPassword(password, auth.config.password);
  try {
    return await inTransaction(exchange, async (work) => {
      const user = known
        ? await findUserById(work.sql, known.id, { lock: true })
        : await insertNewUser(work, {
          [provider]: contact,
          encryptedPassword,
          appMetadata: { provider, providers: [provider] },
          userMetadata: registration.data,
        });
      if (!user || isConfirmed(user, provider)) return null;
      return await confirmOrAsk(work, {
        user: await withIdentity(work, user, registration),
        registration,
      });
    });
  } catch (error) {
    // Two sign-ups at once: the other one was first.
    if (!known && isUniqueViolation(error)) return await register(exchange, registration);
    throw error;
  }
}

/** Inserts a user; a trigger of the project that refuses makes it GoTrue's answer for that. */
export async function insertNewUser(work: Work, user: NewUser): Promise<UserRow> {
  try {
    return await insertUser(work, user);
  } catch (cause) {
    if (isUniqueViolation(cause)) throw cause;
    const error = new AuthError(500, "unexpected_failure", "Database error saving new user");
    error.cause = cause;
    throw error;
  }
}

function isConfirmed(user: UserRow, provider: "email" | "phone"): boolean {
  return (provider === "email" ? user.email_confirmed_at : user.phone_confirmed_at) !== null;
}

async function withIdentity(work: Work, user: UserRow, { provider, data }: Registration): Promise<UserRow> {
  if (await findIdentity(work.sql, provider, user.id)) return user;
  const own = ownIdentityData(user.id, provider === "email" && user.email ? { email: user.email } : {});
  const identity = await insertIdentity(work, user, { provider, data: { ...data, ...own } });
  return await removeUnconfirmedIdentities(work, user, identity);
}

async function confirmOrAsk(
  work: Work,
  { user, registration }: { user: UserRow; registration: Registration },
): Promise<UserRow> {
  const { provider, contact, challenge } = registration;
  const { config } = work.auth;
  if (provider === "phone") {
    return config.sms.autoConfirm
      ? await confirmPhone(work, user)
      : await sendSmsCode(work, { user, phone: contact, purpose: "confirmation" });
  }
  if (config.email.autoConfirm) return await confirmEmail(work, user);
  if (challenge) await insertFlow(work, challenge, { userId: user.id, method: "email/signup", provider });
  return await sendConfirmation(work, { user, type: "signup", challenge });
}
