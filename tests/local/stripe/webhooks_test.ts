import assert from "node:assert/strict";
import type { Stripe } from "stripe";
import { intentOf, openBench, openProvider, pay } from "./support.ts";

const types = (events: readonly Stripe.Event[]) => events.map(({ type }) => type);

Deno.test("webhooks are signed as constructEventAsync verifies, and a changed body or secret is not", async () => {
  await using bench = await openBench();
  const { intent } = await pay(bench);
  const events = await bench.events();
  assert.deepEqual(types(events), ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]);
  const [{ body, signature } = { body: "", signature: "" }] = bench.received;
  const { webhooks } = bench.stripe;
  const { webhookSecret } = bench.simulator.credentials;
  await assert.rejects(webhooks.constructEventAsync(body, signature, "whsec_of_another_account"));
  await assert.rejects(webhooks.constructEventAsync(body.replace("2500", "9500"), signature, webhookSecret));
  const paid = events.at(-1);
  assert.ok(paid?.type === "payment_intent.succeeded");
  assert.equal(paid.data.object.id, intent.id);
  assert.equal(paid.api_version, bench.stripe.getApiField("version"));
});

Deno.test("events of connected accounts are signed with the secret of their own endpoint", async () => {
  await using bench = await openBench();
  await openProvider(bench);
  await bench.simulator.webhooks.settled();
  const { webhookSecret, connectWebhookSecret } = bench.simulator.credentials;
  const { body, signature } = bench.received.at(-1)!;
  const { webhooks } = bench.stripe;
  await assert.rejects(webhooks.constructEventAsync(body, signature, webhookSecret));
  const event = await webhooks.constructEventAsync(body, signature, connectWebhookSecret);
  assert.equal(event.type, "account.updated");
});

Deno.test("each thing that happens has its event", async () => {
  await using bench = await openBench();
  const { stripe, simulator } = bench;
  const heard = async (happen: () => Promise<unknown> | void) => {
    await bench.events();
    const before = bench.received.length;
    await happen();
    return types((await bench.events()).slice(before));
  };
  const failing = await stripe.paymentIntents.create(intentOf());
  assert.deepEqual(
    await heard(() =>
      stripe.paymentIntents.confirm(failing.id, { payment_method: "pm_card_chargeDeclined" }).catch(() => {})
    ),
    ["charge.failed", "payment_intent.payment_failed"],
  );
  assert.deepEqual(
    await heard(() =>
      stripe.paymentIntents.confirm(failing.id, { payment_method: "pm_card_authenticationRequired" })
    ),
    ["payment_intent.requires_action"],
  );
  assert.deepEqual(await heard(() => stripe.paymentIntents.cancel(failing.id)), ["payment_intent.canceled"]);
  let slow = "";
  assert.deepEqual(
    await heard(async () => {
      slow = (await pay(bench, 900, { payment_method: "pm_usBankAccount_processing" })).intent.id;
    }),
    ["payment_intent.created", "charge.pending", "payment_intent.processing"],
  );
  assert.deepEqual(await heard(() => simulator.finishPayment(slow, true)), [
    "charge.succeeded",
    "payment_intent.succeeded",
  ]);
  const { charge } = await pay(bench, 2500, { payment_method: "pm_card_refundFail" });
  let refund = "";
  assert.deepEqual(
    await heard(async () => {
      refund = (await stripe.refunds.create({ charge, amount: 500 })).id;
    }),
    ["refund.created", "charge.refunded"],
  );
  assert.deepEqual(await heard(() => simulator.finishRefund(refund)), ["refund.updated", "refund.failed"]);
  let destination = "";
  assert.deepEqual(
    await heard(async () => {
      destination = await openProvider(bench);
    }),
    ["account.updated"],
  );
  let transfer = "";
  assert.deepEqual(
    await heard(async () => {
      const params = { currency: "usd", destination, source_transaction: charge, amount: 700 };
      transfer = (await stripe.transfers.create(params)).id;
    }),
    ["transfer.created"],
  );
  assert.deepEqual(await heard(() => stripe.transfers.createReversal(transfer)), ["transfer.reversed"]);
  let dispute = "";
  assert.deepEqual(
    await heard(() => {
      dispute = simulator.openDispute(charge).id;
    }),
    ["charge.dispute.created", "charge.dispute.funds_withdrawn"],
  );
  assert.deepEqual(await heard(() => simulator.closeDispute(dispute, "lost")), ["charge.dispute.closed"]);
});

Deno.test("an event keeps what was when it happened, what changed, and the request that did it", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const { charge } = await pay(bench);
  await stripe.refunds.create({ charge, amount: 500 }, { idempotencyKey: "refund-1" });
  await stripe.refunds.create({ charge, amount: 300 });
  const { data } = await stripe.events.list({ type: "charge.refunded" });
  const amounts = data.map((event) => event.type === "charge.refunded" && event.data.object.amount_refunded);
  assert.deepEqual(amounts, [800, 500]);
  const first = data[1]!;
  assert.deepEqual(first.data.previous_attributes, { amount_refunded: 0 });
  assert.equal(first.request?.idempotency_key, "refund-1");
  assert.match(first.request?.id ?? "", /^req_/);
  assert.equal((await stripe.events.retrieve(first.id)).id, first.id);
});

Deno.test("an event of a connected account names it", async () => {
  await using bench = await openBench();
  const account = await openProvider(bench);
  const [event] = await bench.events();
  assert.deepEqual([event?.type, event?.account], ["account.updated", account]);
});

Deno.test("an event that is not answered 2xx is sent again until it is", async () => {
  await using bench = await openBench({ webhookRetryDelaysMs: [0, 0, 0] });
  bench.answer(500);
  bench.simulator.webhooks.pause();
  const { id } = await bench.stripe.paymentIntents.create(intentOf());
  const [event] = bench.simulator.webhooks.queue;
  assert.equal((await bench.stripe.events.retrieve(event!.id)).pending_webhooks, 1);
  await bench.simulator.webhooks.deliver();
  await bench.simulator.webhooks.deliver();
  bench.answer(204);
  bench.simulator.webhooks.resume();
  const events = await bench.events();
  assert.deepEqual(bench.simulator.webhooks.attempts.map(({ status }) => status), [500, 500, 204]);
  assert.equal(new Set(events.map((each) => each.id)).size, 1);
  assert.equal((events[0]!.data.object as Stripe.PaymentIntent).id, id);
  assert.equal((await bench.stripe.events.retrieve(event!.id)).pending_webhooks, 0);
});

Deno.test("an event is given up after its last attempt, and is still listed", async () => {
  await using bench = await openBench({ webhookRetryDelaysMs: [0, 0] });
  bench.answer(404);
  await bench.stripe.paymentIntents.create(intentOf());
  await bench.events();
  assert.equal(bench.received.length, 3);
  assert.deepEqual(bench.simulator.webhooks.queue, []);
  assert.deepEqual(types((await bench.stripe.events.list()).data), ["payment_intent.created"]);
});

Deno.test("the next attempt waits as long as the schedule says", async () => {
  await using bench = await openBench({ webhookRetryDelaysMs: [3_600_000] });
  bench.answer(500);
  await bench.stripe.paymentIntents.create(intentOf());
  await bench.events();
  assert.equal(bench.received.length, 1);
  assert.equal(bench.simulator.webhooks.queue.length, 1);
});

Deno.test("an endpoint that cannot be reached is an attempt without answer", async () => {
  await using bench = await openBench({ webhookUrl: "http://127.0.0.1:1/", webhookRetryDelaysMs: [] });
  await bench.stripe.paymentIntents.create(intentOf());
  await bench.simulator.webhooks.settled();
  assert.deepEqual(bench.simulator.webhooks.attempts.map(({ status }) => status), [null]);
});

Deno.test("while paused nothing is sent; on request events go in any order, twice, or never", async () => {
  await using bench = await openBench();
  const { webhooks } = bench.simulator;
  webhooks.pause();
  await pay(bench);
  await webhooks.settled();
  assert.equal(bench.received.length, 0);
  const [created, charged, paid] = webhooks.queue;
  webhooks.reorder();
  assert.deepEqual(types(webhooks.queue), [paid!.type, charged!.type, created!.type]);
  webhooks.drop(charged!.id);
  await webhooks.deliver(created!.id, paid!.id);
  await webhooks.duplicate(paid!.id);
  assert.deepEqual((await bench.events()).map(({ id }) => id), [created!.id, paid!.id, paid!.id]);
  assert.deepEqual(webhooks.queue, []);
});

Deno.test("a delayed event lets the others pass", async () => {
  await using bench = await openBench();
  const { webhooks } = bench.simulator;
  webhooks.pause();
  await pay(bench);
  webhooks.delay(webhooks.queue[0]!.id, 3_600_000);
  webhooks.resume();
  assert.deepEqual(types(await bench.events()), ["charge.succeeded", "payment_intent.succeeded"]);
  assert.deepEqual(types(webhooks.queue), ["payment_intent.created"]);
});

Deno.test("an old signature can be sent, which the SDK refuses by its age", async () => {
  await using bench = await openBench();
  const { webhooks, credentials } = bench.simulator;
  await bench.stripe.paymentIntents.create(intentOf());
  const [event] = await bench.events();
  await webhooks.duplicate(event!.id, { secondsAgo: 301 });
  const { body, signature } = bench.received.at(-1)!;
  const verify = (tolerance: number) =>
    bench.stripe.webhooks.constructEventAsync(body, signature, credentials.webhookSecret, tolerance);
  await assert.rejects(verify(300), /Timestamp outside the tolerance zone/);
  assert.equal((await verify(400)).id, event!.id);
});
