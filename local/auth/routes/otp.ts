import { type Exchange, inTransaction, type Work } from "../context.ts";
import { decodeBody, type Fields } from "../decode.ts";
import { AuthError, validationFailed } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { normalizeEmail, sendRecovery } from "../mail.ts";
import { type Challenge, insertFlow, readChallenge } from "../pkce.ts";
import { register } from "../registration.ts";
import { checkChannel, normalizePhone, sendSmsCode } from "../sms.ts";
import { findUserByEmail, findUserById, findUserByPhone, type UserRow } from "../users.ts";
import { checkSignUpAllowed } from "./sign_up.ts";

const fields = {
  email: "string",
  phone: "string",
  create_user: "bool?",
  data: "object",
  channel: "string",
  code_challenge: "string",
  code_challenge_method: "string",
} as const satisfies Fields;

/** `POST /otp`: a code by SMS, or a link and code by e-mail. */
export async function otp(exchange: Exchange): Promise<Response> {
  const body = await decodeBody(exchange.request, "OtpParams", fields);
  if (body.email !== "" && body.phone !== "") {
    throw validationFailed("Only an email address or phone number should be provided");
  }
  if (body.email !== "" && body.channel !== "") {
    throw validationFailed("Channel should only be specified with Phone OTP");
  }
  const challenge = readChallenge(body);
  const mayCreate = body.create_user ?? true;
  if (body.email !== "") {
    return await mailLink(exchange, { email: body.email, data: body.data ?? {}, challenge, mayCreate });
  }
  if (body.phone === "") throw validationFailed("One of email or phone must be set");
  checkChannel(body.channel);
  return await smsCode(exchange, { phone: body.phone, data: body.data ?? {}, mayCreate });
}

/** `POST /magiclink` */
export async function magicLink(exchange: Exchange): Promise<Response> {
  const body = await decodeBody(exchange.request, "MagicLinkParams", {
    email: "string",
    data: "object",
    code_challenge: "string",
    code_challenge_method: "string",
  });
  if (body.email === "") throw new AuthError(422, "validation_failed", "Password recovery requires an email");
  return await mailLink(exchange, {
    email: body.email,
    data: body.data ?? {},
    challenge: readChallenge(body),
    mayCreate: true,
  });
}

interface SmsRequest {
  phone: string;
  data: JsonObject;
  mayCreate: boolean;
}

async function smsCode(exchange: Exchange, request: SmsRequest): Promise<Response> {
  const { auth } = exchange;
  const phone = normalizePhone(request.phone);
  const known = await findUserByPhone(auth.database, phone);
  if (!known && !request.mayCreate) throw signUpNotAllowed();
  if (!auth.config.sms.enabled) {
    throw new AuthError(400, "phone_provider_disabled", "Unsupported phone provider");
  }
  let user = known;
  if (!user?.phone_confirmed_at) {
    checkSignUpAllowed(auth);
    user = await register(exchange, {
      provider: "phone",
      contact: phone,
      password: null,
      data: request.data,
      challenge: null,
    });
    // Unless numbers count as confirmed at once, the registration has sent the code.
    if (user && !auth.config.sms.autoConfirm) return Response.json({});
    user ??= await findUserByPhone(auth.database, phone);
  }
  await withUser(exchange, user, async (work, locked) => {
    await sendSmsCode(work, { user: locked, phone, purpose: "confirmation" });
  });
  return Response.json({});
}

interface MailRequest {
  email: string;
  data: JsonObject;
  challenge: Challenge | null;
  mayCreate: boolean;
}

async function mailLink(exchange: Exchange, request: MailRequest): Promise<Response> {
  const { auth } = exchange;
  const { challenge } = request;
  const email = normalizeEmail(request.email);
  let user = await findUserByEmail(auth.database, email);
  if (!user && !request.mayCreate) throw signUpNotAllowed();
  if (!auth.config.email.enabled) {
    throw new AuthError(422, "email_provider_disabled", "Email logins are disabled");
  }
  if (!user?.email_confirmed_at) {
    checkSignUpAllowed(auth);
    user = await register(exchange, {
      provider: "email",
      contact: email,
      password: null,
      data: request.data,
      challenge,
    });
    // Unless addresses count as confirmed at once, the mail that asks for confirmation signs in too.
    if (user && !auth.config.email.autoConfirm) return Response.json({});
    user ??= await findUserByEmail(auth.database, email);
  }
  await withUser(exchange, user, async (work, locked) => {
    if (challenge) {
      await insertFlow(work, challenge, { userId: locked.id, method: "magiclink", provider: "magiclink" });
    }
    await sendRecovery(work, { user: locked, type: "magiclink", challenge });
  });
  return Response.json({});
}

/** Runs writes on the user's latest row; a user who has just been deleted gets nothing. */
async function withUser(
  exchange: Exchange,
  user: UserRow | null,
  run: (work: Work, user: UserRow) => Promise<void>,
): Promise<void> {
  if (!user) return;
  await inTransaction(exchange, async (work) => {
    const locked = await findUserById(work.sql, user.id, { lock: true });
    if (locked) await run(work, locked);
  });
}

function signUpNotAllowed(): AuthError {
  return new AuthError(422, "otp_disabled", "Signups not allowed for otp");
}
