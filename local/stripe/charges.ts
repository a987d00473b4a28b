import type { Stripe } from "stripe";
import { newId } from "./ids.ts";
import { behaviourOf, billingDetails, type Decline } from "./test_methods.ts";
import type { World } from "./world.ts";

/** How long the money of a card payment is pending. */
const pendingSeconds = 2 * 24 * 3600;

/** Makes the charge of an attempt to pay; `decline` says why it failed, `isPending` that it is still open. */
export function addCharge(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  { decline, isPending = false }: { decline?: Decline; isPending?: boolean } = {},
): Stripe.Charge {
  const { store, now } = world;
  const isPaid = !decline && !isPending;
  const charge: Stripe.Charge = {
    id: newId(method.type === "card" ? "ch" : "py"),
    object: "charge",
    amount: intent.amount,
    amount_captured: isPaid ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: billingDetails(),
    calculated_statement_descriptor: "CONVENE",
    captured: isPaid,
    created: now(),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: outcomeOf(decline),
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: methodDetails(method, intent.amount),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: decline ? "failed" : isPending ? "pending" : "succeeded",
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
  if (isPaid) collect(world, charge, method);
  return store.charges.add(charge);
}

/** Marks a charge as paid, and puts its money on the balance. */
export function collect(world: World, charge: Stripe.Charge, method: Stripe.PaymentMethod): void {
  const { ledger, fee, now } = world;
  const hasFee = fee.basisPoints > 0 || fee.fixedMinor > 0;
  Object.assign(charge, { paid: true, captured: true, amount_captured: charge.amount, status: "succeeded" });
  charge.balance_transaction = ledger.post({
    type: charge.id.startsWith("ch_") ? "charge" : "payment",
    reportingCategory: "charge",
    amount: charge.amount,
    fee: hasFee ? Math.round(charge.amount * fee.basisPoints / 10_000) + fee.fixedMinor : 0,
    currency: charge.currency,
    source: charge.id,
    description: charge.description,
    availableOn: now() + (behaviourOf(world, method).bypassesPending ? 0 : pendingSeconds),
  }).id;
}

/** When the money of a charge can be had; refunds and transfers of it count from then, too. */
export function availableOn({ store, now }: World, charge: Stripe.Charge): number {
  const transaction = store.balanceTransactions.find(String(charge.balance_transaction));
  return Math.max(now(), transaction?.available_on ?? 0);
}

function outcomeOf(decline?: Decline): Stripe.Charge.Outcome {
  return {
    advice_code: decline ? "try_again_later" : null,
    network_advice_code: null,
    network_decline_code: decline ? "05" : null,
    network_status: decline ? "declined_by_network" : "approved_by_network",
    reason: decline?.declineCode ?? null,
    risk_level: "normal",
    risk_score: 20,
    seller_message: decline ? "The bank declined the payment." : "Payment complete.",
    type: decline ? "issuer_declined" : "authorized",
  };
}

function methodDetails(method: Stripe.PaymentMethod, amount: number): Stripe.Charge.PaymentMethodDetails {
  if (method.us_bank_account) {
    const { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number } =
      method.us_bank_account;
    return {
      type: "us_bank_account",
      us_bank_account: {
        account_holder_type,
        account_type,
        bank_name,
        fingerprint,
        last4,
        payment_reference: null,
        routing_number,
      },
    };
  }
  return { type: "card", card: cardDetails(method.card!, amount) };
}

function cardDetails(
  card: Stripe.PaymentMethod.Card,
  amount: number,
): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: amount,
    authorization_code: "123456",
    brand: card.brand,
    checks: card.checks,
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    extended_authorization: { status: "disabled" },
    fingerprint: card.fingerprint ?? null,
    funding: card.funding,
    incremental_authorization: { status: "unavailable" },
    installments: null,
    last4: card.last4,
    mandate: null,
    multicapture: { status: "unavailable" },
    network: "visa",
    network_token: { used: false },
    network_transaction_id: "123456789012345",
    overcapture: { maximum_amount_capturable: amount, status: "unavailable" },
    regulated_status: "unregulated",
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}
