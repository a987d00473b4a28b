import type { AuthClient, AuthError } from "@supabase/auth-js";
import { AppError } from "../http/errors.ts";
import type { Runtime } from "../runtime.ts";

/** A client of Supabase Auth for one request; it keeps and refreshes nothing. Loaded when somebody signs in. */
export async function authClient(
  runtime: Runtime,
  address: string | null,
): Promise<InstanceType<typeof AuthClient>> {
  const { AuthClient } = await import("@supabase/auth-js");
  return new AuthClient({
    url: `${runtime.config.supabaseUrl}/auth/v1`,
    headers: authHeaders(runtime, address),
    fetch: (input, init) => fetchAuth(runtime, input, init),
    persistSession: false,
    autoRefreshToken: false,
    detectSessionInUrl: false,
  });
}

/** What a call of Supabase Auth carries. */
export function authHeaders(runtime: Runtime, address: string | null): Record<string, string> {
  const { secretKey } = runtime.config;
  return {
    apikey: secretKey,
    authorization: `Bearer ${secretKey}`,
    // Our functions share few addresses; Auth believes this header from a holder of the secret key.
    ...(address ? { "sb-forwarded-for": address } : {}),
  };
}

/** Supabase Auth asks vendors on the way, so it may take as long as they. */
export function fetchAuth(
  runtime: Runtime,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  return runtime.fetch(input, { ...init, signal: AbortSignal.timeout(runtime.config.vendorTimeoutMs) });
}

/** An error of Supabase Auth as ours. */
export function authError(error: AuthError): AppError {
  if (isOutage(error)) return new AppError("TRY_AGAIN", { cause: error });
  switch (error.code) {
    case "user_already_exists":
    case "email_exists":
      return new AppError("EMAIL_TAKEN", { cause: error });
    case "weak_password":
      return new AppError("WEAK_PASSWORD", {
        cause: error,
        details: [{ field: "password", reason: toReason(error.message) }],
      });
    case "over_request_rate_limit":
    case "over_email_send_rate_limit":
      return new AppError("RATE_LIMITED", { cause: error, retryAfterSeconds: 60 });
    case "email_address_invalid":
      return new AppError("INVALID_INPUT", {
        cause: error,
        details: [{ field: "email", reason: "is not valid" }],
      });
    case "validation_failed":
      return new AppError("INVALID_INPUT", { cause: error });
    default:
      return new AppError("INVALID_CREDENTIALS", { cause: error });
  }
}

/** An error of Supabase Auth at sign-up as ours: there, what we do not know is no matter of wrong credentials. */
export function signUpError(error: AuthError): AppError {
  const ours = authError(error);
  return ours.code === "INVALID_CREDENTIALS" ? new AppError("INTERNAL", { cause: error }) : ours;
}

/** Auth's sentences about a password, such as "Password should ...", without their subject. */
function toReason(sentences: string): string {
  return sentences.replace(/^Password /, "").replaceAll(". Password ", ", ").replace(/\.$/, "");
}

/** Whether Auth, or a vendor behind it, did not do its work. */
export function isOutage(error: AuthError): boolean {
  return error.name === "AuthRetryableFetchError" || (error.status ?? 0) >= 500;
}
