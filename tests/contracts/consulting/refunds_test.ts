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
import { makeOpenProvider, moveToPast } from "../../support/times.ts";

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

for (
  const [when, deadlineMinutes, sum, message, initiated] of [
    ["in the free period", 1440, 70, "Booking cancelled. The rest of the price will be refunded.", true],
    ["past the deadline", 30 * 1440, 0, "Booking cancelled. No refund available.", false],
  ] as const
) {
  Deno.test(`cancelling ${when} tells what it returns itself, not what was refunded before`, async () => {
    const policy = { hourlyRateMinor: 7500, deadlineMinutes };
    const [provider, person] = [await makeOpenProvider(stack, policy), await makePerson(stack)];
    const { booking } = await bookAndPay(stack, person, provider.id);
    const payment = await paymentOf(stack, booking.id);
    const sorry = { reason: "Sorry", amount: 5 };
    assert.equal((await call("POST", `/payments/${payment.id}/refund`, provider, sorry)).status, 200);
    const preview = await call("GET", `/bookings/${booking.id}/refund-preview`, person);
    assert.deepEqual([preview.body.data.refunded, preview.body.data.refundAmount], [5, sum]);
    const { body } = await call("DELETE", `/bookings/${booking.id}`, person);
    assert.deepEqual([body.message, body.data.refundInitiated, body.data.refundAmount], [
      message,
      initiated,
      sum,
    ]);
  });
}

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
