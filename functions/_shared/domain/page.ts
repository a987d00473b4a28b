import type { Page } from "../http/pagination.ts";
import type { Database } from "../database.types.ts";

type PageRow = Database["public"]["CompositeTypes"]["page"];

/**
 * The page that a `list_*` function answers. Its items are rows of the view that the function's comment names, with
 * the columns that view declares not null in its tables.
 */
export function toPage<Row>({ total, total_is_exact, items }: PageRow): Page<Row> {
  return { items: (items ?? []) as Row[], total: total ?? 0, totalIsExact: total_is_exact ?? true };
}
