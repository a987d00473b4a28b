import type { Stripe } from "stripe";
import { signWebhook } from "./webhook_signature.ts";

/** Where events go, and how. */
export interface WebhookOptions {
  url: string;
  /** Signs events of the platform itself. */
  secret: string;
  /** Signs events of connected accounts. */
  connectSecret: string;
  /** Waits before the second attempt, the third and so on; after the last the event is given up. */
  retryDelaysMs: readonly number[];
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  clock: () => Date;
}

/** One attempt to deliver an event. */
export interface Attempt {
  eventId: string;
  type: string;
  /** Null when no answer came. */
  status: number | null;
}

/** An event on its way. */
interface Delivery {
  event: Stripe.Event;
  attempts: number;
  /** Milliseconds since 1970 of the machine's own clock, which the timers follow. */
  dueAt: number;
}

/** While an attempt runs. */
const notDue = Infinity;

/** Minutes rather than Stripe's days: whoever develops waits for it. */
export const defaultRetryDelaysMs: readonly number[] = [1_000, 5_000, 30_000, 120_000, 600_000];

const answerTimeoutMs = 20_000;
const keptAttempts = 1000;

/**
 * Delivers events one after the other, as they were made, and again with growing waits while they are not answered 2xx.
 * Stripe promises no order and no single delivery: the other methods make what can go wrong, happen.
 */
export class Webhooks {
  readonly #options: WebhookOptions;
  readonly #waiting: Delivery[] = [];
  readonly #known = new Map<string, Stripe.Event>();
  readonly #attempts: Attempt[] = [];
  readonly #aborted = new AbortController();
  #isPaused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  /** Takes a new event. */
  add(event: Stripe.Event): void {
    this.#known.set(event.id, event);
    this.#waiting.push({ event, attempts: 0, dueAt: Date.now() });
    this.#schedule();
  }

  /** Events that were not delivered yet, in the order in which they will be. */
  get queue(): readonly Stripe.Event[] {
    return this.#waiting.map(({ event }) => event);
  }

  /** The latest attempts, oldest first. */
  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  /** Keeps new and failed events back until `resume` or `deliver`. */
  pause(): void {
    this.#isPaused = true;
    clearTimeout(this.#timer);
  }

  resume(): void {
    this.#isPaused = false;
    this.#schedule();
  }

  /**
   * Delivers now, whether paused or due: the named events in the order of their names, or all that wait. One that was
   * delivered before is delivered again.
   */
  async deliver(...eventIds: string[]): Promise<Attempt[]> {
    await this.#running;
    const ids = eventIds.length > 0 ? eventIds : this.#waiting.map(({ event }) => event.id);
    const attempts: Attempt[] = [];
    for (const id of ids) attempts.push(await this.#attempt(this.#deliveryOf(id)));
    this.#schedule();
    return attempts;
  }

  /** Delivers an event once more, signed `secondsAgo`. */
  async duplicate(eventId: string, { secondsAgo = 0 }: { secondsAgo?: number } = {}): Promise<Attempt> {
    return await this.#send(this.#eventOf(eventId), secondsAgo);
  }

  /** Gives the waiting events another order, by default the reverse. */
  reorder(arrange: (events: Stripe.Event[]) => Stripe.Event[] = (events) => events.reverse()): void {
    const order = arrange([...this.queue]).map(({ id }) => id);
    this.#waiting.sort((one, other) => order.indexOf(one.event.id) - order.indexOf(other.event.id));
  }

  /** Loses an event: nobody ever hears of it, though the API still lists it. */
  drop(eventId: string): void {
    const index = this.#waiting.findIndex(({ event }) => event.id === eventId);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  /** Lets an event wait so long from now. */
  delay(eventId: string, ms: number): void {
    this.#deliveryOf(eventId).dueAt = Date.now() + ms;
    this.#schedule();
  }

  /** Resolves when everything that was due has been attempted. */
  async settled(): Promise<void> {
    for (;;) {
      await this.#running;
      if (this.#isPaused || this.#aborted.signal.aborted || !this.#nextDue()) return;
      this.#run();
    }
  }

  /** Delivers nothing more, and waits for the attempt that runs. */
  async close(): Promise<void> {
    this.#isPaused = true;
    clearTimeout(this.#timer);
    this.#aborted.abort();
    await this.#running;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const waitMs = Math.min(...this.#waiting.map(({ dueAt }) => dueAt)) - Date.now();
    if (this.#isPaused || waitMs === notDue) return;
    this.#timer = setTimeout(() => this.#run(), Math.max(0, waitMs));
  }

  #run(): void {
    if (this.#running) return;
    this.#running = this.#deliverDue().finally(() => {
      this.#running = null;
      this.#schedule();
    });
  }

  async #deliverDue(): Promise<void> {
    for (let next = this.#nextDue(); next && !this.#isPaused; next = this.#nextDue()) {
      await this.#attempt(next);
    }
  }

  #nextDue(): Delivery | undefined {
    const now = Date.now();
    return this.#waiting.find(({ dueAt }) => dueAt <= now);
  }

  async #attempt(delivery: Delivery): Promise<Attempt> {
    delivery.dueAt = notDue;
    const attempt = await this.#send(delivery.event);
    delivery.attempts++;
    const isDelivered = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
    const waitMs = this.#options.retryDelaysMs[delivery.attempts - 1];
    if (isDelivered) delivery.event.pending_webhooks = 0;
    if (isDelivered || waitMs === undefined) this.drop(delivery.event.id);
    else delivery.dueAt = Date.now() + waitMs;
    return attempt;
  }

  async #send(event: Stripe.Event, secondsAgo = 0): Promise<Attempt> {
    const { url, clock, fetch } = this.#options;
    const secret = event.account ? this.#options.connectSecret : this.#options.secret;
    const body = JSON.stringify(event, null, 2);
    const signature = await signWebhook(body, secret, Math.floor(clock().getTime() / 1000) - secondsAgo);
    const attempt: Attempt = { eventId: event.id, type: event.type, status: null };
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          "stripe-signature": signature,
          "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        },
        body,
        redirect: "manual",
        signal: AbortSignal.any([this.#aborted.signal, AbortSignal.timeout(answerTimeoutMs)]),
      });
      await response.body?.cancel();
      attempt.status = response.status;
    } catch {
      // No answer: the attempt says so.
    }
    this.#attempts.push(attempt);
    if (this.#attempts.length > keptAttempts) this.#attempts.shift();
    return attempt;
  }

  #deliveryOf(eventId: string): Delivery {
    const waiting = this.#waiting.find(({ event }) => event.id === eventId);
    return waiting ?? { event: this.#eventOf(eventId), attempts: 0, dueAt: notDue };
  }

  #eventOf(eventId: string): Stripe.Event {
    const event = this.#known.get(eventId);
    if (!event) throw new Error(`There is no event ${eventId}`);
    return event;
  }
}
