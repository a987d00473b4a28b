import assert from "node:assert/strict";
import { type Race, raceTest, shows, withoutLeases } from "./support.ts";

interface Leased {
  id: string;
  key: string;
  destination: string;
  target: string;
}

/** Bookings that changed several times, then eight workers that lease and settle until nothing is left. */
async function workTogether(
  race: Race,
  withinSeconds: number,
): Promise<{ taken: Leased[]; settled: number; expected: number }> {
  const [provider = ""] = await race.people(1, { provider: true });
  const eventId = await race.event(provider, { capacity: 100 });
  const people = await race.people(30);
  for (const person of people) await race.book(person, eventId);
  await race.as(
    provider,
    "select id from public.update_event($1, starts_at => now() + interval '8 days', ends_at => now() + interval '9 days')",
    [eventId],
  );
  await race.as(provider, "select id from public.cancel_event($1)", [eventId]);

  const taken: Leased[] = [];
  const [expected] = await race.sql<{ n: number }[]>`
    select count(*)::int as n from private.outbox as o cross join private.outbox_targets(o.event, o.payload) as t
    where t.destination <> 'notification'`;
  const deadline = Date.now() + 1000 * withinSeconds;
  let settled = 0;
  const worker = async () => {
    while (settled < (expected?.n ?? 0) && Date.now() < deadline) {
      const leased = await race.sql<(Leased & { lease_token: string })[]>`
        select l.id, l.lease_token, l.key, l.destination, l.target from private.lease_deliveries(5, 60) as l`
        .catch(orNothing([]));
      taken.push(...leased);
      const results = leased.map(({ id, lease_token }) => ({
        id: Number(id),
        lease_token,
        outcome: "delivered",
      }));
      const [row] = await race.sql<{ n: number }[]>`
        select private.settle_deliveries(${JSON.stringify(results)}::text::jsonb) as n`.catch(orNothing([]));
      settled += row?.n ?? 0;
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return { taken, settled, expected: expected?.n ?? 0 };
}

/** What a worker goes on with after a deadlock, which the control run may meet. */
function orNothing<T>(nothing: T) {
  return (error: { code?: string }): T => {
    if (error.code !== "40P01") throw error;
    return nothing;
  };
}

const inOrder = (taken: Leased[]) => {
  const last = new Map<string, number>();
  return taken.every(({ id, key, destination, target }) => {
    const queue = `${key} ${destination} ${target}`;
    const isLater = (last.get(queue) ?? 0) < Number(id);
    last.set(queue, Number(id));
    return isLater;
  });
};

raceTest("eight workers on one outbox take every delivery once and each key's in order", async (race) => {
  const { taken, settled, expected } = await workTogether(race, 120);
  assert.ok(expected > 100);
  assert.deepEqual([settled, taken.length], [expected, expected]);
  assert.equal(new Set(taken.map((each) => each.id)).size, taken.length);
  assert.ok(inOrder(taken));
});

raceTest("control: leasing without locks takes deliveries twice", async (race) => {
  await withoutLeases(race);
  const takesTwice = async () => {
    const { taken } = await workTogether(race, 20);
    return new Set(taken.map((each) => each.id)).size < taken.length;
  };
  assert.ok(await shows(takesTwice));
});
