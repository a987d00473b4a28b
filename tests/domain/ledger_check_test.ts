import assert from "node:assert/strict";
import { makePerson, type Person } from "../support/people.ts";
import { bookAndPay, paymentOf, settle } from "../support/payments.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { bookHour, makeOpenProvider } from "../support/times.ts";

let stack: TestStack;
let provider: Person;
let bookingId: string;
let paymentId: string;
Deno.test.beforeAll(async () => {
  stack = await testStack();
  provider = await makeOpenProvider(stack, { hourlyRateMinor: 5000 });
  const person = await makePerson(stack);
  bookingId = (await bookAndPay(stack, person, provider.id, 7, 9)).booking.id;
  paymentId = (await paymentOf(stack, bookingId)).id;
  const returned = await bookAndPay(stack, await makePerson(stack), provider.id, 7, 11);
  await provider.client.rpc("cancel_booking", { booking_id: returned.booking.id });
  await settle(stack);
});
Deno.test.afterAll(() => stack.close());

type Difference = { problem: string; payment_id: string | null; expected: number; found: number };

const count = async (table: string) =>
  (await stack.database.query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n ?? 0;

/** What a call of the worker's command finds; null when nothing was due. */
async function sweepMoney(): Promise<Difference[] | null> {
  const [row] = await stack.database.query<{ swept: { differences: Difference[] | null } }>(
    "select public.sweep_money() as swept",
  );
  return row!.swept.differences;
}

/** Lets the last round of proving lie so many hours back. */
const lastRound = (hoursAgo: number) =>
  stack.database.query(
    "update private.money_settings set proved_to = null, checked_at = now() - make_interval(hours => $1)",
    [hoursAgo],
  );

/** What the worker's log says of the ledger. */
const complaints = () =>
  stack.log.map((line) => JSON.parse(line)).filter(({ message }) => message === "the ledger does not add up");

/** What the proof finds after a change that is taken back; the change runs as nobody's command could. */
async function findings(change: string): Promise<string[]> {
  let problems: string[] = [];
  const undone = new Error("undone");
  await stack.database.transaction(async (sql) => {
    await sql.script(`
      alter table private.ledger_entries disable trigger refuse_change;
      select set_config('convene.command', 'doctor', true);`);
    await sql.query(change.replaceAll("$payment", `'${paymentId}'`).replaceAll("$booking", `'${bookingId}'`));
    const rows = await sql.query<Difference>("select problem from public.check_ledger() order by 1");
    problems = rows.map(({ problem }) => problem);
    throw undone;
  }).catch((error) => {
    if (error !== undone) throw error;
  });
  return problems;
}

for (
  const [what, change, expected] of [
    [
      "an entry that is gone",
      "delete from private.ledger_entries where payment_id = $payment and account = 'platform_fees'",
      ["entries do not sum to zero", "ledger: platform_fees"],
    ],
    [
      "an entry of another amount",
      "update private.ledger_entries set amount_minor = amount_minor - 1 where payment_id = $payment and account = 'provider_payable'",
      ["entries do not sum to zero", "ledger: provider_payable", "owed to the provider"],
    ],
    [
      "a balanced entry that nothing stands behind",
      `insert into private.ledger_entries (entry, source_id, account, amount_minor, currency, payment_id, provider_id)
       select 'transfer', p.id, a.account, a.minor, p.currency, p.id, p.provider_id
       from public.payments as p
       cross join (values ('provider_payable', 100), ('stripe_balance', -100)) as a (account, minor)
       where p.id = $payment`,
      ["ledger: provider_payable", "ledger: stripe_balance"],
    ],
    [
      "a payment of another amount",
      "update public.payments set amount_minor = amount_minor + 100, payout_minor = payout_minor + 100 where id = $payment",
      ["ledger: provider_payable", "ledger: stripe_balance"],
    ],
    [
      "money said to be returned without a refund",
      "update public.payments set refunded_minor = 100 where id = $payment",
      ["refunds of the payment"],
    ],
    [
      "a refund that nothing was booked for",
      `insert into public.refunds (payment_id, amount_minor, fee_minor, payout_minor, cause, status, settled_at)
       values ($payment, 100, 15, 85, 'provider', 'succeeded', now())`,
      [
        "ledger: platform_fees",
        "ledger: provider_payable",
        "ledger: stripe_balance",
        "refunds of the payment",
        "the booking's payment_status",
      ],
    ],
    [
      "a refund that failed and was not replaced",
      `insert into public.refunds (payment_id, amount_minor, fee_minor, payout_minor, cause, status, settled_at)
       values ($payment, 100, 15, 85, 'provider', 'failed', now())`,
      ["a refund failed, and none replaced it"],
    ],
    [
      "a paid booking that was taken away",
      "update public.bookings set status = 'expired' where id = $booking",
      ["paid, but neither booked nor returned"],
    ],
    [
      "a booking that says it was not paid",
      "update public.bookings set payment_status = 'none' where id = $booking",
      ["the booking's payment_status"],
    ],
    [
      "a forgotten debt to the provider",
      "delete from private.payables where payment_id = $payment",
      ["owed to the provider"],
    ],
  ] as const
) {
  Deno.test(`check_ledger() finds ${what}`, async () => {
    assert.deepEqual(await findings(change), expected);
  });
}

Deno.test("check_ledger() finds a booking that was confirmed without its money", async () => {
  const held = await bookHour(await makePerson(stack), provider.id, 7, 15);
  const change = `update public.bookings set status = 'confirmed', expires_at = null where id = '${held.id}'`;
  assert.deepEqual(await findings(change), ["booked in advance without money"]);
});

Deno.test("the ledger is proved once a day: a sound one has no differences", async () => {
  await lastRound(23);
  assert.equal(await sweepMoney(), null);
  await lastRound(25);
  assert.deepEqual(await sweepMoney(), []);
  assert.equal(await sweepMoney(), null);
});

Deno.test("a round is proved in portions, each payment and booking in one of them", async () => {
  await stack.database.query(
    "update public.payments set refunded_minor = refunded_minor - 1 where refunded_minor > 0",
  );
  await stack.database.query("update public.payments set refunded_minor = 1 where id = $1", [paymentId]);
  await lastRound(25);
  const rounds: Difference[][] = [];
  const prove = async () => {
    const [row] = await stack.database.query<{ found: Difference[] | null }>(
      "select private.prove_portion(1) as found",
    );
    return row!.found;
  };
  for (let found = await prove(); found; found = await prove()) rounds.push(found);
  const payments = await count("public.payments");
  assert.ok(rounds.length > payments, `${rounds.length} portions of ${payments} payments`);
  assert.deepEqual(rounds.map((found) => found.length).filter((n) => n > 0), [1, 1]);
  await stack.database.query(
    `update public.payments as p set refunded_minor =
       (select coalesce(sum(r.amount_minor), 0) from public.refunds as r where r.payment_id = p.id)`,
  );
});

Deno.test("the worker logs what differs as an error, once a day until it is mended, and nothing when all is right", async () => {
  await lastRound(25);
  await settle(stack);
  assert.deepEqual(complaints(), []);

  await stack.database.query("update public.payments set refunded_minor = 100 where id = $1", [paymentId]);
  await settle(stack);
  assert.deepEqual(complaints(), [], "proved today already");
  await lastRound(25);
  await settle(stack);
  const [complaint, ...others] = complaints();
  assert.deepEqual(others, []);
  assert.equal(complaint?.level, "error");
  assert.deepEqual(complaint?.differences, [
    { problem: "refunds of the payment", payment_id: paymentId, expected: 0, found: 100 },
  ]);
  await lastRound(25);
  await settle(stack);
  assert.equal(complaints().length, 2);

  await stack.database.query("update public.payments set refunded_minor = 0 where id = $1", [paymentId]);
  await lastRound(25);
  await settle(stack);
  assert.equal(complaints().length, 2);
});
