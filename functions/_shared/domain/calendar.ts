import { z } from "@hono/zod-openapi";
import { call, type Db } from "./db.ts";

/**
 * A booking as its attendee's calendar shows it, or an event as its provider's does; one-to-one time is the booking to
 * both. Times are ISO 8601, `timezone` is IANA, `sequence` rises with every change.
 */
export const CalendarEntry = z.object({
  kind: z.enum(["booking", "event"]),
  id: z.string(),
  sequence: z.number(),
  status: z.enum(["confirmed", "tentative", "cancelled"]),
  title: z.string(),
  location: z.string(),
  starts_at: z.string(),
  ends_at: z.string(),
  timezone: z.string(),
  provider_name: z.string(),
  seats_taken: z.number(),
  capacity: z.number(),
  changed_at: z.string(),
});
export type CalendarEntry = z.output<typeof CalendarEntry>;

/** A booking as the signed-in person's calendar shows it. @throws {AppError} BOOKING_NOT_FOUND */
export async function readBookingEntry(db: Db, bookingId: string): Promise<CalendarEntry> {
  return CalendarEntry.parse(await call(db, "booking_calendar_entry", { booking_id: bookingId }));
}

/** The entries of the feed with this token. @throws {AppError} NOT_FOUND when it is unknown or revoked */
export async function readCalendarFeed(db: Db, token: string): Promise<CalendarEntry[]> {
  return z.array(CalendarEntry).parse(await call(db, "read_calendar_feed", { token }));
}
