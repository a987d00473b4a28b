import { z } from "@hono/zod-openapi";
import { lazily } from "../_shared/lazily.ts";
import { type Page, type PageQuery as Query, pageQuery } from "../_shared/http/pagination.ts";
import { utcDateTime } from "../_shared/http/times.ts";

export const Id = z.uuid("must be a UUID").openapi({ example: "0c6d9b0a-8f5e-4f0e-9d0c-2b6f1f6a3c11" });
export const Instant = z.iso.datetime().openapi({ description: "UTC", example: "2030-01-15T07:00:00Z" });
export const PageQuery = pageQuery({ defaultLimit: 20, maxLimit: 100 });

const date = /^\d{4}-\d\d-\d\d$/;

/** Where a period begins: an instant, or a date from its start on, in UTC. */
export const PeriodStart = z.string().transform((text) => date.test(text) ? `${text}T00:00` : text)
  .pipe(utcDateTime).openapi({
    type: "string",
    description: "A date-time, or a date: from its start on; UTC",
    example: "2030-01-15",
  });

/** Where a period ends: before an instant, or with the end of a date, in UTC. */
export const PeriodEnd = z.string().transform((text) => date.test(text) ? `${text}T24:00` : text)
  .pipe(utcDateTime).openapi({
    type: "string",
    description: "A date-time, which is not in it, or a date, which is; UTC",
    example: "2030-01-31",
  });

/** What every answer of this contract is wrapped in. */
export function answer<S extends z.ZodType>(data: S) {
  return z.object({ success: z.literal(true), data });
}

/** The same with a sentence, as its writes have it. */
export function saidAnswer<S extends z.ZodType>(data: S) {
  return z.object({ success: z.literal(true), message: z.string(), data });
}

/** Where a page stands. Lists have it beside `data`, which holds `total` and `page` as well. */
export const Pagination = lazily(() =>
  z.object({
    page: z.int(),
    limit: z.int(),
    total: z.int().openapi({
      description: "Counted up to 10000; X-Total-Count-Exact tells whether there are more",
    }),
    totalPages: z.int(),
    hasNext: z.boolean(),
    hasPrev: z.boolean(),
  }).openapi("Pagination")
);

/** A page of a list: `data` is the document's object of it, with `total` and `page`. */
export function pageAnswer<S extends z.ZodType>(data: S) {
  return z.object({ success: z.literal(true), data, pagination: Pagination() });
}

export function presentPagination(
  { page, limit }: Query,
  { total, totalIsExact, items }: Page<unknown>,
): z.output<ReturnType<typeof Pagination>> {
  return {
    page,
    limit,
    total,
    totalPages: Math.ceil(total / limit),
    hasNext: totalIsExact ? page * limit < total : items.length === limit,
    hasPrev: page > 1,
  };
}
