import { errors, importJWK, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { type ProjectKeys, signingKey } from "./keys.ts";

/** What a token says about its bearer; `role` is the database role that a request runs under. */
export interface Claims extends JWTPayload {
  role: string;
}

export type Verification = { ok: true; claims: Claims } | { ok: false; reason: "expired" | "invalid" };

/** Signs and checks the access tokens of this project as hosted Supabase Auth does: ES256 with `kid` and issuer. */
export class TokenAuthority {
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

  async verify(token: string): Promise<Verification> {
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
