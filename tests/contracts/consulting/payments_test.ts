import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { makePerson, type Person } from "../../support/people.ts";
import {
  assertLedger,
  bookAndCheckOut,
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
Deno.test.afterEach(async () => {
  stack.stripe.calm();
  stack.stripe.webhooks.resume();
  await settle(stack);
  await assertLedger(stack);
});

const call = (method: string, path: string, person?: Person, body?: unknown) =>
  contract(stack, "consulting")(method, path, {
    token: person?.token,
    ...(body === undefined ? {} : { body }),
  });
const priced = (currency = "USD", hourlyRateMinor = 7500) =>
  makeOpenProvider(stack, { currency, hourlyRateMinor });
const intent = (person: Person, bookingId: string, amount = 75, currency = "USD", more = {}) =>
  call("POST", "/payments/create-intent", person, { bookingId, amount, currency, ...more });
/** Lets what Stripe has told arrive, and holds back what it tells from now on. */
async function hush(): Promise<void> {
  await stack.stripe.webhooks.settled();
  stack.stripe.webhooks.pause();
}
const outboxEvents = async (bookingId: string) => {
  const rows = await stack.database.query<{ event: string }>(
    "select event from private.outbox where key = $1 order by id",
    [bookingId],
  );
  return rows.map(({ event }) => event);
};

Deno.test("hold, intent, payment, webhook: the booking is confirmed and the ledger has fee and payout", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const booking = await bookHour(person, provider.id);
  const { status, body } = await intent(person, booking.id);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body.data).sort(), ["amount", "clientSecret", "currency", "paymentIntentId"]);
  assert.deepEqual([body.data.amount, body.data.currency], [75, "USD"]);
  assert.deepEqual((await bookingOf(stack, booking.id)).status, "pending_payment");
  stack.stripe.pay(body.data.paymentIntentId);
  await stack.stripe.webhooks.settled();
  assert.deepEqual(await bookingOf(stack, booking.id), {
    status: "confirmed",
    payment_status: "paid",
    expires_at: null,
  });
  const payment = await paymentOf(stack, booking.id);
  assert.deepEqual([payment.status, payment.fee_minor, payment.payout_minor, payment.receipt_serial], [
    "succeeded",
    1125,
    6375,
    1,
  ]);
  assert.deepEqual(await ledgerOf(stack, payment.id), {
    platform_fees: -1125,
    provider_payable: -6375,
    stripe_balance: 7500,
  });
  assert.deepEqual(await outboxEvents(booking.id), [
    "booking.created",
    "booking.confirmed",
    "payment.succeeded",
  ]);
});

Deno.test("nothing of the client secret is stored or logged", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { body } = await intent(person, (await bookHour(person, provider.id)).id);
  const secret = body.data.clientSecret.split("_secret_")[1];
  assert.ok(secret.length > 10);
  assert.ok(!stack.log.join("\n").includes(secret));
  const found = await stack.database.query<{ found: boolean }>(
    `select exists (select from public.payments as p where p::text like $1)
       or exists (select from private.idempotency_keys as k where k::text like $1)
       or exists (select from private.audit_log as a where a::text like $1)
       or exists (select from private.outbox as o where o::text like $1) as found`,
    [`%${secret}%`],
  );
  assert.deepEqual(found, [{ found: false }]);
});

Deno.test("create-intent answers the same payment again, with a key, without one, and in parallel", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const booking = await bookHour(person, provider.id);
  const answers = await Promise.all([
    intent(person, booking.id),
    intent(person, booking.id, 75, "usd"),
    intent(person, booking.id, 75, "USD", { idempotencyKey: "once" }),
    intent(person, booking.id, 75, "USD", { idempotencyKey: "once" }),
  ]);
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.equal(new Set(answers.map(({ body }) => body.data.paymentIntentId)).size, 1);
  const other = await bookHour(person, (await priced()).id);
  const reused = await intent(person, other.id, 75, "USD", { idempotencyKey: "once" });
  assert.deepEqual([reused.status, reused.body.code], [422, "VALIDATION_ERROR"]);
});

Deno.test("a second click while Stripe still makes the PaymentIntent gets the same one", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const booking = await bookHour(person, provider.id);
  const before = stack.stripe.openIntents().length;
  const release = stack.stripe.hold();
  const asked = [intent(person, booking.id), intent(person, booking.id)];
  await new Promise((resolve) => setTimeout(resolve, 300));
  release();
  const answers = await Promise.all(asked);
  assert.deepEqual(answers.map(({ status }) => status), [200, 200]);
  assert.equal(new Set(answers.map(({ body }) => body.data.paymentIntentId)).size, 1);
  assert.equal(stack.stripe.openIntents().length, before + 1);
});

for (
  const [what, amount, currency, field] of [
    ["another amount", 74, "USD", "amount"],
    ["another currency", 75, "EUR", "currency"],
    ["an unknown currency", 75, "ZZZ", "currency"],
    ["a fraction of a cent", 75.001, "USD", "amount"],
    ["nothing", 0, "USD", "amount"],
    ["a negative amount", -75, "USD", "amount"],
  ] as const
) {
  Deno.test(`create-intent refuses ${what} and charges nothing`, async () => {
    const [provider, person] = [await priced(), await makePerson(stack)];
    const booking = await bookHour(person, provider.id);
    const before = stack.stripe.openIntents().length;
    const { status, body } = await intent(person, booking.id, amount, currency);
    assert.deepEqual([status, body.code, Object.keys(body.details)], [400, "VALIDATION_ERROR", [field]]);
    assert.equal(stack.stripe.openIntents().length, before);
    assert.equal((await bookingOf(stack, booking.id)).status, "held");
  });
}

Deno.test("yen have no decimals: 5000 JPY are charged as 5000, and fee and payout add up to the yen", async () => {
  const [provider, person] = [await priced("JPY", 5001), await makePerson(stack)];
  const booking = await bookHour(person, provider.id);
  assert.equal((await intent(person, booking.id, 50.01, "JPY")).status, 400);
  const { body } = await intent(person, booking.id, 5001, "JPY");
  assert.equal(stack.stripe.findIntent(body.data.paymentIntentId)?.amount, 5001);
  stack.stripe.pay(body.data.paymentIntentId);
  await stack.stripe.webhooks.settled();
  const payment = await paymentOf(stack, booking.id);
  assert.deepEqual([payment.fee_minor, payment.payout_minor], [750, 4251]);
});

Deno.test("create-intent is the customer's alone, of a live hold", async () => {
  const [provider, person, stranger] = [await priced(), await makePerson(stack), await makePerson(stack)];
  const booking = await bookHour(person, provider.id);
  assert.deepEqual((await intent(stranger, booking.id)).status, 404);
  assert.deepEqual((await intent(provider, booking.id)).status, 403);
  assert.equal((await intent(person, crypto.randomUUID())).status, 404);
  await lapse(stack, booking.id);
  const late = await intent(person, booking.id);
  assert.deepEqual([late.status, late.body.code], [410, "BOOKING_EXPIRED"]);
  const free = await bookHour(person, (await makeOpenProvider(stack)).id);
  const nothing = await intent(person, free.id);
  assert.deepEqual([nothing.status, nothing.body.code], [409, "CONFLICT"]);
});

Deno.test("a decline keeps the hold, shows in the history, and the next card pays", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking, intentId } = await bookAndCheckOut(stack, person, provider.id);
  stack.stripe.pay(intentId, "pm_card_chargeDeclined");
  await stack.stripe.webhooks.settled();
  const confirmed = await call("POST", "/payments/confirm", person, {
    bookingId: booking.id,
    paymentIntentId: intentId,
  });
  assert.deepEqual([confirmed.status, confirmed.body.code], [402, "PAYMENT_FAILED"]);
  assert.equal((await bookingOf(stack, booking.id)).status, "pending_payment");
  const { body } = await call("GET", "/payments/history?status=failed", person);
  assert.deepEqual([body.data.total, body.data.payments[0].status, body.data.payments[0].bookingId], [
    1,
    "failed",
    booking.id,
  ]);
  stack.stripe.pay(intentId);
  await stack.stripe.webhooks.settled();
  assert.equal((await bookingOf(stack, booking.id)).status, "confirmed");
});

Deno.test("confirm works instead of the webhook, and the late webhook changes nothing", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking, intentId } = await bookAndCheckOut(stack, person, provider.id);
  await hush();
  const body = { bookingId: booking.id, paymentIntentId: intentId };
  const early = await call("POST", "/payments/confirm", person, body);
  assert.deepEqual([early.status, early.body.message], [409, "The payment is not finished yet"]);
  stack.stripe.pay(intentId);
  const confirmed = await call("POST", "/payments/confirm", person, body);
  assert.deepEqual([confirmed.status, confirmed.body.message], [200, "Payment successful"]);
  assert.deepEqual([
    confirmed.body.data.status,
    confirmed.body.data.amount,
    confirmed.body.data.specialistPayout,
  ], [
    "succeeded",
    75,
    63.75,
  ]);
  stack.stripe.webhooks.resume();
  await stack.stripe.webhooks.settled();
  assert.equal((await call("POST", "/payments/confirm", person, body)).status, 200);
  assert.deepEqual(await outboxEvents(booking.id), [
    "booking.created",
    "booking.confirmed",
    "payment.succeeded",
  ]);
  const stranger = await makePerson(stack);
  assert.equal((await call("POST", "/payments/confirm", stranger, body)).status, 404);
  const wrong = await call("POST", "/payments/confirm", person, { ...body, paymentIntentId: "pi_other" });
  assert.equal(wrong.status, 404);
});

Deno.test("a payment that comes after its hold lapsed takes the time again when it is free", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking, intentId } = await bookAndCheckOut(stack, person, provider.id);
  await lapse(stack, booking.id);
  await hush();
  stack.stripe.pay(intentId);
  await stack.database.script(`
    select set_config('convene.command', 'test', false);
    select private.expire_time_holds('${provider.id}');
    select set_config('convene.command', '', false);`);
  assert.equal((await bookingOf(stack, booking.id)).status, "expired");
  stack.stripe.webhooks.resume();
  await stack.stripe.webhooks.settled();
  assert.deepEqual(await bookingOf(stack, booking.id), {
    status: "confirmed",
    payment_status: "paid",
    expires_at: null,
  });
});

Deno.test("a payment after the hold lapsed and the time was sold is refunded by itself, and both are told", async () => {
  const [provider, person, other] = [await priced(), await makePerson(stack), await makePerson(stack)];
  const { booking, intentId } = await bookAndCheckOut(stack, person, provider.id);
  await hush();
  stack.stripe.pay(intentId);
  await lapse(stack, booking.id);
  const winner = await bookHour(other, provider.id);
  const late = await call("POST", "/payments/confirm", person, {
    bookingId: booking.id,
    paymentIntentId: intentId,
  });
  assert.deepEqual([late.status, late.body.code], [410, "BOOKING_EXPIRED"]);
  stack.stripe.webhooks.resume();
  await settle(stack);
  assert.equal((await bookingOf(stack, booking.id)).payment_status, "refunded");
  assert.equal((await bookingOf(stack, winner.id)).status, "held");
  const payment = await paymentOf(stack, booking.id);
  assert.equal(payment.refunded_minor, 7500);
  assert.deepEqual(await ledgerOf(stack, payment.id), {});
  const told = await stack.database.query<{ recipient_id: string }>(
    "select recipient_id from public.notifications where subject_id = $1 and kind = 'payment.returned'",
    [booking.id],
  );
  assert.deepEqual(new Set(told.map((row) => row.recipient_id)), new Set([person.id, provider.id]));
});

Deno.test("a lapsed hold is released once Stripe has cancelled its PaymentIntent", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking, intentId } = await bookAndCheckOut(stack, person, provider.id);
  await lapse(stack, booking.id);
  await settle(stack);
  assert.equal(stack.stripe.findIntent(intentId)?.status, "canceled");
  assert.equal((await bookingOf(stack, booking.id)).status, "expired");
  assert.equal((await paymentOf(stack, booking.id)).status, "cancelled");
  assert.throws(() => stack.stripe.pay(intentId));
});

Deno.test("cancelling within the deadline returns everything, once, as the preview says", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking } = await bookAndPay(stack, person, provider.id);
  const preview = await call("GET", `/bookings/${booking.id}/refund-preview`, person);
  assert.deepEqual([preview.status, preview.body.data.refundAmount, preview.body.data.paid], [200, 75, 75]);
  const cancelled = await call("DELETE", `/bookings/${booking.id}`, person, { reason: "Ill" });
  assert.deepEqual([cancelled.status, cancelled.body.message, cancelled.body.data.refundInitiated], [
    200,
    "Full refund will be processed",
    true,
  ]);
  await settle(stack);
  assert.deepEqual(await bookingOf(stack, booking.id), {
    status: "cancelled",
    payment_status: "refunded",
    expires_at: null,
  });
  const payment = await paymentOf(stack, booking.id);
  const again = await call("POST", `/payments/${payment.id}/refund`, person, { reason: "Again" });
  assert.deepEqual([again.status, again.body.code], [409, "REFUND_NOT_ALLOWED"]);
});

Deno.test("cancelling after the deadline returns what the policy says; the specialist cancelling returns all", async () => {
  const policy = { hourlyRateMinor: 7500, deadlineMinutes: 30 * 1440, lateRefundPercent: 30 };
  const [provider, person] = [await makeOpenProvider(stack, policy), await makePerson(stack)];
  const [late, byProvider] = [
    await bookAndPay(stack, person, provider.id, 7, 9),
    await bookAndPay(stack, person, provider.id, 8, 9),
  ];
  const preview = await call("GET", `/bookings/${late.booking.id}/refund-preview`, person);
  assert.equal(preview.body.data.refundAmount, 22.5);
  const payment = await paymentOf(stack, late.booking.id);
  const tooMuch = await call("POST", `/payments/${payment.id}/refund`, person, { reason: "All", amount: 75 });
  assert.deepEqual([tooMuch.status, tooMuch.body.code], [409, "REFUND_NOT_ALLOWED"]);
  const cancelled = await call("DELETE", `/bookings/${late.booking.id}`, person, {});
  assert.equal(cancelled.body.data.refundAmount, 22.5);
  const all = await call("DELETE", `/bookings/${byProvider.booking.id}`, provider);
  assert.equal(all.body.message, "Full refund will be processed");
  await settle(stack);
  assert.equal((await bookingOf(stack, late.booking.id)).payment_status, "partly_refunded");
  assert.equal((await bookingOf(stack, byProvider.booking.id)).payment_status, "refunded");
});

Deno.test("without a wish for it nothing is refunded, and it can be claimed later by the same policy", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking } = await bookAndPay(stack, person, provider.id);
  const { body } = await call("DELETE", `/bookings/${booking.id}`, person, { requestRefund: false });
  assert.deepEqual([body.data.refundInitiated, body.message], [
    false,
    "Booking cancelled. No refund available.",
  ]);
  const payment = await paymentOf(stack, booking.id);
  const claimed = await call("POST", `/payments/${payment.id}/refund`, person, { reason: "Now", amount: 25 });
  assert.deepEqual([claimed.status, claimed.body.data.status, claimed.body.data.refundAmount], [
    200,
    "refund_pending",
    25,
  ]);
});

Deno.test("refunds never exceed what was paid: in turn, twice at once, and above what is left", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking } = await bookAndPay(stack, person, provider.id);
  const payment = await paymentOf(stack, booking.id);
  const refund = (amount: number) =>
    call("POST", `/payments/${payment.id}/refund`, provider, { reason: "Sorry", amount });
  const stranger = await makePerson(stack);
  assert.equal(
    (await call("POST", `/payments/${payment.id}/refund`, stranger, { reason: "Mine" })).status,
    404,
  );
  assert.equal((await refund(25)).status, 200);
  const both = await Promise.all([refund(40), refund(40)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409]);
  assert.equal((await refund(10.01)).status, 409);
  assert.equal((await refund(10)).status, 200);
  await settle(stack);
  assert.equal((await bookingOf(stack, booking.id)).status, "confirmed");
  assert.equal((await paymentOf(stack, booking.id)).refunded_minor, 7500);
  assert.deepEqual(await ledgerOf(stack, payment.id), {});
});

Deno.test("the provider's share is transferred a day after completion, and not before", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking } = await bookAndPay(stack, person, provider.id);
  await onboard(stack, provider);
  await moveToPast(stack, booking.id, 24);
  await settle(stack);
  assert.equal((await bookingOf(stack, booking.id)).status, "completed");
  const payment = await paymentOf(stack, booking.id);
  assert.equal((await ledgerOf(stack, payment.id)).provider_payable, -6375);
  await moveToPast(stack, booking.id, 26);
  await settle(stack);
  assert.deepEqual(await ledgerOf(stack, payment.id), { platform_fees: -1125, stripe_balance: 1125 });
  await settle(stack);
  const transfers = await stack.database.query("select status from public.transfers where payment_id = $1", [
    payment.id,
  ]);
  assert.deepEqual(transfers, [{ status: "succeeded" }]);
});

Deno.test("who is not onboarded is owed until they are; a refund after the transfer takes its part back", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking } = await bookAndPay(stack, person, provider.id);
  await moveToPast(stack, booking.id, 30);
  await settle(stack);
  const payment = await paymentOf(stack, booking.id);
  assert.equal((await ledgerOf(stack, payment.id)).provider_payable, -6375);
  const state = await call("GET", "/payments/onboarding", provider);
  assert.deepEqual([state.status, state.body.data.isStarted], [200, false]);
  await onboard(stack, provider);
  assert.equal((await call("GET", "/payments/onboarding", provider)).body.data.payoutsEnabled, true);
  await settle(stack);
  assert.equal((await ledgerOf(stack, payment.id)).provider_payable, undefined);
  await call("POST", `/payments/${payment.id}/refund`, provider, { reason: "Sorry", amount: 25 });
  await settle(stack);
  assert.deepEqual(await ledgerOf(stack, payment.id), { platform_fees: -750, stripe_balance: 750 });
});

Deno.test("a dispute stops the transfer; lost it is the provider's loss of their share, won nothing happened", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  await onboard(stack, provider);
  const [lost, won] = [
    await bookAndPay(stack, person, provider.id, 7, 9),
    await bookAndPay(stack, person, provider.id, 8, 9),
  ];
  const charge = async (bookingId: string) => {
    const [row] = await stack.database.query<{ id: string }>(
      "select stripe_charge_id as id from public.payments where booking_id = $1",
      [bookingId],
    );
    return row?.id ?? "";
  };
  const disputes = [
    stack.stripe.openDispute(await charge(lost.booking.id)),
    stack.stripe.openDispute(await charge(won.booking.id)),
  ];
  await stack.stripe.webhooks.settled();
  await moveToPast(stack, lost.booking.id, 60);
  await moveToPast(stack, won.booking.id, 50);
  await settle(stack);
  const [lostPayment, wonPayment] = [
    await paymentOf(stack, lost.booking.id),
    await paymentOf(stack, won.booking.id),
  ];
  assert.equal((await ledgerOf(stack, wonPayment.id)).provider_payable, -6375);
  await assertLedger(stack);
  stack.stripe.closeDispute(disputes[0]!.id, "lost");
  stack.stripe.closeDispute(disputes[1]!.id, "won");
  await stack.stripe.webhooks.settled();
  await settle(stack);
  assert.deepEqual(await ledgerOf(stack, lostPayment.id), {});
  assert.equal((await bookingOf(stack, lost.booking.id)).payment_status, "refunded");
  assert.deepEqual(await ledgerOf(stack, wonPayment.id), { platform_fees: -1125, stripe_balance: 1125 });
});

Deno.test("a refund that a dispute held up goes on when the dispute is won", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking } = await bookAndPay(stack, person, provider.id);
  const [row] = await stack.database.query<{ id: string }>(
    "select stripe_charge_id as id from public.payments where booking_id = $1",
    [booking.id],
  );
  const dispute = stack.stripe.openDispute(row?.id ?? "");
  await call("DELETE", `/bookings/${booking.id}`, person, {});
  await settle(stack);
  assert.equal((await bookingOf(stack, booking.id)).payment_status, "paid");
  stack.stripe.closeDispute(dispute.id, "won");
  await stack.stripe.webhooks.settled();
  await settle(stack);
  assert.equal((await bookingOf(stack, booking.id)).payment_status, "refunded");
});

for (const disturbance of ["down", "lost_answer"] as const) {
  Deno.test(`Stripe ${disturbance}: 503, nothing charged, and the same request works afterwards`, async () => {
    const [provider, person] = [await priced(), await makePerson(stack)];
    const booking = await bookHour(person, provider.id);
    stack.stripe.disturb(disturbance);
    const down = await intent(person, booking.id);
    assert.deepEqual([down.status, down.body.code], [503, "TRY_AGAIN"]);
    assert.ok(Number(down.headers.get("retry-after")) > 0);
    stack.stripe.calm();
    const { status, body } = await intent(person, booking.id);
    assert.equal(status, 200);
    const mine = stack.stripe.openIntents().filter(({ metadata }) => metadata.booking_id === booking.id);
    assert.deepEqual(mine.map(({ id }) => id), [body.data.paymentIntentId]);
    stack.stripe.pay(body.data.paymentIntentId);
    await stack.stripe.webhooks.settled();
    assert.equal((await bookingOf(stack, booking.id)).status, "confirmed");
  });
}
