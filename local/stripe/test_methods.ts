import type { Stripe } from "stripe";
import { missing } from "./fault.ts";
import { newId, randomText } from "./ids.ts";
import type { World } from "./world.ts";

/** What becomes of a payment. */
export type Outcome =
  | { kind: "succeed" }
  | Decline
  | { kind: "authenticate" }
  | { kind: "process" };

/** A payment that the payer's bank refuses, in Stripe's codes. */
export interface Decline {
  kind: "decline";
  code: DeclineCode;
  declineCode: string;
  message: string;
}

type DeclineCode =
  | "authentication_required"
  | "card_declined"
  | "expired_card"
  | "incorrect_cvc"
  | "processing_error";

/** A payment method that behaves in one way. Names and numbers are those that Stripe gives for tests. */
export interface TestMethod {
  last4: string;
  outcome: Outcome;
  /** Money that comes at once, without two days of waiting. */
  bypassesPending?: boolean;
  /** What refunds do that do not simply succeed. */
  refund?: "pending" | "fail";
  isDisputed?: boolean;
  isBankAccount?: boolean;
}

const succeed: Outcome = { kind: "succeed" };

function decline(code: DeclineCode, declineCode: string, message: string): Outcome {
  return { kind: "decline", code, declineCode, message };
}

export const testMethods: Record<string, TestMethod> = {
  pm_card_visa: { last4: "4242", outcome: succeed },
  pm_card_bypassPending: { last4: "0077", outcome: succeed, bypassesPending: true },
  pm_card_pendingRefund: { last4: "7726", outcome: succeed, refund: "pending" },
  pm_card_refundFail: { last4: "5126", outcome: succeed, refund: "fail" },
  pm_card_createDispute: { last4: "0259", outcome: succeed, isDisputed: true },
  pm_card_authenticationRequired: { last4: "3184", outcome: { kind: "authenticate" } },
  pm_card_chargeDeclined: {
    last4: "0002",
    outcome: decline("card_declined", "generic_decline", "The card was declined"),
  },
  pm_card_chargeDeclinedInsufficientFunds: {
    last4: "9995",
    outcome: decline("card_declined", "insufficient_funds", "There is not enough money on the card"),
  },
  pm_card_chargeDeclinedLostCard: {
    last4: "9987",
    outcome: decline("card_declined", "lost_card", "The card was declined"),
  },
  pm_card_chargeDeclinedExpiredCard: {
    last4: "0069",
    outcome: decline("expired_card", "expired_card", "The card has expired"),
  },
  pm_card_chargeDeclinedIncorrectCvc: {
    last4: "0127",
    outcome: decline("incorrect_cvc", "incorrect_cvc", "The card's security code is wrong"),
  },
  pm_card_chargeDeclinedProcessingError: {
    last4: "0119",
    outcome: decline("processing_error", "processing_error", "The card could not be processed; try again"),
  },
  pm_usBankAccount_processing: { last4: "6789", outcome: { kind: "process" }, isBankAccount: true },
};

/** The payment method that a request names: a test name makes a new one, as Stripe does. */
export function resolveMethod(world: World, name: string): Stripe.PaymentMethod {
  const known = world.store.paymentMethods.find(name);
  if (known) return known;
  const test = testMethods[name];
  if (!test) throw missing("payment method", name, "payment_method");
  const method = world.store.paymentMethods.add(paymentMethod(world, test));
  world.methods.set(method.id, test);
  return method;
}

/** How a payment method behaves. */
export function behaviourOf(world: World, method: Stripe.PaymentMethod): TestMethod {
  return world.methods.get(method.id)!;
}

function paymentMethod(world: World, { last4, isBankAccount }: TestMethod): Stripe.PaymentMethod {
  const common = {
    id: newId("pm"),
    object: "payment_method" as const,
    allow_redisplay: "unspecified",
    billing_details: billingDetails(),
    created: world.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
  };
  return isBankAccount
    ? { ...common, type: "us_bank_account", us_bank_account: bankAccount(last4) }
    : { ...common, type: "card", card: card(last4) };
}

function card(last4: string): Stripe.PaymentMethod.Card {
  return {
    brand: "visa",
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: "US",
    display_brand: "visa",
    exp_month: 8,
    exp_year: 2035,
    fingerprint: randomText(16),
    funding: "credit",
    generated_from: null,
    last4,
    networks: { available: ["visa"], preferred: null },
    regulated_status: "unregulated",
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}

function bankAccount(last4: string): Stripe.PaymentMethod.UsBankAccount {
  return {
    account_holder_type: "individual",
    account_type: "checking",
    bank_name: "STRIPE TEST BANK",
    financial_connections_account: null,
    fingerprint: randomText(16),
    last4,
    networks: { preferred: "ach", supported: ["ach"] },
    routing_number: "110000000",
    status_details: null,
  };
}

export function billingDetails(): Stripe.PaymentMethod.BillingDetails {
  return {
    address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
    email: null,
    name: null,
    phone: null,
    tax_id: null,
  };
}
