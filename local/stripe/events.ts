import type { Stripe } from "stripe";
import { newId } from "./ids.ts";
import type { Store } from "./store.ts";
import { apiVersion } from "./version.ts";

/** What caused events: a request of the API, or neither when people or time did. */
export interface Cause {
  id: string | null;
  idempotency_key: string | null;
}

const nobody: Cause = { id: null, idempotency_key: null };

/** Makes events, and tells who listens. */
export class EventLog {
  readonly #store: Store;
  readonly #now: () => number;
  #cause = nobody;
  #hear: (event: Stripe.Event) => void = () => {};

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Who hears of each event, as soon as it is made. */
  onEvent(hear: (event: Stripe.Event) => void): void {
    this.#hear = hear;
  }

  /** Runs something whose events name `cause`. */
  causedBy<T>(cause: Cause, run: () => T): T {
    this.#cause = cause;
    try {
      return run();
    } finally {
      this.#cause = nobody;
    }
  }

  /**
   * Records that something happened to `object`; the event keeps the object as it is now. `before` is the object as
   * it was, where the event tells what changed.
   */
  emit(
    type: Stripe.Event.Type,
    object: object,
    { before, account }: { before?: object; account?: string } = {},
  ): void {
    const event = {
      id: newId("evt"),
      object: "event",
      ...(account === undefined ? {} : { account }),
      api_version: apiVersion,
      created: this.#now(),
      data: {
        object: structuredClone(object),
        ...(before ? { previous_attributes: changed(before, object) } : {}),
      },
      livemode: false,
      pending_webhooks: 1,
      request: this.#cause,
      type,
    };
    this.#hear(this.#store.events.add(asEvent(event)));
  }
}

/** TypeScript cannot know that `type` and `data.object` belong together; every caller of `emit` names both. */
function asEvent(event: object): Stripe.Event {
  return event as Stripe.Event;
}

/** The former values of the attributes that differ. */
function changed(before: object, after: object): Record<string, unknown> {
  const now = new Map(Object.entries(after));
  return Object.fromEntries(
    Object.entries(before).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now.get(name))),
  );
}
