import assert from "node:assert/strict";
import { type Outcome, type Race, raceTest, shows, tally } from "./support.ts";
import { bookTime, openProvider, overlaps, quarter, withoutProviderLock } from "./times.ts";

async function raceForOneTime(race: Race): Promise<{ outcomes: Outcome[]; provider: string }> {
  const provider = await openProvider(race);
  const people = await race.people(64);
  return { outcomes: await Promise.all(people.map((person) => bookTime(race, person, provider))), provider };
}

raceTest("64 people racing for one time: one gets it, 63 hear that it is taken", async (race) => {
  const { outcomes, provider } = await raceForOneTime(race);
  assert.deepEqual(tally(outcomes), { ok: 1, SLOT_NOT_AVAILABLE: 63 });
  assert.equal(await overlaps(race, provider), 0);
});

raceTest(
  "control: without the provider's lock and constraints the same race sells the time twice",
  async (race) => {
    await withoutProviderLock(race);
    assert.ok(await shows(async () => await overlaps(race, (await raceForOneTime(race)).provider) > 0));
  },
);

async function raceForOverlappingTimes(race: Race): Promise<{ outcomes: Outcome[]; provider: string }> {
  const provider = await openProvider(race);
  const people = await race.people(60);
  const lengths = [15, 30, 45, 60, 90, 120];
  const outcomes = await Promise.all(
    people.map((person, index) => bookTime(race, person, provider, 36 + index % 8, lengths[index % 6])),
  );
  return { outcomes, provider };
}

raceTest("overlapping times of different lengths never both stand", async (race) => {
  for (let round = 0; round < 3; round++) {
    const { outcomes, provider } = await raceForOverlappingTimes(race);
    assert.deepEqual(Object.keys(tally(outcomes)).sort(), ["SLOT_NOT_AVAILABLE", "ok"]);
    assert.equal(await overlaps(race, provider), 0);
  }
});

raceTest("control: without lock and constraints overlapping times both stand", async (race) => {
  await withoutProviderLock(race);
  assert.ok(
    await shows(async () => await overlaps(race, (await raceForOverlappingTimes(race)).provider) > 0),
  );
});

async function raceMoveAgainstBook(race: Race) {
  const provider = await openProvider(race);
  const seated = await race.people(8);
  const bookings = [];
  for (const [index, person] of seated.entries()) {
    const booked = await bookTime(race, person, provider, 8 * index, 60);
    assert.ok(booked.ok);
    bookings.push({ person, id: booked.rows[0]?.id });
  }
  const target = quarter(80);
  const newcomers = await race.people(12);
  const outcomes = await Promise.all([
    ...bookings.map(({ person, id }) =>
      race.as(person, "select id from public.reschedule_booking($1, $2, $3)", [
        id,
        target.toISOString(),
        new Date(target.getTime() + 3_600_000).toISOString(),
      ])
    ),
    ...newcomers.map((person) => bookTime(race, person, provider, 81, 30)),
  ]);
  return { provider, outcomes };
}

raceTest("moving bookings against booking the same time: one of all gets it", async (race) => {
  for (let round = 0; round < 3; round++) {
    const { provider, outcomes } = await raceMoveAgainstBook(race);
    assert.deepEqual(tally(outcomes), { ok: 1, SLOT_NOT_AVAILABLE: 19 });
    assert.equal(await overlaps(race, provider), 0);
    const [row] = await race.sql<{ n: number }[]>`
      select count(*)::int as n from public.bookings as b
      join private.provider_time as t on t.booking_id = b.id
      where b.provider_id = ${provider} and (t.during <> b.during or t.live <> b.is_live)`;
    assert.equal(row?.n, 0);
  }
});

raceTest("control: without lock and constraints two get the time that bookings move to", async (race) => {
  await withoutProviderLock(race);
  assert.ok(await shows(async () => await overlaps(race, (await raceMoveAgainstBook(race)).provider) > 0));
});
