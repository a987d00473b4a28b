import assert from "node:assert/strict";
import type { Stripe } from "stripe";
import { facts, openBench, openProvider, pay, type StripeBench } from "./support.ts";

/** Fails unless the balance is the sum of its movements; answers it in US cents. */
async function total({ stripe }: StripeBench, stripeAccount?: string): Promise<number> {
  const options = stripeAccount ? { stripeAccount } : {};
  const balance = await stripe.balance.retrieve({}, options);
  let sum = 0;
  for await (const { net } of stripe.balanceTransactions.list({ limit: 2, currency: "usd" }, options)) {
    sum += net;
  }
  const shown = [...balance.available, ...balance.pending].filter(({ currency }) => currency === "usd")
    .reduce((amount, entry) => amount + entry.amount, 0);
  assert.equal(shown, sum);
  return sum;
}

Deno.test("a charge is refunded in full once, and then is charge_already_refunded", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const { intent, charge } = await pay(bench);
  const refund = await stripe.refunds.create({ payment_intent: intent.id, reason: "requested_by_customer" });
  assert.deepEqual([refund.amount, refund.status, refund.charge], [2500, "succeeded", charge]);
  assert.equal((await stripe.refunds.retrieve(refund.id)).id, refund.id);
  const again = await stripe.refunds.create({ charge }).catch((error) => error);
  assert.deepEqual(facts(again), {
    class: "StripeInvalidRequestError",
    type: "invalid_request_error",
    code: "charge_already_refunded",
    status: 400,
  });
  const after = await stripe.charges.retrieve(charge, { expand: ["balance_transaction", "refunds"] });
  assert.deepEqual([after.refunded, after.amount_refunded, after.refunds?.data.length], [true, 2500, 1]);
  assert.equal(await total(bench), 0);
});

Deno.test("parts are refunded until nothing is left, never more", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const { intent, charge } = await pay(bench);
  await stripe.refunds.create({ charge, amount: 1000 });
  const tooMuch = await stripe.refunds.create({ charge, amount: 1501 }).catch((error) => error);
  assert.deepEqual([tooMuch.type, tooMuch.param], ["StripeInvalidRequestError", "amount"]);
  assert.equal(await total(bench), 1500);
  await stripe.refunds.create({ charge, amount: 1500 });
  const listed = await stripe.refunds.list({ payment_intent: intent.id });
  assert.deepEqual(listed.data.map(({ amount }) => amount), [1500, 1000]);
  assert.equal(await total(bench), 0);
});

Deno.test("a payment that was not made cannot be refunded", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const { id } = await stripe.paymentIntents.create({ amount: 500, currency: "usd" });
  const unpaid = await stripe.refunds.create({ payment_intent: id }).catch((error) => error);
  assert.equal(unpaid.code, "payment_intent_unexpected_state");
  const unknown = await stripe.refunds.create({ payment_intent: "pi_none" }).catch((error) => error);
  assert.deepEqual([unknown.code, unknown.statusCode], ["resource_missing", 404]);
});

Deno.test("a refund that fails later brings its money back and can be made again", async () => {
  await using bench = await openBench();
  const { stripe, simulator } = bench;
  const { charge } = await pay(bench, 2500, { payment_method: "pm_card_refundFail" });
  const refund = await stripe.refunds.create({ charge });
  assert.equal(refund.status, "succeeded");
  simulator.finishRefund(refund.id);
  const failed = await stripe.refunds.retrieve(refund.id);
  assert.deepEqual([failed.status, failed.failure_reason], ["failed", "expired_or_canceled_card"]);
  assert.equal(await total(bench), 2500);
  assert.equal((await stripe.charges.retrieve(charge)).refunded, false);
  assert.equal((await stripe.refunds.create({ charge })).amount, 2500);
});

Deno.test("a pending refund succeeds later", async () => {
  await using bench = await openBench();
  const { charge } = await pay(bench, 2500, { payment_method: "pm_card_pendingRefund" });
  const refund = await bench.stripe.refunds.create({ charge });
  assert.equal(refund.status, "pending");
  bench.simulator.finishRefund(refund.id);
  assert.equal((await bench.stripe.refunds.retrieve(refund.id)).status, "succeeded");
});

Deno.test("a dispute takes the money, refuses refunds, and brings it back only when won", async () => {
  await using bench = await openBench();
  const { stripe, simulator } = bench;
  for (const [decision, expected] of [["won", 2500], ["lost", 2500]] as const) {
    const { charge } = await pay(bench);
    const before = await total(bench);
    const dispute = simulator.openDispute(charge, { reason: "fraudulent" });
    assert.equal(await total(bench), before - 2500);
    const refused = await stripe.refunds.create({ charge }).catch((error) => error);
    assert.equal(refused.code, "charge_disputed");
    simulator.closeDispute(dispute.id, decision);
    const closed = await stripe.disputes.retrieve(dispute.id, { expand: ["charge"] });
    assert.deepEqual([closed.status, (closed.charge as Stripe.Charge).disputed], [decision, true]);
    assert.equal(await total(bench), expected);
  }
});

Deno.test("money of a charge is pending for two days, and cannot be transferred until then", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const destination = await openProvider(bench);
  await pay(bench);
  const transfer = () => stripe.transfers.create({ amount: 2000, currency: "usd", destination });
  const early = await transfer().catch((error) => error);
  assert.deepEqual(facts(early), {
    class: "StripeInvalidRequestError",
    type: "invalid_request_error",
    code: "balance_insufficient",
    status: 400,
  });
  bench.pass(2 * 24 * 3600);
  assert.equal((await stripe.balance.retrieve()).available[0]?.amount, 2500);
  assert.equal((await transfer()).amount, 2000);
  const late = await transfer().catch((error) => error);
  assert.equal(late.code, "balance_insufficient");
  assert.deepEqual([await total(bench), await total(bench, destination)], [500, 2000]);
});

Deno.test("transfers of one charge need no available balance, and never exceed it together", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const destination = await openProvider(bench);
  const { charge } = await pay(bench, 2500, { transfer_group: "booking_1" });
  const transfer = (amount: number) =>
    stripe.transfers.create({ amount, currency: "usd", destination, source_transaction: charge });
  const first = await transfer(1500);
  assert.deepEqual([first.transfer_group, first.source_transaction], ["booking_1", charge]);
  const tooMuch = await transfer(1001).catch((error) => error);
  assert.equal(tooMuch.param, "amount");
  await transfer(1000);
  assert.deepEqual([await total(bench), await total(bench, destination)], [0, 2500]);
});

Deno.test("a transfer is reversed in parts and in full, never more", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const destination = await openProvider(bench);
  const { charge } = await pay(bench);
  const { id } = await stripe.transfers.create({
    amount: 2000,
    currency: "usd",
    destination,
    source_transaction: charge,
  });
  const part = await stripe.transfers.createReversal(id, { amount: 500, metadata: { refund_id: "r1" } });
  assert.deepEqual([part.amount, part.transfer, part.metadata?.refund_id], [500, id, "r1"]);
  const tooMuch = await stripe.transfers.createReversal(id, { amount: 1501 }).catch((error) => error);
  assert.equal(tooMuch.param, "amount");
  await stripe.transfers.createReversal(id);
  const reversed = await stripe.transfers.retrieve(id);
  assert.deepEqual([reversed.reversed, reversed.amount_reversed, reversed.reversals.data.length], [
    true,
    2000,
    2,
  ]);
  await assert.rejects(stripe.transfers.createReversal(id));
  assert.deepEqual([await total(bench), await total(bench, destination)], [2500, 0]);
});

Deno.test("a reversal takes no more than the provider still has at Stripe", async () => {
  await using bench = await openBench();
  const { stripe, simulator } = bench;
  const destination = await openProvider(bench);
  const transfer = async () => {
    const { charge } = await pay(bench);
    return await stripe.transfers.create({
      amount: 2000,
      currency: "usd",
      destination,
      source_transaction: charge,
    });
  };
  const { id } = await transfer();
  simulator.payOut(destination);
  const refused = await stripe.transfers.createReversal(id, { amount: 1 }).catch((error) => error);
  assert.deepEqual([refused.type, refused.code], ["StripeInvalidRequestError", "balance_insufficient"]);
  await transfer();
  await stripe.transfers.createReversal(id, { amount: 2000 });
  assert.equal(await total(bench, destination), 0);
});

Deno.test("nothing is transferred to a provider who was not onboarded, or whom Stripe restricted", async () => {
  await using bench = await openBench();
  const { stripe, simulator } = bench;
  const { charge } = await pay(bench);
  const account = await stripe.accounts.create({
    type: "express",
    capabilities: { transfers: { requested: true } },
  });
  assert.deepEqual([account.payouts_enabled, account.details_submitted], [false, false]);
  const transfer = () =>
    stripe.transfers.create({
      currency: "usd",
      destination: account.id,
      source_transaction: charge,
      amount: 100,
    });
  const early = await transfer().catch((error) => error);
  assert.equal(early.code, "insufficient_capabilities_for_transfer");
  simulator.finishOnboarding(account.id);
  const onboarded = await stripe.accounts.retrieve(account.id);
  assert.deepEqual([onboarded.payouts_enabled, onboarded.capabilities?.transfers], [true, "active"]);
  await transfer();
  simulator.restrictAccount(account.id);
  await assert.rejects(transfer());
});

Deno.test("an onboarding link leads to the console and ends after five minutes", async () => {
  await using bench = await openBench();
  const account = await openProvider(bench);
  const link = await bench.stripe.accountLinks.create({
    account,
    type: "account_onboarding",
    refresh_url: "https://app.example/again",
    return_url: "https://app.example/back",
  });
  assert.ok(link.url.includes(`/console/stripe/onboarding/${account}?`));
  assert.equal(link.expires_at - link.created, 300);
});

Deno.test("a fee, where the stack sets one, is kept from each charge and not given back with a refund", async () => {
  await using bench = await openBench({ fee: { basisPoints: 290, fixedMinor: 30 } });
  const { charge } = await pay(bench, 10_000);
  const { balance_transaction } = await bench.stripe.charges.retrieve(charge, {
    expand: ["balance_transaction"],
  });
  const { fee, net } = balance_transaction as Stripe.BalanceTransaction;
  assert.deepEqual([fee, net], [320, 9680]);
  await bench.stripe.refunds.create({ charge });
  assert.equal(await total(bench), -320);
});
