import { join } from "node:path";
import {
  calculateJwkThumbprint,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from "jose";

/** The credentials of one embedded project. They are random, so nothing outside this machine can know them. */
export interface ProjectKeys {
  publishableKey: string;
  secretKey: string;
  /** Signs access tokens (ES256). */
  privateJwk: JWK;
  /** Verifies them; what `/auth/v1/.well-known/jwks.json` shows. */
  publicJwk: JWK;
  /** lite's own HS256 secret; no token signed with it leaves the gateway. */
  innerSecret: string;
  /** What the worker's and the CRM's callers present. */
  workerToken: string;
  /** Seals the functions' cookies. */
  cookieKey: string;
}

/** Reads the keys of a data folder, making them at the first start; without a folder they live in memory. */
export async function loadKeys(folder: string | null): Promise<ProjectKeys> {
  if (!folder) return await createKeys();
  const path = join(folder, "keys.json");
  const known = await readKeys(path);
  // A folder of an earlier version lacks some.
  const keys: ProjectKeys = { ...await createKeys(), ...known };
  if (known && Object.keys(keys).every((name) => name in known)) return keys;
  await Deno.writeTextFile(path, JSON.stringify(keys, null, 2), { mode: 0o600 });
  return keys;
}

async function readKeys(path: string): Promise<Partial<ProjectKeys> | null> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The signing key in the form that signing takes. */
export async function signingKey(keys: ProjectKeys): Promise<CryptoKey> {
  return await importJWK(keys.privateJwk, "ES256") as CryptoKey;
}

async function createKeys(): Promise<ProjectKeys> {
  const pair = await generateKeyPair("ES256", { extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const shared = { alg: "ES256", use: "sig", kid: await calculateJwkThumbprint(publicJwk) };
  return {
    publishableKey: `sb_publishable_${randomText()}`,
    secretKey: `sb_secret_${randomText()}`,
    privateJwk: { ...await exportJWK(pair.privateKey), ...shared },
    publicJwk: { ...publicJwk, ...shared },
    innerSecret: randomText(),
    workerToken: randomText(),
    cookieKey: randomText(),
  };
}

/** 192 random bits in URL-safe text. */
function randomText(): string {
  return crypto.getRandomValues(new Uint8Array(24)).toBase64({ alphabet: "base64url" });
}
