import assert from "node:assert/strict";
import { type Outcome, type Race, raceTest, shows, tally } from "./support.ts";
import { heldAndPrepared, openProvider, recordIntent, withoutMoneyLocks } from "./times.ts";

/** Takes a payment as the webhook does, in a transaction that is lost at its end. */
async function loseIntent({ sql }: Race, paymentId: string): Promise<Outcome> {
  const lost = new Error("lost");
  const work = sql.begin(async (tx) => {
    await tx`set local role service_role`;
    await tx`
      select public.record_payment_intent(jsonb_build_object(
        'id', 'pi_' || p.id, 'status', 'succeeded', 'amount', p.amount_minor, 'currency', lower(p.currency),
        'metadata', jsonb_build_object('payment_id', p.id)
      ))
      from public.payments as p where p.id = ${paymentId}`;
    throw lost;
  });
  return await work.then(() => ({ ok: false, code: "kept" }), (error) => {
    if (error !== lost) throw error;
    return { ok: true, rows: [] };
  });
}

/** Payments of one seller succeed all at once, while others succeed in transactions that are lost. */
async function raceOfReceipts(race: Race, { kept, lost }: { kept: number; lost: number }) {
  const provider = await openProvider(race, 6000);
  const people = await race.people(kept + lost);
  const payments = [];
  for (const [index, person] of people.entries()) {
    payments.push(await heldAndPrepared(race, person, provider, 4 * index));
  }
  const outcomes = await Promise.all(payments.map(({ paymentId }, index) =>
    // Spread evenly, so that lost ones lie between kept ones.
    Math.floor((index + 1) * lost / (kept + lost)) > Math.floor(index * lost / (kept + lost))
      ? loseIntent(race, paymentId)
      : recordIntent(race, paymentId, "succeeded")
  ));
  return { outcomes, provider, payments };
}

async function receipts(race: Race, provider: string): Promise<number[]> {
  const rows = await race.sql<{ receipt_serial: number }[]>`
    select receipt_serial from public.payments
    where provider_id = ${provider} and receipt_serial is not null order by 1`;
  return rows.map(({ receipt_serial }) => receipt_serial);
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

raceTest(
  "receipts of one seller have no gaps and no doubles, however many are paid at once and however many are lost",
  async (race) => {
    const { outcomes, provider, payments } = await raceOfReceipts(race, { kept: 40, lost: 10 });
    assert.deepEqual(tally(outcomes), { ok: 50 });
    assert.deepEqual(await receipts(race, provider), upTo(40));
    for (const { paymentId } of payments) await recordIntent(race, paymentId, "succeeded");
    assert.deepEqual(await receipts(race, provider), upTo(50));
  },
);

/** Another way of numbering, in place of the counter. */
const numberBy = (race: Race, serial: string) =>
  race.sql.unsafe(`
    create sequence private.receipts_of_control;
    grant usage on sequence private.receipts_of_control to public;
    create or replace function private.take_receipt_number(provider_id uuid) returns table (year integer, serial integer)
    language plpgsql set search_path = '' as $$
    declare
      v_serial integer;
    begin
      v_serial := (${serial});
      perform pg_sleep(0.01);
      return query select 2026, v_serial;
    end;
    $$`);

raceTest("control: a sequence leaves gaps where transactions are lost", async (race) => {
  await numberBy(race, "select nextval('private.receipts_of_control')");
  assert.ok(
    await shows(async () => {
      const { provider } = await raceOfReceipts(race, { kept: 6, lost: 6 });
      const serials = await receipts(race, provider);
      return serials.length === 6 && serials.at(-1)! - serials[0]! > 5;
    }),
  );
});

raceTest("control: one more than the highest, without locks, is given twice", async (race) => {
  await withoutMoneyLocks(race);
  await race.sql`alter table public.payments drop constraint payments_receipt_once`;
  await numberBy(
    race,
    "select coalesce(max(p.receipt_serial), 0) + 1 from public.payments as p where p.provider_id = take_receipt_number.provider_id",
  );
  assert.ok(
    await shows(async () => {
      const { provider } = await raceOfReceipts(race, { kept: 8, lost: 0 });
      return new Set(await receipts(race, provider)).size < 8;
    }),
  );
});
