import { type Exchange, inTransaction, type Work } from "../context.ts";
import { decodeBody } from "../decode.ts";
import { AuthError, isUniqueViolation, OAuthError, validationFailed } from "../errors.ts";
import { type ExternalAccount, signInExternally } from "../external_account.ts";
import { verifyGoogleToken } from "../google.ts";
import { issueSession, type SessionAnswer } from "../sessions.ts";

/** `POST /token?grant_type=id_token`; Google is the one provider. */
export async function grantIdToken(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const { google } = auth.config;
  const body = await decodeBody(exchange.request, "IdTokenGrantParams", {
    id_token: "string",
    access_token: "string",
    nonce: "string",
    provider: "string",
    client_id: "string",
    issuer: "string",
    link_identity: "bool",
  });
  if (body.id_token === "") throw new OAuthError("invalid request", "id_token required");
  if (body.provider === "" && (body.client_id === "" || body.issuer === "")) {
    throw new OAuthError("invalid request", "provider or client_id and issuer required");
  }
  if (body.provider !== "google" && body.issuer !== google.issuer) {
    throw validationFailed(`Custom OIDC provider ${JSON.stringify(body.provider)} not allowed`);
  }
  if (!google.enabled) {
    const message = `Provider (issuer ${JSON.stringify(google.issuer)}) is not enabled`;
    throw new AuthError(400, "provider_disabled", message);
  }
  if (body.link_identity) {
    throw new AuthError(404, "manual_linking_disabled", "Manual linking is disabled");
  }
  const account = await verifyGoogleToken(
    { idToken: body.id_token, accessToken: body.access_token, nonce: body.nonce },
    { config: google, keys: auth.googleKeys, now: auth.clock() },
  );
  return Response.json(await signIn(exchange, account));
}

async function signIn(exchange: Exchange, account: ExternalAccount): Promise<SessionAnswer> {
  const run = async (work: Work) => {
    const user = await signInExternally(work, account);
    return user instanceof AuthError ? user : await issueSession(work, { user, method: "oauth" });
  };
  try {
    return await inTransaction(exchange, run);
  } catch (error) {
    // Two first sign-ins at once: the other one has created the user.
    if (isUniqueViolation(error)) return await inTransaction(exchange, run);
    throw error;
  }
}
