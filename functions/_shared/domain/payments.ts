import type { Stripe } from "stripe";
import { AppError } from "../http/errors.ts";
import type { Page, PageQuery } from "../http/pagination.ts";
import { pageSlice } from "../http/pagination.ts";
import { asked } from "../integrations/stripe/errors.ts";
import { createIntent, readIntent } from "../integrations/stripe/intents.ts";
import { intentFacts } from "../integrations/stripe/objects.ts";
import { openStripe } from "../integrations/stripe/open.ts";
import type { Runtime } from "../runtime.ts";
import { adminDb, call, type Db, rowsOf, type Tables, type ViewRow } from "./db.ts";
import { toPage } from "./page.ts";

type PaymentRow = Tables["payments"]["Row"];
export type Refund = Tables["refunds"]["Row"];
/** A payment as its payer or provider sees it; minor units. */
export type Payment = ViewRow<
  "payment_details",
  "failure_code" | "stripe_payment_intent_id" | "paid_at" | "receipt_number"
>;

/** What a browser needs to pay. The secret is kept nowhere and logged never. */
export interface PaymentToMake {
  clientSecret: string;
  intentId: string;
  amountMinor: number;
  currency: string;
}

/** What came of a payment, as the one command that writes it said. */
export interface PaymentOutcome {
  outcome: string;
  paymentId: string | null;
  bookingStatus: string | null;
}

/**
 * The PaymentIntent of a held booking of the signed-in person; the same one when asked again. Two round trips to the
 * database, for Stripe's answer stands between them.
 *
 * @throws {AppError} BOOKING_NOT_FOUND, NOT_YOUR_BOOKING, BOOKING_EXPIRED, NOTHING_TO_PAY, INVALID_INPUT for another
 * amount, PAYMENT_FAILED, TRY_AGAIN, PAYMENTS_NOT_CONFIGURED
 */
export async function createPaymentIntent(
  runtime: Runtime,
  db: Db,
  order: { bookingId: string; amountMinor: number; currency: string },
): Promise<PaymentToMake> {
  const stripe = await openStripe(runtime);
  const payment = await preparePayment(db, order);
  const intent = await asked(() => intentOf(stripe, payment));
  if (!payment.stripe_payment_intent_id) {
    const order = { payment_id: payment.id, intent_id: intent.id };
    const { status } = await call(adminDb(runtime), "attach_payment_intent", order);
    // Given up meanwhile, it must not be paid: nobody gets its client secret.
    if (status === "cancelled") throw new AppError("TRY_AGAIN", { retryAfterSeconds: 1 });
  }
  if (intent.status === "succeeded" || intent.status === "canceled") {
    const { outcome } = await recordIntent(runtime, await asked(() => readIntent(stripe, intent.id)));
    if (outcome === "succeeded") throw new AppError("NOTHING_TO_PAY");
    if (outcome === "returned") throw new AppError("BOOKING_EXPIRED");
    // Stripe gave this one up; the hold, if it has time left, can be paid with another.
    throw new AppError("TRY_AGAIN", { retryAfterSeconds: 1 });
  }
  if (!intent.client_secret) throw new AppError("INTERNAL", { cause: new Error("no client secret") });
  return {
    clientSecret: intent.client_secret,
    intentId: intent.id,
    amountMinor: payment.amount_minor,
    currency: payment.currency,
  };
}

function preparePayment(
  db: Db,
  { bookingId, amountMinor, currency }: { bookingId: string; amountMinor: number; currency: string },
): Promise<PaymentRow> {
  return call(db, "prepare_payment", { booking_id: bookingId, amount_minor: amountMinor, currency });
}

function intentOf(stripe: Stripe, payment: PaymentRow): Promise<Stripe.PaymentIntent> {
  if (payment.stripe_payment_intent_id) {
    return stripe.paymentIntents.retrieve(payment.stripe_payment_intent_id);
  }
  return createIntent(stripe, {
    paymentId: payment.id,
    bookingId: payment.booking_id,
    amountMinor: payment.amount_minor,
    currency: payment.currency,
  });
}

/**
 * Asks Stripe what became of a payment of the signed-in person and records it: safe before, after or instead of the
 * webhook.
 *
 * @throws {AppError} PAYMENT_NOT_FOUND, PAYMENT_FAILED, PAYMENT_PENDING, BOOKING_EXPIRED when it was paid too late and
 * is refunded, TRY_AGAIN, PAYMENTS_NOT_CONFIGURED
 */
export async function confirmPayment(
  runtime: Runtime,
  db: Db,
  { bookingId, intentId }: { bookingId: string; intentId: string },
): Promise<Payment> {
  const stripe = await openStripe(runtime);
  const payment = await readPaymentOf(db, bookingId, intentId);
  const intent = await asked(() => readIntent(stripe, intentId));
  const { outcome } = await recordIntent(runtime, intent);
  if (outcome === "returned" || outcome === "cancelled") throw new AppError("BOOKING_EXPIRED");
  if (outcome === "succeeded") return { ...payment, status: "succeeded" };
  // Nothing was refused as long as Stripe names no error: the payer has not paid yet, or not finished.
  if (intent.last_payment_error) throw new AppError("PAYMENT_FAILED");
  throw new AppError("PAYMENT_PENDING", { retryAfterSeconds: 5 });
}

async function readPaymentOf(db: Db, bookingId: string, intentId: string): Promise<Payment> {
  if (!/^pi_\w+$/.test(intentId)) throw new AppError("PAYMENT_NOT_FOUND");
  const row = await rowsOf(
    db.client.from("payment_details").select().eq("booking_id", bookingId)
      .eq("stripe_payment_intent_id", intentId).maybeSingle(),
  );
  if (!row) throw new AppError("PAYMENT_NOT_FOUND");
  return row as Payment;
}

/** What led to a record: an event of Stripe. */
export interface StripeEventNote {
  id: string;
  type: string;
  object_id: string;
}

/** Records what a PaymentIntent says. The only writer of payments is the command; the service alone may call it. */
export async function recordIntent(
  runtime: Runtime,
  intent: Stripe.PaymentIntent,
  event?: StripeEventNote,
): Promise<PaymentOutcome> {
  const row = await call(adminDb(runtime), "record_payment_intent", {
    intent: intentFacts(intent),
    ...(event ? { event: { ...event } } : {}),
  });
  return { outcome: row.outcome ?? "unknown", paymentId: row.payment_id, bookingStatus: row.booking_status };
}

/**
 * Records that a payment will never be paid, because Stripe refused to make a PaymentIntent for it; answers the outcome,
 * `unknown` when one was made meanwhile after all.
 */
export async function recordNoIntent(
  runtime: Runtime,
  { paymentId, amountMinor, currency }: { paymentId: string; amountMinor: number; currency: string },
): Promise<string> {
  const { outcome } = await call(adminDb(runtime), "record_payment_intent", {
    intent: {
      id: null,
      status: "canceled",
      amount: amountMinor,
      currency,
      metadata: { payment_id: paymentId },
    },
  });
  return outcome ?? "unknown";
}

/** Which payments to list; times are ISO 8601. */
export interface PaymentFilter {
  statuses?: string[] | undefined;
  from?: string | undefined;
  before?: string | undefined;
}

/** What the signed-in person paid or tried to, latest first. */
export async function listMyPayments(
  db: Db,
  { statuses, from, before }: PaymentFilter,
  query: PageQuery,
): Promise<Page<Payment>> {
  return toPage(
    await call(db, "list_my_payments", {
      ...pageSlice(query),
      ...(statuses ? { statuses } : {}),
      ...(from ? { created_from: from } : {}),
      ...(before ? { created_before: before } : {}),
    }),
  );
}

/** A payment of the signed-in person, as payer or as provider. @throws {AppError} PAYMENT_NOT_FOUND */
export async function readPayment(db: Db, paymentId: string): Promise<Payment> {
  const row = await rowsOf(db.client.from("payment_details").select().eq("id", paymentId).maybeSingle());
  if (!row) throw new AppError("PAYMENT_NOT_FOUND");
  return row as Payment;
}

/** What a cancellation left of a payment, in minor units. */
export interface CancelledPayment {
  amountMinor: number;
  /** All that goes back, also what was refunded before. */
  refundedMinor: number;
  /** What the cancellation itself returns. */
  returnedMinor: number;
}

/** The payment that had paid a cancelled booking of the signed-in person; null when none had. */
export async function findCancelledPayment(db: Db, bookingId: string): Promise<CancelledPayment | null> {
  const row = await rowsOf(
    db.client.from("payments").select("amount_minor, refunded_minor, refunds(amount_minor)")
      .eq("booking_id", bookingId).eq("status", "succeeded").eq("refunds.cause", "cancellation")
      .maybeSingle(),
  );
  return row && {
    amountMinor: row.amount_minor,
    refundedMinor: row.refunded_minor,
    returnedMinor: row.refunds.reduce((sum, refund) => sum + refund.amount_minor, 0),
  };
}

/**
 * Refunds a payment of the signed-in person, in part when an amount is given. The worker executes it.
 *
 * @throws {AppError} PAYMENT_NOT_FOUND, REFUND_NOT_ALLOWED, INVALID_INPUT
 */
export function requestRefund(
  db: Db,
  paymentId: string,
  { amountMinor, reason }: { amountMinor?: number | undefined; reason?: string | undefined },
): Promise<Refund> {
  return call(db, "request_refund", {
    payment_id: paymentId,
    ...(amountMinor === undefined ? {} : { amount_minor: amountMinor }),
    ...(reason === undefined ? {} : { reason }),
  });
}
