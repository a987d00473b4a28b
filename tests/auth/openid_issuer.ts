import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { shutDown } from "../support/shut_down.ts";

/** An OpenID issuer of the tests, which signs as Google does. */
export interface OpenIdIssuer {
  issuer: string;
  jwksUrl: string;
  clientId: string;
  /** Signs an ID token; claims replace the usual ones, undefined removes one. */
  sign(claims: Record<string, unknown>, options?: { foreignKey?: boolean }): Promise<string>;
  close(): Promise<void>;
}

export async function startIssuer(): Promise<OpenIdIssuer> {
  const [own, foreign] = [await generateKeyPair("RS256"), await generateKeyPair("RS256")];
  const jwk = { ...await exportJWK(own.publicKey), kid: "one", alg: "RS256", use: "sig" };
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => Response.json({ keys: [jwk] }),
  );
  const issuer = `http://127.0.0.1:${server.addr.port}`;
  const clientId = "convene.apps.googleusercontent.test";
  return {
    issuer,
    jwksUrl: `${issuer}/certs`,
    clientId,
    sign(claims, { foreignKey = false } = {}) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({
        iss: issuer,
        aud: clientId,
        iat: now,
        exp: now + 3600,
        email_verified: true,
        ...claims,
      })
        .setProtectedHeader({ alg: "RS256", kid: "one" })
        .sign(foreignKey ? foreign.privateKey : own.privateKey);
    },
    close: () => shutDown(server),
  };
}
