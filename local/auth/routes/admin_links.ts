import { createCode, tokenHash } from "../codes.ts";
import { type AuthContext, type Exchange, inTransaction, type Work } from "../context.ts";
import { decodeBody, type Decoded, type Fields } from "../decode.ts";
import { AuthError, emailExists, isUniqueViolation, validationFailed } from "../errors.ts";
import { findIdentities, insertIdentity, ownIdentityData } from "../identities.ts";
import type { JsonObject } from "../json.ts";
import { actionLink, type LinkType, normalizeEmail, sendConfirmation } from "../mail.ts";
import { checkPassword, hashPassword, unknowablePassword } from "../passwords.ts";
import { isRedirectAllowed, redirectTarget } from "../redirects.ts";
import { insertNewUser } from "../registration.ts";
import { userJson } from "../user_json.ts";
import { findUserByEmail, findUserWithEmail, mergeMetadata, updateUser, type UserRow } from "../users.ts";

const fields = {
  type: "string",
  email: "string",
  new_email: "string",
  password: "string",
  data: "object",
  redirect_to: "string",
} as const satisfies Fields;

/** The `type` in the link, for each type that can be asked for. */
const linkTypes = {
  magiclink: "magiclink",
  recovery: "recovery",
  invite: "invite",
  signup: "signup",
  email_change_current: "email_change",
  email_change_new: "email_change",
} as const satisfies Record<string, LinkType>;

interface LinkRequest {
  type: keyof typeof linkTypes;
  email: string;
  newEmail: string;
  data: JsonObject;
  encryptedPassword: string;
}

/** `POST /admin/generate_link`: what a mail would carry, for who sends mails themselves. */
export async function generateLink(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const body = await decodeBody(exchange.request, "GenerateLinkParams", fields);
  const request = await readRequest(auth, body);
  const code = createCode(auth.config.email.codeLength);
  const isNew = request.type === "email_change_new";
  const token = tokenHash(isNew ? request.newEmail : request.email, code);
  const answer = await inTransaction(exchange, async (work) => {
    const user = await storeToken(work, request, token);
    return userJson(user, await findIdentities(work.sql, user.id));
  });
  const redirectTo = isRedirectAllowed(body.redirect_to, auth.config)
    ? body.redirect_to
    : redirectTarget(exchange);
  return Response.json({
    ...answer,
    action_link: actionLink(exchange, { type: linkTypes[request.type], token, redirectTo }),
    email_otp: code,
    hashed_token: token,
    verification_type: request.type,
    redirect_to: redirectTo,
  });
}

/** `POST /invite` */
export async function invite(exchange: Exchange): Promise<Response> {
  const body = await decodeBody(exchange.request, "InviteParams", { email: "string", data: "object" });
  const email = normalizeEmail(body.email);
  const answer = await inTransaction(exchange, async (work) => {
    const user = await findOrInsert(work, { email, data: body.data ?? {}, encryptedPassword: "" });
    const invited = await sendConfirmation(work, { user, type: "invite", challenge: null });
    return userJson(invited, await findIdentities(work.sql, user.id));
  });
  return Response.json(answer);
}

async function readRequest(auth: AuthContext, body: Decoded<typeof fields>): Promise<LinkRequest> {
  const email = normalizeEmail(body.email);
  const { type, password } = body;
  if (!isRequestable(type)) throw validationFailed(`Invalid email action link type requested: ${type}`);
  const known = await findUserByEmail(auth.database, email);
  const request = { type, email, newEmail: "", data: body.data ?? {}, encryptedPassword: "" };
  if (type.startsWith("email_change")) request.newEmail = normalizeEmail(body.new_email);
  if (known || type === "invite") return request;
  // A magic link for somebody new signs them up.
  if (type === "magiclink") return { ...request, type: "signup", encryptedPassword: unknowablePassword() };
  if (type !== "signup") throw new AuthError(404, "user_not_found", "User with this email not found");
  if (password === "") throw validationFailed("Signup requires a valid password");
  checkPassword(password, auth.config.password);
  return { ...request, encryptedPassword: await hashPassword(password, auth.config.password) };
}

function isRequestable(type: string): type is LinkRequest["type"] {
  return Object.hasOwn(linkTypes, type);
}

async function storeToken(
  work: Work,
  request: LinkRequest,
  token: string,
): Promise<UserRow> {
  const at = work.now.toISOString();
  if (request.type === "signup" || request.type === "invite") {
    const user = await findOrInsert(work, request);
    return await updateUser(work, user.id, {
      confirmation_token: token,
      confirmation_sent_at: at,
      ...(request.type === "invite" ? { invited_at: at } : {}),
    });
  }
  const user = await findUserByEmail(work.sql, request.email, { lock: true });
  if (!user) throw new AuthError(404, "user_not_found", "User with this email not found");
  if (request.type === "magiclink" || request.type === "recovery") {
    return await updateUser(work, user.id, { recovery_token: token, recovery_sent_at: at });
  }
  if (request.type === "email_change_current" && !work.auth.config.email.secureChange) {
    throw validationFailed("Enable secure email change to generate link for current email");
  }
  if (await findUserWithEmail(work.sql, request.newEmail, user.id)) throw emailExists();
  return await updateUser(work, user.id, {
    email_change: request.newEmail,
    email_change_sent_at: at,
    email_change_confirm_status: 0,
    ...(request.type === "email_change_current"
      ? { email_change_token_current: token }
      : { email_change_token_new: token }),
  });
}

/** The unconfirmed user with the address, made if there is none. */
async function findOrInsert(
  work: Work,
  { email, data, encryptedPassword }: Pick<LinkRequest, "email" | "data" | "encryptedPassword">,
): Promise<UserRow> {
  const known = await findUserByEmail(work.sql, email, { lock: true });
  if (known?.email_confirmed_at || await findUserWithEmail(work.sql, email, known?.id ?? null)) {
    throw emailExists();
  }
  if (known) {
    return await updateUser(work, known.id, {
      raw_user_meta_data: mergeMetadata(known.raw_user_meta_data, data),
    });
  }
  const user = await insertNewUser(work, {
    email,
    encryptedPassword,
    appMetadata: { provider: "email", providers: ["email"] },
    userMetadata: data,
  }).catch((error) => {
    throw isUniqueViolation(error) ? emailExists() : error;
  });
  await insertIdentity(work, user, { provider: "email", data: ownIdentityData(user.id, { email }) });
  return user;
}
