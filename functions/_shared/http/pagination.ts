import { z } from "@hono/zod-openapi";

/** One page of a list: rows, and how many there are in all, counted up to 10,000. */
export interface Page<Row> {
  items: Row[];
  total: number;
  totalIsExact: boolean;
}

/** Which page a request asks for; `page` counts from 1. */
export interface PageQuery {
  page: number;
  limit: number;
}

/** Pages beyond this many rows are empty: nobody reads so far, and the database would have to. */
export const maxOffset = 100_000;

/** The query parameters `page` and `limit`: below 1 is refused, above the maximum is the maximum. */
export function pageQuery({ defaultLimit, maxLimit }: { defaultLimit: number; maxLimit: number }) {
  return z.object({ page: pageNumber(), limit: pageSize(defaultLimit, maxLimit) });
}

/** The same as `page` and `per_page`. */
export function perPageQuery({ defaultLimit, maxLimit }: { defaultLimit: number; maxLimit: number }) {
  return z.object({ page: pageNumber(), per_page: pageSize(defaultLimit, maxLimit) });
}

/** The page that `page` and `per_page` ask for. */
export function toPageQuery({ page, per_page: limit }: { page: number; per_page: number }): PageQuery {
  return { page, limit };
}

const count = () =>
  z.coerce.number({ error: "must be a number" }).int("must be a whole number").min(1, "must be at least 1");

function pageNumber() {
  return count().default(1).openapi({ type: "integer", minimum: 1, default: 1, example: 1 });
}

function pageSize(defaultLimit: number, maxLimit: number) {
  return count().default(defaultLimit).transform((limit) => Math.min(limit, maxLimit))
    .openapi({
      type: "integer",
      minimum: 1,
      maximum: maxLimit,
      default: defaultLimit,
      example: defaultLimit,
    });
}

/** The slice of rows that a page is; of a page beyond `maxOffset` no rows, the total alone. */
export function pageSlice({ page, limit }: PageQuery): { page_size: number; page_offset: number } {
  const offset = (page - 1) * limit;
  return offset < maxOffset
    ? { page_size: limit, page_offset: offset }
    : { page_size: 0, page_offset: maxOffset };
}

/** The header that tells whether `total` is all there are. */
export function exactHeader({ totalIsExact }: Page<unknown>) {
  return { "X-Total-Count-Exact": String(totalIsExact) };
}

/** Headers for lists that are bare arrays: totals, and links to the same list's neighbouring pages (RFC 8288). */
export function pageHeaders(url: string, { page, limit }: PageQuery, rows: Page<unknown>) {
  const { total, totalIsExact, items } = rows;
  const { searchParams } = new URL(url);
  const link = (number: number, rel: string) => {
    searchParams.set("page", String(number));
    searchParams.set("limit", String(limit));
    return `<?${searchParams}>; rel="${rel}"`;
  };
  const hasNext = totalIsExact ? page * limit < total : items.length === limit;
  return {
    "X-Total-Count": String(total),
    ...exactHeader(rows),
    Link: [
      link(1, "first"),
      ...(page > 1 ? [link(page - 1, "prev")] : []),
      ...(hasNext ? [link(page + 1, "next")] : []),
      ...(totalIsExact ? [link(Math.max(1, Math.ceil(total / limit)), "last")] : []),
    ].join(", "),
  };
}

/** Where a page stands, for documents that say so in the body. */
export const Pagination = z.object({
  page: z.int(),
  pages: z.int(),
  per_page: z.int(),
  total: z.int().openapi({
    description: "Counted up to 10000; X-Total-Count-Exact tells whether there are more",
  }),
  has_next: z.boolean(),
  has_prev: z.boolean(),
}).openapi("Pagination");

/** A page in these words. */
export function presentPagination(
  { page, limit }: PageQuery,
  { total, totalIsExact, items }: Page<unknown>,
): z.output<typeof Pagination> {
  return {
    page,
    pages: Math.ceil(total / limit),
    per_page: limit,
    total,
    has_next: totalIsExact ? page * limit < total : items.length === limit,
    has_prev: page > 1,
  };
}
