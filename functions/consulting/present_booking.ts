import type { z } from "@hono/zod-openapi";
import type { Booking } from "../_shared/domain/bookings.ts";
import { toMajorUnits } from "../_shared/domain/money.ts";
import type { TimeBooking } from "../_shared/domain/time_bookings.ts";
import { toZonedUtcText } from "../_shared/http/times.ts";
import {
  type BookingDetails,
  bookingStatuses,
  domainStatuses,
  type ListedBooking,
  type NewBooking,
} from "./booking_schemas.ts";

/** The document's word for a booking's status. */
export function bookingStatus(status: string) {
  return bookingStatuses.find((word) => domainStatuses[word].includes(status)) ?? "cancelled";
}

const instantOrNull = (instant: string | null) => instant === null ? null : toZonedUtcText(instant);

type Common = Pick<
  TimeBooking,
  | "id"
  | "slot_id"
  | "provider_id"
  | "attendee_id"
  | "status"
  | "payment_status"
  | "price_minor"
  | "currency"
  | "starts_at"
  | "ends_at"
  | "timezone"
  | "expires_at"
>;

function presentCommon(booking: Common) {
  return {
    _id: booking.id,
    slotId: booking.slot_id,
    specialistId: booking.provider_id,
    customerId: booking.attendee_id,
    status: bookingStatus(booking.status),
    sessionPrice: toMajorUnits(booking.price_minor, booking.currency),
    currency: booking.currency,
    startsAt: toZonedUtcText(booking.starts_at),
    endsAt: toZonedUtcText(booking.ends_at),
    timezone: booking.timezone,
    // bookings_payment_status_known has these words.
    paymentStatus: booking.payment_status as z.output<ReturnType<typeof NewBooking>>["paymentStatus"],
    expiresAt: instantOrNull(booking.expires_at),
  };
}

/** A range of timestamps as PostgreSQL writes it: `["2030-01-15 09:00:00+00","2030-01-15 10:00:00+00")`. */
function boundsOf(during: unknown): { starts_at: string; ends_at: string } {
  const [, from = "", until = ""] = /^\[\"?([^",]+)\"?,\"?([^",]+)\"?\)$/.exec(String(during)) ?? [];
  return { starts_at: from, ends_at: until };
}

/** A booking as its command answered it: its meeting is not there yet. */
export function presentNewBooking(booking: Booking): z.output<ReturnType<typeof NewBooking>> {
  return {
    ...presentCommon({ ...booking, ...boundsOf(booking.during), timezone: booking.timezone ?? "UTC" }),
    meeting: { zoomMeetingId: null, zoomLink: null },
  };
}

export function presentListedBooking(booking: TimeBooking): z.output<ReturnType<typeof ListedBooking>> {
  return {
    _id: booking.id,
    slotId: booking.slot_id,
    specialistId: booking.provider_id,
    specialistName: booking.provider_name,
    customerId: booking.attendee_id,
    customerName: booking.attendee_name,
    sessionPrice: toMajorUnits(booking.price_minor, booking.currency),
    currency: booking.currency,
    status: bookingStatus(booking.status),
    date: booking.local_date,
    time: booking.local_time,
    startsAt: toZonedUtcText(booking.starts_at),
    timezone: booking.timezone,
    meeting: { zoomLink: booking.meeting?.join_url ?? null },
  };
}

/** A shared recording is a link of ours, which `linkOf` makes of its token. */
export function presentBookingDetails(
  booking: TimeBooking,
  linkOf: (token: string) => string,
): z.output<ReturnType<typeof BookingDetails>> {
  const { meeting, feedback } = booking;
  return {
    ...presentCommon(booking),
    serviceId: booking.offering_id,
    consultationType: booking.offering_title ?? "one_to_one",
    customerNotes: booking.notes,
    specialistNotes: booking.provider_notes,
    freeCancellationUntil: toZonedUtcText(booking.free_cancellation_until),
    cancellationReason: booking.cancellation_reason,
    rescheduleReason: booking.reschedule_reason,
    isNoShow: booking.status === "no_show",
    meeting: {
      zoomMeetingId: meeting?.id ?? null,
      zoomLink: meeting?.join_url ?? null,
      startedAt: instantOrNull(meeting?.started_at ?? null),
      endedAt: instantOrNull(meeting?.ended_at ?? null),
      recordingUrl: meeting?.recording_token ? linkOf(meeting.recording_token) : null,
    },
    feedback: feedback && { rating: feedback.rating, review: feedback.text },
  };
}
