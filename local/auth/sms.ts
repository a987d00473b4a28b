import { createCode, smsPrefix, tokenHash } from "./codes.ts";
import type { Work } from "./context.ts";
import { validationFailed } from "./errors.ts";
import { checkFrequency } from "./frequency.ts";
import { updateUser, type UserRow } from "./users.ts";

/** Why a code is sent. */
export type SmsPurpose = "confirmation" | "phone_change" | "reauthentication";

/**
 * A number as GoTrue stores it: international, without plus and spaces.
 *
 * @throws {AuthError} when it cannot be one
 */
export function normalizePhone(phone: string): string {
  const normalized = formatPhone(phone);
  if (!/^[1-9]\d{1,14}$/.test(normalized)) {
    throw validationFailed("Invalid phone number format (E.164 required)");
  }
  return normalized;
}

export function formatPhone(phone: string): string {
  return phone.replace(/^\+/, "").replaceAll(" ", "");
}

/** @throws {AuthError} for channels that no SMS goes through */
export function checkChannel(channel: string): void {
  if (channel !== "" && channel !== "sms") {
    throw validationFailed(
      "Invalid channel, supported values are 'sms' or 'whatsapp'. 'whatsapp' is only supported if Twilio or Twilio Verify is used as the provider.",
    );
  }
}

/** The key of {@link Attempts} for the code that a user got for a purpose. */
export function attemptsKey(userId: string, purpose: SmsPurpose): string {
  return `${purpose}:${userId}`;
}

/** Sends a code to `phone` and stores its hash; `phone_change` also notes the number that is to be confirmed. */
export async function sendSmsCode(
  work: Work,
  { user, phone, purpose }: { user: UserRow; phone: string; purpose: SmsPurpose },
): Promise<UserRow> {
  const { auth, now } = work;
  const { sms } = auth.config;
  const sentAt = user[`${purpose}_sent_at`];
  checkFrequency(sentAt, { maxFrequencyMs: sms.maxFrequencyMs, code: "over_sms_send_rate_limit", now });
  if (!sms.autoConfirm) auth.limits.takeSms();
  const code = createCode(sms.codeLength);
  const hash = smsPrefix + tokenHash(phone, code);
  const at = now.toISOString();
  auth.attempts.reset(attemptsKey(user.id, purpose));
  work.send({ kind: "sms", to: `+${phone}`, subject: null, text: `Your code is ${code}` });
  switch (purpose) {
    case "confirmation":
      return await updateUser(work, user.id, { confirmation_token: hash, confirmation_sent_at: at });
    case "phone_change":
      return await updateUser(work, user.id, {
        phone_change: phone,
        phone_change_token: hash,
        phone_change_sent_at: at,
      });
    case "reauthentication":
      return await updateUser(work, user.id, { reauthentication_token: hash, reauthentication_sent_at: at });
  }
}
