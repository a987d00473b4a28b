import assert from "node:assert/strict";
import { type Race, raceTest, shows, tally } from "./support.ts";
import { bookTime, openProvider, quarter } from "./times.ts";

interface Booked {
  person: string;
  provider: string;
}

/** Twelve hours of three providers, 20 to 23 hours ahead, whose reminder of 24 hours is due still. */
async function dueTimes(race: Race): Promise<Booked[]> {
  const booked: Booked[] = [];
  for (let round = 0; round < 3; round++) {
    const provider = await openProvider(race);
    for (const [index, person] of (await race.people(4)).entries()) {
      const outcome = await bookTime(race, person, provider, 36 + 4 * index);
      if (!outcome.ok) throw new Error(outcome.code);
      booked.push({ person, provider });
    }
  }
  const shift = `(timestamptz '${quarter(36).toISOString()}' - now() - interval '20 hours')`;
  await race.sql.unsafe(`
    alter table public.bookings disable trigger plan_reminders_update;
    update public.bookings set during = tstzrange(lower(during) - ${shift}, upper(during) - ${shift});
    alter table public.bookings enable trigger plan_reminders_update;
    update private.time_reminders set due_at = now() - interval '10 minutes' where minutes_before = 1440;
  `);
  return booked;
}

const isDue = async (race: Race) =>
  (await race.sql`select from private.time_reminders where due_at <= now()`).length > 0;

/** Eight workers that remind in small portions until nothing is due; answers how often each booking was told of. */
async function remindTogether(race: Race): Promise<number[]> {
  await dueTimes(race);
  const worker = async () => {
    while (await isDue(race)) await race.sql`select private.remind(6)`;
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  const rows = await race.sql<{ told: number }[]>`
    select count(o.id)::int as told
    from public.bookings as b
    left join private.outbox as o on o.event = 'time.reminder' and o.payload ->> 'booking_id' = b.id::text
    group by b.id`;
  return rows.map(({ told }) => told);
}

raceTest("eight workers tell of each one-to-one booking once", async (race) => {
  assert.deepEqual(await remindTogether(race), Array.from({ length: 12 }, () => 1));
});

raceTest("control: telling what was seen, not what was taken, reminds people twice", async (race) => {
  const [definition] = await race.sql<{ text: string }[]>`
    select pg_get_functiondef('private.remind_of_times(integer)'::regprocedure) as text`;
  const naive = definition!.text.replace("for update skip locked", "").replace(
    "from gone as g",
    "from due as g",
  );
  assert.notEqual(naive, definition!.text);
  await race.sql.unsafe(naive);
  assert.ok(await shows(async () => (await remindTogether(race)).some((told) => told > 1)));
});

raceTest(
  "people cancel and move one-to-one time while reminders are told, and nothing deadlocks",
  async (race) => {
    for (let round = 0; round < 5; round++) {
      const booked = await dueTimes(race);
      const own = `from public.bookings where attendee_id = $1`;
      const sweep = async () => {
        while (await isDue(race)) await race.sql`select private.sweep()`;
      };
      const change = ({ person, provider }: Booked, index: number) => {
        if (index % 4 === 0) return race.as(person, `select public.cancel_booking(id) ${own}`, [person]);
        if (index % 4 === 1) return race.as(provider, `select public.cancel_booking(id) ${own}`, [person]);
        const start = quarter(12 * 4 + 4 * (index % 4));
        return race.as(provider, `select public.reschedule_booking(id, $2, $3) ${own}`, [
          person,
          start.toISOString(),
          new Date(start.getTime() + 3_600_000).toISOString(),
        ]);
      };
      const providers = [...new Set(booked.map(({ provider }) => provider))];
      const [, ...outcomes] = await Promise.all([
        Promise.all([sweep(), sweep(), sweep()]),
        ...booked.map(change),
        ...providers.map((provider) =>
          race.as(provider, "update public.providers set reminder_minutes = '{30,1440}' where id = $1", [
            provider,
          ])
        ),
      ]);
      assert.deepEqual(tally(outcomes), { ok: 15 });
      const wrong = await race.sql`
      select r.booking_id
      from private.time_reminders as r
      join public.bookings as b on b.id = r.booking_id
      where b.status <> 'confirmed' or r.due_at <> lower(b.during) - make_interval(mins => r.minutes_before)`;
      assert.deepEqual([...wrong], []);
      const [ahead] = await race.sql<{ plans: number }[]>`
      select count(*)::int as plans
      from private.time_reminders as r
      join public.bookings as b on b.id = r.booking_id
      where b.provider_id = any (${providers})`;
      assert.equal(ahead?.plans, 12, "two of each of the six that were moved");
      await race.sql`delete from private.time_reminders`;
    }
  },
);
