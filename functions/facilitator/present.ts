import type { Page, PageQuery } from "../_shared/http/pagination.ts";

/** Where a page stands among all of its list. */
export function presentPagination({ page, limit }: PageQuery, { total }: Page<unknown>) {
  return { page, limit, total, pages: Math.ceil(total / limit) };
}
