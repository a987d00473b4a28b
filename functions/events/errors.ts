import { z } from "@hono/zod-openapi";
import { errorRenderer, sentenceOf } from "../_shared/http/error_renderer.ts";

export const ErrorBody = z.object({
  error: z.string().openapi({ example: "The event is fully booked" }),
}).openapi("Error");

/** The domain's field names in this document's words. */
const fields: Record<string, string> = { kind: "type", provider_id: "facilitator_id" };

/** The document knows 400, 401, 403, 404, 409 and 500, and one sentence per error. */
export const errors = errorRenderer({
  schema: ErrorBody,
  words: {
    NOT_A_PROVIDER: { message: "This account is not a facilitator's" },
    PROVIDER_NOT_FOUND: { message: "Facilitator not found" },
    WEAK_PASSWORD: { status: 400 },
    PREPAYMENT_REQUIRED: {
      message:
        "The event is not available here: it must be paid in advance, so book it with supabase-js and pay through the " +
        "consulting API",
    },
  },
  envelope: (error) => ({ error: sentenceOf(error, fields) }),
});
