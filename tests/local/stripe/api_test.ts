import assert from "node:assert/strict";
import { facts, header, intentOf, openBench, pay } from "./support.ts";

Deno.test("the same idempotency key and parameters give the first answer again, and nothing happens twice", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const create = () => stripe.paymentIntents.create(intentOf(), { idempotencyKey: "booking-1" });
  const [first, second] = [await create(), await create()];
  assert.deepEqual({ ...second }, { ...first });
  assert.equal(header(first, "idempotent-replayed"), null);
  assert.equal(header(second, "idempotent-replayed"), "true");
  assert.equal(header(second, "original-request"), first.lastResponse.requestId);
  assert.notEqual(second.lastResponse.requestId, first.lastResponse.requestId);
  assert.equal((await stripe.paymentIntents.list()).data.length, 1);
});

Deno.test("the same key with other parameters or for another endpoint is an idempotency_error", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const { charge } = await pay(bench);
  await stripe.paymentIntents.create(intentOf(2500), { idempotencyKey: "k" });
  const errors = [
    await stripe.paymentIntents.create(intentOf(2600), { idempotencyKey: "k" }).catch((error) => error),
    await stripe.refunds.create({ charge }, { idempotencyKey: "k" }).catch((error) => error),
  ];
  for (const error of errors) {
    assert.deepEqual(facts(error), {
      class: "StripeIdempotencyError",
      type: "idempotency_error",
      status: 400,
    });
  }
  assert.deepEqual((await stripe.refunds.list()).data, []);
});

Deno.test("a decline and a refusal are given again, too; a request that failed validation is run anew", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const { id } = await stripe.paymentIntents.create(intentOf());
  const confirm = () =>
    stripe.paymentIntents.confirm(id, { payment_method: "pm_card_chargeDeclined" }, { idempotencyKey: "c" })
      .catch((error) => error);
  const [one, other] = [await confirm(), await confirm()];
  assert.equal(other.charge, one.charge);
  assert.equal(other.headers["idempotent-replayed"], "true");
  const invalid = () =>
    stripe.paymentIntents.create(intentOf(1), { idempotencyKey: "i" }).catch((error) => error);
  await invalid();
  assert.equal((await invalid()).headers["idempotent-replayed"], undefined);
});

Deno.test("while the first request runs, the same key is answered 409", async () => {
  await using bench = await openBench();
  const { stripe, simulator } = bench;
  const create = () => stripe.paymentIntents.create(intentOf(), { idempotencyKey: "k" });
  const release = simulator.hold();
  // Whichever arrives first waits; the other one is answered meanwhile.
  const both = [create(), create()];
  const second = await Promise.race(both).catch((error) => error);
  assert.deepEqual([second.statusCode, second.code], [409, "idempotency_key_in_use"]);
  release();
  const results = await Promise.allSettled(both);
  assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  assert.equal((await stripe.paymentIntents.list()).data.length, 1);
});

Deno.test("a key is forgotten after a day", async () => {
  await using bench = await openBench();
  const create = () => bench.stripe.paymentIntents.create(intentOf(), { idempotencyKey: "k" });
  const first = await create();
  bench.pass(24 * 3600 + 1);
  assert.notEqual((await create()).id, first.id);
});

Deno.test("an answer that was lost is found again by the SDK's own retry, and the money moved once", async () => {
  await using bench = await openBench();
  const stripe = await bench.client({ maxNetworkRetries: 1 });
  bench.simulator.disturb("lost_answer", 1);
  const intent = await stripe.paymentIntents.create(
    intentOf(2500, { payment_method: "pm_card_visa", confirm: true }),
    { idempotencyKey: "k" },
  );
  assert.equal(header(intent, "idempotent-replayed"), "true");
  assert.equal((await stripe.balanceTransactions.list()).data.length, 1);
});

Deno.test("while Stripe is down nothing happens; afterwards the same request does", async () => {
  await using bench = await openBench();
  const create = () => bench.stripe.paymentIntents.create(intentOf(), { idempotencyKey: "k" });
  bench.simulator.disturb("down");
  const error = await create().catch((error) => error);
  assert.deepEqual(facts(error), { class: "StripeAPIError", type: "api_error", status: 503 });
  bench.simulator.calm();
  assert.equal(header(await create(), "idempotent-replayed"), null);
  assert.equal((await bench.stripe.paymentIntents.list()).data.length, 1);
});

Deno.test("a wrong key is refused with 401, and no part of it that matters is repeated", async () => {
  await using bench = await openBench();
  const stranger = await bench.client({ secretKey: "sk_test_ofSomebodyElse" });
  const error = await stranger.balance.retrieve().catch((error) => error);
  assert.deepEqual([error.type, error.statusCode], ["StripeAuthenticationError", 401]);
  assert.ok(!error.message.includes("SomebodyElse"));
  const none = await fetch(`${bench.url}/v1/balance`);
  assert.equal(none.status, 401);
  assert.match((await none.json()).error.message, /API key/);
});

Deno.test("every answer names its request and its version; another version is refused", async () => {
  await using bench = await openBench();
  const { lastResponse } = await bench.stripe.balance.retrieve();
  assert.match(lastResponse.requestId, /^req_\w{14}$/);
  assert.equal(lastResponse.apiVersion, bench.stripe.getApiField("version"));
  const older = await bench.client({ apiVersion: "2020-08-27" as never });
  const error = await older.balance.retrieve().catch((error) => error);
  assert.equal(error.statusCode, 400);
});

Deno.test("what the simulator does not do is refused aloud: unknown URLs with 404, unknown parameters with 400", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const unknown = await stripe.customers.create({ email: "a@example.com" }).catch((error) => error);
  assert.deepEqual([unknown.statusCode, unknown.rawType], [404, "invalid_request_error"]);
  assert.match(unknown.message, /Unrecognized request URL \(POST: \/v1\/customers\)/);
  const error = await stripe.paymentIntents.create(
    intentOf(500, { transfer_data: { destination: "acct_1" } }),
  ).catch((error) => error);
  assert.deepEqual([error.code, error.param], ["parameter_unknown", "transfer_data"]);
  const manual = await stripe.paymentIntents.create(intentOf(500, { capture_method: "manual" })).catch((
    error,
  ) => error);
  assert.equal(manual.param, "capture_method");
  const missing = await stripe.paymentIntents.create({ currency: "usd" } as never).catch((error) => error);
  assert.deepEqual([missing.code, missing.param], ["parameter_missing", "amount"]);
  assert.deepEqual((await stripe.paymentIntents.list()).data, []);
});

Deno.test("an expansion that leads nowhere is refused before anything happens", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  const error = await stripe.paymentIntents.create(intentOf(500, { expand: ["client_secret"] })).catch((
    error,
  ) => error);
  assert.deepEqual([error.statusCode, error.param], [400, "expand[0]"]);
  assert.deepEqual((await stripe.paymentIntents.list()).data, []);
});

Deno.test("a list expands each of its objects", async () => {
  await using bench = await openBench();
  const { charge } = await pay(bench);
  const { data } = await bench.stripe.paymentIntents.list({
    expand: ["data.latest_charge.balance_transaction"],
  });
  const [{ latest_charge: expanded } = {}] = data;
  assert.ok(expanded && typeof expanded === "object" && expanded.id === charge);
  assert.ok(expanded.balance_transaction && typeof expanded.balance_transaction === "object");
});

Deno.test("objects that do not exist are resource_missing", async () => {
  await using bench = await openBench();
  const { stripe } = bench;
  for (
    const ask of [
      () => stripe.paymentIntents.retrieve("pi_none"),
      () => stripe.charges.retrieve("ch_none"),
      () => stripe.refunds.retrieve("re_none"),
      () => stripe.accounts.retrieve("acct_none"),
      () => stripe.transfers.retrieve("tr_none"),
      () => stripe.events.retrieve("evt_none"),
      () => stripe.disputes.retrieve("du_none"),
      () => stripe.paymentIntents.list({ starting_after: "pi_none" }),
    ]
  ) {
    const error = await ask().catch((error) => error);
    assert.deepEqual([error.statusCode, error.code], [404, "resource_missing"]);
  }
});

Deno.test("the address of the simulator says in plain words what it does and does not do", async () => {
  await using bench = await openBench();
  const response = await fetch(bench.url);
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
  const text = await response.text();
  for (
    const words of [
      "POST /v1/payment_intents",
      "pm_card_chargeDeclined",
      "What it does not do",
      "No fee is kept",
    ]
  ) {
    assert.ok(text.includes(words), words);
  }
});
