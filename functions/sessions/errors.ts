import { z } from "@hono/zod-openapi";
import { errorRenderer, sentenceOf } from "../_shared/http/error_renderer.ts";

export const ErrorBody = z.object({
  error: z.string().openapi({ example: "Session is fully booked" }),
}).openapi("Error");

/** The domain's field names in this document's words. */
const fields: Record<string, string> = {
  event_id: "session_id",
  kind: "session_type",
  starts_at: "start_time",
  ends_at: "end_time",
  price_minor: "price",
};

/** The document knows 400, 401, 403, 404 and 500, and one sentence per error. */
export const errors = errorRenderer({
  schema: ErrorBody,
  words: {
    NOT_A_PROVIDER: { message: "Insufficient permissions: only facilitators may do this" },
    NOT_YOUR_EVENT: { message: "Unauthorized: this session belongs to another facilitator" },
    EVENT_NOT_FOUND: { message: "Session not found" },
    EMAIL_TAKEN: { status: 400 },
    WEAK_PASSWORD: { status: 400 },
    ALREADY_BOOKED: { status: 400, message: "You have already booked this session" },
    EVENT_FULL: { status: 400, message: "Session is fully booked" },
    EVENT_CANCELLED: { status: 400, message: "Session is not available: it was cancelled" },
    EVENT_STARTED: { status: 400, message: "Session is not available: it has already begun" },
    PREPAYMENT_REQUIRED: {
      status: 400,
      message:
        "Session is not available here: it must be paid in advance, so book it with supabase-js and pay through the " +
        "consulting API",
    },
    CAPACITY_BELOW_BOOKINGS: { status: 400, message: "The session cannot become so small" },
    PROVIDER_NOT_FREE: {
      status: 400,
      message: "Session is not available at this time: another booking has it",
    },
  },
  envelope: (error) => ({ error: sentenceOf(error, fields) }),
});
