import { z } from "@hono/zod-openapi";
import type { Runtime } from "../../runtime.ts";
import { answersWith, VendorError, vendorFetch } from "../vendor.ts";

/** A file that comes with a message, as Resend takes it. */
export interface MailAttachment {
  filename: string;
  content_type: string;
  /** Base64. */
  content: string;
}

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  attachments?: MailAttachment[];
  /** Equal for every try of one message, so that the vendor sends it once. */
  idempotencyKey: string;
}

/** What Resend answers when it took a message. */
const Taken = z.object({ id: z.string() });

/** Sends e-mail. */
export interface MailSender {
  /** @throws {VendorError} when the vendor did not take it */
  send(mail: Mail): Promise<void>;
}

/** The configured sender, or null. Resend's API is one POST, which needs no SDK. */
export function mailSender(runtime: Runtime): MailSender | null {
  const { mail } = runtime.config;
  if (!mail) return null;
  return {
    async send({ idempotencyKey, ...message }) {
      const response = await vendorFetch(runtime, "mail", `${mail.baseUrl}/emails`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${mail.apiKey}`,
          "content-type": "application/json",
          "idempotency-key": idempotencyKey,
        },
        body: JSON.stringify({ from: mail.from, ...message }),
      });
      if (!response.ok) throw new VendorError("mail", `answered ${response.status}`, response.status);
      if (!answersWith(Taken, response.body)) {
        throw new VendorError("mail", "answered something else than its API");
      }
    },
  };
}

/** The address alone of who sends our mail: `no-reply@example.com` of `Convene <no-reply@example.com>`. */
export function senderAddress({ config: { mail } }: Runtime): string | undefined {
  return /<([^<>]+)>\s*$/.exec(mail?.from ?? "")?.[1] ?? mail?.from.trim();
}
