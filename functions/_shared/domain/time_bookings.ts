import { z } from "@hono/zod-openapi";
import { lazily } from "../lazily.ts";
import { AppError } from "../http/errors.ts";
import type { Page, PageQuery } from "../http/pagination.ts";
import { pageSlice } from "../http/pagination.ts";
import type { Booking } from "./bookings.ts";
import { call, type Db, rowsOf, type ViewRow } from "./db.ts";
import { toPage } from "./page.ts";
import { type CancelledPayment, findCancelledPayment } from "./payments.ts";

const Meeting = lazily(() =>
  z.object({
    id: z.string().nullable(),
    join_url: z.string().nullable(),
    started_at: z.string().nullable(),
    ended_at: z.string().nullable(),
    recording_token: z.string().nullable(),
  })
);
const Feedback = lazily(() => z.object({ rating: z.number(), text: z.string().nullable() }));

type Row = ViewRow<
  "time_bookings",
  | "slot_id"
  | "offering_id"
  | "offering_title"
  | "notes"
  | "provider_notes"
  | "expires_at"
  | "cancelled_at"
  | "cancelled_by"
  | "cancellation_reason"
  | "reschedule_reason"
  | "attendee_name"
  | "provider_specialization"
>;

/** A one-to-one booking as one of its two people sees it; its meeting and review once there are any. */
export interface TimeBooking extends Omit<Row, "meeting" | "feedback"> {
  meeting: z.output<ReturnType<typeof Meeting>> | null;
  feedback: z.output<ReturnType<typeof Feedback>> | null;
}

/** Which time is wanted: a slot, or bounds in ISO 8601. */
export interface ChosenTime {
  slotId?: string | undefined;
  providerId?: string | undefined;
  startsAt?: string | undefined;
  endsAt?: string | undefined;
}

/**
 * Books one-to-one time for the signed-in person.
 *
 * @throws {AppError} PROVIDER_NOT_FOUND, SLOT_NOT_FOUND, OFFERING_NOT_FOUND, SLOT_NOT_AVAILABLE, TOO_MANY_HOLDS,
 * INVALID_INPUT
 */
export function bookTime(
  db: Db,
  time: ChosenTime,
  { offeringId, notes }: { offeringId?: string | undefined; notes?: string | undefined } = {},
): Promise<Booking> {
  return call(db, "book_time", {
    ...bounds(time),
    ...(time.providerId ? { provider_id: time.providerId } : {}),
    ...(offeringId ? { offering_id: offeringId } : {}),
    ...(notes === undefined ? {} : { notes }),
  });
}

/**
 * Moves a booking of the signed-in person, on either side, to another time of the same provider and length.
 *
 * @throws {AppError} BOOKING_NOT_FOUND, SLOT_NOT_FOUND, SLOT_NOT_AVAILABLE, BOOKING_NOT_MOVABLE, RESCHEDULE_NOT_ALLOWED,
 * BOOKING_EXPIRED, INVALID_INPUT
 */
export function rescheduleBooking(
  db: Db,
  bookingId: string,
  time: ChosenTime,
  reason?: string,
): Promise<Booking> {
  return call(db, "reschedule_booking", {
    booking_id: bookingId,
    ...bounds(time),
    ...(reason === undefined ? {} : { reason }),
  });
}

/** The command's arguments for a chosen time. */
export function bounds({ slotId, startsAt, endsAt }: ChosenTime) {
  return {
    ...(slotId ? { slot_id: slotId } : {}),
    ...(startsAt ? { starts_at: startsAt } : {}),
    ...(endsAt ? { ends_at: endsAt } : {}),
  };
}

/** What one of a booking's people may say of it. */
export interface BookingWords {
  notes?: string | undefined;
  providerNotes?: string | undefined;
  feedback?: { rating: number; review?: string | undefined } | undefined;
}

/**
 * Writes either side's words, and the attendee's review: all of it or nothing.
 *
 * @throws {AppError} BOOKING_NOT_FOUND, NOT_YOUR_NOTES, BOOKING_NOT_COMPLETED, ALREADY_REVIEWED, INVALID_INPUT
 */
export function updateBooking(
  db: Db,
  bookingId: string,
  { notes, providerNotes, feedback }: BookingWords,
): Promise<Booking> {
  return call(db, "update_booking", {
    booking_id: bookingId,
    ...(notes === undefined ? {} : { notes }),
    ...(providerNotes === undefined ? {} : { provider_notes: providerNotes }),
    ...(feedback === undefined ? {} : { rating: feedback.rating }),
    ...(feedback?.review === undefined ? {} : { review: feedback.review }),
  });
}

/**
 * The provider says that the attendee did not come. Two round trips, the first of which knows one-to-one bookings only:
 * the command takes seats at events as well.
 *
 * @throws {AppError} BOOKING_NOT_FOUND, NOT_YOUR_EVENT, NO_SHOW_NOT_ALLOWED
 */
export async function markTimeNoShow(db: Db, bookingId: string): Promise<TimeBooking> {
  const booking = await readTimeBooking(db, bookingId);
  const { status, version } = await call(db, "mark_no_show", { booking_id: bookingId });
  return { ...booking, status, version };
}

/** A booking that was cancelled, and the payment that had paid it with what the cancellation returns of it. */
export interface Cancelled {
  booking: Booking;
  payment: CancelledPayment | null;
}

/**
 * Cancels a booking of the signed-in person and refunds by its policy. Two round trips: what the cancellation returns is
 * the refund's to tell.
 *
 * @throws {AppError} BOOKING_NOT_FOUND, BOOKING_NOT_CANCELLABLE, EVENT_STARTED
 */
export async function cancelTime(
  db: Db,
  bookingId: string,
  { reason, requestRefund }: { reason?: string | undefined; requestRefund: boolean },
): Promise<Cancelled> {
  const booking = await call(db, "cancel_booking", {
    booking_id: bookingId,
    request_refund: requestRefund,
    ...(reason === undefined ? {} : { reason }),
  });
  return { booking, payment: await findCancelledPayment(db, bookingId) };
}

/** What cancelling now would return, in minor units. @throws {AppError} BOOKING_NOT_FOUND */
export async function previewRefund(db: Db, bookingId: string) {
  const row = await call(db, "refund_preview", { booking_id: bookingId });
  return {
    paidMinor: row.paid_minor ?? 0,
    refundedMinor: row.refunded_minor ?? 0,
    refundMinor: row.refund_minor ?? 0,
    currency: row.currency ?? "USD",
    freeCancellationUntil: row.free_cancellation_until ?? "",
    lateRefundPercent: row.late_refund_percent ?? 0,
  };
}

/** A one-to-one booking of the signed-in person, on either side. @throws {AppError} BOOKING_NOT_FOUND */
export async function readTimeBooking(db: Db, bookingId: string): Promise<TimeBooking> {
  const row = await rowsOf(db.client.from("time_bookings").select().eq("id", bookingId).maybeSingle());
  if (!row) throw new AppError("BOOKING_NOT_FOUND");
  return toTimeBooking(row as Row);
}

/** Which bookings to list; times are ISO 8601. */
export interface TimeBookingFilter {
  statuses?: string[] | undefined;
  providerId?: string | undefined;
  specialization?: string | undefined;
  from?: string | undefined;
  before?: string | undefined;
}

/** One-to-one bookings of the signed-in person, on either side, latest time first. */
export async function listTimeBookings(
  db: Db,
  { statuses, providerId, specialization, from, before }: TimeBookingFilter,
  query: PageQuery,
): Promise<Page<TimeBooking>> {
  const page = toPage<Row>(
    await call(db, "list_time_bookings", {
      ...pageSlice(query),
      ...(statuses ? { statuses } : {}),
      ...(providerId ? { provider_id: providerId } : {}),
      ...(specialization ? { specialization } : {}),
      ...(from ? { starts_from: from } : {}),
      ...(before ? { starts_before: before } : {}),
    }),
  );
  return { ...page, items: page.items.map(toTimeBooking) };
}

function toTimeBooking(row: Row): TimeBooking {
  return {
    ...row,
    meeting: Meeting().nullable().parse(row.meeting),
    feedback: Feedback().nullable().parse(row.feedback),
  };
}
