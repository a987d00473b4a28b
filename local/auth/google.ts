import { createHash } from "node:crypto";
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import type { GoogleConfig } from "./config.ts";
import { OAuthError } from "./errors.ts";
import type { ExternalAccount } from "./external_account.ts";
import type { JsonObject } from "./json.ts";

/** Google's keys, fetched when the first token comes and remembered. */
export class GoogleKeys {
  #keys: ReturnType<typeof createRemoteJWKSet> | null = null;

  constructor(readonly jwksUrl: string) {}

  get(): ReturnType<typeof createRemoteJWKSet> {
    return this.#keys ??= createRemoteJWKSet(new URL(this.jwksUrl));
  }
}

export interface GoogleToken {
  idToken: string;
  /** Given: `at_hash` of the ID token must belong to it. */
  accessToken: string;
  nonce: string;
}

export interface GoogleCheck {
  config: GoogleConfig;
  keys: GoogleKeys;
  now: Date;
}

/**
 * Checks an ID token of Google: signature, issuer, expiry, audience and nonce.
 *
 * @throws {OAuthError} in GoTrue's words
 */
export async function verifyGoogleToken(
  { idToken, accessToken, nonce }: GoogleToken,
  check: GoogleCheck,
): Promise<ExternalAccount> {
  const { config } = check;
  const payload = await verifySignature(idToken, check);
  if (accessToken && typeof payload.at_hash === "string" && payload.at_hash !== leftHalfHash(accessToken)) {
    throw badToken();
  }
  if (!payload.sub) throw new OAuthError("invalid request", "Missing sub claim in id_token");
  const audience = [payload.aud ?? []].flat();
  if (!audience.some((id) => config.clientIds.includes(id))) {
    throw new OAuthError("invalid request", `Unacceptable audience in id_token: [${audience.join(" ")}]`);
  }
  if (!config.skipNonceCheck) checkNonce(payload.nonce, nonce);
  return readAccount(payload, payload.sub);
}

async function verifySignature(idToken: string, { config, keys, now }: GoogleCheck): Promise<JWTPayload> {
  // Google once signed with its bare host name; its own libraries still accept both.
  const issuers = [config.issuer, config.issuer.replace(/^https:\/\/(?=accounts\.google\.com$)/, "")];
  try {
    const { payload } = await jwtVerify(idToken, keys.get(), {
      algorithms: ["RS256"],
      issuer: issuers,
      requiredClaims: ["exp"],
      currentDate: now,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw badToken();
    throw error;
  }
}

/** Both sides have a nonce, the token's hashed, or neither has. */
function checkNonce(inToken: unknown, given: string): void {
  const hashed = typeof inToken === "string" ? inToken : "";
  if ((hashed === "") !== (given === "")) {
    throw new OAuthError(
      "invalid request",
      "Passed nonce and nonce in id_token should either both exist or not.",
    );
  }
  if (hashed !== "" && hashed !== createHash("sha256").update(given).digest("hex")) {
    throw new OAuthError("invalid nonce", "Nonces mismatch");
  }
}

function readAccount(payload: JWTPayload, subject: string): ExternalAccount {
  const text = (name: string) => typeof payload[name] === "string" ? payload[name] : "";
  const email = text("email");
  const isVerified = payload.email_verified === true;
  const hosted = text("hd");
  const members: JsonObject = {
    iss: payload.iss ?? "",
    sub: subject,
    name: text("name"),
    picture: text("picture"),
    email,
    custom_claims: hosted ? { hd: hosted } : "",
    full_name: text("name"),
    avatar_url: text("picture"),
    provider_id: subject,
  };
  const set = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== ""));
  return {
    provider: "google",
    subject,
    email: email ? { address: email.toLowerCase(), isVerified } : null,
    data: { ...set, email_verified: email !== "" && isVerified, phone_verified: false },
  };
}

/** `at_hash` of OpenID Connect for tokens signed with SHA-256. */
function leftHalfHash(accessToken: string): string {
  return createHash("sha256").update(accessToken).digest().subarray(0, 16).toString("base64url");
}

function badToken(): OAuthError {
  return new OAuthError("invalid request", "Bad ID token");
}
