import { z } from "@hono/zod-openapi";
import { pageQuery } from "../_shared/http/pagination.ts";

export const Id = z.uuid("must be a UUID").openapi({ example: "0c6d9b0a-8f5e-4f0e-9d0c-2b6f1f6a3c11" });
export const DateTime = z.string().openapi({ description: "UTC", example: "2025-06-21T10:00:00Z" });

/** What every successful answer says first. */
export const Success = z.object({ success: z.literal(true) });
export const Done = Success.extend({ message: z.string() });

/** Free-form JSON as the document has it: stored as it came, never read as markup. */
export const Section = z.record(z.string(), z.unknown());

export const PageQuery = pageQuery({ defaultLimit: 10, maxLimit: 100 });

export const Pagination = z.object({
  page: z.int(),
  limit: z.int(),
  total: z.int().openapi({
    description: "Counted up to 10000; X-Total-Count-Exact tells whether there are more",
  }),
  pages: z.int(),
}).openapi("Pagination");

/** Text of at most so many characters. */
export const text = (maxLength: number) =>
  z.string().max(maxLength, `must have at most ${maxLength} characters`);
