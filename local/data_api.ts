import type { Lite } from "./database/lite.ts";
import type { ProjectKeys } from "./keys.ts";
import type { Claims, TokenAuthority } from "./tokens.ts";

/** Which of the project's API keys a request carries; null for none, undefined for a wrong one. */
export type ApiKey = "publishable" | "secret" | null | undefined;

/** The API key of a request: header `apikey`, or the query parameter for sockets and links. */
export function apiKeyOf(request: Request, keys: ProjectKeys): ApiKey {
  const key = request.headers.get("apikey") ?? new URL(request.url).searchParams.get("apikey");
  if (!key) return null;
  if (key === keys.publishableKey) return "publishable";
  return key === keys.secretKey ? "secret" : undefined;
}

/** The gateway's answer to a request without a good key, as hosted; null when the key is good. */
export function refuseKey(request: Request, key: ApiKey): Response | null {
  if (key === null) {
    return refusal("UNAUTHORIZED_MISSING_API_KEY", {
      message: "No API key found in request",
      hint: "No `apikey` request header or url param was found.",
    });
  }
  if (key === undefined) {
    return refusal("UNAUTHORIZED_INVALID_API_KEY", {
      message: "Invalid API key",
      hint: "Double check your Supabase `apikey`",
    });
  }
  if (key === "secret" && /^\s*Mozilla\//i.test(request.headers.get("user-agent") ?? "")) {
    return refusal("UNAUTHORIZED_INVALID_API_KEY_TYPE", {
      message: "Forbidden use of secret API key in browser",
    });
  }
  return null;
}

/** `/rest/v1` and `/storage/v1`: decides whom a request acts as, then lets lite answer. */
export function createDataApi(parts: { lite: Lite; keys: ProjectKeys; tokens: TokenAuthority }) {
  return async (request: Request): Promise<Response> => {
    if (!isReadable(request.url)) {
      return postgrestError(400, "PGRST125", "Invalid path specified in request URL");
    }
    if (request.method === "OPTIONS") return await parts.lite.fetch(request, anonymous);
    const key = apiKeyOf(request, parts.keys);
    const refused = refuseKey(request, key);
    if (refused || !key) return refused ?? Response.error();

    const claims = await claimsOf(request, key, parts.tokens);
    if (claims instanceof Response) return claims;
    return await inTime(parts.lite.fetch(request, { key, claims }).then(told));
  };
}

/** lite stumbles over escapes that are none, and PostgreSQL over NUL. */
function isReadable(url: string): boolean {
  const { pathname, search } = new URL(url);
  try {
    return !decodeURIComponent(pathname + search.replaceAll("+", " ")).includes("\0");
  } catch {
    return false;
  }
}

/** PostgREST's default for `db-pool-acquisition-timeout`. */
const acquisitionTimeoutMs = 10_000;

const anonymous = { key: "publishable", claims: { role: "anon" } } as const;

/** The claims of a user's token where there is one, else those of the key. */
async function claimsOf(request: Request, key: "publishable" | "secret", tokens: TokenAuthority) {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!bearer || bearer.startsWith("sb_")) return roleOf(key);
  const verified = await tokens.verify(bearer);
  if (verified.ok) return verified.claims;
  return verified.reason === "expired"
    ? postgrestError(401, "PGRST303", "JWT expired")
    : postgrestError(401, "PGRST301", "No suitable key or wrong key type");
}

function roleOf(key: "publishable" | "secret"): Claims {
  return { role: key === "secret" ? "service_role" : "anon" };
}

/** Answers as PostgREST does when no connection comes free in time; a late statement goes on without its client. */
async function inTime(answer: Promise<Response>): Promise<Response> {
  const { promise: late, resolve } = Promise.withResolvers<Response>();
  const timer = setTimeout(
    () => resolve(postgrestError(504, "PGRST003", "Timed out acquiring connection from connection pool.")),
    acquisitionTimeoutMs,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What lite's parser and drivers say of a request that PostgREST answers with 400. */
const mistakes =
  /Invalid input for|Invalid time value|Missing closing quote|Maximum call stack|array dimensions|target lists/;

/**
 * lite answers a lost database with 500; PostgREST says 503, and its clients wait and try again. It answers some mistakes
 * of the client so as well.
 */
async function told(response: Response): Promise<Response> {
  if (response.status !== 500) return response;
  const body = await response.text();
  if (body.includes("ConnectionFailure: ")) {
    return postgrestError(503, "PGRST001", "Database client error. Retrying the connection.");
  }
  const [mistake] = mistakes.exec(body) ?? [];
  return mistake ? postgrestError(400, "PGRST100", mistake) : new Response(body, response);
}

function postgrestError(status: number, code: string, message: string): Response {
  return Response.json({ code, message, details: null, hint: null }, {
    status,
    headers: { "access-control-allow-origin": "*", ...(status === 503 ? { "retry-after": "2" } : {}) },
  });
}

function refusal(code: string, body: { message: string; hint?: string }): Response {
  return Response.json(body, {
    status: 401,
    headers: { "sb-error-code": code, "access-control-allow-origin": "*" },
  });
}
