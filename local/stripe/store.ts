import type { Stripe } from "stripe";
import { missing } from "./fault.ts";
import type { Params } from "./params.ts";

/** All objects of one kind, in the order in which they were made. */
export class Collection<T extends { id: string }> {
  readonly #objects = new Map<string, T>();

  /** `kind` and `param` are the words of "there is no ..." errors. */
  constructor(readonly kind: string, readonly param = "id") {}

  add(object: T): T {
    this.#objects.set(object.id, object);
    return object;
  }

  find(id: string): T | undefined {
    return this.#objects.get(id);
  }

  /** @throws {StripeFault} when there is none */
  get(id: string, param = this.param): T {
    const object = this.#objects.get(id);
    if (!object) throw missing(this.kind, id, param);
    return object;
  }

  newestFirst(): T[] {
    return [...this.#objects.values()].reverse();
  }
}

/** Every object of one simulated account. */
export class Store {
  readonly accounts = new Collection<Stripe.Account>("account", "account");
  readonly balanceTransactions = new Collection<Stripe.BalanceTransaction>("balance transaction");
  readonly charges = new Collection<Stripe.Charge>("charge", "charge");
  readonly disputes = new Collection<Stripe.Dispute>("dispute", "dispute");
  readonly events = new Collection<Stripe.Event>("event");
  readonly paymentIntents = new Collection<Stripe.PaymentIntent>("payment intent", "intent");
  readonly paymentMethods = new Collection<Stripe.PaymentMethod>("payment method", "payment_method");
  readonly refunds = new Collection<Stripe.Refund>("refund");
  readonly reversals = new Collection<Stripe.TransferReversal>("transfer reversal");
  readonly transfers = new Collection<Stripe.Transfer>("transfer");

  /** Any object by its id, for expansion. */
  find(id: string): object | undefined {
    for (const collection of Object.values(this)) {
      const object = (collection as Collection<{ id: string }>).find(id);
      if (object) return object;
    }
  }
}

/** How much of a list a request wants. */
export interface PageRequest {
  limit: number;
  startingAfter: string | undefined;
  endingBefore: string | undefined;
  url: string;
}

export function readPage(params: Params, url: string): PageRequest {
  const limit = params.integer("limit") ?? 10;
  return {
    limit: Math.min(Math.max(limit, 1), 100),
    startingAfter: params.text("starting_after"),
    endingBefore: params.text("ending_before"),
    url,
  };
}

/** One page of objects that are newest first. A cursor must be one of them. */
export function page<T extends { id: string }>(objects: T[], request: PageRequest): Stripe.ApiList<T> {
  const { limit, startingAfter, endingBefore, url } = request;
  const at = (id: string, param: string) => {
    const index = objects.findIndex((object) => object.id === id);
    if (index < 0) throw missing("object in this list", id, param);
    return index;
  };
  if (endingBefore) {
    const end = at(endingBefore, "ending_before");
    const start = Math.max(0, end - limit);
    return { object: "list", data: objects.slice(start, end), has_more: start > 0, url };
  }
  const start = startingAfter ? at(startingAfter, "starting_after") + 1 : 0;
  return {
    object: "list",
    data: objects.slice(start, start + limit),
    has_more: start + limit < objects.length,
    url,
  };
}
