import type { Stripe } from "stripe";
import { addCharge, collect } from "./charges.ts";
import { openDispute } from "./disputes.ts";
import { badParameter, refused, StripeFault } from "./fault.ts";
import type { Params } from "./params.ts";
import { behaviourOf, type Decline, resolveMethod } from "./test_methods.ts";
import type { World } from "./world.ts";

/** A PaymentIntent in one of these can still be confirmed, changed and cancelled. */
export const openStatuses: ReadonlySet<string> = new Set([
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
]);

/** How a PaymentIntent is to be confirmed. */
export interface Confirmation {
  method: string | undefined;
  returnUrl: string | undefined;
  isOffSession: boolean;
  refusesAction: boolean;
  /** Whether the payer's browser confirms; Stripe then needs no `return_url`. */
  isPayer: boolean;
}

export function readConfirmation(params: Params): Confirmation {
  return {
    method: params.text("payment_method"),
    returnUrl: params.text("return_url"),
    isOffSession: params.boolean("off_session") ?? false,
    refusesAction: params.boolean("error_on_requires_action") ?? false,
    isPayer: false,
  };
}

/**
 * Answers the payment method to use.
 *
 * @throws {StripeFault} when the PaymentIntent cannot be confirmed so
 */
export function checkConfirmation(
  world: World,
  intent: Stripe.PaymentIntent,
  confirmation: Confirmation,
): Stripe.PaymentMethod {
  if (!openStatuses.has(intent.status)) {
    throw unexpected(intent, `A PaymentIntent that is ${intent.status} cannot be confirmed`);
  }
  const name = confirmation.method ||
    (typeof intent.payment_method === "string" ? intent.payment_method : "");
  if (!name) throw unexpected(intent, "A PaymentIntent without a payment method cannot be confirmed");
  const mayRedirect = intent.automatic_payment_methods?.allow_redirects === "always";
  if (mayRedirect && !confirmation.isPayer && !confirmation.isOffSession && !confirmation.returnUrl) {
    throw badParameter(
      "return_url",
      "Automatic payment methods may redirect the payer: pass return_url, or automatic_payment_methods[allow_redirects]=never",
    );
  }
  const method = resolveMethod(world, name);
  if (!intent.automatic_payment_methods && !intent.payment_method_types.includes(method.type)) {
    throw badParameter(
      "payment_method",
      `The PaymentIntent takes ${intent.payment_method_types}, not ${method.type}`,
    );
  }
  return method;
}

/**
 * Tries to pay.
 *
 * @throws {StripeFault} 402 when the payment is declined; the PaymentIntent can then be tried again
 */
export function confirmIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  confirmation: Confirmation,
): Stripe.PaymentIntent {
  const method = checkConfirmation(world, intent, confirmation);
  intent.payment_method = method.id;
  intent.next_action = null;
  const { outcome } = behaviourOf(world, method);
  switch (outcome.kind) {
    case "succeed":
      return succeed(world, intent, method);
    case "decline":
      throw fail(world, intent, method, outcome);
    case "process":
      return process(world, intent, method);
    case "authenticate":
      if (confirmation.isOffSession || confirmation.refusesAction) {
        throw fail(world, intent, method, authenticationRequired);
      }
      return askForAuthentication(world, intent, confirmation.returnUrl);
  }
}

/**
 * The payer comes back from their bank, which confirmed that it is them, or did not.
 *
 * @throws {StripeFault} when the PaymentIntent does not wait for that
 */
export function authenticateIntent(world: World, intent: Stripe.PaymentIntent, isGenuine: boolean): void {
  if (intent.status !== "requires_action") {
    throw unexpected(intent, `A PaymentIntent that is ${intent.status} waits for no authentication`);
  }
  intent.next_action = null;
  const method = world.store.paymentMethods.get(String(intent.payment_method));
  if (isGenuine) return void succeed(world, intent, method);
  Object.assign(intent, {
    status: "requires_payment_method",
    payment_method: null,
    last_payment_error: {
      type: "invalid_request_error",
      code: "payment_intent_authentication_failure",
      message: "The payer was not authenticated",
      payment_method: method,
    },
  });
  world.events.emit("payment_intent.payment_failed", intent);
}

/**
 * Ends the processing of a slow payment.
 *
 * @throws {StripeFault} when the PaymentIntent is not processing
 */
export function finishProcessing(world: World, intent: Stripe.PaymentIntent, isPaid: boolean): void {
  if (intent.status !== "processing") throw unexpected(intent, "This PaymentIntent is not processing");
  const charge = world.store.charges.get(String(intent.latest_charge));
  const method = world.store.paymentMethods.get(String(charge.payment_method));
  if (isPaid) {
    collect(world, charge, method);
    world.events.emit("charge.succeeded", charge);
    markPaid(world, intent, charge);
    return;
  }
  Object.assign(charge, {
    status: "failed",
    failure_code: "account_closed",
    failure_message: "The bank account was closed",
  });
  world.events.emit("charge.failed", charge);
  markFailed(world, intent, {
    type: "invalid_request_error",
    code: "account_closed",
    message: "The bank account was closed",
    charge: charge.id,
    payment_method: method,
  });
}

function succeed(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Stripe.PaymentIntent {
  const charge = addCharge(world, intent, method);
  world.events.emit("charge.succeeded", charge);
  markPaid(world, intent, charge);
  if (behaviourOf(world, method).isDisputed) openDispute(world, charge, { reason: "fraudulent" });
  return intent;
}

function process(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Stripe.PaymentIntent {
  const charge = addCharge(world, intent, method, { isPending: true });
  Object.assign(intent, { status: "processing", latest_charge: charge.id, last_payment_error: null });
  world.events.emit("charge.pending", charge);
  world.events.emit("payment_intent.processing", intent);
  return intent;
}

function askForAuthentication(
  world: World,
  intent: Stripe.PaymentIntent,
  returnUrl: string | undefined,
): Stripe.PaymentIntent {
  const url = `${world.projectUrl}/console/stripe#${intent.id}`;
  intent.status = "requires_action";
  intent.next_action = returnUrl
    ? { type: "redirect_to_url", redirect_to_url: { return_url: returnUrl, url } }
    : { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url } };
  world.events.emit("payment_intent.requires_action", intent);
  return intent;
}

function fail(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline,
): StripeFault {
  const charge = addCharge(world, intent, method, { decline });
  const error = {
    type: "card_error" as const,
    code: decline.code,
    decline_code: decline.declineCode,
    message: decline.message,
    charge: charge.id,
    payment_method: method,
  };
  world.events.emit("charge.failed", charge);
  markFailed(world, intent, error);
  return new StripeFault(402, { ...error, payment_intent: structuredClone(intent) });
}

function markPaid(world: World, intent: Stripe.PaymentIntent, charge: Stripe.Charge): void {
  Object.assign(intent, {
    status: "succeeded",
    amount_received: intent.amount,
    latest_charge: charge.id,
    last_payment_error: null,
  });
  world.events.emit("payment_intent.succeeded", intent);
}

function markFailed(
  world: World,
  intent: Stripe.PaymentIntent,
  error: Stripe.PaymentIntent.LastPaymentError & { charge: string },
): void {
  Object.assign(intent, {
    status: "requires_payment_method",
    payment_method: null,
    latest_charge: error.charge,
    last_payment_error: error,
  });
  world.events.emit("payment_intent.payment_failed", intent);
}

const authenticationRequired: Decline = {
  kind: "decline",
  code: "authentication_required",
  declineCode: "authentication_required",
  message: "The card's bank wants to authenticate the payer",
};

function unexpected(intent: Stripe.PaymentIntent, message: string): StripeFault {
  return refused(message, {
    code: "payment_intent_unexpected_state",
    payment_intent: structuredClone(intent),
  });
}
