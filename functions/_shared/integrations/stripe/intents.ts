import type { Stripe } from "stripe";

/** What a PaymentIntent is made of; minor units. */
export interface IntentOrder {
  paymentId: string;
  bookingId: string;
  amountMinor: number;
  currency: string;
}

/**
 * The PaymentIntent of a payment. However often it is asked for, by request or worker, Stripe makes one: its key is the
 * payment's.
 */
export function createIntent(stripe: Stripe, order: IntentOrder): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    amount: order.amountMinor,
    currency: order.currency.toLowerCase(),
    automatic_payment_methods: { enabled: true },
    description: `Booking ${order.bookingId}`,
    metadata: { payment_id: order.paymentId, booking_id: order.bookingId },
  }, { idempotencyKey: `payment-${order.paymentId}` });
}

/** The PaymentIntent as it is now, with its charge and what Stripe keeps of it. */
export function readIntent(stripe: Stripe, intentId: string): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.retrieve(intentId, { expand: ["latest_charge.balance_transaction"] });
}
