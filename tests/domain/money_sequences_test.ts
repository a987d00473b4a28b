import assert from "node:assert/strict";
import fc from "fast-check";
import { StripeFault } from "../../local/stripe/fault.ts";
import { attachedUrl } from "../support/attached.ts";
import { contract } from "../support/http.ts";
import { makePerson, type Person } from "../support/people.ts";
import { assertLedger, onboard, settle } from "../support/payments.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { serverUrl } from "../support/template.ts";
import { hourAhead, makeOpenProvider } from "../support/times.ts";

/** The same stories on both databases; PGlite, where they take as long again, tells the first of them. */
const sequences = serverUrl ? 500 : 50;
const batch = 50;

const step = fc.constantFrom(
  "pay",
  "pay",
  "pay",
  "pay",
  "decline",
  "confirm",
  "cancel as attendee",
  "cancel as provider",
  "refund a part",
  "refund the rest",
  "refund at Stripe",
  "dispute",
  "dispute",
  "win",
  "lose",
  "lapse",
  "sell to another",
  "complete",
  "complete",
  "duplicate",
  "reorder",
  "worker",
  "Stripe down once",
);
type Step = typeof step extends fc.Arbitrary<infer Name> ? Name : never;

/** What chance may leave out: told first, one after the other. */
const certain: Step[][] = [
  ["pay", "worker", "dispute", "worker", "lose"],
  ["pay", "worker", "complete"],
  ["pay", "worker", "cancel as provider"],
  ["lapse", "sell to another", "pay"],
];

/** One booking on its way through whatever happens to it. */
class Story {
  #intentId = "";
  #bookingId = "";
  constructor(
    readonly stack: TestStack,
    readonly person: Person,
    readonly rival: Person,
    readonly provider: Person,
    readonly time: { starts_at: string; ends_at: string },
    /** When it took place, if it comes to that. */
    readonly hoursAgo: number,
  ) {}

  async begin(): Promise<void> {
    const { data } = await this.person.client.rpc("book_time", {
      provider_id: this.provider.id,
      ...this.time,
    });
    if (!data) return;
    this.#bookingId = data.id;
    const { body } = await contract(this.stack, "consulting")("POST", "/payments/create-intent", {
      token: this.person.token,
      body: { bookingId: data.id, amount: data.price_minor / 100, currency: data.currency },
    });
    this.#intentId = body.data?.paymentIntentId ?? "";
  }

  /** Gives an unpaid hold up: a person has few at a time. */
  async end(): Promise<void> {
    const rows = await this.stack.database.query(
      "select 1 from public.bookings where id = $1 and status in ('held', 'pending_payment')",
      [this.#bookingId || null],
    );
    if (rows.length > 0) await this.person.client.rpc("cancel_booking", { booking_id: this.#bookingId });
  }

  /** Does one step; what Stripe or the domain refuses is refused. */
  async take(step: Step): Promise<void> {
    if (this.#bookingId === "") return;
    try {
      await this.#act(step);
    } catch (error) {
      if (!(error instanceof StripeFault)) throw error;
    }
  }

  async #act(step: Step): Promise<void> {
    const { stack } = this;
    const { stripe, database } = stack;
    switch (step) {
      case "pay":
        return void stripe.pay(this.#intentId);
      case "decline":
        return void stripe.pay(this.#intentId, "pm_card_chargeDeclined");
      case "confirm":
        return void await contract(stack, "consulting")("POST", "/payments/confirm", {
          token: this.person.token,
          body: { bookingId: this.#bookingId, paymentIntentId: this.#intentId },
        });
      case "cancel as attendee":
        return void await this.person.client.rpc("cancel_booking", { booking_id: this.#bookingId });
      case "cancel as provider":
        return void await this.provider.client.rpc("cancel_booking", { booking_id: this.#bookingId });
      case "refund a part":
        return await this.#refund(1234);
      case "refund the rest":
        return await this.#refund(undefined);
      case "refund at Stripe":
        return void await (await fetch(`${stripe.credentials.baseUrl}/v1/refunds`, {
          method: "POST",
          headers: { authorization: `Bearer ${stripe.credentials.secretKey}` },
          body: new URLSearchParams({ payment_intent: this.#intentId, amount: "777" }),
        })).body?.cancel();
      case "dispute":
        return void stripe.openDispute(String(stripe.findIntent(this.#intentId)?.latest_charge));
      case "win":
        return await this.#decide("won");
      case "lose":
        return await this.#decide("lost");
      case "lapse":
        return void await database.query(
          "update public.bookings set expires_at = now() - interval '1 second' where id = $1 and expires_at is not null",
          [this.#bookingId],
        );
      case "sell to another":
        return void await this.rival.client.rpc("book_time", { provider_id: this.provider.id, ...this.time });
      case "complete":
        return void await database.query(
          `update public.bookings
           set during = tstzrange(now() - make_interval(hours => $2 + 1), now() - make_interval(hours => $2))
           where id = $1 and status = 'confirmed'`,
          [this.#bookingId, this.hoursAgo],
        );
      case "worker":
        return void await (await stack.runWorker()).body?.cancel();
      case "Stripe down once":
        return stripe.disturb("lost_answer", 1);
      default:
        return await misdeliver(stack, step);
    }
  }

  async #refund(amountMinor: number | undefined): Promise<void> {
    const { data } = await this.provider.client.from("payments").select("id").eq(
      "booking_id",
      this.#bookingId,
    );
    const paymentId = data?.[0]?.id;
    if (!paymentId) return;
    await this.provider.client.rpc("request_refund", {
      payment_id: paymentId,
      ...(amountMinor ? { amount_minor: amountMinor } : {}),
    });
  }

  async #decide(outcome: "won" | "lost"): Promise<void> {
    await this.stack.stripe.webhooks.settled();
    const rows = await this.stack.database.query<{ id: string }>(
      `select d.stripe_dispute_id as id from private.disputes as d join public.payments as p on p.id = d.payment_id
       where p.booking_id = $1 and d.outcome = 'open'`,
      [this.#bookingId],
    );
    for (const { id } of rows) this.stack.stripe.closeDispute(id, outcome);
  }
}

/** Webhooks come twice, or those that wait in the opposite order. */
async function misdeliver({ stripe }: TestStack, step: "duplicate" | "reorder"): Promise<void> {
  stripe.webhooks.pause();
  const ids = stripe.webhooks.queue.map(({ id }) => id);
  for (const id of step === "reorder" ? ids.reverse() : ids) await stripe.webhooks.deliver(id);
  if (step === "duplicate") { for (const id of ids) await stripe.webhooks.deliver(id); }
  stripe.webhooks.resume();
}

/** Lets everything that is ordered, told and to be tried again happen. */
async function finish(stack: TestStack): Promise<void> {
  stack.stripe.calm();
  for (let round = 0; round < 20; round++) {
    await stack.database.query("update private.deliveries set due_at = now() where status = 'pending'");
    await settle(stack);
    if (round > 0 && stack.stripe.webhooks.queue.length === 0) return;
  }
}

if (attachedUrl) {
  // deno-lint-ignore no-console -- the reader of the tests' output should know
  console.log(
    "Skipped on a project of its own: its ledger has other tests' money, of which this Stripe knows nothing.",
  );
}

Deno.test({
  name: `after ${sequences} stories ledger, Stripe's balance and bookings tell the same`,
  ignore: attachedUrl !== undefined,
  fn: async () => {
    // Stripe tells again for days what was not taken; here for seconds.
    await using stack = await testStack({ stripe: { webhookRetryDelaysMs: Array(100).fill(50) } });
    const providers = await Promise.all(
      Array.from(
        { length: 5 },
        () => makeOpenProvider(stack, { hourlyRateMinor: 7501, lateRefundPercent: 33 }),
      ),
    );
    for (const provider of providers.slice(0, 3)) await onboard(stack, provider);
    const people = await Promise.all(Array.from({ length: 30 }, () => makePerson(stack)));
    const random = fc.sample(fc.array(step, { minLength: 3, maxLength: 12 }), {
      numRuns: sequences - certain.length,
      seed: 20261120,
    });
    const stories = [...certain, ...random];
    for (const [index, steps] of stories.entries()) {
      const provider = providers[index % providers.length]!;
      const hour = Math.floor(index / providers.length);
      const story = new Story(
        stack,
        people[index % people.length]!,
        people[(index + 7) % people.length]!,
        provider,
        hourAhead(7 + Math.floor(hour / 24), hour % 24),
        30 + 2 * index,
      );
      await story.begin();
      for (const each of steps) await story.take(each);
      await story.end();
      if (index % batch === batch - 1) {
        await finish(stack);
        await assertLedger(stack);
      }
    }
    const [counts] = await stack.database.query<Record<string, number>>(`
    select (select count(*)::int from public.payments where status = 'succeeded') as paid,
      (select count(*)::int from public.refunds where status = 'succeeded') as refunded,
      (select count(*)::int from public.transfers where status = 'succeeded') as transferred,
      (select count(*)::int from private.disputes where outcome <> 'open') as disputed,
      (select count(*)::int from public.refunds where cause = 'late_payment') as returned`);
    // Stories that never came to pass would prove nothing.
    for (const [what, count] of Object.entries(counts ?? {})) assert.ok(count > 0, what);
  },
});
