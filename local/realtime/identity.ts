import { decodeJwt } from "jose";
import type { Claims, TokenAuthority } from "../tokens.ts";

/** Why something was refused, in hosted Realtime's words. */
export interface Refusal {
  refused: true;
  code: string;
  message: string;
}

/** Whom a channel or a request acts as. A key has no token and never expires. */
export interface Identity {
  refused: false;
  claims: Claims;
  token: string | null;
  /** Seconds since 1970. */
  expiresAt: number | null;
}

export function refuse(code: string, message: string): Refusal {
  return { refused: true, code, message };
}

/** The bearer of the publishable key is `anon`, that of the secret key `service_role`; null for any other text. */
export function identifyKey(
  key: string | null,
  keys: { publishableKey: string; secretKey: string },
): Identity | null {
  const role = key === keys.publishableKey ? "anon" : key === keys.secretKey ? "service_role" : null;
  return role && { refused: false, claims: { role }, token: null, expiresAt: null };
}

/** Whether a token is really an API key, which clients without a session send in its place. */
export function isApiKey(token: string): boolean {
  return token.startsWith("sb_");
}

export async function identifyToken(token: string, tokens: TokenAuthority): Promise<Identity | Refusal> {
  const unverified = peek(token);
  if (!unverified) return refuse("MalformedJWT", "The token provided is not a valid JWT");
  const verification = await tokens.verify(token);
  if (!verification.ok && verification.reason === "expired") {
    return refuse("InvalidJWTToken", expiryMessage(unverified.exp ?? 0));
  }
  if (unverified.exp === undefined || typeof unverified.role !== "string") {
    return refuse("InvalidJWTToken", "Fields `role` and `exp` are required in JWT");
  }
  if (!verification.ok) return refuse("JwtSignatureError", "Failed to validate JWT signature");
  return { refused: false, claims: verification.claims, token, expiresAt: unverified.exp };
}

export function expiryMessage(expiredAt: number): string {
  return `Token has expired ${Math.floor(Date.now() / 1000) - expiredAt} seconds ago`;
}

function peek(token: string): ReturnType<typeof decodeJwt> | null {
  try {
    return decodeJwt(token);
  } catch {
    return null;
  }
}
