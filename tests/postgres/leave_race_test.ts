import assert from "node:assert/strict";
import { type Race, raceTest, rewrite, shows, tally } from "./support.ts";

const rounds = 12;

/** Somebody with a seat of an event for one, and somebody in line for it. */
async function makeLine(race: Race) {
  const [provider] = await race.people(1, { provider: true });
  const event = await race.event(provider!, { capacity: 1 });
  const [holder, waiting] = await race.people(2);
  const booking = await race.book(holder!, event);
  assert.ok(booking.ok);
  assert.ok((await race.as(waiting!, "select id from public.wait_for_event($1)", [event])).ok);
  return {
    free: () => race.as(holder!, "select public.cancel_booking($1)", [String(booking.rows[0]!.id)]),
    cancelEvent: () => race.as(provider!, "select public.cancel_event($1)", [event]),
    leave: () => race.as(waiting!, "select public.delete_my_account()"),
  };
}

/** Who has an offer leaves while the event is cancelled. */
async function leaveWithAnOffer(race: Race) {
  const line = await makeLine(race);
  assert.ok((await line.free()).ok);
  return await Promise.all([line.leave(), line.cancelEvent()]);
}

/** Who waits leaves while a seat becomes free. */
async function leaveTheLine(race: Race) {
  const line = await makeLine(race);
  return await Promise.all([line.leave(), line.free()]);
}

const seatsOfWhoIsGone = async ({ sql }: Race) =>
  (await sql`
    select b.id
    from public.bookings as b
    join public.profiles as p on p.id = b.attendee_id
    where b.is_live and p.deleted_at is not null`).length;

const withoutLocks = (race: Race) =>
  rewrite(
    race,
    "private.leave_bookings(uuid)",
    (text) => text.replace(/perform private\.lock_every.*?;/, ""),
  );

raceTest("an account is deleted and an event cancelled at once without a deadlock", async (race) => {
  const outcomes = [];
  for (let round = 0; round < rounds; round++) outcomes.push(...await leaveWithAnOffer(race));
  assert.deepEqual(tally(outcomes), { ok: 2 * rounds });
});

raceTest("control: without all locks first, leaving and cancelling deadlock", async (race) => {
  await withoutLocks(race);
  assert.ok(await shows(async () => (await leaveWithAnOffer(race)).some(({ ok }) => !ok)));
});

raceTest("nothing is offered to somebody who leaves at that moment", async (race) => {
  const outcomes = [];
  for (let round = 0; round < rounds; round++) outcomes.push(...await leaveTheLine(race));
  assert.deepEqual(tally(outcomes), { ok: 2 * rounds });
  assert.equal(await seatsOfWhoIsGone(race), 0);
});

raceTest("control: without all locks first, a seat is offered to somebody who is gone", async (race) => {
  await withoutLocks(race);
  assert.ok(
    await shows(async () => {
      await leaveTheLine(race);
      return await seatsOfWhoIsGone(race) > 0;
    }),
  );
});
