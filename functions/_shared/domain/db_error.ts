import type { PostgrestError } from "@supabase/postgrest-js";
import { z } from "@hono/zod-openapi";
import { AppError, isErrorCode } from "../http/errors.ts";

/** Deadlock, serialisation, lock and statement timeouts, lost connections, shutdown, and PostgREST's own of the kind. */
const transient = /^(40P01|40001|55P03|57014|57P0\d|53\d{3}|08\w{3}|PGRST00\d)$/;

const Detail = z.object({ field: z.string(), reason: z.string() });
const Details = z.union([z.array(Detail), Detail.transform((detail) => [detail])]);

/** When what a command refused for now may work. */
const Wait = z.object({ retry_after_seconds: z.int().positive() })
  .transform((detail) => detail.retry_after_seconds);

/**
 * An error of PostgREST as ours. A command raises SQLSTATE PTnnn with one of our codes as message; everything that the
 * client could not have caused is INTERNAL, or TRY_AGAIN when it will pass.
 */
export function databaseError(error: PostgrestError): AppError {
  // Details stay out: PostgreSQL quotes whole rows there, and causes are logged.
  const cause = new Error(`${error.code}: ${error.message}`);
  if (/^PT\d{3}$/.test(error.code) && isErrorCode(error.message)) {
    const details = parsed(error.details);
    const wait = error.message === "IDEMPOTENCY_KEY_IN_USE" ? 1 : Wait.safeParse(details).data;
    return new AppError(error.message, {
      cause,
      details: Details.safeParse(details).data ?? [],
      ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
    });
  }
  // Without a code nothing answered: refused, cut off, late, or no JSON.
  if (!error.code || transient.test(error.code)) {
    return new AppError("TRY_AGAIN", { cause, retryAfterSeconds: 2 });
  }
  if (error.code === "PGRST301" || error.code === "PGRST303") return new AppError("INVALID_TOKEN", { cause });
  // A value of the request that its type cannot hold: a number out of range, a NUL character, ...
  if (error.code.startsWith("22")) return new AppError("INVALID_INPUT", { cause });
  return new AppError("INTERNAL", { cause });
}

function parsed(details: string): unknown {
  try {
    return JSON.parse(details);
  } catch {
    return null;
  }
}
