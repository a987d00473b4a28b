import type { AuthError } from "@supabase/auth-js";
import type { Quota } from "../config.ts";
import { AppError } from "../http/errors.ts";
import type { Runtime } from "../runtime.ts";
import { authClient, isOutage } from "./auth_client.ts";
import type { AuthSession } from "./auth_sessions.ts";
import { adminDb, call, openDb, rowsOf } from "./db.ts";
import { endEvenly, evenly } from "./even_time.ts";
import { type ProviderProfile, toProviderProfile } from "./provider_profiles.ts";

/** Somebody whose code was right, and the profile of a provider that they had before. */
export interface PhoneSignIn {
  session: AuthSession;
  profile: ProviderProfile | null;
}

/**
 * Sends a code by SMS. Takes as long and answers the same whether the number is known.
 *
 * @param phone E.164
 * @param options.locale BCP 47 language of a new person
 * @throws {AppError} RATE_LIMITED; TRY_AGAIN when it could not be sent, which then counts for nothing
 */
export function sendPhoneCode(
  runtime: Runtime,
  phone: string,
  { locale, address }: { locale: string; address: string | null },
): Promise<void> {
  return evenly(async () => {
    const { intervalSeconds, phone: perPhone, address: perAddress } = runtime.config.codeLimits;
    const counted = {
      phone,
      limits: {
        interval_seconds: intervalSeconds,
        phone_max: perPhone.max,
        phone_seconds: perPhone.windowSeconds,
        ...addressLimits(perAddress),
      },
      ...(address ? { address } : {}),
    };
    const waitSeconds = await call(adminDb(runtime), "begin_phone_code", counted);
    if (waitSeconds > 0) throw new AppError("RATE_LIMITED", { retryAfterSeconds: waitSeconds });
    const auth = await authClient(runtime, address);
    const { error } = await auth.signInWithOtp({ phone, options: { data: { locale } } });
    spentBy(runtime).delete(phone);
    // Should this fail, the code counts as sent after a few seconds.
    await call(adminDb(runtime), "finish_phone_code", { ...counted, was_sent: !error }).catch((cause) => {
      if (error) throw cause;
    });
    if (error) throw sendingError(error);
  });
}

/**
 * Signs somebody in by the code that they got. A wrong code takes as long and answers the same whether the number is
 * known.
 *
 * @throws {AppError} INVALID_CODE when it is wrong, used or too old; TOO_MANY_TRIES after five; RATE_LIMITED; TRY_AGAIN
 */
export async function verifyPhoneCode(
  runtime: Runtime,
  { phone, code }: { phone: string; code: string },
  address: string | null,
): Promise<PhoneSignIn> {
  const startedAt = performance.now();
  if (!await takeTry(runtime, phone, address)) {
    return await endEvenly(startedAt, new AppError("INVALID_CODE"));
  }
  const auth = await authClient(runtime, address);
  const { data, error } = await auth.verifyOtp({ phone, token: code, type: "sms" });
  if (error) {
    if (wasNotCompared(error)) await call(adminDb(runtime), "return_phone_code_try", { phone });
    return await endEvenly(startedAt, verifyingError(error));
  }
  if (!data.session) throw new AppError("INTERNAL", { cause: new Error("Supabase Auth gave no session") });
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn } = data.session;
  const row = await rowsOf(
    openDb(runtime, accessToken).client.from("my_provider_profile").select().maybeSingle(),
  );
  return { session: { accessToken, refreshToken, expiresIn }, profile: row && toProviderProfile(row) };
}

/** For so long an instance believes that a code has no tries left: an attack shall not ask the database each time. */
const rememberedMs = 1000;
const spentCodes = new WeakMap<Runtime, Map<string, number>>();

function spentBy(runtime: Runtime): Map<string, number> {
  let spent = spentCodes.get(runtime);
  if (!spent) spentCodes.set(runtime, spent = new Map());
  if (spent.size > 10_000) spent.clear();
  return spent;
}

/** Whether a code was sent that may be compared. */
async function takeTry(runtime: Runtime, phone: string, address: string | null): Promise<boolean> {
  const { signInQuota } = runtime.config;
  const spent = spentBy(runtime);
  if ((spent.get(phone) ?? 0) > performance.now()) throw new AppError("TOO_MANY_TRIES");
  const outcome = await call(adminDb(runtime), "take_phone_code_try", {
    phone,
    limits: addressLimits(signInQuota),
    ...(address ? { address } : {}),
  });
  if (outcome === "address") {
    throw new AppError("RATE_LIMITED", { retryAfterSeconds: signInQuota.windowSeconds });
  }
  if (outcome === "spent") {
    spent.set(phone, performance.now() + rememberedMs);
    throw new AppError("TOO_MANY_TRIES");
  }
  return outcome === "try";
}

function addressLimits({ max, windowSeconds }: Quota) {
  return { address_max: max, address_seconds: windowSeconds };
}

function sendingError(error: AuthError): AppError {
  if (error.code === "over_sms_send_rate_limit" || error.code === "over_request_rate_limit") {
    return new AppError("RATE_LIMITED", { cause: error, retryAfterSeconds: 60 });
  }
  // sms_send_failed is the vendor's refusal, which Auth answers as if it were the client's fault.
  const isExpected = isOutage(error) || error.code === "sms_send_failed";
  return new AppError(isExpected ? "TRY_AGAIN" : "INTERNAL", { cause: error, retryAfterSeconds: 30 });
}

function verifyingError(error: AuthError): AppError {
  if (isOutage(error)) return new AppError("TRY_AGAIN", { cause: error, retryAfterSeconds: 5 });
  if (error.code === "over_request_rate_limit") {
    return new AppError("RATE_LIMITED", { cause: error, retryAfterSeconds: 60 });
  }
  return new AppError("INVALID_CODE", { cause: error });
}

/** Whether Auth said that it did not look at the code. Its silence does not say so: a try without answer counts. */
function wasNotCompared({ status, code }: AuthError): boolean {
  return (status ?? 0) >= 500 || code === "over_request_rate_limit";
}
