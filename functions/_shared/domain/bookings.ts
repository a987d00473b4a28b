import type { Page, PageQuery } from "../http/pagination.ts";
import { pageSlice } from "../http/pagination.ts";
import { AppError } from "../http/errors.ts";
import { call, type Db, rowsOf, type Tables, type ViewRow } from "./db.ts";
import { databaseError } from "./db_error.ts";
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
  | "attendee_given_name"
  | "attendee_family_name"
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

/** A booking that was just made, with its event and its person. */
export interface NewBooking extends Booking {
  event: { id: string; title: string; kind: string; starts_at: string };
  attendee: { id: string; given_name: string; family_name: string; contact: { email: string | null } | null };
}

/** The same as `bookEvent`, and answers event and person with it, in the same round trip. */
export async function bookEventWithDetails(
  db: Db,
  eventId: string,
  options: { notes?: string | undefined; allowHold: boolean },
): Promise<NewBooking> {
  const { notes, allowHold } = options;
  const { data, error } = await db.client.rpc("book_event", {
    event_id: eventId,
    allow_hold: allowHold,
    ...(notes === undefined ? {} : { notes }),
  }).select(
    "*, event:events!bookings_event_id_fkey(id, title, kind, starts_at), " +
      "attendee:profiles!bookings_attendee_id_fkey(id, given_name, family_name, contact:contacts(email))",
  ).single();
  if (error) throw databaseError(error);
  // The client cannot follow an embedding that is put together as text; the columns are those of the select.
  return data as unknown as NewBooking;
}

/** Bookings that the signed-in person made, latest first; of some statuses or of events to come only when asked. */
export async function listMyBookings(
  db: Db,
  query: PageQuery,
  { statuses, upcomingOnly = false }: { statuses?: string[] | undefined; upcomingOnly?: boolean } = {},
): Promise<Page<BookingDetails>> {
  return toPage(
    await call(db, "list_my_bookings", {
      ...pageSlice(query),
      upcoming_only: upcomingOnly,
      ...(statuses ? { statuses } : {}),
    }),
  );
}

/** A booking of the signed-in person, as attendee or as provider. @throws {AppError} BOOKING_NOT_FOUND */
export async function readBooking(db: Db, bookingId: string): Promise<BookingDetails> {
  const row = await rowsOf(db.client.from("booking_details").select().eq("id", bookingId).maybeSingle());
  if (!row) throw new AppError("BOOKING_NOT_FOUND");
  return row as BookingDetails;
}

/**
 * Cancels a booking of the signed-in person, as attendee or as provider; the other side reads the reason.
 *
 * @throws {AppError} BOOKING_NOT_FOUND, BOOKING_NOT_CANCELLABLE, EVENT_STARTED
 */
export function cancelBooking(db: Db, bookingId: string, reason?: string): Promise<Booking> {
  return call(db, "cancel_booking", { booking_id: bookingId, ...(reason ? { reason } : {}) });
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
