import type { Page, PageQuery } from "../http/pagination.ts";
import { pageSlice } from "../http/pagination.ts";
import { call, type Db, type Tables, type ViewRow } from "./db.ts";
import { toPage } from "./page.ts";

export type Booking = Tables["bookings"]["Row"];
/** A booking with its event and people, as one of them sees it. */
export type BookingDetails = ViewRow<
  "booking_details",
  | "notes"
  | "expires_at"
  | "cancelled_at"
  | "cancelled_by"
  | "cancellation_reason"
  | "attendee_name"
  | "attendee_email"
  | "attendee_phone"
>;

/** Figures of the signed-in provider; money in minor units of `currency`. */
export interface Dashboard {
  eventsTotal: number;
  eventsPublished: number;
  eventsUpcoming: number;
  bookingsTotal: number;
  revenueMinor: number;
  currency: string;
  recentBookings: BookingDetails[];
}

/**
 * Books a seat for the signed-in person.
 *
 * @param options.allowHold whether an event that must be paid first may be held until it is
 * @throws {AppError} EVENT_NOT_FOUND, EVENT_CANCELLED, EVENT_STARTED, EVENT_FULL, ALREADY_BOOKED, PREPAYMENT_REQUIRED,
 * TOO_MANY_HOLDS
 */
export function bookEvent(
  db: Db,
  eventId: string,
  options: { notes?: string | undefined; allowHold: boolean },
): Promise<Booking> {
  const { notes, allowHold } = options;
  return call(db, "book_event", {
    event_id: eventId,
    allow_hold: allowHold,
    ...(notes === undefined ? {} : { notes }),
  });
}

/** Bookings that the signed-in person made, latest first. */
export async function listMyBookings(db: Db, query: PageQuery): Promise<Page<BookingDetails>> {
  return toPage(await call(db, "list_my_bookings", pageSlice(query)));
}

/**
 * Bookings made with the signed-in provider, of one event or of all, latest first.
 *
 * @throws {AppError} NOT_A_PROVIDER, NOT_YOUR_EVENT, EVENT_NOT_FOUND
 */
export async function listProviderBookings(
  db: Db,
  query: PageQuery,
  eventId?: string,
): Promise<Page<BookingDetails>> {
  return toPage(
    await call(db, "list_provider_bookings", {
      ...pageSlice(query),
      ...(eventId ? { event_id: eventId } : {}),
    }),
  );
}

/** The signed-in provider's dashboard. @throws {AppError} NOT_A_PROVIDER */
export async function readDashboard(db: Db): Promise<Dashboard> {
  const row = await call(db, "provider_dashboard", {});
  return {
    eventsTotal: row.events_total ?? 0,
    eventsPublished: row.events_published ?? 0,
    eventsUpcoming: row.events_upcoming ?? 0,
    bookingsTotal: row.bookings_total ?? 0,
    revenueMinor: row.revenue_minor ?? 0,
    currency: row.currency ?? "USD",
    // json_agg of rows of booking_details, see the function's comment in SQL.
    recentBookings: (row.recent_bookings ?? []) as unknown as BookingDetails[],
  };
}
