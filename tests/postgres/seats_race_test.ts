import assert from "node:assert/strict";
import { type Outcome, type Race, raceTest, shows, tally } from "./support.ts";

async function raceForLastSeats(race: Race): Promise<{ outcomes: Outcome[]; eventId: string }> {
  const [provider = ""] = await race.people(1, { provider: true });
  const eventId = await race.event(provider, { capacity: 10 });
  const people = await race.people(64);
  return { outcomes: await Promise.all(people.map((person) => race.book(person, eventId))), eventId };
}

raceTest("64 connections racing for 10 seats: exactly 10 get one, 54 hear that it is full", async (race) => {
  const { outcomes, eventId } = await raceForLastSeats(race);
  assert.deepEqual(tally(outcomes), { ok: 10, EVENT_FULL: 54 });
  assert.deepEqual(await race.seats(eventId), { counted: 10, live: 10, capacity: 10 });
});

raceTest(
  "control: without the event's lock and constraint the same race sells more than 10",
  async (race) => {
    await race.withoutEventLock();
    await race.sql`alter table public.events drop constraint events_seats_within_capacity`;
    assert.ok(await shows(async () => (await race.seats((await raceForLastSeats(race)).eventId)).live > 10));
  },
);

raceTest("the constraint alone holds the capacity when somebody forgets the lock", async (race) => {
  await race.withoutEventLock();
  const { outcomes, eventId } = await raceForLastSeats(race);
  assert.deepEqual(tally(outcomes), { ok: 10, EVENT_FULL: 54 });
  assert.equal((await race.seats(eventId)).live, 10);
});

async function raceOfOnePerson(race: Race) {
  const [provider = ""] = await race.people(1, { provider: true });
  const eventId = await race.event(provider, { capacity: 50 });
  const [person = ""] = await race.people(1);
  return {
    outcomes: await Promise.all(Array.from({ length: 20 }, () => race.book(person, eventId))),
    eventId,
  };
}

raceTest("one person booking twenty times at once gets one seat", async (race) => {
  const { outcomes, eventId } = await raceOfOnePerson(race);
  assert.deepEqual(tally(outcomes), { ok: 1, ALREADY_BOOKED: 19 });
  assert.equal((await race.seats(eventId)).live, 1);
});

raceTest("control: without the unique index one person gets several seats", async (race) => {
  await race.sql`drop index public.bookings_one_live_per_person_and_event`;
  assert.ok(await shows(async () => (await race.seats((await raceOfOnePerson(race)).eventId)).live > 1));
});

async function raceCancelAgainstBook(race: Race) {
  const [provider = ""] = await race.people(1, { provider: true });
  const eventId = await race.event(provider, { capacity: 20 });
  const seated = await race.people(20);
  for (const person of seated) await race.book(person, eventId);
  const bookings = await race.sql<{ id: string; attendee_id: string }[]>`
    select id, attendee_id from public.bookings where event_id = ${eventId}`;
  const newcomers = await race.people(30);
  const outcomes = await Promise.all([
    ...bookings.map(({ id, attendee_id }) =>
      race.as(attendee_id, "select id from public.cancel_booking($1)", [id])
    ),
    ...newcomers.map((person) => race.book(person, eventId)),
  ]);
  return { cancelled: outcomes.slice(0, 20), booked: outcomes.slice(20), eventId };
}

raceTest("cancelling against booking never loses count of a seat", async (race) => {
  const { cancelled, booked, eventId } = await raceCancelAgainstBook(race);
  assert.deepEqual(tally(cancelled), { ok: 20 });
  const seats = await race.seats(eventId);
  assert.equal(seats.counted, seats.live);
  assert.equal(seats.live, tally(booked).ok ?? 0);
  assert.ok(seats.live <= 20);
  assert.deepEqual(Object.keys(tally(booked)).filter((kind) => !["ok", "EVENT_FULL"].includes(kind)), []);
});

raceTest("control: a trigger that counts instead of adding, without the lock, loses count", async (race) => {
  await race.withoutEventLock();
  await race.sql.unsafe(`
    alter table public.events drop constraint events_seats_within_capacity;
    create or replace function private.count_seats() returns trigger
    language plpgsql security definer set search_path = '' as $$
    declare
      v_event_id uuid;
      v_seats integer;
    begin
      select n.event_id into v_event_id from new_rows as n limit 1;
      select count(*) into v_seats from public.bookings as b where b.event_id = v_event_id and b.is_live;
      perform pg_sleep(0.01);
      update public.events as e set seats_taken = v_seats where e.id = v_event_id;
      return null;
    end;
    $$;
    drop trigger count_seats_delete on public.bookings;`);
  const losesCount = async () => {
    const seats = await race.seats((await raceCancelAgainstBook(race)).eventId);
    return seats.counted !== seats.live;
  };
  assert.ok(await shows(losesCount));
});

async function raceCapacityAgainstBook(race: Race) {
  const [provider = ""] = await race.people(1, { provider: true });
  const eventId = await race.event(provider, { capacity: 40 });
  const people = await race.people(40);
  for (const person of people.slice(0, 10)) await race.book(person, eventId);
  const lower = race.as(provider, "select id from public.update_event($1, capacity => 15)", [eventId]);
  const outcomes = await Promise.all([
    ...people.slice(10).map((person) => race.book(person, eventId)),
    lower,
  ]);
  return { eventId, booked: outcomes.slice(0, -1), lowered: outcomes.at(-1)! };
}

raceTest("lowering the capacity against booking never leaves more people than seats", async (race) => {
  const { eventId, booked, lowered } = await raceCapacityAgainstBook(race);
  const seats = await race.seats(eventId);
  assert.equal(seats.counted, seats.live);
  assert.ok(seats.live <= seats.capacity, JSON.stringify(seats));
  assert.equal(seats.capacity, lowered.ok ? 15 : 40);
  assert.deepEqual(
    Object.keys(tally([...booked, lowered])).filter((kind) =>
      !["ok", "EVENT_FULL", "CAPACITY_BELOW_BOOKINGS"].includes(kind)
    ),
    [],
  );
});

raceTest(
  "control: without lock and constraint a lowered capacity leaves people without seats",
  async (race) => {
    await race.withoutEventLock();
    await race.sql`alter table public.events drop constraint events_seats_within_capacity`;
    const oversells = async () => {
      const seats = await race.seats((await raceCapacityAgainstBook(race)).eventId);
      return seats.live > seats.capacity;
    };
    assert.ok(await shows(oversells));
  },
);
