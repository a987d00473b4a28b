import { createHash } from "node:crypto";
import type { Sql } from "../database/database.ts";
import type { AuthenticationMethod } from "./access_tokens.ts";
import { isEqual, pkcePrefix } from "./codes.ts";
import type { Work } from "./context.ts";
import { AuthError, validationFailed } from "./errors.ts";

/** A started sign-in that only the client with the verifier may finish. */
export interface Challenge {
  code_challenge: string;
  code_challenge_method: string;
}

const lifetimeMs = 300_000;

/**
 * Checks the two parameters.
 *
 * @returns null when the request asks for no PKCE
 */
export function readChallenge({ code_challenge, code_challenge_method }: Challenge): Challenge | null {
  if ((code_challenge === "") !== (code_challenge_method === "")) {
    throw validationFailed("PKCE flow requires code_challenge_method and code_challenge");
  }
  if (code_challenge === "") return null;
  if (code_challenge.length < 43 || code_challenge.length > 128) {
    throw validationFailed("code challenge has to be between 43 and 128 characters");
  }
  if (!/^[a-zA-Z._~0-9-]+$/.test(code_challenge)) {
    throw validationFailed(
      "code challenge can only contain alphanumeric characters, hyphens, periods, underscores and tildes",
    );
  }
  const method = code_challenge_method.toLowerCase();
  if (method !== "s256" && method !== "plain") {
    throw validationFailed(`unsupported code_challenge method ${JSON.stringify(code_challenge_method)}`);
  }
  return { code_challenge, code_challenge_method: method };
}

/** The token of a mail, marked when its link must lead to a code instead of a session. */
export function flowToken(hash: string, challenge: Challenge | null): string {
  return challenge ? pkcePrefix + hash : hash;
}

/** Remembers a challenge for the mail that the user is about to get. */
export async function insertFlow(
  { sql, now }: Work,
  challenge: Challenge,
  { userId, method, provider }: { userId: string; method: AuthenticationMethod; provider: string },
): Promise<void> {
  await sql.query(
    `insert into auth.flow_state (
       id, user_id, auth_code, authentication_method, code_challenge, code_challenge_method, provider_type,
       provider_access_token, provider_refresh_token, created_at, updated_at
     )
     values ($1, $2, $3, $4, $5, $6, $7, '', '', $8, $8)`,
    [
      crypto.randomUUID(),
      userId,
      crypto.randomUUID(),
      method,
      challenge.code_challenge,
      challenge.code_challenge_method,
      provider,
      now.toISOString(),
    ],
  );
}

/** The code of the flow whose link the user has followed. */
export async function issueAuthCode({ sql, now }: Work, userId: string, method: string): Promise<string> {
  const [flow] = await sql.query<{ auth_code: string }>(
    `update auth.flow_state
     set auth_code_issued_at = $3, updated_at = $3
     where id = (
       select id from auth.flow_state
       where user_id = $1 and authentication_method = $2
       order by created_at desc
       limit 1
     )
     returning auth_code`,
    [userId, method, now.toISOString()],
  );
  if (!flow) throw new AuthError(422, "flow_state_not_found", "No valid flow state found for user.");
  return flow.auth_code;
}

export interface Flow {
  id: string;
  user_id: string | null;
  authentication_method: AuthenticationMethod;
  code_challenge: string | null;
  code_challenge_method: string | null;
  provider_access_token: string | null;
  provider_refresh_token: string | null;
  auth_code_issued_at: string | null;
  created_at: string;
}

/** The flow of a code, locked so that one request exchanges it. */
export async function findFlow(sql: Sql, authCode: string): Promise<Flow | null> {
  const [flow] = await sql.query<Flow>(
    `select id, user_id, authentication_method, code_challenge, code_challenge_method, provider_access_token,
       provider_refresh_token, auth_code_issued_at, created_at
     from auth.flow_state
     where auth_code = $1
     for update`,
    [authCode],
  );
  return flow ?? null;
}

export async function deleteFlow(sql: Sql, flow: Flow): Promise<void> {
  await sql.query("delete from auth.flow_state where id = $1", [flow.id]);
}

export function isFlowExpired(flow: Flow, now: Date): boolean {
  const from = flow.authentication_method === "magiclink" ? flow.auth_code_issued_at : null;
  return now.getTime() > Date.parse(from ?? flow.created_at) + lifetimeMs;
}

export function fitsVerifier(flow: Flow, verifier: string): boolean {
  const given = flow.code_challenge_method === "plain"
    ? verifier
    : createHash("sha256").update(verifier).digest("base64url");
  return flow.code_challenge !== null && isEqual(given, flow.code_challenge);
}
