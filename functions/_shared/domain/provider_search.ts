import { type Page, type PageQuery, pageSlice } from "../http/pagination.ts";
import { call, type Db, type Tables } from "./db.ts";
import { toPage } from "./page.ts";

/** What a search tells of a provider: nothing to reach them by. */
export type FoundProvider = Pick<
  Tables["providers"]["Row"],
  "id" | "display_name" | "bio" | "specialization" | "created_at"
>;

/**
 * Providers by name, or by their exact e-mail address for signed-in people; best first.
 *
 * @throws {AppError} SIGN_IN_REQUIRED for an e-mail address, INVALID_INPUT
 */
export async function searchProviders(
  db: Db,
  query: PageQuery,
  search: { name?: string | undefined; email?: string | undefined },
): Promise<Page<FoundProvider>> {
  const given = Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
  return toPage(await call(db, "search_providers", { ...pageSlice(query), ...given }));
}
