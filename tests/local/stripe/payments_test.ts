import assert from "node:assert/strict";
import type { Stripe } from "stripe";
import { facts, intentOf, openBench, pay } from "./support.ts";

Deno.test("a payment confirmed with a test card is paid in full, and its charge says where the money is", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const created = await stripe.paymentIntents.create(intentOf(2500, { metadata: { booking_id: "b1" } }));
  assert.equal(created.status, "requires_payment_method");
  assert.match(created.client_secret ?? "", new RegExp(`^${created.id}_secret_`));
  const paid = await stripe.paymentIntents.confirm(created.id, {
    payment_method: "pm_card_visa",
    expand: ["latest_charge.balance_transaction"],
  });
  assert.equal(paid.status, "succeeded");
  assert.equal(paid.amount_received, 2500);
  const charge = paid.latest_charge as Stripe.Charge;
  assert.equal(charge.metadata.booking_id, "b1");
  const transaction = charge.balance_transaction as Stripe.BalanceTransaction;
  assert.deepEqual([transaction.net, transaction.fee, transaction.source], [2500, 0, charge.id]);
});

for (
  const [method, code, declineCode] of [
    ["pm_card_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"],
  ] as const
) {
  Deno.test(`${method} is declined with 402 ${code}/${declineCode}, and the payment can be tried again`, async () => {
    await using bench = await openBench();
    const { stripe } = bench;
    const intent = await stripe.paymentIntents.create(intentOf());
    const declined = await stripe.paymentIntents.confirm(intent.id, { payment_method: method }).catch((e) =>
      e
    );
    assert.deepEqual(facts(declined), {
      class: "StripeCardError",
      type: "card_error",
      code,
      decline_code: declineCode,
      status: 402,
    });
    assert.equal(declined.payment_intent.id, intent.id);
    const after = await stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] });
    assert.equal(after.status, "requires_payment_method");
    assert.equal(after.last_payment_error?.decline_code, declineCode);
    assert.equal((after.latest_charge as Stripe.Charge).status, "failed");
    assert.equal((await stripe.balance.retrieve()).pending[0]?.amount, 0);
    const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" });
    assert.equal(paid.status, "succeeded");
  });
}

Deno.test("a card that requires authentication waits for it, and is paid or refused by it", async () => {
  await using bench = await openBench();
  const { stripe, simulator } = bench;
  const method = "pm_card_authenticationRequired";
  const start = async () => {
    const intent = await stripe.paymentIntents.create(
      intentOf(900, { payment_method: method, confirm: true, return_url: "https://app.example/done" }),
    );
    assert.equal(intent.status, "requires_action");
    assert.match(intent.next_action?.redirect_to_url?.url ?? "", /\/console\/stripe#pi_/);
    return intent.id;
  };
  const [genuine, stranger] = [await start(), await start()];
  simulator.authenticate(genuine, true);
  simulator.authenticate(stranger, false);
  assert.equal((await stripe.paymentIntents.retrieve(genuine)).status, "succeeded");
  const refused = await stripe.paymentIntents.retrieve(stranger);
  assert.equal(refused.status, "requires_payment_method");
  assert.equal(refused.last_payment_error?.code, "payment_intent_authentication_failure");
});

Deno.test("a payer who is not there to authenticate is declined with authentication_required", async () => {
  await using bench = await openBench();
  const declined = await bench.stripe.paymentIntents.create(
    intentOf(900, { payment_method: "pm_card_authenticationRequired", confirm: true, off_session: true }),
  ).catch((error) => error);
  assert.equal(declined.code, "authentication_required");
});

Deno.test("a slow payment is processing until it arrives or fails", async () => {
  await using bench = await openBench();
  const { stripe, simulator } = bench;
  const start = async () => (await pay(bench, 700, { payment_method: "pm_usBankAccount_processing" })).intent;
  const [arriving, failing] = [await start(), await start()];
  assert.equal(arriving.status, "processing");
  assert.equal((await stripe.balance.retrieve()).pending[0]?.amount, 0);
  simulator.finishPayment(arriving.id, true);
  simulator.finishPayment(failing.id, false);
  assert.equal((await stripe.paymentIntents.retrieve(arriving.id)).status, "succeeded");
  assert.equal((await stripe.paymentIntents.retrieve(failing.id)).status, "requires_payment_method");
  assert.equal((await stripe.balance.retrieve()).pending[0]?.amount, 700);
});

Deno.test("amounts are refused below the currency's minimum, above eight digits, and finer than the currency", async () => {
  await using bench = await openBench();
  const refuse = (amount: number, currency: string) =>
    bench.stripe.paymentIntents.create(intentOf(amount, { currency })).then(
      () => assert.fail(`${amount} ${currency} was taken`),
      (error) => error.code ?? error.param,
    );
  assert.equal(await refuse(49, "usd"), "amount_too_small");
  assert.equal(await refuse(29, "gbp"), "amount_too_small");
  assert.equal(await refuse(49, "jpy"), "amount_too_small");
  assert.equal(await refuse(100_000_000, "usd"), "amount_too_large");
  assert.equal(await refuse(1005, "kwd"), "amount");
  assert.equal(await refuse(150, "isk"), "amount");
  assert.equal(await refuse(1000, "xyz"), "currency");
  assert.equal(await refuse(10.5, "usd"), "parameter_invalid_integer");
});

Deno.test("yen are charged to the yen", async () => {
  await using bench = await openBench();
  const { intent } = await pay(bench, 1250, { currency: "JPY" });
  assert.deepEqual([intent.amount_received, intent.currency], [1250, "jpy"]);
  assert.deepEqual((await bench.stripe.balance.retrieve()).pending, [
    { amount: 1250, currency: "jpy", source_types: { card: 1250 } },
  ]);
});

Deno.test("what is paid or cancelled can be neither confirmed, cancelled nor given another amount", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const { intent: paid } = await pay(bench);
  const cancelled = await stripe.paymentIntents.create(intentOf());
  const answer = await stripe.paymentIntents.cancel(cancelled.id, { cancellation_reason: "abandoned" });
  assert.deepEqual([answer.status, answer.cancellation_reason], ["canceled", "abandoned"]);
  for (const { id } of [paid, cancelled]) {
    for (
      const attempt of [
        () => stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" }),
        () => stripe.paymentIntents.cancel(id),
        () => stripe.paymentIntents.update(id, { amount: 3000 }),
      ]
    ) {
      const error = await attempt().catch((error) => error);
      assert.equal(error.code, "payment_intent_unexpected_state");
      assert.equal(error.payment_intent.id, id);
    }
  }
  assert.equal((await stripe.paymentIntents.retrieve(paid.id)).amount, 2500);
});

Deno.test("an update changes what it names, and metadata key by key", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const { id } = await stripe.paymentIntents.create(intentOf(2500, { metadata: { keep: "1", drop: "2" } }));
  const updated = await stripe.paymentIntents.update(id, {
    amount: 3000,
    description: "Yoga",
    metadata: { drop: "", add: "3" },
  });
  assert.deepEqual([updated.amount, updated.description, updated.currency], [3000, "Yoga", "usd"]);
  assert.deepEqual(updated.metadata, { keep: "1", add: "3" });
});

Deno.test("methods that may redirect need a return_url, as with Stripe", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const params = { amount: 2500, currency: "usd", payment_method: "pm_card_visa", confirm: true };
  const error = await stripe.paymentIntents.create(params).catch((error) => error);
  assert.equal(error.param, "return_url");
  assert.deepEqual((await stripe.paymentIntents.list()).data, []);
  const paid = await stripe.paymentIntents.create({ ...params, return_url: "https://app.example" });
  assert.equal(paid.status, "succeeded");
});

Deno.test("a list is newest first and can be walked page by page without loss", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const made: string[] = [];
  for (let amount = 100; amount < 107; amount++) {
    made.unshift((await stripe.paymentIntents.create(intentOf(amount))).id);
  }
  const first = await stripe.paymentIntents.list({ limit: 3 });
  assert.deepEqual([first.data.map(({ id }) => id), first.has_more], [made.slice(0, 3), true]);
  const walked: string[] = [];
  for await (const { id } of stripe.paymentIntents.list({ limit: 3 })) walked.push(id);
  assert.deepEqual(walked, made);
  const back = await stripe.paymentIntents.list({ limit: 2, ending_before: made[4]! });
  assert.deepEqual(back.data.map(({ id }) => id), made.slice(2, 4));
});
