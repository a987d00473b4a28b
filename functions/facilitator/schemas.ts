import { z } from "@hono/zod-openapi";
import { lazily } from "../_shared/lazily.ts";
import type { Json } from "../_shared/database.types.ts";
import { pageQuery } from "../_shared/http/pagination.ts";

export const Id = z.uuid("must be a UUID").openapi({ example: "0c6d9b0a-8f5e-4f0e-9d0c-2b6f1f6a3c11" });
export const DateTime = z.string().openapi({ description: "UTC", example: "2025-06-21T10:00:00Z" });

/** What every successful answer says first. */
export const Success = lazily(() => z.object({ success: z.literal(true) }));
export const Done = lazily(() => Success().extend({ message: z.string() }));

/** Deeper nesting is no document. */
export const maxDepth = 32;

/** Free-form JSON as the document has it: stored as it came, never read as markup. The domain bounds its size. */
export const Section = z.custom<Record<string, Json>>(
  // The body came out of JSON.parse: an object in it is a record of JSON.
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "must be an object",
).refine((value) => isShallow(value), `must not be nested deeper than ${maxDepth} levels`)
  .openapi({ type: "object", additionalProperties: true, example: {} });

/** Whether JSON keeps within the depth; level by level, because what is too deep would also be for a recursion. */
export function isShallow(json: unknown): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; depth < maxDepth; depth++) {
    level = level.flatMap((value) => typeof value === "object" && value !== null ? Object.values(value) : []);
    if (level.length === 0) return true;
  }
  return false;
}

export const PageQuery = pageQuery({ defaultLimit: 10, maxLimit: 100 });

export const Pagination = lazily(() =>
  z.object({
    page: z.int(),
    limit: z.int(),
    total: z.int().openapi({
      description: "Counted up to 10000; X-Total-Count-Exact tells whether there are more",
    }),
    pages: z.int(),
  }).openapi("Pagination")
);

/** Text of at most so many characters. */
export const text = (maxLength: number) =>
  z.string().max(maxLength, `must have at most ${maxLength} characters`);
