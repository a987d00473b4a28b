import type { Json } from "../database.types.ts";
import { type Page, type PageQuery, pageSlice } from "../http/pagination.ts";
import { call, type Db, type Tables, type ViewRow } from "./db.ts";
import { toPage } from "./page.ts";

export type Offering = Tables["offerings"]["Row"];
/** An offering with its provider's name. */
export type OfferingListing = ViewRow<
  "offering_listings",
  "category" | "category_id" | "subcategory_id" | "price_minor" | "duration_minutes"
>;

/** What can be said of an offering; the price is read out of its schedule, the category is matched to one of ours. */
export interface OfferingFields {
  title: string;
  description: string;
  category: string;
  basic_info: Record<string, Json>;
  details: Record<string, Json>;
  price_schedule: Record<string, Json>;
  duration_minutes: number;
  is_active: boolean;
}

export type NewOffering =
  & Pick<OfferingFields, "title">
  & Partial<Omit<OfferingFields, "title" | "is_active">>;

/** A provider's offerings in numbers, without deleted ones. */
export interface OfferingFigures {
  total: number;
  active: number;
  inactive: number;
  uniqueCategories: number;
  categories: { category: string; count: number }[];
}

/** Creates an active offering of the signed-in provider. @throws {AppError} NOT_A_PROVIDER, INVALID_INPUT */
export function createOffering(db: Db, offering: NewOffering): Promise<Offering> {
  return call(db, "create_offering", offering);
}

/**
 * An offering of the signed-in person.
 *
 * @throws {AppError} OFFERING_NOT_FOUND, also when it is somebody else's or deleted
 */
export function readMyOffering(db: Db, offeringId: string): Promise<Offering> {
  return call(db, "read_my_offering", { offering_id: offeringId });
}

/** The signed-in provider's offerings, latest first; of one category or active ones only when asked. */
export async function listMyOfferings(
  db: Db,
  query: PageQuery,
  filter: { category?: string | undefined; onlyActive?: boolean } = {},
): Promise<Page<OfferingListing>> {
  const { category, onlyActive = false } = filter;
  return toPage(
    await call(db, "list_my_offerings", {
      ...pageSlice(query),
      only_active: onlyActive,
      ...(category === undefined ? {} : { category }),
    }),
  );
}

/** Changes what is given. @throws {AppError} NOT_A_PROVIDER, OFFERING_NOT_FOUND, INVALID_INPUT */
export function updateOffering(
  db: Db,
  offeringId: string,
  changes: Partial<OfferingFields>,
): Promise<Offering> {
  return call(db, "update_offering", { offering_id: offeringId, ...changes });
}

/** Deletes an offering softly. @throws {AppError} NOT_A_PROVIDER, OFFERING_NOT_FOUND */
export async function deleteOffering(db: Db, offeringId: string): Promise<void> {
  await call(db, "delete_offering", { offering_id: offeringId });
}

/**
 * Lists an offering, also a deleted one, or takes it off the lists.
 *
 * @throws {AppError} NOT_A_PROVIDER, OFFERING_NOT_FOUND
 */
export function setOfferingActive(db: Db, offeringId: string, active: boolean): Promise<Offering> {
  return call(db, "set_offering_active", { offering_id: offeringId, active });
}

/**
 * Changes 1 to 1,000 offerings, all of them or none.
 *
 * @throws {AppError} NOT_A_PROVIDER, INVALID_INPUT with one detail per problem, `offerings.<index>.<field>`
 */
export function bulkUpdateOfferings(
  db: Db,
  offerings: ({ id: string } & Partial<OfferingFields>)[],
): Promise<Offering[]> {
  return call(db, "bulk_update_offerings", { offerings });
}

/**
 * Deletes 1 to 1,000 offerings softly, all of them or none; answers how many.
 *
 * @throws {AppError} NOT_A_PROVIDER, INVALID_INPUT with one detail per problem, `offering_ids.<index>`
 */
export function bulkDeleteOfferings(db: Db, offeringIds: string[]): Promise<number> {
  return call(db, "bulk_delete_offerings", { offering_ids: offeringIds });
}

/** The signed-in provider's offerings in numbers. @throws {AppError} NOT_A_PROVIDER */
export async function readOfferingFigures(db: Db): Promise<OfferingFigures> {
  const row = await call(db, "offering_stats", {});
  return {
    total: row.total ?? 0,
    active: row.active ?? 0,
    inactive: row.inactive ?? 0,
    uniqueCategories: row.unique_categories ?? 0,
    // json_agg of {category, count}, see the type's comment in SQL.
    categories: (row.categories ?? []) as unknown as OfferingFigures["categories"],
  };
}

/** Listed offerings, best first; the latest when nothing is asked for. @throws {AppError} INVALID_INPUT */
export async function searchOfferings(
  db: Db,
  query: PageQuery,
  search: { title?: string | undefined; description?: string | undefined; category?: string | undefined },
): Promise<Page<OfferingListing>> {
  const given = Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
  return toPage(await call(db, "search_offerings", { ...pageSlice(query), ...given }));
}
