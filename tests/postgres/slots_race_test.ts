import assert from "node:assert/strict";
import { type Outcome, type Race, raceTest, rewrite, shows, tally, whileHeld } from "./support.ts";
import { asService, bookTime, openProvider, overlaps, preparePayment, quarter } from "./times.ts";

const dates = () => [quarter(0), quarter(4 * 24)].map((day) => day.toISOString().slice(0, 10));

/** Changes how long the provider's slots are. */
const slotMinutes = ({ sql }: Race, provider: string, minutes: number) =>
  sql`
    update public.availability_windows as w set slot_minutes = ${minutes}
    from public.availability_schedules as s where s.id = w.schedule_id and s.provider_id = ${provider}`;

const generate = `select (public.generate_slots(s.id, $2::date, $3::date, true)).generated
  from public.availability_schedules as s where s.provider_id = $1`;

const bookSlot = (race: Race, person: string, slot: string | undefined) =>
  race.as(person, "select id, status from public.book_time(slot_id => $1)", [slot]);

/** Somebody books a slot while its provider generates it away, and waits for them. */
async function raceForDeletedSlot(race: Race): Promise<Outcome> {
  const provider = await openProvider(race);
  const [person = ""] = await race.people(1);
  await race.as(provider, generate, [provider, ...dates()]);
  const [slot] = await race.sql<
    { id: string }[]
  >`select id from public.slots where provider_id = ${provider} limit 1`;
  await slotMinutes(race, provider, 30);
  return await whileHeld(
    race,
    provider,
    [generate, [provider, ...dates()]],
    () => bookSlot(race, person, slot?.id),
  );
}

raceTest("a slot that is generated away while somebody books it is not available", async (race) => {
  assert.deepEqual(await raceForDeletedSlot(race), { ok: false, code: "SLOT_NOT_AVAILABLE" });
});

raceTest(
  "control: looking for a withdrawn slot alone, booking one that is gone fails on its key",
  async (race) => {
    await rewrite(
      race,
      "private.require_open_time(private.chosen_time, uuid)",
      (text) =>
        text.replace(
          /or \(\s*chosen\.slot_id is not null[\s\S]*?\n {4}\)\n/,
          "or exists (select from public.slots as s where s.id = chosen.slot_id and s.status <> 'open')\n",
        ),
    );
    assert.deepEqual(await raceForDeletedSlot(race), { ok: false, code: "23503" });
  },
);

interface Stage {
  race: Race;
  provider: string;
  people: string[];
  bookings: { id: string; attendee_id: string }[];
  slots: { id: string }[];
}

/** A provider with slots, running and lapsed holds, one of these about to be paid. */
async function setStage(race: Race): Promise<Stage> {
  const provider = await openProvider(race, 6000);
  await race.as(provider, generate, [provider, ...dates()]);
  const people = await race.people(14);
  for (const [index, person] of people.slice(0, 6).entries()) {
    await bookTime(race, person, provider, 8 * index);
  }
  const bookings = await race.sql<{ id: string; attendee_id: string }[]>`
    select id, attendee_id from public.bookings where provider_id = ${provider} order by during`;
  for (const { id, attendee_id } of bookings.slice(2, 4)) await preparePayment(race, attendee_id, id);
  await race.sql`
    update public.bookings set expires_at = now() - interval '1 second'
    where id = any(${bookings.slice(0, 4).map(({ id }) => id)})`;
  await slotMinutes(race, provider, 90);
  const slots = await race.sql<{ id: string }[]>`
    select id from public.slots where provider_id = ${provider} and ends_at < ${
    quarter(50)
  } order by starts_at`;
  return { race, provider, people: people.slice(6), bookings, slots };
}

const hour = (from: number) => [quarter(from).toISOString(), quarter(from + 4).toISOString()];

/** Everything that takes or frees a provider's time, all at once. */
async function raceForTime({ race, provider, people, bookings, slots }: Stage): Promise<Outcome[]> {
  return await Promise.all([
    ...people.slice(0, 4).map((person, n) => bookSlot(race, person, slots[8 * n]?.id)),
    ...people.slice(4).map((person, n) => bookTime(race, person, provider, 2 + 7 * n, 30)),
    ...[1, 2, 3].map(() => race.as(provider, generate, [provider, ...dates()])),
    ...[1, 2, 3].map(() => asService(race, "select public.sweep()")),
    ...bookings.flatMap(({ id, attendee_id }) =>
      [attendee_id, provider].map((who) => race.as(who, "select id from public.cancel_booking($1)", [id]))
    ),
    ...bookings.slice(3).map(({ id, attendee_id }, n) =>
      race.as(attendee_id, "select id from public.reschedule_booking($1, $2, $3)", [id, ...hour(20 + 8 * n)])
    ),
    race.as(provider, "select (public.block_time($1, $2)).id", hour(0)),
    race.as(
      provider,
      "select id from public.publish_event(kind => 'session', title => 'Over a hold', starts_at => $1, ends_at => $2)",
      hour(16),
    ),
  ]);
}

/** What is taken otherwise than the bookings say. */
async function wrongTimes({ race, provider }: Stage): Promise<number> {
  const [row] = await race.sql<{ n: number }[]>`
    select count(*)::int as n from public.bookings as b
    left join private.provider_time as t on t.booking_id = b.id
    where b.provider_id = ${provider} and (t.during, t.live) is distinct from (b.during, b.is_live)`;
  return row?.n ?? -1;
}

const expected = [
  "ok",
  "SLOT_NOT_AVAILABLE",
  "SLOT_NOT_FOUND",
  "BOOKING_NOT_CANCELLABLE",
  "BOOKING_NOT_MOVABLE",
  "BOOKING_EXPIRED",
  "PROVIDER_NOT_FREE",
];

raceTest(
  "booking, generating slots anew, sweeping, cancelling, moving, time off and events at once neither deadlock nor overlap",
  async (race) => {
    for (let round = 0; round < 3; round++) {
      const stage = await setStage(race);
      const outcomes = await raceForTime(stage);
      assert.deepEqual(Object.keys(tally(outcomes)).filter((kind) => !expected.includes(kind)), []);
      assert.deepEqual([await overlaps(race, stage.provider), await wrongTimes(stage)], [0, 0]);
    }
  },
);

raceTest("control: a sweeper that takes holds of time before their provider deadlocks", async (race) => {
  await race.sql.unsafe(`
    create or replace function private.sweep_holds(max_events integer) returns integer
    language plpgsql set search_path = '' as $$
    declare
      v_provider_id uuid;
    begin
      perform b.id from public.bookings as b where b.expires_at <= now() order by b.id for no key update;
      perform pg_sleep(0.05);
      for v_provider_id in select distinct b.provider_id from public.bookings as b where b.expires_at <= now() loop
        perform private.lock_provider(v_provider_id);
        perform private.expire_time_holds(v_provider_id);
      end loop;
      return 0;
    end;
    $$`);
  assert.ok(await shows(async () => (tally(await raceForTime(await setStage(race))))["40P01"] !== undefined));
});
