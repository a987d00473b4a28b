import { z } from "@hono/zod-openapi";
import { AppError } from "../http/errors.ts";
import type { Runtime } from "../runtime.ts";
import { authHeaders, fetchAuth } from "./auth_client.ts";

/** What proves a signed-in person to the project, and what renews it. */
export interface AuthSession {
  accessToken: string;
  refreshToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
}

const Refreshed = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.number(),
});

/**
 * Renews a session; null when Supabase Auth refuses, because it ended or another request renewed it long ago. Not
 * through its SDK, which would try for half a minute.
 *
 * @throws {AppError} TRY_AGAIN when Auth does not answer
 */
export async function refreshAuthSession(
  runtime: Runtime,
  refreshToken: string,
  address: string | null,
): Promise<AuthSession | null> {
  const response = await post(runtime, "token?grant_type=refresh_token", {
    headers: { ...authHeaders(runtime, address), "content-type": "application/json" },
    body: JSON.stringify({ refresh_token: refreshToken }),
  });
  const body = await response.json().catch(() => null);
  if (response.status === 429 || response.status >= 500) throw outage(new Error(`HTTP ${response.status}`));
  if (!response.ok) return null;
  const refreshed = Refreshed.safeParse(body);
  if (!refreshed.success) throw outage(refreshed.error);
  const { access_token, refresh_token, expires_in } = refreshed.data;
  return { accessToken: access_token, refreshToken: refresh_token, expiresIn: expires_in };
}

/**
 * Ends the session of an access token, and with it its refresh tokens; one that has ended already is fine.
 *
 * @throws {AppError} TRY_AGAIN when Auth does not answer
 */
export async function endAuthSession(
  runtime: Runtime,
  accessToken: string,
  address: string | null,
): Promise<void> {
  const response = await post(runtime, "logout?scope=local", {
    headers: { ...authHeaders(runtime, address), authorization: `Bearer ${accessToken}` },
  });
  await response.body?.cancel();
  if (response.status === 429 || response.status >= 500) throw outage(new Error(`HTTP ${response.status}`));
}

async function post(runtime: Runtime, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetchAuth(runtime, `${runtime.config.supabaseUrl}/auth/v1/${path}`, {
      method: "POST",
      ...init,
    });
  } catch (cause) {
    throw outage(cause);
  }
}

function outage(cause: unknown): AppError {
  return new AppError("TRY_AGAIN", { cause, retryAfterSeconds: 2 });
}
