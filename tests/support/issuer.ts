import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";
import { shutDown } from "./shut_down.ts";

/** An OpenID issuer on this machine that stands where Google's does. */
export interface OpenIdIssuer {
  /** What the stack's Auth needs to accept its tokens. */
  config: { enabled: true; clientIds: string[]; issuer: string; jwksUrl: string };
  /** Signs an ID token; claims may override issuer, audience and expiry. */
  sign(claims: Record<string, unknown>): Promise<string>;
  /** The same, signed with a key that the issuer does not know. */
  forge(claims: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

export async function startIssuer(): Promise<OpenIdIssuer> {
  const [own, foreign] = [await generateKeyPair("RS256"), await generateKeyPair("RS256")];
  const jwk = { ...await exportJWK(own.publicKey), kid: "1", alg: "RS256", use: "sig" };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ keys: [jwk] }),
  );
  const issuer = `http://127.0.0.1:${server.addr.port}`;
  const signWith = (key: CryptoKey) => (claims: Record<string, unknown>) =>
    new SignJWT({
      iss: issuer,
      aud: "convene-test",
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 300,
      ...claims,
    }).setProtectedHeader({ alg: "RS256", kid: "1" }).sign(key);
  return {
    config: { enabled: true, clientIds: ["convene-test"], issuer, jwksUrl: `${issuer}/jwks` },
    sign: signWith(own.privateKey),
    forge: signWith(foreign.privateKey),
    close: () => shutDown(server),
  };
}
