import type { Stripe } from "stripe";
import { finishOnboarding, payOut, restrictAccount } from "./accounts.ts";
import { type Disturbance, StripeApi } from "./api.ts";
import { authenticateIntent, confirmIntent, finishProcessing, openStatuses } from "./confirmation.ts";
import { closeDispute, openDispute } from "./disputes.ts";
import { aboutSimulator } from "./about.ts";
import { StripeFault } from "./fault.ts";
import { randomText } from "./ids.ts";
import { finishRefund } from "./refunds.ts";
import { defaultRetryDelaysMs, Webhooks } from "./webhooks.ts";
import { createWorld, type Fee, type World } from "./world.ts";

/** Where the simulator is, below the project's URL. */
export const stripePath = "/simulators/stripe";

export interface StripeSimulatorOptions {
  /** What Stripe keeps of each charge; by default nothing. Stripe's own price is `{basisPoints: 290, fixedMinor: 30}`. */
  fee?: Fee;
  /** Where webhooks go; by default to the payment webhook of the consulting function. */
  webhookUrl?: string;
  /** Waits before each further attempt to deliver a webhook. */
  webhookRetryDelaysMs?: readonly number[];
}

/** What the functions need to know to talk to it, and to believe its webhooks. */
export interface StripeCredentials {
  secretKey: string;
  /** Signs events of the platform itself. */
  webhookSecret: string;
  /** Signs events of connected accounts, which have an endpoint of their own. */
  connectWebhookSecret: string;
  baseUrl: string;
}

/**
 * The part of Stripe that Convene uses, in memory. `fetch` is its API; every other method does what people, banks,
 * time or a bad network do to it.
 */
export class StripeSimulator {
  readonly credentials: StripeCredentials;
  readonly webhooks: Webhooks;
  readonly #world: World;
  readonly #api: StripeApi;

  constructor(projectUrl: string, clock: () => Date, options: StripeSimulatorOptions = {}) {
    this.credentials = {
      secretKey: `sk_test_${randomText(32)}`,
      webhookSecret: `whsec_${randomText(32)}`,
      connectWebhookSecret: `whsec_${randomText(32)}`,
      baseUrl: projectUrl + stripePath,
    };
    this.#world = createWorld({ clock, fee: options.fee ?? { basisPoints: 0, fixedMinor: 0 }, projectUrl });
    this.#api = new StripeApi(this.#world, this.credentials.secretKey);
    this.webhooks = new Webhooks({
      url: options.webhookUrl ?? `${projectUrl}/functions/v1/consulting/payments/webhook`,
      secret: this.credentials.webhookSecret,
      connectSecret: this.credentials.connectWebhookSecret,
      retryDelaysMs: options.webhookRetryDelaysMs ?? defaultRetryDelaysMs,
      fetch: (url, init) => fetch(url, init),
      clock,
    });
    this.#world.events.onEvent((event) => this.webhooks.add(event));
  }

  /** Answers a request below `/simulators/stripe`. */
  async fetch(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname.slice(stripePath.length);
    if (path === "" || path === "/") return aboutSimulator();
    return await this.#api.fetch(request, path);
  }

  close(): Promise<void> {
    return this.webhooks.close();
  }

  /** PaymentIntents that wait for their payer or bank, newest first. */
  openIntents(): Stripe.PaymentIntent[] {
    return this.#intents(({ status }) => openStatuses.has(status) || status === "processing");
  }

  /** PaymentIntents that are paid or cancelled, newest first. */
  closedIntents(): Stripe.PaymentIntent[] {
    return this.#intents(({ status }) => status === "succeeded" || status === "canceled");
  }

  findIntent(id: string): Stripe.PaymentIntent | undefined {
    return this.#world.store.paymentIntents.find(id);
  }

  findAccount(id: string): Stripe.Account | undefined {
    return this.#world.store.accounts.find(id);
  }

  /**
   * The payer pays with a test payment method. A decline is no error here: the PaymentIntent tells.
   *
   * @throws {StripeFault} when the PaymentIntent cannot be paid
   */
  pay(intentId: string, method = "pm_card_visa"): Stripe.PaymentIntent {
    const intent = this.#world.store.paymentIntents.get(intentId);
    try {
      return confirmIntent(this.#world, intent, {
        method,
        returnUrl: undefined,
        isOffSession: false,
        refusesAction: false,
        isPayer: true,
      });
    } catch (error) {
      if (error instanceof StripeFault && error.status === 402) return intent;
      throw error;
    }
  }

  /** The payer comes back from their bank, authenticated or not. */
  authenticate(intentId: string, isGenuine: boolean): void {
    authenticateIntent(this.#world, this.#world.store.paymentIntents.get(intentId), isGenuine);
  }

  /** A payment that was processing arrives, or does not. */
  finishPayment(intentId: string, isPaid: boolean): void {
    finishProcessing(this.#world, this.#world.store.paymentIntents.get(intentId), isPaid);
  }

  /** A pending refund succeeds; one by `pm_card_refundFail` fails. */
  finishRefund(refundId: string): void {
    finishRefund(this.#world, this.#world.store.refunds.get(refundId));
  }

  /** The payer's bank takes a charge back; `amount` in minor units, by default all that was not refunded. */
  openDispute(chargeId: string, options: { amount?: number; reason?: string } = {}): Stripe.Dispute {
    return openDispute(this.#world, this.#world.store.charges.get(chargeId), options);
  }

  closeDispute(disputeId: string, decision: "won" | "lost"): void {
    closeDispute(this.#world, this.#world.store.disputes.get(disputeId), decision);
  }

  /** A provider gives Stripe all that it asks for: transfers and payouts begin. */
  finishOnboarding(accountId: string): void {
    finishOnboarding(this.#world, this.#world.store.accounts.get(accountId));
  }

  /** Stripe asks a provider for more, and stops transfers until then. */
  restrictAccount(accountId: string): void {
    restrictAccount(this.#world, this.#world.store.accounts.get(accountId));
  }

  /** Stripe pays all that a provider has to their bank: nothing is left there for a reversal. */
  payOut(accountId: string): void {
    payOut(this.#world, this.#world.store.accounts.get(accountId));
  }

  /** Ends the wait of all pending money. */
  makeAvailable(): void {
    this.#world.ledger.makeAvailable();
  }

  /** Disturbs the next requests of the API, by default until `calm`. */
  disturb(kind: Disturbance, times = Infinity): void {
    this.#api.disturb(kind, times);
  }

  calm(): void {
    this.#api.calm();
  }

  /** Lets requests of the API wait after they arrived; the answer lets them go on. */
  hold(): () => void {
    return this.#api.hold();
  }

  #intents(isWanted: (intent: Stripe.PaymentIntent) => boolean): Stripe.PaymentIntent[] {
    return this.#world.store.paymentIntents.newestFirst().filter(isWanted);
  }
}
