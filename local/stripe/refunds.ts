import type { Stripe } from "stripe";
import { availableOn } from "./charges.ts";
import { checkGranularity, formatMinor } from "./currencies.ts";
import { badParameter, refused } from "./fault.ts";
import { newId } from "./ids.ts";
import type { Params } from "./params.ts";
import { testMethods } from "./test_methods.ts";
import type { World } from "./world.ts";

/** `POST /v1/refunds` */
export function createRefund(world: World, params: Params): Stripe.Refund {
  const intentId = params.text("payment_intent");
  const chargeId = params.text("charge");
  const wanted = params.integer("amount");
  const reason = params.oneOf("reason", ["duplicate", "fraudulent", "requested_by_customer"]);
  const metadata = params.metadata();
  params.done();
  const charge = chargeOf(world, intentId, chargeId);
  const amount = refundableAmount(world, charge, wanted);

  const { refund: behaviour } = world.methods.get(String(charge.payment_method)) ?? testMethods.pm_card_visa!;
  const refund: Stripe.Refund = {
    id: newId("re"),
    object: "refund",
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: world.now(),
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: charge.payment_method_details?.type === "card"
      ? {
        card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
        type: "card",
      }
      : { type: "us_bank_transfer", us_bank_transfer: { reference: null, reference_status: null } },
    metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: behaviour === "pending" ? "pending" : "succeeded",
    transfer_reversal: null,
  };
  world.store.refunds.add(refund);
  refund.balance_transaction = world.ledger.post({
    type: charge.id.startsWith("ch_") ? "refund" : "payment_refund",
    reportingCategory: "refund",
    amount: -amount,
    currency: charge.currency,
    source: refund.id,
    availableOn: availableOn(world, charge),
  }).id;
  const before = structuredClone(charge);
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
  world.events.emit("refund.created", refund);
  world.events.emit("charge.refunded", charge, { before });
  return refund;
}

/**
 * What happens to a refund some time after it was made: a pending one succeeds; one that fails brings its money back.
 *
 * @throws {StripeFault} when nothing more happens to it
 */
export function finishRefund(world: World, refund: Stripe.Refund): void {
  const charge = world.store.charges.get(String(refund.charge));
  const behaviour = world.methods.get(String(refund.payment_method))?.refund;
  const before = structuredClone(refund);
  if (refund.status === "pending") {
    refund.status = "succeeded";
    world.events.emit("refund.updated", refund, { before });
    return;
  }
  if (refund.status !== "succeeded" || behaviour !== "fail") {
    throw refused("Nothing more happens to this refund");
  }
  refund.status = "failed";
  refund.failure_reason = "expired_or_canceled_card";
  refund.failure_balance_transaction = world.ledger.post({
    type: "refund_failure",
    reportingCategory: "refund_failure",
    amount: refund.amount,
    currency: refund.currency,
    source: refund.id,
    availableOn: availableOn(world, charge),
  }).id;
  charge.amount_refunded -= refund.amount;
  charge.refunded = false;
  world.events.emit("refund.updated", refund, { before });
  world.events.emit("refund.failed", refund);
}

function chargeOf(world: World, intentId: string | undefined, chargeId: string | undefined): Stripe.Charge {
  if (chargeId) return world.store.charges.get(chargeId);
  if (!intentId) {
    throw badParameter("payment_intent", "A refund needs a payment_intent or a charge", "parameter_missing");
  }
  const intent = world.store.paymentIntents.get(intentId, "payment_intent");
  const charge = world.store.charges.find(String(intent.latest_charge));
  if (!charge?.paid) {
    throw refused("This PaymentIntent has no successful charge to refund", {
      code: "payment_intent_unexpected_state",
      param: "payment_intent",
    });
  }
  return charge;
}

function refundableAmount(world: World, charge: Stripe.Charge, wanted: number | undefined): number {
  if (!charge.paid) throw refused("Only a charge that succeeded can be refunded", { param: "charge" });
  const disputes = world.store.disputes.newestFirst().filter((dispute) => dispute.charge === charge.id);
  if (disputes.some(({ status }) => status !== "won")) {
    throw refused("The payer's bank took this charge back; it cannot be refunded", {
      code: "charge_disputed",
    });
  }
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) {
    throw refused("This charge has been refunded in full already", { code: "charge_already_refunded" });
  }
  const amount = wanted ?? left;
  if (amount < 1) throw badParameter("amount", "A refund is at least 1", "parameter_invalid_integer");
  checkGranularity(amount, charge.currency);
  if (amount > left) {
    throw refused(`Only ${formatMinor(left, charge.currency)} of this charge can still be refunded`, {
      param: "amount",
    });
  }
  return amount;
}
