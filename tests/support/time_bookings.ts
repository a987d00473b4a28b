import assert from "node:assert/strict";
import type { Person } from "./people.ts";
import type { TestStack } from "./stack.ts";

export interface TimeBooking {
  id: string;
  attendee: Person;
  provider: Person;
}

interface TimeOptions {
  /** From now. */
  startsInMinutes?: number;
  minutes?: number;
  status?: "held" | "confirmed";
  priceMinor?: number;
  currency?: string;
}

/**
 * A one-to-one booking at any time, also one that has begun, written as the commands write it. What may be booked when
 * is theirs to test.
 */
export async function makeTimeBooking(
  stack: TestStack,
  { attendee, provider }: { attendee: Person; provider: Person },
  options: TimeOptions = {},
): Promise<TimeBooking> {
  const { startsInMinutes = 60, minutes = 60, status = "confirmed", priceMinor = 0, currency = "USD" } =
    options;
  const [row] = await stack.database.query<{ id: string }>(
    `insert into public.bookings (
       attendee_id, provider_id, during, timezone, status, price_minor, currency, expires_at,
       free_cancellation_until, late_refund_percent
     )
     values (
       $1, $2, tstzrange(now() + make_interval(mins => $3), now() + make_interval(mins => $3 + $4)),
       'Europe/Berlin', $5, $6, $7, case $5 when 'held' then now() + interval '15 minutes' end, now(), 0
     )
     returning id`,
    [attendee.id, provider.id, startsInMinutes, minutes, status, priceMinor, currency],
  );
  assert.ok(row);
  if (status === "confirmed") await tell(stack, row.id, "booking.created");
  return { id: row.id, attendee, provider };
}

/** Moves the booking in time, as a command would, so that a test need not wait. */
export async function moveTimeBooking(stack: TestStack, id: string, startsInMinutes: number): Promise<void> {
  await stack.database.query(
    `update public.bookings
     set
       during = tstzrange(
         now() + make_interval(mins => $2),
         now() + make_interval(mins => $2) + (upper(during) - lower(during))
       ),
       version = version + 1
     where id = $1`,
    [id, startsInMinutes],
  );
  await tell(stack, id, "booking.rescheduled");
}

/** Changes the status, as a command would. */
export async function setStatus(
  stack: TestStack,
  id: string,
  status: "confirmed" | "cancelled" | "completed",
) {
  await stack.database.transaction(async (sql) => {
    await sql.query("select set_config('convene.command', 'test', true)");
    await sql.query(
      `update public.bookings
       set
         status = $2,
         expires_at = null,
         cancelled_at = case $2 when 'cancelled' then now() end,
         cancelled_by = case $2 when 'cancelled' then 'attendee' end,
         version = version + 1
       where id = $1`,
      [id, status],
    );
  });
  await tell(stack, id, `booking.${status}`);
}

async function tell(stack: TestStack, id: string, event: string): Promise<void> {
  await stack.database.query("select private.tell($2, b) from public.bookings as b where b.id = $1", [
    id,
    event,
  ]);
}
