import assert from "node:assert/strict";
import { type Race, raceTest, shows } from "./support.ts";

/** People book while the event moves; counts bookings that neither know the new time nor were told of it. */
async function raceMoveAgainstBook(race: Race): Promise<number> {
  const [provider = ""] = await race.people(1, { provider: true });
  const eventId = await race.event(provider, { capacity: 100 });
  const people = await race.people(40);
  const move = race.as(
    provider,
    `select id from public.update_event(
       $1, starts_at => date_trunc('minute', now()) + interval '9 days',
       ends_at => date_trunc('minute', now()) + interval '9 days 1 hour')`,
    [eventId],
  );
  await Promise.all([...people.map((person) => race.book(person, eventId)), move]);
  const [row] = await race.sql<{ uninformed: number }[]>`
    select count(*)::int as uninformed
    from public.bookings as b
    join public.events as e on e.id = b.event_id
    where b.event_id = ${eventId}
      and b.free_cancellation_until <> e.starts_at - interval '24 hours'
      and not exists (select from private.outbox as o where o.key = b.id and o.event = 'booking.rescheduled')`;
  return row?.uninformed ?? -1;
}

raceTest(
  "moving an event against booking: everybody booked knows the new time or is told of it",
  async (race) => {
    for (let round = 0; round < 3; round++) assert.equal(await raceMoveAgainstBook(race), 0);
  },
);

raceTest("control: without the event's lock somebody books the old time and is never told", async (race) => {
  await race.withoutEventLock();
  assert.ok(await shows(async () => await raceMoveAgainstBook(race) > 0));
});
