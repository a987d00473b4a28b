import assert from "node:assert/strict";
import fc from "fast-check";
import { intentOf, openBench, openProvider, type StripeBench } from "./support.ts";

/** What a step of a story may do; `at` chooses among what there is, `share` is a share of an amount in hundredths. */
interface Step {
  action:
    | "pay"
    | "decline"
    | "refund"
    | "transfer"
    | "reverse"
    | "dispute"
    | "win"
    | "lose"
    | "wait"
    | "fail_refund";
  at: number;
  share: number;
}

/** What happened in a story, kept apart from the simulator. */
interface Book {
  platform: number;
  provider: number;
  charges: string[];
  /** Charges whose refunds fail later. */
  unreliable: Set<string>;
  /** Refunds that will fail. */
  refunds: string[];
  transfers: string[];
  /** Disputes that are not decided. */
  disputes: { id: string; amount: number }[];
}

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom(
    "pay",
    "pay",
    "decline",
    "refund",
    "transfer",
    "reverse",
    "dispute",
    "win",
    "lose",
    "wait",
    "fail_refund",
  ),
  at: fc.nat(20),
  share: fc.integer({ min: 1, max: 120 }),
});

/** A story in which each thing happens, which chance alone seldom tells; it is told first. */
const everything = ([
  ["pay", 0, 3],
  ["refund", 0, 50],
  ["fail_refund", 0, 1],
  ["transfer", 0, 50],
  ["reverse", 0, 50],
  ["dispute", 0, 1],
  ["win", 0, 1],
  ["pay", 0, 2],
  ["dispute", 1, 1],
  ["lose", 0, 1],
] as const).map(([action, at, share]) => ({ action, at, share }));

Deno.test("whatever happens, both balances are what was paid in and out, and the sum of their movements", async () => {
  await using bench = await openBench();
  bench.simulator.webhooks.pause();
  const destination = await openProvider(bench);
  const book: Book = {
    platform: 0,
    provider: 0,
    charges: [],
    unreliable: new Set(),
    refunds: [],
    transfers: [],
    disputes: [],
  };
  const done = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      for (const each of steps) if (await take(bench, book, destination, each)) done.add(each.action);
      assert.equal(await balance(bench), book.platform);
      assert.equal(await balance(bench, destination), book.provider);
    }),
    { numRuns: 60, endOnFailure: true, examples: [[everything]] },
  );
  // A story in which nothing could happen would prove nothing.
  for (const action of ["pay", "refund", "transfer", "reverse", "dispute", "win", "lose", "fail_refund"]) {
    assert.ok(done.has(action), action);
  }
});

async function balance({ stripe }: StripeBench, stripeAccount?: string): Promise<number> {
  const options = stripeAccount ? { stripeAccount } : {};
  const { available, pending } = await stripe.balance.retrieve({}, options);
  const shown = [...available, ...pending].reduce((sum, { amount }) => sum + amount, 0);
  let moved = 0;
  for await (const { net } of stripe.balanceTransactions.list({ limit: 100 }, options)) moved += net;
  assert.equal(shown, moved);
  return shown;
}

/** Tries a step and writes into the book what came of it; answers whether it was possible. */
async function take(bench: StripeBench, book: Book, destination: string, step: Step): Promise<boolean> {
  try {
    return await tryStep(bench, book, destination, step);
  } catch (error) {
    const { statusCode, status } = error as { statusCode?: number; status?: number };
    assert.ok([400, 402].includes(statusCode ?? status ?? 0), String(error));
    return false;
  }
}

async function tryStep(bench: StripeBench, book: Book, destination: string, step: Step): Promise<boolean> {
  const { stripe, simulator } = bench;
  const pick = <T>(list: T[]): T | undefined => list[step.at % Math.max(1, list.length)];
  const [charge, transfer, dispute] = [pick(book.charges), pick(book.transfers), pick(book.disputes)];
  const part = (amount: number) => Math.max(1, Math.round(amount * step.share / 100));
  switch (step.action) {
    case "pay":
    case "decline": {
      const paying = step.share % 3 === 0 ? "pm_card_refundFail" : "pm_card_visa";
      const method = step.action === "pay" ? paying : "pm_card_chargeDeclined";
      const amount = 100 * step.share;
      // A decline throws, and the book stays as it is.
      const intent = await stripe.paymentIntents.create(
        intentOf(amount, { payment_method: method, confirm: true }),
      );
      book.charges.push(String(intent.latest_charge));
      if (paying === "pm_card_refundFail") book.unreliable.add(String(intent.latest_charge));
      book.platform += amount;
      return true;
    }
    case "refund": {
      if (!charge) return false;
      const { amount } = await stripe.charges.retrieve(charge);
      const refund = await stripe.refunds.create({ charge, amount: part(amount) });
      if (book.unreliable.has(charge)) book.refunds.push(refund.id);
      book.platform -= refund.amount;
      return true;
    }
    case "fail_refund": {
      const refund = pick(book.refunds);
      if (!refund) return false;
      simulator.finishRefund(refund);
      book.refunds.splice(book.refunds.indexOf(refund), 1);
      book.platform += (await stripe.refunds.retrieve(refund)).amount;
      return true;
    }
    case "transfer": {
      if (!charge) return false;
      const { amount } = await stripe.charges.retrieve(charge);
      const source = step.share % 2 === 0 ? { source_transaction: charge } : {};
      const made = await stripe.transfers.create({
        amount: part(amount),
        currency: "usd",
        destination,
        ...source,
      });
      book.transfers.push(made.id);
      book.platform -= made.amount;
      book.provider += made.amount;
      return true;
    }
    case "reverse": {
      if (!transfer) return false;
      const { amount } = await stripe.transfers.retrieve(transfer);
      const reversal = await stripe.transfers.createReversal(transfer, { amount: part(amount) });
      book.platform += reversal.amount;
      book.provider -= reversal.amount;
      return true;
    }
    case "dispute": {
      if (!charge) return false;
      const { id, amount } = simulator.openDispute(charge);
      book.disputes.push({ id, amount });
      book.platform -= amount;
      return true;
    }
    case "win":
    case "lose":
      if (!dispute) return false;
      simulator.closeDispute(dispute.id, step.action === "win" ? "won" : "lost");
      book.disputes.splice(book.disputes.indexOf(dispute), 1);
      if (step.action === "win") book.platform += dispute.amount;
      return true;
    case "wait":
      bench.pass(24 * 3600);
      return true;
  }
}
