import assert from "node:assert/strict";
import { contract } from "./http.ts";
import type { Person } from "./people.ts";
import type { TestStack } from "./stack.ts";
import { bookHour, type BookingRow } from "./times.ts";

/** A booking with its PaymentIntent. */
export interface Checkout {
  booking: BookingRow;
  intentId: string;
  amount: number;
}

/** Asks for the PaymentIntent of a booking as a client does. */
export async function checkOut(stack: TestStack, person: Person, booking: BookingRow): Promise<Checkout> {
  const amount = booking.price_minor / 100;
  const { status, body } = await contract(stack, "consulting")("POST", "/payments/create-intent", {
    token: person.token,
    body: { bookingId: booking.id, amount, currency: booking.currency },
  });
  assert.equal(status, 200, JSON.stringify(body));
  return { booking, intentId: body.data.paymentIntentId, amount };
}

/** Books an hour of a provider and asks for its PaymentIntent. */
export async function bookAndCheckOut(
  stack: TestStack,
  person: Person,
  providerId: string,
  days = 7,
  hour = 9,
): Promise<Checkout> {
  return await checkOut(stack, person, await bookHour(person, providerId, days, hour));
}

/** Books an hour and pays it; Stripe's webhook has told by the end. */
export async function bookAndPay(
  stack: TestStack,
  person: Person,
  providerId: string,
  days = 7,
  hour = 9,
): Promise<Checkout> {
  const checkout = await bookAndCheckOut(stack, person, providerId, days, hour);
  stack.stripe.pay(checkout.intentId);
  await stack.stripe.webhooks.settled();
  return checkout;
}

/** Lets the worker execute what is ordered and Stripe's webhooks come back, until nothing more happens. */
export async function settle(stack: TestStack): Promise<void> {
  for (let round = 0; round < 4; round++) {
    const response = await stack.runWorker();
    assert.equal(response.status, 200, await response.clone().text());
    await response.body?.cancel();
    await stack.stripe.webhooks.settled();
  }
}

/** Opens a provider's account at Stripe, ready for transfers. */
export async function onboard(stack: TestStack, provider: Person): Promise<string> {
  const { status, body } = await contract(stack, "consulting")("POST", "/payments/onboarding", {
    token: provider.token,
    body: { returnUrl: "https://app.example/payouts", country: "US" },
  });
  assert.equal(status, 200, JSON.stringify(body));
  const [account] = await stack.database.query<{ id: string }>(
    "select stripe_account_id as id from public.provider_accounts where provider_id = $1",
    [provider.id],
  );
  assert.ok(account);
  stack.stripe.finishOnboarding(account.id);
  await stack.stripe.webhooks.settled();
  return account.id;
}

export async function bookingOf(stack: TestStack, bookingId: string) {
  const [row] = await stack.database.query<{ status: string; payment_status: string; expires_at: unknown }>(
    "select status, payment_status, expires_at from public.bookings where id = $1",
    [bookingId],
  );
  assert.ok(row);
  return row;
}

/** The payment of a booking that was not given up. */
export async function paymentOf(stack: TestStack, bookingId: string) {
  const [row] = await stack.database.query<{
    id: string;
    status: string;
    amount_minor: number;
    fee_minor: number;
    payout_minor: number;
    refunded_minor: number;
    receipt_serial: number | null;
    failure_code: string | null;
  }>(
    `select id, status, amount_minor::int, fee_minor::int, payout_minor::int, refunded_minor::int, receipt_serial,
       failure_code
     from public.payments where booking_id = $1 order by created_at desc limit 1`,
    [bookingId],
  );
  assert.ok(row);
  return row;
}

/** Sums of the ledger by account, in minor units; all of it or of one payment. */
export async function ledgerOf(
  stack: TestStack,
  paymentId: string | null = null,
): Promise<Record<string, number>> {
  const rows = await stack.database.query<{ account: string; minor: number }>(
    `select account, sum(amount_minor)::int as minor from private.ledger_entries
     where $1::uuid is null or payment_id = $1 group by account having sum(amount_minor) <> 0 order by account`,
    [paymentId],
  );
  return Object.fromEntries(rows.map(({ account, minor }) => [account, minor]));
}

/** Asserts that the ledger is proved, and agrees with Stripe's own balance. */
export async function assertLedger(stack: TestStack): Promise<void> {
  assert.deepEqual(await stack.database.query("select * from public.check_ledger()"), []);
  const response = await fetch(`${stack.stripe.credentials.baseUrl}/v1/balance`, {
    headers: { authorization: `Bearer ${stack.stripe.credentials.secretKey}` },
  });
  const balance = await response.json() as Record<
    "available" | "pending",
    { amount: number; currency: string }[]
  >;
  const atStripe: Record<string, number> = {};
  for (const { amount, currency } of [...balance.available, ...balance.pending]) {
    atStripe[currency] = (atStripe[currency] ?? 0) + amount;
  }
  const booked = await stack.database.query<{ currency: string; minor: number }>(
    `select lower(currency) as currency, sum(amount_minor)::int as minor from private.ledger_entries
     where account = 'stripe_balance' group by 1`,
  );
  const positive = (amounts: [string, number][]) =>
    Object.fromEntries(amounts.filter(([, minor]) => minor !== 0));
  assert.deepEqual(
    positive(booked.map(({ currency, minor }) => [currency, minor])),
    positive(Object.entries(atStripe)),
  );
}
