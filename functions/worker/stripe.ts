import type { Stripe } from "stripe";
import { z } from "@hono/zod-openapi";
import { adminDb, call } from "../_shared/domain/db.ts";
import type { Delivery } from "../_shared/domain/outbox.ts";
import { recordIntent, recordNoIntent } from "../_shared/domain/payments.ts";
import { recordRefund } from "../_shared/domain/refunds.ts";
import type { Logger } from "../_shared/http/log.ts";
import { delivered, isRefused, stripeRefusal } from "../_shared/integrations/stripe/errors.ts";
import { createIntent, readIntent } from "../_shared/integrations/stripe/intents.ts";
import { refundFacts } from "../_shared/integrations/stripe/objects.ts";
import { openStripe } from "../_shared/integrations/stripe/open.ts";
import { VendorError } from "../_shared/integrations/vendor.ts";
import type { Runtime } from "../_shared/runtime.ts";

/** Executes at Stripe what the domain ordered. */
export interface StripeDesk {
  /** @throws {VendorError} when Stripe did not take it */
  execute(delivery: Delivery): Promise<void>;
}

const Order = z.object({ is_open: z.boolean() });
const CancelOrder = z.object({
  payment_id: z.string(),
  booking_id: z.string(),
  payment_intent_id: z.string().nullable(),
  amount: z.number(),
  currency: z.string(),
});
const RefundOrder = z.object({ refund_id: z.string(), payment_intent_id: z.string(), amount: z.number() });
const TransferOrder = z.object({
  transfer_id: z.string(),
  account_id: z.string(),
  charge_id: z.string(),
  amount: z.number(),
  currency: z.string(),
});
const ReversalOrder = z.object({
  reversal_id: z.string(),
  stripe_transfer_id: z.string(),
  amount: z.number(),
});

type Execute = (order: unknown, work: Work) => Promise<void>;
interface Work {
  runtime: Runtime;
  stripe: Stripe;
  log: Logger;
  delivery: Delivery;
}

const executions: Record<string, Execute> = {
  "payment.cancel_requested": (order, work) => cancelIntent(CancelOrder.parse(order), work),
  "refund.requested": (order, work) => refund(RefundOrder.parse(order), work),
  "transfer.requested": (order, work) => transfer(TransferOrder.parse(order), work),
  "reversal.requested": (order, work) => reverse(ReversalOrder.parse(order), work),
};

/** Orders for the configured account of Stripe; null without one. */
export function stripeDesk(runtime: Runtime, log: Logger): StripeDesk | null {
  if (!runtime.config.stripe) return null;
  return {
    async execute(delivery) {
      const { event, payload } = delivery;
      const order = await call(adminDb(runtime), "stripe_order", { event, payload: { ...payload } });
      const execute = executions[event];
      if (!execute || !Order.parse(order).is_open) return;
      await execute(order, { runtime, stripe: await openStripe(runtime), log, delivery });
    },
  };
}

/** Cancels a PaymentIntent, or records that it was paid before it could be, or that Stripe will never make it. */
async function cancelIntent(order: z.output<typeof CancelOrder>, work: Work): Promise<void> {
  const { runtime, stripe, delivery } = work;
  const intentId = order.payment_intent_id ?? await makeIntent(order, stripe);
  if (intentId === null) {
    const outcome = await recordNoIntent(runtime, {
      paymentId: order.payment_id,
      amountMinor: order.amount,
      currency: order.currency,
    });
    if (outcome === "unknown") throw new VendorError("stripe", "made the PaymentIntent after all");
    return;
  }
  const intent = await delivered(async () => {
    try {
      return await stripe.paymentIntents.cancel(intentId, {}, {
        idempotencyKey: `cancel-${delivery.id}-${delivery.attempts}`,
      });
    } catch (error) {
      if (!isRefused(error)) throw error;
      return await readIntent(stripe, intentId);
    }
  });
  const { outcome } = await recordIntent(runtime, intent);
  if (outcome === "pending" || outcome === "failed") {
    throw new VendorError("stripe", `keeps the PaymentIntent ${intent.status}`);
  }
}

/**
 * Makes the PaymentIntent that is to be cancelled: a request may be about to, and the same key gives both the same one.
 * Null when Stripe refuses to make it, as it does below its least amount.
 */
async function makeIntent(order: z.output<typeof CancelOrder>, stripe: Stripe): Promise<string | null> {
  return await delivered(async () => {
    try {
      const { id } = await createIntent(stripe, {
        paymentId: order.payment_id,
        bookingId: order.booking_id,
        amountMinor: order.amount,
        currency: order.currency,
      });
      return id;
    } catch (error) {
      if (!isRefused(error)) throw error;
      return null;
    }
  });
}

async function refund(
  order: z.output<typeof RefundOrder>,
  { runtime, stripe, log, delivery }: Work,
): Promise<void> {
  const facts = await delivered(async () => {
    try {
      return refundFacts(
        await stripe.refunds.create({
          payment_intent: order.payment_intent_id,
          amount: order.amount,
          metadata: { refund_id: order.refund_id },
        }, { idempotencyKey: `refund-${order.refund_id}-${delivery.id}-${order.amount}` }),
      );
    } catch (error) {
      const code = stripeRefusal(error)?.code;
      // Until the dispute is decided nothing can be refunded; record_dispute goes on with it.
      if (code === "charge_disputed") return null;
      if (!isRefused(error)) throw error;
      const metadata = { refund_id: order.refund_id };
      return { status: "failed", failure_code: code ?? "refused", metadata };
    }
  });
  if (facts) await recordRefund(runtime, log, facts);
}

async function transfer(order: z.output<typeof TransferOrder>, { runtime, stripe }: Work): Promise<void> {
  const facts = await delivered(async () => {
    try {
      const { id } = await stripe.transfers.create({
        amount: order.amount,
        currency: order.currency.toLowerCase(),
        destination: order.account_id,
        source_transaction: order.charge_id,
        metadata: { transfer_id: order.transfer_id },
      }, { idempotencyKey: `transfer-${order.transfer_id}` });
      return { id, status: "succeeded", failure_code: null };
    } catch (error) {
      if (!isRefused(error)) throw error;
      return { id: null, status: "failed", failure_code: stripeRefusal(error)?.code ?? "refused" };
    }
  });
  await call(adminDb(runtime), "record_transfer", { transfer: { transfer_id: order.transfer_id, ...facts } });
}

/** Takes a provider's part of a refund back. Their balance may be too low for it now; the sweep orders it again. */
async function reverse(
  order: z.output<typeof ReversalOrder>,
  { runtime, stripe, log, delivery }: Work,
): Promise<void> {
  const facts = await delivered(async () => {
    try {
      const { id } = await stripe.transfers.createReversal(order.stripe_transfer_id, {
        amount: order.amount,
        metadata: { reversal_id: order.reversal_id },
      }, { idempotencyKey: `reversal-${order.reversal_id}-${delivery.id}` });
      return { id, status: "succeeded", failure_code: null };
    } catch (error) {
      if (!isRefused(error)) throw error;
      return { id: null, status: "failed", failure_code: stripeRefusal(error)?.code ?? "refused" };
    }
  });
  await call(adminDb(runtime), "record_reversal", { reversal: { reversal_id: order.reversal_id, ...facts } });
  if (facts.status === "failed") {
    log.error("a reversal was refused", { reversal: order.reversal_id, code: facts.failure_code });
  }
}
