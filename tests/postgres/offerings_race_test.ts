import assert from "node:assert/strict";
import { type Race, raceTest, rewrite, shows, tally } from "./support.ts";

/** A provider and so many offerings of theirs. */
async function offered(race: Race, count: number): Promise<{ provider: string; ids: string[] }> {
  const [provider = ""] = await race.people(1, { provider: true });
  const made = await race.as(
    provider,
    "select o.id from generate_series(1, $1) as n cross join lateral public.create_offering('Offering ' || n) as o",
    [count],
  );
  assert.ok(made.ok);
  return { provider, ids: made.rows.map(({ id }) => String(id)) };
}

const bulkUpdate = (race: Race, provider: string, ids: string[], change: Record<string, unknown>) =>
  race.as(provider, "select id from public.bulk_update_offerings($1::text::jsonb)", [
    JSON.stringify(ids.map((id) => ({ id, ...change }))),
  ]);

/** Each member of one offering is changed by a call of its own, all at once; answers which stand, and the version. */
async function raceOfChanges(race: Race) {
  const { provider, ids: [id = ""] } = await offered(race, 1);
  const outcomes = await Promise.all(
    [
      "title => 'Changed'",
      "description => 'Changed'",
      "category => 'Changed'",
      `basic_info => '{"changed": true}'`,
      `details => '{"changed": true}'`,
      `price_schedule => '{"price": 5}'`,
      "duration_minutes => 25",
    ].map((change) => race.as(provider, `select id from public.update_offering($1, ${change})`, [id])),
  );
  const [row] = await race.sql<{ standing: number; version: number }[]>`
    select num_nonnulls(
        nullif(o.title = 'Changed', false), nullif(o.description = 'Changed', false),
        nullif(o.category = 'Changed', false), nullif(o.basic_info ? 'changed', false),
        nullif(o.details ? 'changed', false), nullif(o.price_minor = 500, false),
        nullif(o.duration_minutes = 25, false)
      ) as standing, o.version
    from public.offerings as o where o.id = ${id}`;
  return { outcomes, ...row! };
}

raceTest("changes of one offering at once all stand, and its version counts them", async (race) => {
  for (let round = 0; round < 3; round++) {
    const { outcomes, standing, version } = await raceOfChanges(race);
    assert.deepEqual([tally(outcomes), standing, version], [{ ok: 7 }, 7, 8]);
  }
});

/** Twenty offerings are changed by bulk commands while one of them is deleted. */
async function raceOfBulkAndDelete(race: Race) {
  const { provider, ids } = await offered(race, 20);
  const [updated, deleted, recategorised] = await Promise.all([
    bulkUpdate(race, provider, ids, { description: "Bulk" }),
    race.as(provider, "select public.delete_offering($1)", [ids[10]]),
    bulkUpdate(race, provider, ids.toReversed(), { category: "Bulk" }),
  ]);
  const [row] = await race.sql<{ described: number; categorised: number; there: number }[]>`
    select
      count(*) filter (where o.description = 'Bulk')::int as described,
      count(*) filter (where o.category = 'Bulk')::int as categorised,
      count(*) filter (where o.deleted_at is null)::int as there
    from public.offerings as o where o.provider_id = ${provider}`;
  return { updated, deleted, recategorised, ...row! };
}

/** The same offerings in bulk commands of opposite orders. */
async function raceOfOrders(race: Race) {
  const { provider, ids } = await offered(race, 100);
  return tally(
    await Promise.all(
      Array.from(
        { length: 8 },
        (_, n) =>
          bulkUpdate(race, provider, n % 2 === 0 ? ids : ids.toReversed(), { description: `Bulk ${n}` }),
      ),
    ),
  );
}

raceTest(
  "bulk changes against a deletion change all or none, what is deleted stays so, and no order of theirs deadlocks",
  async (race) => {
    for (let round = 0; round < 4; round++) {
      const { updated, deleted, recategorised, described, categorised, there } = await raceOfBulkAndDelete(
        race,
      );
      assert.deepEqual([tally([deleted]), there], [{ ok: 1 }, 19]);
      assert.equal(described, updated.ok ? 20 : 0);
      assert.equal(categorised, recategorised.ok ? 20 : 0);
      const { ok: _, INVALID_INPUT: _refused, ...others } = tally([updated, recategorised]);
      assert.deepEqual(others, {});
    }
  },
);

raceTest("control: without their locks changes get lost, and a deleted offering comes back", async (race) => {
  await rewrite(
    race,
    "private.lock_own_offering(uuid, boolean)",
    (text) =>
      text.replace("for no key update", "").replace("  return v_", "  perform pg_sleep(0.02);\n  return v_"),
  );
  await rewrite(
    race,
    "private.lock_own_offerings(uuid[])",
    (text) =>
      text.replace("as o\n", "as o cross join pg_sleep(0.02) as s\n").replace("for no key update", ""),
  );
  assert.ok(await shows(async () => (await raceOfChanges(race)).standing < 7));
  assert.ok(await shows(async () => (await raceOfBulkAndDelete(race)).there === 20));
});

raceTest("control: locking in the order in which they are named deadlocks", async (race) => {
  await rewrite(
    race,
    "private.lock_own_offerings(uuid[])",
    (text) => text.replace("order by o.id", "order by array_position(lock_own_offerings.offering_ids, o.id)"),
  );
  assert.ok(await shows(async () => (await raceOfOrders(race))["40P01"] !== undefined));
});
