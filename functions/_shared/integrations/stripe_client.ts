import type { Stripe } from "stripe";

/** How to reach one account of Stripe. */
export interface StripeAccess {
  secretKey: string;
  /** Where the API is instead of https://api.stripe.com, with any path before `/v1`. */
  baseUrl?: string | undefined;
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
}

/**
 * The official SDK. It takes a host and a port but no path, so its requests are led elsewhere on their way out. It is
 * imported here because loading it costs every cold start that does not pay.
 */
export async function createStripeClient(
  { secretKey, baseUrl, fetch }: StripeAccess,
  options: Stripe.StripeConfig = {},
): Promise<Stripe> {
  const { Stripe } = await import("stripe");
  const base = baseUrl?.replace(/\/+$/, "");
  const httpClient = Stripe.createFetchHttpClient((input: string | URL | Request, init?: RequestInit) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    return fetch(base ? base + pathname + search : input, init);
  });
  return new Stripe(secretKey, { telemetry: false, ...options, httpClient });
}
