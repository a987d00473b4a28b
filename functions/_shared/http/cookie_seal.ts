import { z } from "@hono/zod-openapi";
import type { Runtime } from "../runtime.ts";

/** What a session cookie holds. */
export interface SealedSession {
  accessToken: string;
  refreshToken: string;
  /** When the access token expires, and when the cookie does; milliseconds since the epoch. */
  accessEndsAtMs: number;
  endsAtMs: number;
}

const Payload = z.object({
  access: z.string(),
  refresh: z.string(),
  access_ends: z.number(),
  exp: z.number(),
});

/** Encrypts a session with the first of COOKIE_KEY: only we can read it, and nobody can change it. */
export async function sealSession(runtime: Runtime, session: SealedSession): Promise<string> {
  const [secret = ""] = runtime.config.cookieKeys;
  const { EncryptJWT } = await import("jose");
  return await new EncryptJWT({
    access: session.accessToken,
    refresh: session.refreshToken,
    access_ends: Math.floor(session.accessEndsAtMs / 1000),
  })
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .setExpirationTime(Math.floor(session.endsAtMs / 1000))
    .encrypt(await keyOf(secret));
}

/** The session that was sealed with any of COOKIE_KEY; null when it was changed, is of another key or too old. */
export async function openSession(runtime: Runtime, sealed: string): Promise<SealedSession | null> {
  const { jwtDecrypt } = await import("jose");
  for (const secret of runtime.config.cookieKeys) {
    try {
      const { payload } = await jwtDecrypt(sealed, await keyOf(secret), {
        currentDate: runtime.now(),
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: ["A256GCM"],
      });
      const { access, refresh, access_ends, exp } = Payload.parse(payload);
      return {
        accessToken: access,
        refreshToken: refresh,
        accessEndsAtMs: access_ends * 1000,
        endsAtMs: exp * 1000,
      };
    } catch {
      // Perhaps another key opens it.
    }
  }
  return null;
}

async function keyOf(secret: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
}
