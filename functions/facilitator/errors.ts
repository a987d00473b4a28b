import { z } from "@hono/zod-openapi";
import { errorRenderer } from "../_shared/http/error_renderer.ts";
import type { FieldError } from "../_shared/http/errors.ts";

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

/** So many problems are told in the sentence; all of them are in `details`. */
const toldAtMost = 3;

/** The document says only that all errors look the same: one sentence for people, one code for programs. */
export const errors = errorRenderer({
  schema: ErrorBody,
  words: {
    NOT_A_PROVIDER: { message: "Complete your onboarding first" },
  },
  envelope: ({ code, message, details }) => ({
    success: false,
    message: details.length === 0 ? message : `${message}: ${sentence(details)}`,
    error: code,
    ...(details.length === 0 ? {} : { details }),
  }),
});

function sentence(details: FieldError[]): string {
  const told = details.slice(0, toldAtMost).map(({ field, reason }) => `${field} ${reason}`).join("; ");
  return details.length > toldAtMost ? `${told}; and ${details.length - toldAtMost} more` : told;
}
