import type { Logger } from "../http/log.ts";
import type { refundFacts } from "../integrations/stripe/objects.ts";
import type { Runtime } from "../runtime.ts";
import { adminDb, call } from "./db.ts";
import type { StripeEventNote } from "./payments.ts";

/** What Stripe says of a refund; without an id where it refused to make it. */
export type RefundFacts = Partial<ReturnType<typeof refundFacts>>;

/**
 * Records what a refund has come to. One that failed is logged once, as an error: the payer still waits for money that
 * nothing will send by itself.
 */
export async function recordRefund(
  runtime: Runtime,
  log: Logger,
  refund: RefundFacts,
  event?: StripeEventNote,
): Promise<void> {
  const { outcome, payment_id: paymentId } = await call(adminDb(runtime), "record_refund", {
    refund,
    ...(event ? { event: { ...event } } : {}),
  });
  if (outcome === "failed" || outcome === "canceled") {
    log.error("a refund failed", { payment: paymentId, code: refund.failure_code ?? null });
  }
}
