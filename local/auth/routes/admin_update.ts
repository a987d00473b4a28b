import { type AdminParams, banEnd, readAdminParams } from "../admin_params.ts";
import { confirmEmail, confirmPhone } from "../confirm.ts";
import { type AuthContext, type Exchange, inTransaction, type Work } from "../context.ts";
import { AuthError, emailExists, isUniqueViolation, phoneExists } from "../errors.ts";
import { findIdentities, putOwnIdentity } from "../identities.ts";
import { checkPassword, hashPassword } from "../passwords.ts";
import { setPassword } from "../user_password.ts";
import { userJson } from "../user_json.ts";
import { findUserById, mergeMetadata, updateUser, type UserRow } from "../users.ts";
import { findNamedUser } from "./admin_users.ts";

/** `PUT /admin/users/:id` */
export async function updateAdminUser(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const named = await findNamedUser(exchange);
  const params = await readAdminParams(exchange.request);
  const encrypted = await encrypt(auth, params);
  try {
    const answer = await inTransaction(exchange, async (work) => {
      const user = await findUserById(work.sql, named.id, { lock: true });
      if (!user) throw new AuthError(404, "user_not_found", "User not found");
      const updated = await update(work, user, { ...params, encrypted });
      return userJson(updated, await findIdentities(work.sql, updated.id));
    });
    return Response.json(answer);
  } catch (error) {
    // GoTrue answers 500; which of the two is taken is what the caller needs to know.
    if (isUniqueViolation(error)) throw conflict(params);
    throw error;
  }
}

async function encrypt({ config }: AuthContext, { password }: AdminParams): Promise<string | null> {
  if (password === null) return null;
  checkPassword(password, config.password);
  return await hashPassword(password, config.password);
}

async function update(
  work: Work,
  before: UserRow,
  params: AdminParams & { encrypted: string | null },
): Promise<UserRow> {
  const { encrypted } = params;
  let user = before;
  if (params.role) user = await updateUser(work, user.id, { role: params.role.trim() });
  if (params.email_confirm) user = await confirmEmail(work, user);
  if (params.phone_confirm) user = await confirmPhone(work, user);
  if (encrypted) user = await setPassword(work, user, { encrypted, keptSessionId: null });
  if (params.email) user = await changeEmail(work, user, params);
  if (params.phone) user = await changePhone(work, user, params);
  if (params.app_metadata) {
    user = await updateUser(work, user.id, {
      raw_app_meta_data: mergeMetadata(user.raw_app_meta_data, params.app_metadata),
    });
  }
  if (params.user_metadata) {
    user = await updateUser(work, user.id, {
      raw_user_meta_data: mergeMetadata(user.raw_user_meta_data, params.user_metadata),
    });
  }
  if (params.banMs !== null) {
    user = await updateUser(work, user.id, { banned_until: banEnd(params.banMs, work.now) });
  }
  return user;
}

async function changeEmail(work: Work, user: UserRow, params: AdminParams): Promise<UserRow> {
  const { email, email_confirm } = params;
  await putOwnIdentity(work, user, { provider: "email", data: { email, email_verified: email_confirm } });
  if (user.is_anonymous && email_confirm) await updateUser(work, user.id, { is_anonymous: false });
  return await updateUser(work, user.id, { email });
}

async function changePhone(work: Work, user: UserRow, params: AdminParams): Promise<UserRow> {
  const { phone, phone_confirm } = params;
  await putOwnIdentity(work, user, { provider: "phone", data: { phone, phone_verified: phone_confirm } });
  return await updateUser(work, user.id, { phone });
}

function conflict({ email, phone }: AdminParams): AuthError {
  return email && !phone ? emailExists() : phoneExists();
}
