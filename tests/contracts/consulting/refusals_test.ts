import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { makePerson, type Person } from "../../support/people.ts";
import {
  assertLedger,
  bookAndPay,
  bookingOf,
  ledgerOf,
  onboard,
  paymentOf,
  settle,
} from "../../support/payments.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { bookHour, lapse, makeOpenProvider, moveToPast } from "../../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const priced = (hourlyRateMinor = 7500) => makeOpenProvider(stack, { hourlyRateMinor });

/** The errors that the functions logged with a message. */
const errorsOf = (message: string) =>
  stack.log.map((line) => JSON.parse(line)).filter((line) =>
    line.level === "error" && line.message === message
  );

/** Pays an hour and transfers the provider's share of it. */
async function bookAndTransfer(provider: Person, days: number, hoursAgo: number) {
  const { booking } = await bookAndPay(stack, await makePerson(stack), provider.id, days);
  await moveToPast(stack, booking.id, hoursAgo);
  await settle(stack);
  return await paymentOf(stack, booking.id);
}

async function reversalsOf(paymentId: string) {
  return await stack.database.query<{ status: string; failure_code: string | null; reversed: number }>(
    `select v.status, v.failure_code, t.reversed_minor::int as reversed
     from private.transfer_reversals as v join public.transfers as t on t.id = v.transfer_id
     where t.payment_id = $1`,
    [paymentId],
  );
}

const aDayPasses = () =>
  stack.database.query("update private.transfer_reversals set failed_at = failed_at - interval '1 day'");

const deadLetters = async () =>
  (await stack.database.query("select 1 from private.deliveries where status = 'dead'")).length;

Deno.test("a reversal that Stripe refuses is logged and ordered again each day, until the provider's balance allows it", async () => {
  const provider = await priced();
  const account = await onboard(stack, provider);
  const payment = await bookAndTransfer(provider, 7, 60);
  stack.stripe.payOut(account);
  await provider.client.rpc("request_refund", { payment_id: payment.id, amount_minor: 2000 });
  await settle(stack);
  const refused = [{ status: "failed", failure_code: "balance_insufficient", reversed: 0 }];
  assert.deepEqual(await reversalsOf(payment.id), refused);
  assert.equal((await ledgerOf(stack, payment.id)).provider_payable, 1700);
  assert.equal(errorsOf("a reversal was refused").length, 1);
  await settle(stack);
  assert.equal(errorsOf("a reversal was refused").length, 1, "ordered again within a day");

  await aDayPasses();
  await settle(stack);
  assert.deepEqual(await reversalsOf(payment.id), refused);
  assert.equal(errorsOf("a reversal was refused").length, 2);

  await bookAndTransfer(provider, 8, 50);
  await aDayPasses();
  await settle(stack);
  assert.deepEqual(await reversalsOf(payment.id), [{
    status: "succeeded",
    failure_code: null,
    reversed: 1700,
  }]);
  assert.equal((await ledgerOf(stack, payment.id)).provider_payable, undefined);
  assert.equal(await deadLetters(), 0);
  await assertLedger(stack);
});

Deno.test("a refused reversal is not ordered again when its refund failed: the provider keeps what is theirs", async () => {
  const provider = await priced();
  const account = await onboard(stack, provider);
  const payment = await bookAndTransfer(provider, 7, 60);
  stack.stripe.payOut(account);
  await provider.client.rpc("request_refund", { payment_id: payment.id });
  await settle(stack);
  await stack.database.query(
    `select public.record_refund(jsonb_build_object('id', r.stripe_refund_id, 'status', 'failed'))
     from public.refunds as r where r.payment_id = $1`,
    [payment.id],
  );
  await bookAndTransfer(provider, 8, 50);
  await aDayPasses();
  await settle(stack);
  assert.deepEqual((await reversalsOf(payment.id)).map(({ status }) => status), ["failed"]);
});

Deno.test("a refund that Stripe refuses is logged once and found by the proof, until another replaces it", async () => {
  const provider = await priced();
  const { booking, intentId } = await bookAndPay(stack, await makePerson(stack), provider.id);
  const { id } = await paymentOf(stack, booking.id);
  const findings = async () => {
    const rows = await stack.database.query<{ problem: string; expected: number }>(
      "select problem, expected::int from public.check_ledger() where payment_id = $1",
      [id],
    );
    return rows.map(({ problem, expected }) => [problem, expected]);
  };
  const failures = () => errorsOf("a refund failed").filter(({ payment }) => payment === id);

  // A part is refunded at Stripe before we hear of it: ours of the whole is more than is left.
  stack.stripe.webhooks.pause();
  await refundAtStripe(intentId, "2500");
  await provider.client.rpc("request_refund", { payment_id: id, amount_minor: 7500 });
  await stack.runWorker();
  assert.deepEqual(failures().map(({ code }) => code), ["refused"]);
  assert.deepEqual(await findings(), [["a refund failed, and none replaced it", 7500]]);

  stack.stripe.webhooks.resume();
  await settle(stack);
  assert.deepEqual(await findings(), []);
  assert.equal(failures().length, 1);
});

async function refundAtStripe(intentId: string, amount: string): Promise<void> {
  const response = await fetch(`${stack.stripe.credentials.baseUrl}/v1/refunds`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.stripe.credentials.secretKey}` },
    body: new URLSearchParams({ payment_intent: intentId, amount }),
  });
  assert.equal(response.status, 200);
  await response.body?.cancel();
}

Deno.test("a price below Stripe's least amount cannot be paid, and its hold lapses as any other", async () => {
  const [provider, person] = [await priced(30), await makePerson(stack)];
  const booking = await bookHour(person, provider.id);
  const { status, body } = await contract(stack, "consulting")("POST", "/payments/create-intent", {
    token: person.token,
    body: { bookingId: booking.id, amount: 0.3, currency: "USD" },
  });
  assert.deepEqual([status, body.code], [402, "PAYMENT_FAILED"]);
  await lapse(stack, booking.id);
  await settle(stack);
  assert.equal((await bookingOf(stack, booking.id)).status, "expired");
  assert.equal((await paymentOf(stack, booking.id)).status, "cancelled");
  assert.equal(await deadLetters(), 0);
});
