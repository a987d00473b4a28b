import type { Inbox } from "./inbox.ts";

/** Resend's `POST /emails` as far as we use it: the message goes to the inbox, once per Idempotency-Key. */
export async function receiveMail(request: Request, inbox: Inbox): Promise<Response> {
  if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
  const mail: { to?: unknown; subject?: unknown; text?: unknown } = await request.json().catch(() => ({}));
  if (typeof mail.to !== "string" || typeof mail.subject !== "string" || typeof mail.text !== "string") {
    return Response.json({
      statusCode: 422,
      name: "validation_error",
      message: "to, subject and text are required",
    }, {
      status: 422,
    });
  }
  const id = inbox.addOnce(request.headers.get("idempotency-key"), {
    kind: "email",
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
  });
  return Response.json({ id });
}
