import { AuthError } from "./errors.ts";

/** Refuses a message that follows the last one too soon. */
export function checkFrequency(
  sentAt: string | null,
  { maxFrequencyMs, code, now }: {
    maxFrequencyMs: number;
    code: "over_sms_send_rate_limit" | "over_email_send_rate_limit";
    now: Date;
  },
): void {
  if (sentAt === null) return;
  const leftMs = Date.parse(sentAt) + maxFrequencyMs - now.getTime();
  if (leftMs <= 0) return;
  const seconds = Math.floor(leftMs / 1000);
  throw new AuthError(
    429,
    code,
    `For security purposes, you can only request this after ${seconds} seconds.`,
  );
}
