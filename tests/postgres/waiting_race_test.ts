import assert from "node:assert/strict";
import { type Race, raceTest, shows, tally } from "./support.ts";

/** A full event of `seats`, as many in line, and everybody who has a seat cancels while strangers try to book. */
async function cancelUnderSiege(race: Race, seats: number) {
  const [provider] = await race.people(1, { provider: true });
  const event = await race.event(provider ?? "", { capacity: seats });
  const holders = await race.people(seats);
  const bookings = await Promise.all(holders.map(async (person) => {
    const outcome = await race.book(person, event);
    assert.ok(outcome.ok);
    return { person, id: String(outcome.rows[0]?.id) };
  }));
  const line = await race.people(seats);
  for (const person of line) {
    const joined = await race.as(person, "select id from public.wait_for_event($1)", [event]);
    assert.ok(joined.ok, JSON.stringify(joined));
  }
  const strangers = await race.people(seats * 3);
  const [cancelled, booked] = await Promise.all([
    Promise.all(bookings.map(({ person, id }) => race.as(person, "select public.cancel_booking($1)", [id]))),
    Promise.all(strangers.map((person) => race.book(person, event))),
  ]);
  assert.deepEqual(tally(cancelled), { ok: seats });
  return { event, line, booked };
}

raceTest("seats that are given back while strangers book all go to the line, each once", async (race) => {
  const { event, line, booked } = await cancelUnderSiege(race, 12);
  assert.deepEqual(tally(booked), { EVENT_FULL: 36 });
  assert.deepEqual(await race.seats(event), { counted: 12, live: 12, capacity: 12 });
  const offers = await race.sql<{ person_id: string }[]>`
    select w.person_id from public.waiting_entries as w
    join public.bookings as b on b.id = w.booking_id and b.attendee_id = w.person_id and b.status = 'held'
    where w.event_id = ${event} and w.status = 'offered' order by w.place`;
  assert.deepEqual(offers.map(({ person_id }) => person_id), line);
});

raceTest(
  "control: without the offer in the transaction that frees it, strangers pass the line",
  async (race) => {
    await race.sql`alter table public.bookings disable trigger serve_waiting_list`;
    const passed = await shows(async () => {
      const { booked } = await cancelUnderSiege(race, 12);
      return booked.some(({ ok }) => ok);
    });
    assert.ok(passed);
  },
);

raceTest(
  "joining, leaving, booking, cancelling and sweeping at once neither deadlock nor sell a seat twice",
  async (race) => {
    const [provider] = await race.people(1, { provider: true });
    const events = await Promise.all([3, 3].map((capacity) => race.event(provider ?? "", { capacity })));
    const people = await race.people(24);
    const steps = [
      "select id from public.book_event($1)",
      "select id from public.wait_for_event($1)",
      `select public.cancel_booking(b.id) from public.bookings as b
     where b.event_id = $1 and b.attendee_id = auth.uid() and b.is_live`,
      `select public.leave_waiting_list(w.id) from public.waiting_entries as w
     where w.event_id = $1 and w.person_id = auth.uid() and w.status in ('waiting', 'offered')`,
    ];
    let isOver = false;
    const sweeping = (async () => {
      while (!isOver) {
        await race.sql`update public.waiting_entries set checked_at = now() - interval '1 hour'
        where id in (select id from public.waiting_entries order by id limit 5 for update skip locked)`;
        await race.sql`select private.sweep()`;
      }
    })();
    const outcomes = (await Promise.all(people.map(async (person, n) => {
      const own = [];
      for (let turn = 0; turn < 12; turn++) {
        own.push(await race.as(person, steps[(turn + n) % steps.length] ?? "", [events[(turn + n) % 2]]));
      }
      return own;
    }))).flat();
    isOver = true;
    await sweeping;
    const expected = ["ok", "EVENT_FULL", "ALREADY_BOOKED", "STILL_AVAILABLE"];
    for (const kind of Object.keys(tally(outcomes))) assert.ok(expected.includes(kind), kind);
    for (const event of events) {
      const { counted, live, capacity } = await race.seats(event);
      assert.ok(counted === live && live <= capacity, `${counted} ${live} ${capacity}`);
      const [state] = await race.sql<{ waiting: number; odd: number }[]>`
      select count(*) filter (where w.status = 'waiting')::int as waiting,
        count(*) filter (where w.status = 'offered' and b.status is distinct from 'held')::int as odd
      from public.waiting_entries as w left join public.bookings as b on b.id = w.booking_id
      where w.event_id = ${event}`;
      assert.ok(state && (state.waiting === 0 || live === capacity), "nobody waits beside a free seat");
      assert.equal(state.odd, 0);
    }
  },
);
