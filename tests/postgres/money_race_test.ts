import assert from "node:assert/strict";
import { type Race, raceTest, shows, tally } from "./support.ts";
import {
  asService,
  bookTime,
  differences,
  heldAndPrepared,
  openProvider,
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

async function paid(race: Race) {
  const provider = await openProvider(race, 6000);
  const [person = ""] = await race.people(1);
  const { bookingId, paymentId } = await heldAndPrepared(race, person, provider);
  const outcome = await recordIntent(race, paymentId, "succeeded");
  assert.ok(outcome.ok && outcome.rows[0]?.outcome === "succeeded");
  return { provider, person, bookingId, paymentId };
}

async function raceRefunds(race: Race) {
  const { provider, paymentId } = await paid(race);
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

async function raceCancelAgainstComplete(race: Race) {
  const { person, provider, bookingId, paymentId } = await paid(race);
  await race.sql`
    update public.bookings set during = tstzrange(now() - interval '2 hours', now() - interval '65 minutes')
    where id = ${bookingId}`;
  const outcomes = await Promise.all([
    ...Array.from({ length: 4 }, () => asService(race, "select public.sweep()")),
    ...Array.from(
      { length: 4 },
      () => race.as(person, "select id from public.cancel_booking($1)", [bookingId]),
    ),
    ...Array.from(
      { length: 4 },
      () => race.as(provider, "select id from public.mark_no_show($1)", [bookingId]),
    ),
  ]);
  const [row] = await race.sql<{ status: string; refunds: number }[]>`
    select b.status, (select count(*)::int from public.refunds as r where r.payment_id = ${paymentId}) as refunds
    from public.bookings as b where b.id = ${bookingId}`;
  return { outcomes, row: row! };
}

raceTest(
  "cancel against complete against no-show: nothing is cancelled that took place, nothing deadlocks",
  async (race) => {
    for (let round = 0; round < 5; round++) {
      const { outcomes, row } = await raceCancelAgainstComplete(race);
      assert.ok(["completed", "no_show"].includes(row.status), row.status);
      assert.equal(row.refunds, 0);
      assert.deepEqual(
        Object.keys(tally(outcomes)).filter((kind) =>
          !["ok", "EVENT_STARTED", "BOOKING_NOT_CANCELLABLE", "NO_SHOW_NOT_ALLOWED"].includes(kind)
        ),
        [],
      );
      assert.deepEqual(await differences(race), []);
    }
  },
);

raceTest("cancelling twice at once, by both sides, returns the money once", async (race) => {
  const { person, provider, bookingId, paymentId } = await paid(race);
  const outcomes = await Promise.all(
    [person, provider, person, provider].map((who) =>
      race.as(who, "select id from public.cancel_booking($1)", [bookingId])
    ),
  );
  assert.deepEqual(tally(outcomes), { ok: 1, BOOKING_NOT_CANCELLABLE: 3 });
  const rows = await race.sql`select amount_minor::int from public.refunds where payment_id = ${paymentId}`;
  assert.deepEqual(rows.map((row) => row.amount_minor), [6000]);
});

raceTest(
  "receipts of one provider have no gaps and no doubles, however many are paid at once",
  async (race) => {
    const provider = await openProvider(race, 6000);
    const people = await race.people(20);
    const payments = [];
    for (const [index, person] of people.entries()) {
      payments.push(await heldAndPrepared(race, person, provider, 4 * index));
    }
    await Promise.all(payments.map(({ paymentId }) => recordIntent(race, paymentId, "succeeded")));
    const rows = await race.sql<{ receipt_serial: number }[]>`
    select receipt_serial from public.payments where provider_id = ${provider} order by 1`;
    assert.deepEqual(
      rows.map((row) => row.receipt_serial),
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  },
);
