import { z } from "@hono/zod-openapi";
import type { Inbox, InboxAttachment } from "./inbox.ts";

/** What a message must have; a file is given by its content. */
const Message = z.object({
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  attachments: z.array(z.object({
    filename: z.string(),
    content: z.base64(),
    content_type: z.string().default("application/octet-stream"),
  })).optional(),
});

/** Resend's `POST /emails` as far as we use it: the message goes to the inbox, once per Idempotency-Key. */
export async function receiveMail(request: Request, inbox: Inbox): Promise<Response> {
  if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
  const { data: mail } = Message.safeParse(await request.json().catch(() => null));
  if (!mail) {
    return Response.json({
      statusCode: 422,
      name: "validation_error",
      message: "to, subject and text are required; an attachment has a filename and base64 content",
    }, {
      status: 422,
    });
  }
  const { to, subject, text } = mail;
  const attachments = mail.attachments?.map((file): InboxAttachment => ({
    filename: file.filename,
    contentType: file.content_type,
    content: file.content,
  }));
  const id = inbox.addOnce(request.headers.get("idempotency-key"), {
    kind: "email",
    to,
    subject,
    text,
    ...(attachments ? { attachments } : {}),
  });
  return Response.json({ id });
}
