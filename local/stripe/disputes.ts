import type { Stripe } from "stripe";
import { availableOn } from "./charges.ts";
import { refused } from "./fault.ts";
import { newId } from "./ids.ts";
import type { World } from "./world.ts";

/** Days that Stripe gives for an answer to a dispute. */
const daysToAnswer = 7;

/**
 * The payer's bank takes a charge back: its money leaves the balance until the dispute is won. `amount` is in minor
 * units, by default what was not refunded.
 *
 * @throws {StripeFault} when the charge was not paid or is disputed already
 */
export function openDispute(
  world: World,
  charge: Stripe.Charge,
  { amount = charge.amount - charge.amount_refunded, reason = "general" }: {
    amount?: number;
    reason?: string;
  } = {},
): Stripe.Dispute {
  if (!charge.paid || charge.disputed || amount < 1) throw refused("This charge cannot be disputed");
  const due = world.now() + daysToAnswer * 24 * 3600;
  const dispute: Stripe.Dispute = {
    id: newId("du"),
    object: "dispute",
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: world.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: evidence(),
    evidence_details: {
      due_by: due,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "manual",
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      type: "card",
      card: { brand: "visa", case_type: "chargeback", network: "visa", network_reason_code: "10.4" },
    },
    reason,
    status: "needs_response",
  };
  world.store.disputes.add(dispute);
  charge.disputed = true;
  move(world, dispute, -amount);
  world.events.emit("charge.dispute.created", dispute);
  world.events.emit("charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

/**
 * The bank decides; a dispute that was won brings the money back.
 *
 * @throws {StripeFault} when it was decided already
 */
export function closeDispute(world: World, dispute: Stripe.Dispute, decision: "won" | "lost"): void {
  if (dispute.status !== "needs_response") throw refused(`This dispute is ${dispute.status} already`);
  dispute.status = decision;
  if (decision === "won") {
    move(world, dispute, dispute.amount);
    // Stripe keeps `disputed` on the charge: it tells that there was one.
    world.events.emit("charge.dispute.funds_reinstated", dispute);
  }
  world.events.emit("charge.dispute.closed", dispute);
}

function move(world: World, dispute: Stripe.Dispute, amount: number): void {
  const charge = world.store.charges.get(String(dispute.charge));
  const transaction = world.ledger.post({
    type: "adjustment",
    reportingCategory: amount < 0 ? "dispute" : "dispute_reversal",
    amount,
    currency: dispute.currency,
    source: dispute.id,
    description: amount < 0 ? "Chargeback withdrawal" : "Chargeback reversal",
    availableOn: availableOn(world, charge),
  });
  dispute.balance_transactions.push(transaction);
}

function evidence(): Stripe.Dispute.Evidence {
  return {
    access_activity_log: null,
    billing_address: null,
    cancellation_policy: null,
    cancellation_policy_disclosure: null,
    cancellation_rebuttal: null,
    customer_communication: null,
    customer_email_address: null,
    customer_name: null,
    customer_purchase_ip: null,
    customer_signature: null,
    duplicate_charge_documentation: null,
    duplicate_charge_explanation: null,
    duplicate_charge_id: null,
    enhanced_evidence: {},
    product_description: null,
    receipt: null,
    refund_policy: null,
    refund_policy_disclosure: null,
    refund_refusal_explanation: null,
    service_date: null,
    service_documentation: null,
    shipping_address: null,
    shipping_carrier: null,
    shipping_date: null,
    shipping_documentation: null,
    shipping_tracking_number: null,
    uncategorized_file: null,
    uncategorized_text: null,
  };
}
