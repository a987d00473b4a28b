import type { Stripe } from "stripe";
import { AppError } from "../../http/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { createStripeClient } from "../stripe_client.ts";

/** One delivery asks Stripe so often at most; together its calls must end before its lease does. */
const maxCallsPerDelivery = 3;

const clients = new WeakMap<Runtime, Promise<Stripe>>();

/**
 * The configured account of Stripe; one client per process.
 *
 * @throws {AppError} PAYMENTS_NOT_CONFIGURED without a secret key
 */
export async function openStripe(runtime: Runtime): Promise<Stripe> {
  const { stripe, vendorTimeoutMs } = runtime.config;
  if (!stripe) throw new AppError("PAYMENTS_NOT_CONFIGURED");
  let client = clients.get(runtime);
  if (!client) {
    client = createStripeClient(
      { secretKey: stripe.secretKey, baseUrl: stripe.baseUrl, fetch: runtime.fetch },
      // Retries are the worker's and the caller's: they hold no request open.
      { maxNetworkRetries: 0, timeout: Math.floor(vendorTimeoutMs / maxCallsPerDelivery) },
    );
    clients.set(runtime, client);
  }
  return await client;
}
