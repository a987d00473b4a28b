import assert from "node:assert/strict";
import { type Outcome, type Race, raceTest, rewrite, shows, tally } from "./support.ts";
import { asService, differences, type Paid, paidSeat, paidTime } from "./times.ts";

/** Both kinds of bookings: what they are of, how one is made, and how its end comes to lie 65 minutes back. */
const kinds = [
  {
    make: paidTime,
    end:
      `update public.bookings set during = tstzrange(now() - interval '2 hours', now() - interval '65 minutes')
          where id = $1`,
  },
  {
    make: paidSeat,
    end:
      `update public.events set starts_at = now() - interval '2 hours', ends_at = now() - interval '65 minutes'
          where id = (select b.event_id from public.bookings as b where b.id = $1)`,
  },
];

const cancel = (race: Race, who: string, { bookingId }: Paid) =>
  race.as(who, "select id from public.cancel_booking($1)", [bookingId]);

/** What became of a booking: its status, what people were told of its end, and what was ordered to go back. */
async function endOf(race: Race, { bookingId, paymentId }: Paid) {
  const [row] = await race.sql<{ status: string; told: string[]; refunds: number[] }[]>`
    select b.status,
      array(
        select o.event from private.outbox as o
        where o.key = b.id and o.event in ('booking.cancelled', 'booking.completed', 'booking.no_show') order by 1
      ) as told,
      array(select r.amount_minor::int from public.refunds as r where r.payment_id = ${paymentId}) as refunds
    from public.bookings as b where b.id = ${bookingId}`;
  return row!;
}

/** A booking whose end has come is cancelled by both sides and completed by two workers at once. */
async function raceToEnd(
  race: Race,
  { make, end }: typeof kinds[number],
  more: (booking: Paid) => Promise<Outcome>[] = () => [],
) {
  const booking = await make(race);
  await race.sql.unsafe(end, [booking.bookingId]);
  const outcomes = await Promise.all([
    cancel(race, booking.provider, booking),
    ...Array.from({ length: 2 }, () => asService(race, "select public.sweep()")),
    cancel(race, booking.person, booking),
    ...more(booking),
  ]);
  return { outcomes, ...await endOf(race, booking) };
}

raceTest(
  "cancel against complete against no-show: nothing is cancelled that took place, nothing deadlocks",
  async (race) => {
    for (const kind of [...kinds, ...kinds]) {
      const { outcomes, status, told, refunds } = await raceToEnd(
        race,
        kind,
        ({ provider, bookingId }) =>
          Array.from(
            { length: 4 },
            () => race.as(provider, "select id from public.mark_no_show($1)", [bookingId]),
          ),
      );
      assert.ok(["completed", "no_show"].includes(status), status);
      assert.ok(!told.includes("booking.cancelled"));
      assert.deepEqual(refunds, []);
      const {
        ok: _,
        EVENT_STARTED: _started,
        BOOKING_NOT_CANCELLABLE: _over,
        NO_SHOW_NOT_ALLOWED: _late,
        ...others
      } = tally(outcomes);
      assert.deepEqual(others, {});
    }
    assert.deepEqual(await differences(race), []);
  },
);

/** Lets a booking be cancelled whenever it is not over, so that cancelling and completing can meet. */
const withoutStartCheck = (race: Race) =>
  rewrite(
    race,
    "private.cancel_booking(uuid, text, boolean)",
    (text) => text.replace("(private.occasion(v_booking)).starts_at <= now()", "false"),
  );

/** Takes the locks of a booking and its root away: what is left is reading the status before writing it. */
const withoutBookingLocks = (race: Race) =>
  rewrite(race, "private.lock_booking(uuid)", (text) =>
    text
      .replace(/perform private\.lock_(provider|event)\(.*?\);/g, "null;")
      .replace(/\s+for no key update;/, ";\n  perform pg_sleep(0.05);"));

raceTest("the locks alone let either cancelling or completing happen, and never both", async (race) => {
  await withoutStartCheck(race);
  for (const kind of [...kinds, ...kinds]) {
    const { status, told, refunds } = await raceToEnd(race, kind);
    assert.deepEqual(told, [`booking.${status}`]);
    assert.ok(refunds.length <= (status === "cancelled" ? 1 : 0));
  }
  assert.deepEqual(await differences(race), []);
});

raceTest("control: without the locks a completed booking is cancelled", async (race) => {
  await withoutStartCheck(race);
  await withoutBookingLocks(race);
  for (const kind of kinds) {
    assert.ok(
      await shows(async () => {
        const { told } = await raceToEnd(race, kind);
        return told.includes("booking.cancelled") && told.includes("booking.completed");
      }),
    );
  }
});

/** Both sides cancel twice at once. */
async function raceToCancel(race: Race, { make }: typeof kinds[number]) {
  const booking = await make(race);
  const { person, provider } = booking;
  const outcomes = await Promise.all(
    [person, provider, person, provider].map((who) => cancel(race, who, booking)),
  );
  return { outcomes, ...await endOf(race, booking) };
}

raceTest("cancelling twice at once, by both sides, tells and returns the money once", async (race) => {
  for (const [index, kind] of kinds.entries()) {
    const { outcomes, told, refunds } = await raceToCancel(race, kind);
    assert.deepEqual(tally(outcomes), { ok: 1, BOOKING_NOT_CANCELLABLE: 3 });
    assert.deepEqual(told, ["booking.cancelled"]);
    assert.deepEqual(refunds, [index === 0 ? 6000 : 1000]);
  }
  assert.deepEqual(await differences(race), []);
});

raceTest(
  "control: without the locks both cancel, and without what is left to return both are paid",
  async (race) => {
    await withoutBookingLocks(race);
    await rewrite(
      race,
      "private.return_payment(public.bookings, boolean)",
      (text) => text.replace(" - v_payment.refunded_minor", ""),
    );
    await race.sql`alter table public.payments drop constraint payments_refunded_within_amount`;
    for (const kind of kinds) {
      assert.ok(
        await shows(async () => {
          const { told, refunds } = await raceToCancel(race, kind);
          return told.length > 1 && refunds.length > 1;
        }),
      );
    }
  },
);
