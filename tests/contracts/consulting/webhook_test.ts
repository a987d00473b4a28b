import assert from "node:assert/strict";
import { signWebhook } from "../../../local/stripe/webhook_signature.ts";
import { makePerson } from "../../support/people.ts";
import {
  assertLedger,
  bookAndCheckOut,
  bookAndPay,
  bookingOf,
  onboard,
  paymentOf,
  settle,
} from "../../support/payments.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { makeOpenProvider } from "../../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const now = () => Math.floor(Date.now() / 1000);
const url = () => `${stack.url}/functions/v1/consulting/payments/webhook`;
const priced = () => makeOpenProvider(stack, { hourlyRateMinor: 7500 });

/** Sends an event as Stripe does; by default signed with our secret, now. */
async function send(
  event: Record<string, unknown>,
  { secret = stack.stripe.credentials.webhookSecret, at = now(), body = JSON.stringify(event) } = {},
) {
  const signature = await signWebhook(JSON.stringify(event), secret, at);
  const response = await fetch(url(), { method: "POST", body, headers: { "stripe-signature": signature } });
  return { status: response.status, body: await response.json() };
}

const eventOf = (type: string, object: Record<string, unknown>, more = {}) => ({
  id: `evt_${crypto.randomUUID()}`,
  object: "event",
  type,
  created: now(),
  data: { object },
  ...more,
});

/** Lets what Stripe has told arrive, and holds back what it tells from now on. */
async function hush(): Promise<void> {
  await stack.stripe.webhooks.settled();
  stack.stripe.webhooks.pause();
}

const outcomeOf = async (eventId: string) => {
  const rows = await stack.database.query<{ outcome: string }>(
    "select outcome from private.stripe_events where id = $1",
    [eventId],
  );
  return rows.map(({ outcome }) => outcome);
};

Deno.test("a webhook that is unsigned, wrongly signed, old or changed is refused and changes nothing", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking, intentId } = await bookAndCheckOut(stack, person, provider.id);
  await hush();
  stack.stripe.pay(intentId);
  const event = eventOf("payment_intent.succeeded", { id: intentId, object: "payment_intent" });
  const unsigned = await fetch(url(), { method: "POST", body: JSON.stringify(event) });
  assert.equal(unsigned.status, 400);
  await unsigned.body?.cancel();
  for (
    const options of [
      { secret: "whsec_of_somebody_else" },
      { at: now() - 301 },
      { body: JSON.stringify({ ...event, id: "evt_forged" }) },
    ]
  ) {
    const { status, body } = await send(event, options);
    assert.deepEqual([status, body.success, body.code], [400, false, "VALIDATION_ERROR"]);
  }
  assert.equal((await bookingOf(stack, booking.id)).status, "pending_payment");
  assert.deepEqual(await send(event, { at: now() - 200 }), { status: 200, body: { received: true } });
  assert.equal((await bookingOf(stack, booking.id)).status, "confirmed");
  stack.stripe.webhooks.resume();
  await stack.stripe.webhooks.settled();
});

Deno.test("what an event claims is not believed: its object is read from Stripe", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking, intentId } = await bookAndCheckOut(stack, person, provider.id);
  const event = eventOf("payment_intent.succeeded", {
    id: intentId,
    status: "succeeded",
    amount_received: 7500,
  });
  assert.equal((await send(event)).status, 200);
  assert.equal((await bookingOf(stack, booking.id)).status, "pending_payment");
});

Deno.test("an event that comes many times at once is taken once", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking, intentId } = await bookAndCheckOut(stack, person, provider.id);
  await hush();
  stack.stripe.pay(intentId);
  const event = eventOf("payment_intent.succeeded", { id: intentId });
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(event)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.deepEqual(await outcomeOf(event.id), ["succeeded"]);
  assert.equal((await send(event)).status, 200);
  const told = await stack.database.query(
    "select 1 from private.outbox where key = $1 and event = 'booking.confirmed'",
    [booking.id],
  );
  assert.equal(told.length, 1);
  assert.equal((await paymentOf(stack, booking.id)).receipt_serial, 1);
  stack.stripe.webhooks.resume();
  await stack.stripe.webhooks.settled();
});

Deno.test("a decline that is told after the payment takes nothing back", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking, intentId } = await bookAndCheckOut(stack, person, provider.id);
  await hush();
  stack.stripe.pay(intentId, "pm_card_chargeDeclined");
  stack.stripe.pay(intentId);
  await send(eventOf("payment_intent.succeeded", { id: intentId }));
  await send(eventOf("payment_intent.payment_failed", { id: intentId }));
  assert.equal((await paymentOf(stack, booking.id)).status, "succeeded");
  stack.stripe.webhooks.resume();
  await stack.stripe.webhooks.settled();
  assert.equal((await bookingOf(stack, booking.id)).status, "confirmed");
});

Deno.test("events of other accounts, unknown objects and other types are answered 200 and noted", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking, intentId } = await bookAndCheckOut(stack, person, provider.id);
  await hush();
  stack.stripe.pay(intentId);
  const events = [
    [eventOf("payment_intent.succeeded", { id: intentId }, { account: "acct_other" }), "not ours"],
    [eventOf("payment_intent.succeeded", { id: "pi_unknown" }), "unknown"],
    [eventOf("charge.refunded", { id: "ch_unknown" }), "recorded"],
    [eventOf("refund.updated", { id: "re_unknown" }), "unknown"],
    [eventOf("charge.dispute.created", { id: "du_unknown" }), "unknown"],
    [eventOf("account.updated", { id: "acct_unknown" }, { account: "acct_unknown" }), "unknown"],
    [eventOf("customer.created", { id: "cus_1" }), "ignored"],
  ] as const;
  for (const [event, outcome] of events) {
    assert.deepEqual([event.type, (await send(event)).status], [event.type, 200]);
    assert.deepEqual(await outcomeOf(event.id), [outcome], event.type);
  }
  assert.equal((await bookingOf(stack, booking.id)).status, "pending_payment");
  stack.stripe.webhooks.resume();
  await stack.stripe.webhooks.settled();
});

Deno.test("a refund that is made at Stripe itself is booked, and one that fails later is logged and can be made anew", async () => {
  const [provider, person] = [await priced(), await makePerson(stack)];
  const { booking, intentId } = await bookAndPay(stack, person, provider.id);
  const response = await fetch(`${stack.stripe.credentials.baseUrl}/v1/refunds`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.stripe.credentials.secretKey}` },
    body: new URLSearchParams({ payment_intent: intentId, amount: "2500" }),
  });
  assert.equal(response.status, 200);
  await response.body?.cancel();
  await stack.stripe.webhooks.settled();
  assert.equal((await bookingOf(stack, booking.id)).payment_status, "partly_refunded");
  await assertLedger(stack);

  const failing = await bookAndCheckOut(stack, await makePerson(stack), provider.id, 8);
  stack.stripe.pay(failing.intentId, "pm_card_refundFail");
  await stack.stripe.webhooks.settled();
  await provider.client.rpc("cancel_booking", { booking_id: failing.booking.id });
  await settle(stack);
  const [refund] = await stack.database.query<{ id: string }>(
    `select r.stripe_refund_id as id from public.refunds as r join public.payments as p on p.id = r.payment_id
     where p.booking_id = $1`,
    [failing.booking.id],
  );
  stack.stripe.finishRefund(refund?.id ?? "");
  await stack.stripe.webhooks.settled();
  assert.deepEqual([
    (await paymentOf(stack, failing.booking.id)).refunded_minor,
    (await bookingOf(stack, failing.booking.id)).payment_status,
  ], [0, "paid"]);
  const failures = stack.log.map((line) => JSON.parse(line)).filter(({ message }) =>
    message === "a refund failed"
  );
  assert.deepEqual(failures.map(({ level, code }) => [level, code]), [["error", "expired_or_canceled_card"]]);

  const { id } = await paymentOf(stack, failing.booking.id);
  await provider.client.rpc("request_refund", { payment_id: id });
  await settle(stack);
  assert.equal((await bookingOf(stack, failing.booking.id)).payment_status, "refunded");
  await assertLedger(stack);
});

Deno.test("every secret of STRIPE_WEBHOOK_SECRET is believed: of connected accounts' endpoint, or of a rotation", async () => {
  const { webhookSecret, connectWebhookSecret } = stack.stripe.credentials;
  await using rotating = await testStack({
    env: { STRIPE_SECRET_KEY: "sk_test_own", STRIPE_WEBHOOK_SECRET: "whsec_old, whsec_new" },
  });
  const answers = async (address: string, secrets: string[]) => {
    const event = eventOf("product.created", { id: "prod_1", object: "product" });
    const statuses = [];
    for (const secret of secrets) {
      const response = await fetch(address, {
        method: "POST",
        body: JSON.stringify(event),
        headers: { "stripe-signature": await signWebhook(JSON.stringify(event), secret, now()) },
      });
      statuses.push(response.status);
      await response.body?.cancel();
    }
    return statuses;
  };
  assert.deepEqual(await answers(url(), [webhookSecret, connectWebhookSecret, "whsec_old"]), [200, 200, 400]);
  assert.deepEqual(
    await answers(`${rotating.url}/functions/v1/consulting/payments/webhook`, [
      "whsec_old",
      "whsec_new",
      "whsec_old, whsec_new",
    ]),
    [200, 200, 400],
  );
});

Deno.test("what Stripe asks of a provider later stops their transfers", async () => {
  const provider = await priced();
  const account = await onboard(stack, provider);
  stack.stripe.restrictAccount(account);
  await stack.stripe.webhooks.settled();
  const { data } = await provider.client.from("provider_accounts").select("payouts_enabled").single();
  assert.equal(data?.payouts_enabled, false);
});

Deno.test("payments are limited per user, the webhook is not", async () => {
  await using limited = await testStack({
    // A window that does not end within a test.
    env: { RATE_LIMIT_PAYMENTS: "10/1000000000", RATE_LIMIT_CONSULTING_ADDRESS: "5/1000000000" },
  });
  const person = await makePerson(limited);
  const history = () =>
    fetch(`${limited.url}/functions/v1/consulting/payments/history`, {
      headers: { authorization: `Bearer ${person.token}` },
    });
  const statuses = [];
  for (let i = 0; i < 12; i++) {
    const response = await history();
    statuses.push(response.status);
    await response.body?.cancel();
  }
  assert.deepEqual(statuses, [...Array(10).fill(200), 429, 429]);
  for (let i = 0; i < 20; i++) {
    const response = await fetch(`${limited.url}/functions/v1/consulting/payments/webhook`, {
      method: "POST",
      body: "{}",
    });
    assert.equal(response.status, 400);
    await response.body?.cancel();
  }
});

Deno.test("without a key of Stripe payments answer 503 PAYMENTS_NOT_CONFIGURED", async () => {
  await using bare = await testStack({ env: { STRIPE_SECRET_KEY: "" } });
  const person = await makePerson(bare);
  const response = await fetch(`${bare.url}/functions/v1/consulting/payments/create-intent`, {
    method: "POST",
    headers: { authorization: `Bearer ${person.token}`, "content-type": "application/json" },
    body: JSON.stringify({ bookingId: crypto.randomUUID(), amount: 1 }),
  });
  const body = await response.json();
  assert.deepEqual([response.status, body.code], [503, "PAYMENTS_NOT_CONFIGURED"]);
});
