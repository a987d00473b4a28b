import { z } from "@hono/zod-openapi";
import { errorRenderer, sentenceOf } from "../_shared/http/error_renderer.ts";

const ErrorDetail = z.object({
  field: z.string().openapi({ example: "title" }),
  reason: z.string().openapi({ example: "must not be empty" }),
});

export const ErrorBody = z.object({
  success: z.literal(false),
  message: z.string().openapi({ example: "The request is not valid: title must not be empty" }),
  error: z.string().openapi({ description: "The code, which does not change", example: "INVALID_INPUT" }),
  details: z.array(ErrorDetail).optional().openapi({
    description: "What is wrong with the input, each with its place: `offerings.3.title` is of the fourth",
  }),
}).openapi("Error");

/** The document says only that all errors look the same: one sentence for people, one code for programs. */
export const errors = errorRenderer({
  schema: ErrorBody,
  words: {
    NOT_A_PROVIDER: { message: "Complete your onboarding first" },
  },
  envelope: ({ code, message, details }) => ({
    success: false,
    message: sentenceOf({ message, details }),
    error: code,
    ...(details.length === 0 ? {} : { details }),
  }),
});
