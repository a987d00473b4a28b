import type { Stripe } from "stripe";
import { checkChargeAmount, checkCurrency } from "./currencies.ts";
import { refused } from "./fault.ts";
import { newId, randomText } from "./ids.ts";
import type { Params } from "./params.ts";
import { checkConfirmation, confirmIntent, openStatuses, readConfirmation } from "./confirmation.ts";
import { resolveMethod } from "./test_methods.ts";
import type { World } from "./world.ts";

/** `POST /v1/payment_intents` */
export function createIntent(world: World, params: Params): Stripe.PaymentIntent {
  const currency = checkCurrency(params.requiredText("currency"));
  const amount = params.requiredInteger("amount");
  const automatic = params.group("automatic_payment_methods");
  const isAutomatic = automatic?.boolean("enabled");
  const redirects = automatic?.oneOf("allow_redirects", ["always", "never"]) ?? "always";
  const types = params.list("payment_method_types");
  params.oneOf("capture_method", ["automatic", "automatic_async"]);
  const details = readDetails(params);
  const methodName = params.text("payment_method");
  const isConfirmed = params.boolean("confirm") ?? false;
  const confirmation = isConfirmed ? { ...readConfirmation(params), method: undefined } : null;
  const metadata = params.metadata();
  params.done();
  checkChargeAmount(amount, currency);

  const id = newId("pi");
  const intent: Stripe.PaymentIntent = {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: types || isAutomatic === false
      ? null
      : { allow_redirects: redirects, enabled: true },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: "automatic",
    created: world.now(),
    currency,
    customer: null,
    customer_account: null,
    description: details.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: methodName ? resolveMethod(world, methodName).id : null,
    payment_method_configuration_details: null,
    payment_method_options: { card: cardOptions() },
    payment_method_types: types ?? ["card"],
    payment_record: null,
    processing: null,
    receipt_email: details.receipt_email ?? null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: details.statement_descriptor ?? null,
    statement_descriptor_suffix: details.statement_descriptor_suffix ?? null,
    status: methodName ? "requires_confirmation" : "requires_payment_method",
    transfer_data: null,
    transfer_group: details.transfer_group ?? null,
  };
  if (confirmation) checkConfirmation(world, intent, confirmation);
  world.store.paymentIntents.add(intent);
  world.events.emit("payment_intent.created", intent);
  return confirmation ? confirmIntent(world, intent, confirmation) : intent;
}

/** `POST /v1/payment_intents/:id` */
export function updateIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  params: Params,
): Stripe.PaymentIntent {
  const amount = params.integer("amount");
  const currencyText = params.text("currency");
  const methodName = params.text("payment_method");
  const details = readDetails(params);
  const metadata = params.metadata(intent.metadata);
  params.done();
  const currency = currencyText === undefined ? intent.currency : checkCurrency(currencyText);
  const changesPayment = amount !== undefined || currencyText !== undefined || methodName !== undefined ||
    details.transfer_group !== undefined;
  if (changesPayment && !openStatuses.has(intent.status)) {
    throw refused(`Nothing but texts and metadata can change while a PaymentIntent is ${intent.status}`, {
      code: "payment_intent_unexpected_state",
      payment_intent: intent,
    });
  }
  if (amount !== undefined || currencyText !== undefined) {
    checkChargeAmount(amount ?? intent.amount, currency);
  }
  const method = methodName ? resolveMethod(world, methodName).id : undefined;
  Object.assign(intent, { currency, metadata, ...details }, amount === undefined ? {} : { amount });
  if (method) {
    Object.assign(intent, { payment_method: method, status: "requires_confirmation", next_action: null });
  }
  return intent;
}

/** `POST /v1/payment_intents/:id/cancel` */
export function cancelIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  params: Params,
): Stripe.PaymentIntent {
  const reason = params.oneOf("cancellation_reason", [
    "abandoned",
    "duplicate",
    "fraudulent",
    "requested_by_customer",
  ]);
  params.done();
  if (!openStatuses.has(intent.status)) {
    throw refused(`A PaymentIntent that is ${intent.status} cannot be cancelled`, {
      code: "payment_intent_unexpected_state",
      payment_intent: intent,
    });
  }
  Object.assign(intent, {
    status: "canceled",
    canceled_at: world.now(),
    cancellation_reason: reason ?? null,
    next_action: null,
  });
  world.events.emit("payment_intent.canceled", intent);
  return intent;
}

/** The texts that a PaymentIntent carries; the empty text takes one away. */
function readDetails(params: Params) {
  const names = [
    "description",
    "receipt_email",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
  ] as const;
  const read = names.map((name) => [name, params.text(name)] as const);
  return Object.fromEntries(
    read.filter(([, value]) => value !== undefined).map(([name, value]) => [name, value || null]),
  ) as Partial<Record<typeof names[number], string | null>>;
}

function cardOptions(): Stripe.PaymentIntent.PaymentMethodOptions.Card {
  return { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" };
}
