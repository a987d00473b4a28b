import type { Stripe } from "stripe";

/** Stripe's objects in the few facts that the domain records; what else they hold stays at Stripe. */

/**
 * Of a PaymentIntent with its charge. Stripe's fee is in the currency in which it settles: in another one than the
 * payment's it is not known here.
 */
export function intentFacts(intent: Stripe.PaymentIntent) {
  const charge = typeof intent.latest_charge === "object" ? intent.latest_charge : null;
  const transaction = typeof charge?.balance_transaction === "object" ? charge.balance_transaction : null;
  const failure = intent.last_payment_error;
  return {
    id: intent.id,
    status: intent.status,
    amount: intent.amount,
    currency: intent.currency,
    charge_id: charge?.paid ? charge.id : null,
    fee_minor: transaction?.currency === intent.currency ? transaction.fee : 0,
    failure_code: failure ? failure.decline_code ?? failure.code ?? "declined" : null,
    metadata: { payment_id: intent.metadata.payment_id ?? null },
  };
}

/** Of a refund. */
export function refundFacts(refund: Stripe.Refund) {
  return {
    id: refund.id,
    status: refund.status,
    amount: refund.amount,
    payment_intent_id: idOf(refund.payment_intent),
    failure_code: refund.failure_reason ?? null,
    metadata: { refund_id: refund.metadata?.refund_id ?? null },
  };
}

/** Of a dispute. */
export function disputeFacts(dispute: Stripe.Dispute) {
  return {
    id: dispute.id,
    status: dispute.status,
    amount: dispute.amount,
    reason: dispute.reason,
    payment_intent_id: idOf(dispute.payment_intent),
  };
}

/** Of a provider's connected account. */
export function accountFacts(account: Stripe.Account) {
  return {
    id: account.id,
    charges_enabled: account.charges_enabled,
    // Transfers need this capability; payouts to the bank come after.
    payouts_enabled: account.payouts_enabled && account.capabilities?.transfers === "active",
    details_submitted: account.details_submitted,
    metadata: { provider_id: account.metadata?.provider_id ?? null },
  };
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === "object" ? reference?.id ?? null : reference;
}
