import type { Stripe } from "stripe";
import { createStripeClient } from "../../../functions/_shared/integrations/stripe_client.ts";
import { StripeSimulator, type StripeSimulatorOptions } from "../../../local/stripe/simulator.ts";
import { shutDown } from "../../support/shut_down.ts";

/** A webhook as it arrived. */
export interface ReceivedWebhook {
  body: string;
  signature: string;
}

/** The official SDK before a simulator of its own, over HTTP, with an endpoint for its webhooks. */
export interface StripeBench extends AsyncDisposable {
  simulator: StripeSimulator;
  stripe: Stripe;
  /** Where the API is. */
  url: string;
  /** Webhooks in the order of their arrival. */
  received: ReceivedWebhook[];
  /** The status that the endpoint answers from now on. */
  answer(status: number): void;
  /** A client with another key or other options. */
  client(options?: Stripe.StripeConfig & { secretKey?: string }): Promise<Stripe>;
  /** Moves the simulator's clock. */
  pass(seconds: number): void;
  /** What the verified webhooks were, in the order of their arrival. */
  events(): Promise<Stripe.Event[]>;
}

export async function openBench(
  options: StripeSimulatorOptions = {},
): Promise<StripeBench> {
  let status = 200;
  let lateSeconds = 0;
  const received: ReceivedWebhook[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (new URL(request.url).pathname !== "/webhook") return await simulator.fetch(request);
    received.push({ body: await request.text(), signature: request.headers.get("stripe-signature") ?? "" });
    return new Response(null, { status });
  });
  const projectUrl = `http://127.0.0.1:${server.addr.port}`;
  const clock = () => new Date(Date.now() + lateSeconds * 1000);
  const simulator: StripeSimulator = new StripeSimulator(projectUrl, clock, {
    webhookUrl: `${projectUrl}/webhook`,
    ...options,
  });
  const { secretKey, baseUrl, webhookSecret, connectWebhookSecret } = simulator.credentials;
  const client = (
    { secretKey: key = secretKey, ...config }: Stripe.StripeConfig & { secretKey?: string } = {},
  ) => createStripeClient({ secretKey: key, baseUrl, fetch }, { maxNetworkRetries: 0, ...config });
  const stripe = await client();
  return {
    simulator,
    stripe,
    url: baseUrl,
    received,
    answer: (next) => void (status = next),
    client,
    pass: (seconds) => void (lateSeconds += seconds),
    async events() {
      await simulator.webhooks.settled();
      return await Promise.all(
        received.map(({ body, signature }) => {
          const secret = "account" in JSON.parse(body) ? connectWebhookSecret : webhookSecret;
          return stripe.webhooks.constructEventAsync(body, signature, secret, 3600 * 24 * 365);
        }),
      );
    },
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await shutDown(server);
    },
  };
}

/** A PaymentIntent that needs no address to return to. */
export function intentOf(
  amount = 2500,
  more: Partial<Stripe.PaymentIntentCreateParams> = {},
): Stripe.PaymentIntentCreateParams {
  return {
    amount,
    currency: "usd",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    ...more,
  };
}

/** A PaymentIntent that was paid, and its charge. */
export async function pay(
  { stripe }: StripeBench,
  amount = 2500,
  more: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<{ intent: Stripe.PaymentIntent; charge: string }> {
  const intent = await stripe.paymentIntents.create(
    intentOf(amount, { payment_method: "pm_card_visa", confirm: true, ...more }),
  );
  return { intent, charge: String(intent.latest_charge) };
}

/** A provider who can receive transfers. */
export async function openProvider({ stripe, simulator }: StripeBench): Promise<string> {
  const { id } = await stripe.accounts.create({
    type: "express",
    country: "US",
    email: "provider@example.com",
    capabilities: { transfers: { requested: true } },
  });
  simulator.finishOnboarding(id);
  return id;
}

/** What an error of the SDK says, without its texts. */
export function facts(error: unknown): Record<string, unknown> {
  const { type, rawType, code, decline_code, param, statusCode } = error as Stripe.errors.StripeError;
  const all = { class: type, type: rawType, code, decline_code, param, status: statusCode };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** A header of an answer. The SDK's types promise an object; on Deno it hands the answer of `fetch` on. */
export function header(object: { lastResponse: unknown }, name: string): string | null {
  return (object.lastResponse as globalThis.Response).headers.get(name);
}
