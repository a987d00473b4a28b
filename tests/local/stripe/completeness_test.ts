import assert from "node:assert/strict";
import type { Stripe } from "stripe";
import { intentOf, openBench, openProvider, pay, type StripeBench } from "./support.ts";

/**
 * Which keys objects have. `published` was derived from the example objects that Stripe publishes with the
 * specification of its API (MIT licence): every key of each, nested ones with dots, without `metadata`, an event's
 * object and a charge's legacy `source`. `newer` are those that the pinned version of the API has beyond them, and
 * those of shapes that the one example of each object does not take; the SDK's types know them all.
 */
const keys: Record<"published" | "newer", Record<string, string[]>> = JSON.parse(
  await Deno.readTextFile(new URL("../stripe_keys.json", import.meta.url)),
);

Deno.test("every object has exactly the keys that Stripe's own have", async () => {
  await using bench = await openBench({ fee: { basisPoints: 290, fixedMinor: 30 } });
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const object of await objects(bench)) {
    seen.add(object.object);
    const ours = pathsOf(object);
    const published = keys.published[object.object] ?? [];
    const newer = keys.newer[object.object] ?? [];
    for (const path of published) {
      const parent = path.split(".").slice(0, -1);
      const isReached = isGroup(parent.reduce<unknown>((at, step) => isGroup(at) ? at[step] : null, object));
      if (isReached && !ours.has(path)) problems.push(`${object.object} lacks ${path}`);
    }
    for (const path of ours) {
      if (!published.includes(path) && !newer.includes(path)) problems.push(`${object.object} has ${path}`);
    }
  }
  assert.deepEqual([...new Set(problems)].sort(), []);
  assert.deepEqual([...seen].sort(), Object.keys(keys.published).sort());
});

/** One of everything, in several states. */
async function objects(bench: StripeBench): Promise<{ object: string }[]> {
  const { stripe, simulator } = bench;
  const destination = await openProvider(bench);
  const { intent, charge } = await pay(bench, 5000, { expand: ["payment_method"] });
  const open = await stripe.paymentIntents.create({
    amount: 500,
    currency: "usd",
    allowed_payment_method_types: ["card"],
  });
  const declined = await stripe.paymentIntents.create(intentOf());
  await stripe.paymentIntents.confirm(declined.id, { payment_method: "pm_card_chargeDeclined" }).catch(
    () => {},
  );
  const refund = await stripe.refunds.create({ charge, amount: 500 });
  const transfer = await stripe.transfers.create({
    currency: "usd",
    amount: 1000,
    destination,
    source_transaction: charge,
  });
  const reversal = await stripe.transfers.createReversal(transfer.id, { amount: 100 });
  return [
    await stripe.accounts.create({
      type: "express",
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    }),
    await stripe.accountLinks.create({
      account: destination,
      type: "account_onboarding",
      refresh_url: "https://app.example/again",
      return_url: "https://app.example/back",
    }),
    await stripe.paymentIntents.retrieve(intent.id),
    intent.payment_method as Stripe.PaymentMethod,
    open,
    await stripe.paymentIntents.cancel(open.id),
    await stripe.paymentIntents.retrieve(declined.id),
    await stripe.charges.retrieve(charge, { expand: ["refunds"] }),
    refund,
    await stripe.transfers.retrieve(transfer.id),
    reversal,
    simulator.openDispute(charge),
    await stripe.balance.retrieve(),
    ...(await stripe.balanceTransactions.list()).data,
    ...(await stripe.events.list()).data.map((event) => ({ ...event, data: { object: {} } })),
  ];
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function pathsOf(object: object, prefix = ""): Set<string> {
  const paths = new Set<string>();
  for (const [name, value] of Object.entries(object)) {
    paths.add(prefix + name);
    const isOther = name === "metadata" || (isGroup(value) && "object" in value && "id" in value);
    if (isGroup(value) && !isOther) {
      for (const path of pathsOf(value, `${prefix}${name}.`)) paths.add(path);
    }
  }
  return paths;
}
