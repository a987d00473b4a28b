import { z } from "@hono/zod-openapi";
import { errorRenderer, sentenceOf } from "../_shared/http/error_renderer.ts";

export const ErrorBody = z.object({
  error: z.string().openapi({ example: "Booking not found" }),
}).openapi("Error");

/** The document knows 400, 401, 403, 404, 409 and 500, and one sentence per error. */
export const errors = errorRenderer({
  schema: ErrorBody,
  words: {
    SIGN_IN_REQUIRED: { message: "A bearer token is required" },
    INVALID_TOKEN: { message: "The bearer token is not valid" },
  },
  envelope: (error) => ({ error: sentenceOf(error) }),
});
