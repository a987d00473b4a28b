import { type Bearer, requireUser } from "../bearer.ts";
import { isCodeValid, smsPrefix, tokenHash } from "../codes.ts";
import { applyEmailChange, confirmPhoneChange } from "../confirm.ts";
import { type AuthContext, type Exchange, inTransaction, type Work } from "../context.ts";
import { decodeBody, type Decoded, type Fields } from "../decode.ts";
import { AuthError, emailExists, isUniqueViolation, phoneExists } from "../errors.ts";
import { findIdentities } from "../identities.ts";
import { normalizeEmail, sendEmailChange } from "../mail.ts";
import { checkPassword, hashPassword, isPassword } from "../passwords.ts";
import { insertFlow, readChallenge } from "../pkce.ts";
import { checkChannel, normalizePhone, sendSmsCode } from "../sms.ts";
import { setPassword } from "../user_password.ts";
import { userJson } from "../user_json.ts";
import {
  findUserById,
  findUserByPhone,
  findUserWithEmail,
  mergeMetadata,
  updateUser,
  type UserRow,
} from "../users.ts";

const dayMs = 86_400_000;

const fields = {
  email: "string",
  password: "string?",
  nonce: "string",
  data: "object",
  app_metadata: "object",
  phone: "string",
  channel: "string",
  code_challenge: "string",
  code_challenge_method: "string",
} as const satisfies Fields;

type Update = Decoded<typeof fields>;

/** `GET /user` */
export async function getUser(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const { user } = await requireUser(exchange);
  return Response.json(userJson(user, await findIdentities(auth.database, user.id)));
}

/** `PUT /user` */
export async function putUser(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const bearer = await requireUser(exchange);
  auth.limits.take("user", exchange.address);
  const update = readUpdate(auth, await decodeBody(exchange.request, "UserUpdateParams", fields));
  await checkUpdate(auth, bearer.user, update);
  const password = await preparePassword(auth, bearer, update);
  try {
    const [user, identities] = await inTransaction(exchange, async (work) => {
      const locked = await findUserById(work.sql, bearer.user.id, { lock: true });
      if (!locked) throw new AuthError(403, "user_not_found", "User from sub claim in JWT does not exist");
      if (password) {
        if (password.usesNonce) checkNonce(work, locked, update.nonce);
        await setPassword(work, locked, {
          encrypted: password.encrypted,
          keptSessionId: bearer.session?.id ?? null,
        });
      }
      const changed = await applyUpdate(work, { user: locked, update });
      return [changed, await findIdentities(work.sql, changed.id)] as const;
    });
    return Response.json(userJson(user, identities));
  } catch (error) {
    if (isUniqueViolation(error)) throw update.email ? emailExists() : phoneExists();
    throw error;
  }
}

function readUpdate({ config }: AuthContext, update: Update): Update {
  const email = update.email && normalizeEmail(update.email);
  const phone = update.phone && normalizePhone(update.phone);
  if (phone) checkChannel(update.channel);
  if (update.password !== null) checkPassword(update.password, config.password);
  readChallenge(update);
  return { ...update, email, phone };
}

async function checkUpdate({ database }: AuthContext, user: UserRow, update: Update): Promise<void> {
  if (update.app_metadata) {
    throw new AuthError(403, "not_admin", "Updating app_metadata requires admin privileges");
  }
  if (user.is_anonymous && update.password && !update.email && !update.phone) {
    throw new AuthError(
      422,
      "validation_failed",
      "Updating password of an anonymous user without an email or phone is not allowed",
    );
  }
  if (
    update.email && update.email !== user.email && await findUserWithEmail(database, update.email, user.id)
  ) {
    throw emailExists();
  }
  if (update.phone && update.phone !== user.phone && await findUserByPhone(database, update.phone)) {
    throw phoneExists();
  }
}

/** Checks and hashes a new password before the transaction, because that takes its time. */
async function preparePassword(
  { config, clock }: AuthContext,
  { user, session }: Bearer,
  { password, nonce }: Update,
): Promise<{ encrypted: string; usesNonce: boolean } | null> {
  if (password === null) return null;
  const isRecent = session !== null && Date.parse(session.created_at) + dayMs > clock().getTime();
  const usesNonce = config.email.reauthenticateForPassword && !isRecent;
  if (usesNonce && nonce === "") {
    throw new AuthError(400, "reauthentication_needed", "Password update requires reauthentication");
  }
  if (await isPassword(password, user.encrypted_password)) {
    throw new AuthError(422, "same_password", "New password should be different from the old password.");
  }
  return { encrypted: await hashPassword(password, config.password), usesNonce };
}

function checkNonce({ auth: { config }, now }: Work, user: UserRow, nonce: string): void {
  const hash = user.email ? tokenHash(user.email, nonce) : smsPrefix + tokenHash(user.phone ?? "", nonce);
  const isValid = isCodeValid(hash, {
    hash: user.reauthentication_token,
    sentAt: user.reauthentication_sent_at,
    expirySeconds: user.email ? config.email.codeExpirySeconds : config.sms.codeExpirySeconds,
  }, now);
  if (!isValid) throw new AuthError(422, "reauthentication_not_valid", "Nonce has expired or is invalid");
}

async function applyUpdate(
  work: Work,
  { user: before, update }: { user: UserRow; update: Update },
): Promise<UserRow> {
  const { email, phone } = update;
  let user = update.data
    ? await updateUser(work, before.id, {
      raw_user_meta_data: mergeMetadata(before.raw_user_meta_data, update.data),
    })
    : await findUserById(work.sql, before.id) ?? before;
  if (email && email !== user.email) {
    const challenge = readChallenge(update);
    if (challenge) {
      await insertFlow(work, challenge, {
        userId: user.id,
        method: "email_change",
        provider: "email_change",
      });
    }
    user = user.is_anonymous && work.auth.config.email.autoConfirm
      ? await applyEmailChange(work, user, email)
      : await sendEmailChange(work, { user, email, challenge });
  }
  if (phone && phone !== user.phone) {
    user = work.auth.config.sms.autoConfirm
      ? await confirmPhoneChange(work, user, phone)
      : await sendSmsCode(work, { user, phone, purpose: "phone_change" });
  }
  return user;
}
