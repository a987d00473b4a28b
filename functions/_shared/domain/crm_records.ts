import type { Database } from "../database.types.ts";
import { AppError } from "../http/errors.ts";
import { type Page, type PageQuery, pageSlice } from "../http/pagination.ts";
import { call, type Db, type Tables } from "./db.ts";

/** A booking as the CRM sees it. */
export type CrmRecord = Tables["crm_records"]["Row"];
export type CrmStatusChange = Tables["crm_status_changes"]["Row"];
export type CrmRecordWithHistory = CrmRecord & { status_history: CrmStatusChange[] };
/** A provider's figures, without cancelled and expired bookings. */
export type CrmFigures = Required<NonNullableColumns<Database["public"]["CompositeTypes"]["crm_figures"]>>;
type NonNullableColumns<Row> = { [Column in keyof Row]: NonNullable<Row[Column]> };
type CrmPageRow = Database["public"]["CompositeTypes"]["crm_page"];

/** What a source tells of one of its bookings; times are ISO 8601. */
export type CrmNotification = Database["public"]["Functions"]["notify_crm"]["Args"];

/** What to list; nothing given lists everything. */
export interface CrmFilter {
  providerId?: string | undefined;
  eventId?: string | undefined;
  userId?: string | undefined;
  bookingStatus?: string | undefined;
  crmStatus?: string | undefined;
  eventKind?: string | undefined;
}

/**
 * Records a notification: a new record, or the known one brought up to date.
 *
 * @throws {AppError} CRM_RECORD_DIFFERS when the booking is known with another person or event
 */
export function notifyCrm(db: Db, notification: CrmNotification): Promise<CrmRecord> {
  return call(db, "notify_crm", notification);
}

/** Records that a filter leaves, latest first, and how many there are in all. */
export async function listCrmRecords(
  db: Db,
  filter: CrmFilter,
  query: PageQuery,
): Promise<Page<CrmRecord> & { allRecords: number }> {
  return toCrmPage(await call(db, "list_crm_records", { ...filterArgs(filter), ...pageSlice(query) }));
}

/** A provider's records that a filter leaves, and the figures of all of them. */
export async function listProviderCrmRecords(
  db: Db,
  providerId: string,
  filter: CrmFilter,
  query: PageQuery,
): Promise<{ page: Page<CrmRecord>; figures: CrmFigures }> {
  // jsonb of crm_page and crm_figures, see the function's comment in SQL.
  const { page, figures } = await call(db, "crm_provider_bookings", {
    ...filterArgs(filter),
    provider_id: providerId,
    ...pageSlice(query),
  }) as unknown as { page: CrmPageRow; figures: CrmFigures };
  return { page: toCrmPage(page), figures };
}

/** The record of a booking with the history of its status. @throws {AppError} BOOKING_NOT_FOUND */
export async function readCrmRecord(db: Db, bookingId: string): Promise<CrmRecordWithHistory> {
  const record = await call(db, "read_crm_record", { booking_id: bookingId });
  if (!record) throw new AppError("BOOKING_NOT_FOUND");
  return record as unknown as CrmRecordWithHistory;
}

/** Moves the CRM status of a booking and records who, when and why. @throws {AppError} BOOKING_NOT_FOUND */
export function moveCrmStatus(
  db: Db,
  bookingId: string,
  { crmStatus, notes, changedBy }: {
    crmStatus: string;
    notes?: string | undefined;
    changedBy?: string | undefined;
  },
): Promise<CrmStatusChange> {
  return call(db, "move_crm_status", {
    booking_id: bookingId,
    crm_status: crmStatus,
    ...(notes === undefined ? {} : { notes }),
    ...(changedBy === undefined ? {} : { changed_by: changedBy }),
  });
}

/** Figures, most booked events and latest records of one provider. */
export interface CrmDashboard {
  figures: CrmFigures;
  popular_events: { event_id: string; event_title: string; event_kind: string; bookings: number }[];
  recent_records: CrmRecord[];
}

/** The figures of a provider, with their most booked events and newest records. */
export async function readCrmDashboard(db: Db, providerId: string): Promise<CrmDashboard> {
  return await call(db, "crm_dashboard", { provider_id: providerId }) as unknown as CrmDashboard;
}

/** How many records there are, and of how many providers and events. */
export async function readCrmTotals(db: Db): Promise<{ records: number; providers: number; events: number }> {
  const { records, providers, events } = await call(db, "crm_totals", {});
  return { records: records ?? 0, providers: providers ?? 0, events: events ?? 0 };
}

function toCrmPage(row: CrmPageRow): Page<CrmRecord> & { allRecords: number } {
  return {
    items: (row.items ?? []) as CrmRecord[],
    total: row.total ?? 0,
    totalIsExact: row.total_is_exact ?? true,
    allRecords: row.all_records ?? 0,
  };
}

function filterArgs(filter: CrmFilter) {
  const { providerId, eventId, userId, bookingStatus, crmStatus, eventKind } = filter;
  return {
    ...(providerId ? { provider_id: providerId } : {}),
    ...(eventId ? { event_id: eventId } : {}),
    ...(userId ? { user_id: userId } : {}),
    ...(bookingStatus ? { booking_status: bookingStatus } : {}),
    ...(crmStatus ? { crm_status: crmStatus } : {}),
    ...(eventKind ? { event_kind: eventKind } : {}),
  };
}
