import assert from "node:assert/strict";
import type { Database } from "../../functions/_shared/database.types.ts";
import { makeProvider, type Person } from "./people.ts";
import type { TestStack } from "./stack.ts";

export type BookingRow = Database["public"]["Tables"]["bookings"]["Row"];

/** What a provider's times are like; minutes and minor units. */
export interface Times {
  hourlyRateMinor?: number;
  currency?: string;
  deadlineMinutes?: number;
  lateRefundPercent?: number;
  bufferMinutes?: number;
  slotMinutes?: number;
  stepMinutes?: number;
  timezone?: string;
}

/** A provider who can be booked around the clock, at every full hour from tomorrow on unless `times` says otherwise. */
export async function makeOpenProvider(
  stack: TestStack,
  times: Times = {},
  options: { name?: string } = {},
): Promise<Person> {
  const provider = await makeProvider(stack, options);
  await openTimes(stack, provider.id, times);
  return provider;
}

/** Opens a provider's times around the clock. */
export async function openTimes(
  { database }: Pick<TestStack, "database">,
  providerId: string,
  {
    hourlyRateMinor = 0,
    currency = "USD",
    deadlineMinutes = 1440,
    lateRefundPercent = 0,
    bufferMinutes = 0,
    slotMinutes = 60,
    stepMinutes = 60,
    timezone = "UTC",
  }: Times = {},
): Promise<void> {
  await database.query(
    `update public.providers set hourly_rate_minor = $2, currency = $3, late_refund_percent = $4 where id = $1`,
    [providerId, hourlyRateMinor, currency, lateRefundPercent],
  );
  await database.query(
    `with schedule as (
       insert into public.availability_schedules (
         provider_id, kind, timezone, min_notice_minutes, cancellation_deadline_minutes, buffer_before_minutes,
         buffer_after_minutes, slot_step_minutes
       )
       values ($1, 'weekly', $2, 0, $3, $4, $4, $5)
       returning id
     )
     insert into public.availability_windows (schedule_id, weekday, opens, closes, slot_minutes)
     select id, day, '00:00', '24:00', $6 from schedule cross join generate_series(1, 7) as day`,
    [providerId, timezone, deadlineMinutes, bufferMinutes, stepMinutes, slotMinutes],
  );
}

/** Where hours ahead are counted from, so that an hour stays the same when midnight passes within a test file. */
const loadedAt = Date.now();

/** The bounds of an hour that begins so many days ahead, at a full hour of UTC. */
export function hourAhead(days: number, hour = 9, minutes = 60): { starts_at: string; ends_at: string } {
  const start = new Date(loadedAt + days * 24 * 3_600_000);
  start.setUTCHours(hour, 0, 0, 0);
  return {
    starts_at: start.toISOString(),
    ends_at: new Date(start.getTime() + minutes * 60_000).toISOString(),
  };
}

/** Books an hour and asserts that it worked. */
export async function bookHour(
  person: Person,
  providerId: string,
  days = 7,
  hour = 9,
): Promise<BookingRow> {
  const { data, error } = await person.client.rpc("book_time", {
    provider_id: providerId,
    ...hourAhead(days, hour),
  });
  assert.equal(error, null);
  assert.ok(data);
  return data;
}

/** Lets a hold lapse. */
export async function lapse({ database }: Pick<TestStack, "database">, bookingId: string): Promise<void> {
  await database.query(
    "update public.bookings set expires_at = now() - interval '1 second' where id = $1",
    [bookingId],
  );
}

/** Puts a one-to-one booking so many hours into the past, as if its time had come. */
export async function moveToPast(
  { database }: Pick<TestStack, "database">,
  bookingId: string,
  hoursAgo: number,
): Promise<void> {
  await database.query(
    `update public.bookings
     set during = tstzrange(now() - make_interval(hours => $2 + 1), now() - make_interval(hours => $2))
     where id = $1`,
    [bookingId, hoursAgo],
  );
}
