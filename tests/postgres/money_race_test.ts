import assert from "node:assert/strict";
import { type Race, raceTest, shows, tally } from "./support.ts";
import {
  asService,
  bookTime,
  differences,
  heldAndPrepared,
  openProvider,
  paidTime,
  recordIntent,
  withoutMoneyLocks,
} from "./times.ts";

/** A payment is told by webhook and confirm at once, while its hold lapses, the sweep runs and others want the time. */
async function raceToSettle(race: Race) {
  const provider = await openProvider(race, 6000);
  const [person = ""] = await race.people(1);
  const { bookingId, paymentId } = await heldAndPrepared(race, person, provider);
  await race.sql`update public.bookings set expires_at = now() - interval '1 second' where id = ${bookingId}`;
  const rivals = await race.people(10);
  const outcomes = await Promise.all([
    ...rivals.slice(0, 5).map((rival) => bookTime(race, rival, provider)),
    ...Array.from({ length: 8 }, () => recordIntent(race, paymentId, "succeeded")),
    ...Array.from({ length: 3 }, () => asService(race, "select public.sweep()")),
    ...rivals.slice(5).map((rival) => bookTime(race, rival, provider)),
  ]);
  const [state] = await race.sql<{ status: string; returned: number; confirmations: number; live: number }[]>`
    select b.status,
      (select count(*)::int from public.refunds as r where r.payment_id = ${paymentId}) as returned,
      (select count(*)::int from private.outbox as o where o.key = b.id and o.event = 'booking.confirmed') as confirmations,
      (select count(*)::int from public.bookings as l where l.provider_id = b.provider_id and l.is_live) as live
    from public.bookings as b where b.id = ${bookingId}`;
  return { outcomes, state: state! };
}

raceTest(
  "confirm against webhook against expiry: the payment has its booking, or goes back once",
  async (race) => {
    for (let round = 0; round < 5; round++) {
      const { outcomes, state } = await raceToSettle(race);
      assert.deepEqual(
        Object.keys(tally(outcomes)).filter((kind) => !["ok", "SLOT_NOT_AVAILABLE"].includes(kind)),
        [],
      );
      assert.equal(state.live, 1);
      assert.deepEqual(
        [state.status, state.returned, state.confirmations],
        state.status === "confirmed" ? ["confirmed", 0, 1] : ["expired", 1, 0],
      );
      assert.deepEqual(await differences(race), []);
    }
  },
);

raceTest("control: without the locks a payment is settled twice or its receipts have gaps", async (race) => {
  await withoutMoneyLocks(race);
  await race.sql`alter table private.ledger_entries drop constraint ledger_entries_once`;
  assert.ok(
    await shows(async () => {
      const { outcomes, state } = await raceToSettle(race);
      const others = Object.keys(tally(outcomes)).filter((kind) =>
        !["ok", "SLOT_NOT_AVAILABLE"].includes(kind)
      );
      return state.returned + state.confirmations !== 1 || others.length > 0 ||
        (await differences(race)).length > 0;
    }),
  );
});

async function raceRefunds(race: Race) {
  const { provider, paymentId } = await paidTime(race);
  const outcomes = await Promise.all(
    Array.from(
      { length: 20 },
      () => race.as(provider, "select id from public.request_refund($1, 1000)", [paymentId]),
    ),
  );
  const [row] = await race.sql<{ minor: number }[]>`
    select coalesce(sum(amount_minor), 0)::int as minor from public.refunds where payment_id = ${paymentId}`;
  return { outcomes, refunded: row?.minor ?? -1 };
}

raceTest("refund against refund: never more goes back than was paid", async (race) => {
  const { outcomes, refunded } = await raceRefunds(race);
  assert.deepEqual(tally(outcomes), { ok: 6, REFUND_NOT_ALLOWED: 14 });
  assert.equal(refunded, 6000);
  assert.deepEqual(await differences(race), []);
});

raceTest("control: without locks and constraint more goes back than was paid", async (race) => {
  await withoutMoneyLocks(race);
  await race.sql`alter table public.payments drop constraint payments_refunded_within_amount`;
  assert.ok(await shows(async () => (await raceRefunds(race)).refunded > 6000));
});
