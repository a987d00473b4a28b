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

/** Far more than a letter with its calendar entry. */
const maxBytes = 10 * 1024 * 1024;

/**
 * Resend's `POST /emails` as far as we use it: the message goes to the inbox, once per Idempotency-Key. Only with the
 * functions' key: any website that a developer visits can post to this machine.
 */
export async function receiveMail(
  request: Request,
  { inbox, apiKey }: { inbox: Inbox; apiKey: string },
): Promise<Response> {
  if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
  if (request.headers.get("authorization") !== `Bearer ${apiKey}`) {
    return refusal(401, "invalid_api_key", "API key is invalid");
  }
  const body = await readText(request);
  if (body === null) return refusal(413, "validation_error", `A message has at most ${maxBytes} bytes`);
  const { data: mail } = Message.safeParse(parsed(body));
  if (!mail) {
    return refusal(
      422,
      "validation_error",
      "to, subject and text are required; an attachment has a filename and base64 content",
    );
  }
  const { to, subject, text } = mail;
  if (/[\r\n]/.test(subject)) {
    return refusal(422, "validation_error", "The `\\n` is not allowed in the `subject` field.");
  }
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

/** The body, or null when it is too large. */
async function readText({ body }: Request): Promise<string | null> {
  const decoder = new TextDecoder();
  let [text, size] = ["", 0];
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refusal(status: number, name: string, message: string): Response {
  return Response.json({ statusCode: status, name, message }, { status });
}
