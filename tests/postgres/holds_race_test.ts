import assert from "node:assert/strict";
import { type Outcome, type Race, raceTest, shows, tally } from "./support.ts";

/** Ten prepaid events full of lapsed holds; people book all of them while sweepers run. */
async function raceWithSweepers(
  race: Race,
): Promise<{ outcomes: Outcome[]; swept: Outcome[]; events: string[] }> {
  const providers = await race.people(10, { provider: true });
  const events: string[] = [];
  for (const provider of providers) events.push(await race.event(provider, { capacity: 4, prepaid: true }));
  const late = await race.people(40);
  await Promise.all(late.map((person, index) => race.book(person, events[index % 10] ?? "")));
  await race
    .sql`update public.bookings set expires_at = now() - interval '1 second' where expires_at is not null`;

  const people = await race.people(60);
  let isOver = false;
  const sweepers = Array.from({ length: 4 }, async () => {
    const swept: Outcome[] = [];
    while (!isOver) swept.push(await sweep(race));
    return swept;
  });
  const outcomes = await Promise.all(
    people.map((person, index) => race.book(person, events[index % 10] ?? "")),
  );
  isOver = true;
  return { outcomes, swept: (await Promise.all(sweepers)).flat(), events };
}

async function sweep(race: Race): Promise<Outcome> {
  try {
    return { ok: true, rows: [...await race.sql`select private.sweep()`] };
  } catch (error) {
    return { ok: false, code: (error as { code: string }).code };
  }
}

raceTest(
  "booking over lapsed holds while the sweeper runs: no deadlock, no seat sold twice",
  async (race) => {
    for (let round = 0; round < 3; round++) {
      const { outcomes, swept, events } = await raceWithSweepers(race);
      assert.deepEqual(tally(outcomes), { ok: 40, EVENT_FULL: 20 });
      assert.deepEqual(Object.keys(tally(swept)), ["ok"]);
      for (const event of events) {
        assert.deepEqual(await race.seats(event), {
          counted: 4,
          live: 4,
          capacity: 4,
        });
      }
    }
  },
);

raceTest("control: a sweeper that takes bookings before their event deadlocks", async (race) => {
  await race.sql.unsafe(`
    create or replace function private.sweep_holds(max_events integer) returns integer
    language plpgsql set search_path = '' as $$
    begin
      perform b.id from public.bookings as b where b.expires_at <= now() for no key update;
      perform pg_sleep(0.05);
      update public.bookings as b set status = 'expired', expires_at = null where b.expires_at <= now();
      return 0;
    end;
    $$`);
  const deadlocks = async () => {
    const { outcomes, swept } = await raceWithSweepers(race);
    return Object.keys(tally([...outcomes, ...swept])).includes("40P01");
  };
  assert.ok(await shows(deadlocks));
});

raceTest("one person holding with one provider many times at once gets one hold", async (race) => {
  const [provider = ""] = await race.people(1, { provider: true });
  const [person = ""] = await race.people(1);
  const events = [];
  for (let i = 0; i < 12; i++) events.push(await race.event(provider, { prepaid: true }));
  const outcomes = await Promise.all(events.map((event) => race.book(person, event)));
  assert.deepEqual(tally(outcomes), { ok: 1, TOO_MANY_HOLDS: 11 });
});

raceTest("control: without taking turns one person gets more holds than allowed", async (race) => {
  const [definition] = await race.sql<{ text: string }[]>`
    select pg_get_functiondef('private.prepare_hold(public.events, uuid)'::regprocedure) as text`;
  const naive = definition!.text
    .replace(/perform pg_advisory_xact_lock\(.*?\);/, "")
    .replace("if v_held >= 3", "perform pg_sleep(0.05);\n  if v_held >= 3");
  await race.sql.unsafe(naive);
  const holdsSeveral = async () => {
    const [provider = ""] = await race.people(1, { provider: true });
    const [person = ""] = await race.people(1);
    const events = [];
    for (let i = 0; i < 12; i++) events.push(await race.event(provider, { prepaid: true }));
    return (tally(await Promise.all(events.map((event) => race.book(person, event)))).ok ?? 0) > 1;
  };
  assert.ok(await shows(holdsSeveral));
});
