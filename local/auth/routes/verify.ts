import { pkcePrefix, tokenHash } from "../codes.ts";
import {
  confirmEmailChange,
  confirmPhone,
  confirmPhoneChange,
  confirmRecovery,
  confirmSignUp,
} from "../confirm.ts";
import { type Exchange, inTransaction, type Work } from "../context.ts";
import { decodeBody } from "../decode.ts";
import { AuthError, emailExists, isUniqueViolation, phoneExists, validationFailed } from "../errors.ts";
import { updateProviders } from "../identities.ts";
import { normalizeEmail } from "../mail.ts";
import { issueAuthCode } from "../pkce.ts";
import { redirectTarget } from "../redirects.ts";
import { issueSession, type SessionAnswer, sessionFragment } from "../sessions.ts";
import { normalizePhone } from "../sms.ts";
import type { UserRow } from "../users.ts";
import { findUserOfCode, findUserOfLink, type Proof, type ProvenUser } from "../verification.ts";

/** With secure changes one address alone is not enough. */
const oneConfirmed = "Confirmation link accepted. Please proceed to confirm link sent to the other email";

/** `POST /verify` */
export async function verify(exchange: Exchange): Promise<Response> {
  const proof = await readProof(exchange);
  const answer = await inTransaction(exchange, async (work) => {
    const proven = proof.isLink ? await findUserOfLink(work, proof) : await findUserOfCode(work, proof);
    const user = await confirm(work, proven, proof);
    return user && await issueSession(work, { user, method: "otp" });
  });
  return Response.json(answer ?? { msg: oneConfirmed, code: "200" });
}

async function readProof({ request }: Exchange): Promise<Proof> {
  const body = await decodeBody(request, "VerifyParams", {
    type: "string",
    token: "string",
    token_hash: "string",
    email: "string",
    phone: "string",
    redirect_to: "string",
  });
  if (body.type === "") throw validationFailed("Verify requires a verification type");
  if ((body.token === "") === (body.token_hash === "")) {
    throw validationFailed("Verify requires either a token or a token hash");
  }
  if (body.token_hash !== "") {
    if (body.email !== "" || body.phone !== "" || body.redirect_to !== "") {
      throw validationFailed("Only the token_hash and type should be provided");
    }
    return { type: body.type, hash: body.token_hash, email: "", phone: "", isLink: true };
  }
  if ((body.email === "") === (body.phone === "")) {
    throw validationFailed("Only an email address or phone number should be provided on verify");
  }
  const phone = body.phone && normalizePhone(body.phone);
  const email = body.email && normalizeEmail(body.email);
  return { type: body.type, hash: tokenHash(phone || email, body.token), email, phone, isLink: false };
}

/** `GET /verify`, the links of mails: ends in a redirect, with the session or a code to exchange, or an error. */
export async function followLink(exchange: Exchange): Promise<Response> {
  const { searchParams } = exchange.url;
  const [type, token] = [searchParams.get("type") ?? "", searchParams.get("token") ?? ""];
  if (type === "") throw validationFailed("Verify requires a verification type");
  if (token === "") throw validationFailed("Verify requires a token or a token hash");
  const target = redirectTarget(exchange);
  const isPkce = token.startsWith(pkcePrefix);
  const proof = { type, hash: token.replaceAll("\0", ""), email: "", phone: "", isLink: true };
  try {
    const outcome = await inTransaction(exchange, async (work) => {
      const proven = await findUserOfLink(work, proof);
      const user = await confirm(work, proven, proof);
      if (!user) return "one confirmed" as const;
      if (isPkce) return { code: await issueAuthCode(work, user.id, flowMethod(proof.type)) };
      return await issueSession(work, { user, method: "otp" });
    });
    return redirect(outcomeUrl(target, outcome, { type, isPkce }));
  } catch (error) {
    if (error instanceof AuthError) return redirect(errorUrl(target, error, isPkce));
    throw error;
  }
}

/** The method under which the flow of a link's type was remembered. */
function flowMethod(type: string): string {
  return type === "signup" ? "email/signup" : type;
}

function outcomeUrl(
  target: string,
  outcome: SessionAnswer | { code: string } | "one confirmed",
  { type, isPkce }: { type: string; isPkce: boolean },
): string {
  if (outcome === "one confirmed") return withMessage(target, { message: oneConfirmed }, isPkce);
  if ("code" in outcome) {
    const url = new URL(target);
    url.searchParams.set("code", outcome.code);
    return url.href;
  }
  return `${target}#${sessionFragment(outcome, { type })}`;
}

const oauthErrors: Record<number, string> = {
  400: "invalid_request",
  401: "unauthorized_client",
  403: "access_denied",
  500: "server_error",
};

function errorUrl(target: string, error: AuthError, isPkce: boolean): string {
  const name = oauthErrors[error.status];
  return withMessage(target, {
    ...(name ? { error: name } : {}),
    error_code: error.code,
    error_description: error.message,
  }, isPkce);
}

/** Clients without PKCE read the fragment, those with it the query. */
function withMessage(target: string, members: Record<string, string>, isPkce: boolean): string {
  const url = new URL(target);
  if (isPkce) {
    for (const [name, value] of Object.entries(members)) url.searchParams.set(name, value);
  }
  url.hash = new URLSearchParams(members).toString();
  return url.href;
}

function redirect(location: string): Response {
  return new Response(null, { status: 303, headers: { location } });
}

/** What a proof of each type does to the user; null when a change needs the other address too. */
async function confirm(
  work: Work,
  { user, type }: ProvenUser,
  proof: Proof,
): Promise<UserRow | null> {
  const confirmed = await confirmByType(work, { user, type }, proof).catch((error) => {
    // Somebody else has taken the address or number since it was asked for.
    if (isUniqueViolation(error)) throw type === "phone_change" ? phoneExists() : emailExists();
    throw error;
  });
  return confirmed && await updateProviders(work, confirmed);
}

function confirmByType(
  work: Work,
  { user, type }: ProvenUser,
  proof: Proof,
): Promise<UserRow | null> {
  switch (type) {
    case "signup":
    case "invite":
      return confirmSignUp(work, user);
    case "recovery":
    case "magiclink":
      return confirmRecovery(work, user);
    case "email_change":
      return confirmEmailChange(work, user, proof.hash);
    case "sms":
      return confirmPhone(work, user);
    case "phone_change":
      return confirmPhoneChange(work, user, proof.phone);
  }
}
