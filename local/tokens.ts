import { type CryptoKey, errors, importJWK, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { type ProjectKeys, signingKey } from "./keys.ts";

/** What a token says about its bearer; `role` is the database role that a request runs under. */
export interface Claims extends JWTPayload {
  role: string;
}

export type Verification = { ok: true; claims: Claims } | { ok: false; reason: "expired" | "invalid" };

const rememberedTokens = 1000;

/** Signs and checks the access tokens of this project as hosted Supabase Auth does: ES256 with `kid` and issuer. */
export class TokenAuthority {
  #remembered = new Map<string, Claims>();

  private constructor(
    readonly issuer: string,
    readonly publicJwk: ProjectKeys["publicJwk"],
    readonly privateKey: CryptoKey,
    readonly publicKey: CryptoKey,
  ) {}

  static async create(keys: ProjectKeys, projectUrl: string): Promise<TokenAuthority> {
    const publicKey = await importJWK(keys.publicJwk, "ES256") as CryptoKey;
    return new TokenAuthority(`${projectUrl}/auth/v1`, keys.publicJwk, await signingKey(keys), publicKey);
  }

  /** Signs claims for `expiresIn` seconds from `iat` (default: now). */
  sign(claims: Claims, expiresIn: number): Promise<string> {
    const issuedAt = claims.iat ?? Math.floor(Date.now() / 1000);
    return new SignJWT({ ...claims, iss: this.issuer, iat: issuedAt, exp: issuedAt + expiresIn })
      .setProtectedHeader({ alg: "ES256", kid: this.publicJwk.kid!, typ: "JWT" })
      .sign(this.privateKey);
  }

  /** Tokens that were good are remembered until they expire: a request passes the gateway more than once. */
  async verify(token: string): Promise<Verification> {
    const known = this.#remembered.get(token);
    if (known) {
      return (known.exp ?? 0) * 1000 > Date.now()
        ? { ok: true, claims: known }
        : { ok: false, reason: "expired" };
    }
    const verification = await this.#verify(token);
    if (verification.ok) {
      if (this.#remembered.size >= rememberedTokens) this.#remembered.clear();
      this.#remembered.set(token, verification.claims);
    }
    return verification;
  }

  async #verify(token: string): Promise<Verification> {
    try {
      const { payload } = await jwtVerify(token, this.publicKey, {
        algorithms: ["ES256"],
        issuer: this.issuer,
        requiredClaims: ["exp"],
      });
      return typeof payload.role === "string"
        ? { ok: true, claims: payload as Claims }
        : { ok: false, reason: "invalid" };
    } catch (error) {
      return { ok: false, reason: error instanceof errors.JWTExpired ? "expired" : "invalid" };
    }
  }
}
