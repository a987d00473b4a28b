import assert from "node:assert/strict";
import { type Outcome, type Race, raceTest, rewrite, shows, tally } from "./support.ts";

async function raceOfOneKey(
  race: Race,
): Promise<{ outcomes: Outcome[]; person: string; key: string; provider: string }> {
  const [provider = ""] = await race.people(1, { provider: true });
  const [person = ""] = await race.people(1);
  const eventId = await race.event(provider);
  const key = crypto.randomUUID();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => race.book(person, eventId, { "idempotency-key": key })),
  );
  return { outcomes, person, key, provider };
}

raceTest("the same Idempotency-Key twenty times at once: one booking, twenty equal answers", async (race) => {
  // That a key is waited for two seconds alone is another test's.
  await rewrite(race, "private.lock_idempotency_key(text)", (text) => text.replace("'2s'", "'60s'"));
  const { outcomes, person, key, provider } = await raceOfOneKey(race);
  assert.deepEqual(tally(outcomes), { ok: 20 });
  assert.equal(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size, 1);
  const [row] = await race.sql`select count(*)::int as n from public.bookings where attendee_id = ${person}`;
  assert.equal(row?.n, 1);

  const other = await race.event(provider);
  const reused = await race.book(person, other, { "idempotency-key": key });
  assert.deepEqual(reused, { ok: false, code: "IDEMPOTENCY_KEY_REUSED" });
});

raceTest("control: without the key's lock the answers differ", async (race) => {
  await race.sql.unsafe(`
    create or replace function private.lock_idempotency_key(name text) returns void
    language sql set search_path = '' as $$ select $$`);
  const differ = async () => {
    const { outcomes } = await raceOfOneKey(race);
    return new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size > 1;
  };
  assert.ok(await shows(differ));
});

raceTest("a key that is in use for longer than two seconds answers 409", async (race) => {
  const [provider = ""] = await race.people(1, { provider: true });
  const [person = ""] = await race.people(1);
  const eventId = await race.event(provider);
  const key = crypto.randomUUID();
  const blocker = await race.sql.reserve();
  await blocker`begin`;
  await blocker`select pg_advisory_xact_lock(hashtextextended(${`${person} book_event ${key}`}, 0))`;
  const startedAt = Date.now();
  const outcome = await race.book(person, eventId, { "idempotency-key": key });
  assert.deepEqual(outcome, { ok: false, code: "IDEMPOTENCY_KEY_IN_USE" });
  assert.ok(Date.now() - startedAt >= 1900);
  await blocker`rollback`;
  blocker.release();
});
