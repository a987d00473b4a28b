import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { makePerson, type Person, serviceClient } from "../../support/people.ts";
import {
  assertLedger,
  bookAndCheckOut,
  bookAndPay,
  bookingOf,
  ledgerOf,
  paymentOf,
  settle,
} from "../../support/payments.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { bookHour, hourAhead, lapse, makeOpenProvider } from "../../support/times.ts";

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

Deno.test("a PaymentIntent whose payment was given up meanwhile is nobody's to pay", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const booking = await bookHour(person, provider.id);
  const release = stack.stripe.hold();
  const asked = intent(person, booking.id);
  const payments = () =>
    stack.database.query<{ id: string }>("select id from public.payments where booking_id = $1", [
      booking.id,
    ]);
  let payment: { id: string } | undefined;
  const deadline = Date.now() + 30_000;
  // With pauses: PGlite answers without giving the request a turn.
  for (; !payment; [payment] = await payments()) {
    assert.ok(Date.now() < deadline, "no payment was prepared");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { error } = await serviceClient(stack).rpc("record_payment_intent", {
    intent: { status: "canceled", amount: 7500, currency: "usd", metadata: { payment_id: payment.id } },
  });
  assert.equal(error, null);
  release();
  const { status, body } = await asked;
  assert.deepEqual([status, body.code, body.data], [503, "TRY_AGAIN", undefined]);
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

Deno.test("what Stripe does not take a currency for cannot be paid, and that is no fault of ours", async () => {
  const [provider, person] = [await priced("XCG"), await makePerson(stack)];
  const booking = await bookHour(person, provider.id);
  const { status, body } = await intent(person, booking.id, 75, "XCG");
  assert.deepEqual([status, body.code], [402, "PAYMENT_FAILED"]);
  assert.equal((await bookingOf(stack, booking.id)).status, "pending_payment");
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

Deno.test("GET /payments/history tells what was paid to whom, by status and time, and pages", async () => {
  const [provider, person] = [
    await makeOpenProvider(stack, { hourlyRateMinor: 7500 }, { name: "Dr. Tokyo" }),
    await makePerson(stack),
  ];
  const kept = await bookAndPay(stack, person, provider.id, 7, 9);
  const returned = await bookAndPay(stack, person, provider.id, 8, 9);
  await call("DELETE", `/bookings/${returned.booking.id}`, person, {});
  await settle(stack);
  const history = async (query: string, who = person) =>
    (await call("GET", `/payments/history?${query}`, who)).body;
  const ids = async (query: string, who = person) =>
    (await history(query, who)).data.payments.map(({ bookingId }: { bookingId: string }) => bookingId);

  const [payment] = (await history("status=SUCCEEDED")).data.payments;
  const { _id, createdAt, receiptNumber, ...rest } = payment;
  assert.deepEqual(rest, {
    bookingId: kept.booking.id,
    amount: 75,
    currency: "USD",
    refundedAmount: 0,
    status: "succeeded",
    specialistName: "Dr. Tokyo",
  });
  assert.equal(_id, (await paymentOf(stack, kept.booking.id)).id);
  assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 600_000);
  const receipt = await call("GET", `/bookings/${kept.booking.id}/receipt`, person);
  assert.equal(receiptNumber, receipt.body.data.receiptNumber);
  assert.deepEqual(await ids("status=succeeded"), [kept.booking.id]);
  assert.deepEqual(await ids("status=refunded"), [returned.booking.id]);

  const second = (await history("limit=1&page=2")).data;
  assert.deepEqual([second.payments[0].bookingId, second.payments.length, second.total, second.page], [
    kept.booking.id,
    1,
    2,
    2,
  ]);

  await stack.database.query(
    "update public.payments set created_at = '2026-03-10T12:00:00Z' where booking_id = $1",
    [kept.booking.id],
  );
  assert.deepEqual(await ids("startDate=2026-03-10&endDate=2026-03-10"), [kept.booking.id]);
  assert.deepEqual(await ids("startDate=2026-03-11"), [returned.booking.id]);
  assert.deepEqual(await ids("endDate=2026-03-09"), []);
  assert.deepEqual(await ids("", await makePerson(stack)), []);
});

Deno.test("POST /payments/onboarding answers a specialist's link and until when it works, and 403 to a customer", async () => {
  const start = (who: Person) =>
    call("POST", "/payments/onboarding", who, { returnUrl: "https://app.example/payouts", country: "US" });
  const { status, body } = await start(await priced());
  assert.deepEqual([status, body.success, Object.keys(body.data).sort()], [200, true, ["expiresAt", "url"]]);
  assert.equal(new URL(body.data.url).protocol, "http:");
  assert.match(body.data.expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.ok(Date.parse(body.data.expiresAt) > Date.now());
  const refused = await start(await makePerson(stack));
  assert.deepEqual([refused.status, refused.body.code, refused.body.message], [
    403,
    "FORBIDDEN",
    "This is for specialists only",
  ]);
});

Deno.test("a paid booking keeps its payment when it is moved", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking } = await bookAndPay(stack, person, provider.id);
  const before = await paymentOf(stack, booking.id);
  const time = hourAhead(9, 14);
  const moved = await call("POST", `/bookings/${booking.id}/reschedule`, person, {
    startTime: time.starts_at,
    endTime: time.ends_at,
  });
  assert.deepEqual([moved.status, moved.body.data.status, moved.body.data.paymentStatus], [
    200,
    "confirmed",
    "paid",
  ]);
  await settle(stack);
  assert.deepEqual(await paymentOf(stack, booking.id), before);
  assert.deepEqual(await bookingOf(stack, booking.id), {
    status: "confirmed",
    payment_status: "paid",
    expires_at: null,
  });
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
