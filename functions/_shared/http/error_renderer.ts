import type { z } from "@hono/zod-openapi";
import { AppError, type ErrorCode, ERRORS, type FieldError } from "./errors.ts";

/** How one contract tells errors: its statuses, its words, its envelope. */
export interface ErrorRenderer {
  schema: z.ZodType;
  describe(code: ErrorCode): { status: number; message: string };
  render(error: AppError): { status: number; body: unknown };
}

/** An error as a contract's envelope takes it. */
export interface RenderedError {
  code: ErrorCode;
  status: number;
  message: string;
  details: FieldError[];
}

/**
 * Builds a contract's renderer. `words` gives a code the document's own status or message where it has one; the rest
 * comes from the one table.
 */
export function errorRenderer(options: {
  schema: z.ZodType;
  words: Partial<Record<ErrorCode, { status?: number; message?: string }>>;
  envelope(error: RenderedError): unknown;
}): ErrorRenderer {
  const describe = (code: ErrorCode) => ({
    status: options.words[code]?.status ?? ERRORS[code][0],
    message: options.words[code]?.message ?? ERRORS[code][1],
  });
  return {
    schema: options.schema,
    describe,
    render(error) {
      const { status, message } = describe(error.code);
      return {
        status,
        body: options.envelope({ code: error.code, status, message, details: error.details }),
      };
    },
  };
}
