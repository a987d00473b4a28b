import type { z } from "@hono/zod-openapi";
import { AppError, type ErrorCode, ERRORS, type FieldError } from "./errors.ts";

/** How one contract tells errors: its statuses, its words, its envelope. */
export interface ErrorRenderer {
  schema: z.ZodType;
  describe(code: ErrorCode): { status: number; message: string };
  render(error: AppError): { status: number; body: unknown };
}

/** So many problems are told in one sentence. */
const toldAtMost = 8;

/** An error in one sentence that names what is wrong with the input, in the contract's words for fields. */
export function sentenceOf(
  { message, details }: Pick<RenderedError, "message" | "details">,
  fields: Record<string, string> = {},
): string {
  if (details.length === 0) return message;
  const told = details.slice(0, toldAtMost).map(({ field, reason }) => `${fields[field] ?? field} ${reason}`);
  const left = details.length - toldAtMost;
  return `${message}: ${told.join("; ")}${left > 0 ? `; and ${left} more` : ""}`;
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
