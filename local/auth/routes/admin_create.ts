import { type AdminParams, banEnd, readAdminParams } from "../admin_params.ts";
import { isUuid } from "../bearer.ts";
import { confirmEmail, confirmPhone } from "../confirm.ts";
import { type AuthContext, type Exchange, inTransaction, type Work } from "../context.ts";
import { AuthError, emailExists, isUniqueViolation, phoneExists, validationFailed } from "../errors.ts";
import { findIdentities, insertIdentity, ownIdentityData } from "../identities.ts";
import { checkLength, hashPassword, unknowablePassword } from "../passwords.ts";
import { insertNewUser } from "../registration.ts";
import { userJson } from "../user_json.ts";
import { findUserByPhone, findUserWithEmail, mergeMetadata, updateUser, type UserRow } from "../users.ts";

/** `POST /admin/users` */
export async function createUser(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const params = await readAdminParams(exchange.request);
  await checkNewUser(auth, params);
  const encryptedPassword = await encrypt(auth, params);
  try {
    const answer = await inTransaction(exchange, async (work) => {
      const user = await insert(work, params, encryptedPassword);
      return userJson(user, await findIdentities(work.sql, user.id));
    });
    return Response.json(answer);
  } catch (error) {
    if (isUniqueViolation(error)) throw await conflict(auth, params);
    throw error;
  }
}

async function checkNewUser(auth: AuthContext, params: AdminParams): Promise<void> {
  if (!params.email && !params.phone) {
    throw validationFailed("Cannot create a user without either an email or phone");
  }
  if (params.email && await findUserWithEmail(auth.database, params.email)) throw emailExists();
  if (params.phone && await findUserByPhone(auth.database, params.phone)) throw phoneExists();
  if (params.password !== null && params.password_hash) {
    throw validationFailed("Only a password or a password hash should be provided");
  }
  if (params.id !== "") {
    if (!isUuid(params.id)) throw validationFailed("ID must conform to the uuid v4 format");
    if (/^[0-]+$/.test(params.id)) throw validationFailed("ID cannot be a nil uuid");
  }
}

async function encrypt({ config }: AuthContext, { password, password_hash }: AdminParams): Promise<string> {
  if (password_hash) {
    if (!/^\$2[aby]\$\d\d\$.{53}$/.test(password_hash)) throw validationFailed("Invalid password hash");
    return password_hash;
  }
  if (!password) return unknowablePassword();
  checkLength(password);
  return await hashPassword(password, config.password);
}

async function insert(work: Work, params: AdminParams, encryptedPassword: string): Promise<UserRow> {
  const providers = [...(params.email ? ["email"] : []), ...(params.phone ? ["phone"] : [])];
  let user = await insertNewUser(work, {
    ...(params.id ? { id: params.id } : {}),
    email: params.email,
    phone: params.phone,
    encryptedPassword,
    appMetadata: { provider: providers[0] ?? "", providers },
    userMetadata: params.user_metadata ?? {},
  });
  if (params.email) {
    await insertIdentity(work, user, {
      provider: "email",
      data: ownIdentityData(user.id, { email: params.email }),
    });
  }
  if (params.phone) {
    await insertIdentity(work, user, {
      provider: "phone",
      data: ownIdentityData(user.id, { phone: params.phone }),
    });
  }
  if (params.role) user = await updateUser(work, user.id, { role: params.role.trim() });
  if (params.app_metadata) {
    user = await updateUser(work, user.id, {
      raw_app_meta_data: mergeMetadata(user.raw_app_meta_data, params.app_metadata),
    });
  }
  if (params.email_confirm) user = await confirmEmail(work, user);
  if (params.phone_confirm) user = await confirmPhone(work, user);
  if (params.banMs !== null) {
    user = await updateUser(work, user.id, { banned_until: banEnd(params.banMs, work.now) });
  }
  return user;
}

/** What somebody else took while this user was being created. */
async function conflict({ database }: AuthContext, { email, phone }: AdminParams): Promise<AuthError> {
  if (email && await findUserWithEmail(database, email)) return emailExists();
  if (phone && await findUserByPhone(database, phone)) return phoneExists();
  return new AuthError(422, "conflict", "A user with this id already exists");
}
