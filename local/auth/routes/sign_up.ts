import { type AuthContext, type Exchange, inTransaction } from "../context.ts";
import { decodeBody, type Decoded, type Fields } from "../decode.ts";
import { AuthError, validationFailed } from "../errors.ts";
import { findIdentities } from "../identities.ts";
import { normalizeEmail } from "../mail.ts";
import { checkPassword } from "../passwords.ts";
import { readChallenge } from "../pkce.ts";
import { insertNewUser, register, type Registration } from "../registration.ts";
import { issueSession } from "../sessions.ts";
import { checkChannel, normalizePhone } from "../sms.ts";
import { userJson } from "../user_json.ts";

const fields = {
  email: "string",
  phone: "string",
  password: "string",
  data: "object",
  channel: "string",
  code_challenge: "string",
  code_challenge_method: "string",
} as const satisfies Fields;

/** `POST /signup` */
export async function signUp(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const body = await decodeBody(exchange.request, "SignupParams", fields);
  if (body.email === "" && body.phone === "") return await signUpAnonymously(exchange, body.data ?? {});
  auth.limits.take("signup", exchange.address);
  checkSignUpAllowed(auth);
  const registration = readRegistration(auth, body);
  const user = await register(exchange, registration);
  if (!user) return refuseOrPretend(auth, registration);
  if (!user.email_confirmed_at && !user.phone_confirmed_at) {
    return Response.json(userJson(user, await findIdentities(auth.database, user.id)));
  }
  const answer = await inTransaction(
    exchange,
    (work) => issueSession(work, { user, method: "password" }),
  );
  return Response.json(answer);
}

export function checkSignUpAllowed({ config }: AuthContext): void {
  if (!config.signUpEnabled) {
    throw new AuthError(422, "signup_disabled", "Signups not allowed for this instance");
  }
}

function readRegistration({ config }: AuthContext, body: Decoded<typeof fields>): Registration {
  if (body.password === "") throw validationFailed("Signup requires a valid password");
  checkPassword(body.password, config.password);
  if (body.email !== "" && body.phone !== "") {
    throw validationFailed("Only an email address or phone number should be provided on signup.");
  }
  if (body.phone !== "" && body.code_challenge !== "") {
    throw validationFailed("PKCE not supported for phone signups");
  }
  const shared = { password: body.password, data: body.data ?? {}, challenge: readChallenge(body) };
  if (body.email !== "") {
    if (!config.email.enabled) {
      throw new AuthError(400, "email_provider_disabled", "Email signups are disabled");
    }
    return { provider: "email", contact: normalizeEmail(body.email), ...shared };
  }
  checkChannel(body.channel);
  if (!config.sms.enabled) throw new AuthError(400, "phone_provider_disabled", "Phone signups are disabled");
  return { provider: "phone", contact: normalizePhone(body.phone), ...shared };
}

/** Somebody has the address: say so, unless a confirmation would have kept it secret; then invent a user. */
function refuseOrPretend(
  { config, clock }: AuthContext,
  { provider, contact, data }: Registration,
): Response {
  if (config.email.autoConfirm || config.sms.autoConfirm) {
    throw new AuthError(422, "user_already_exists", "User already registered");
  }
  const now = clock().toISOString();
  return Response.json({
    id: crypto.randomUUID(),
    aud: "authenticated",
    role: "",
    email: provider === "email" ? contact : "",
    phone: provider === "phone" ? contact : "",
    confirmation_sent_at: now,
    app_metadata: { provider, providers: [provider] },
    user_metadata: data,
    identities: [],
    created_at: now,
    updated_at: now,
    is_anonymous: false,
  });
}

async function signUpAnonymously(
  exchange: Exchange,
  data: Registration["data"],
): Promise<Response> {
  const { auth } = exchange;
  if (!auth.config.anonymousEnabled) {
    throw new AuthError(422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled");
  }
  auth.limits.take("anonymous", exchange.address);
  checkSignUpAllowed(auth);
  const answer = await inTransaction(exchange, async (work) => {
    const user = await insertNewUser(work, {
      encryptedPassword: "",
      appMetadata: {},
      userMetadata: data,
      isAnonymous: true,
    });
    return await issueSession(work, { user, method: "anonymous" });
  });
  return Response.json(answer);
}
