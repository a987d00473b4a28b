import { createAccount, createAccountLink } from "./accounts.ts";
import { cancelIntent, createIntent, updateIntent } from "./payment_intents.ts";
import { confirmIntent, readConfirmation } from "./confirmation.ts";
import type { Params } from "./params.ts";
import { createRefund } from "./refunds.ts";
import { page, readPage } from "./store.ts";
import { createReversal, createTransfer } from "./transfers.ts";
import type { World } from "./world.ts";

/** What a handler gets: `id` is the path's, `account` the connected account that the request speaks for. */
export interface Call {
  params: Params;
  id: string;
  account: string | null;
}

/** One operation of the API. */
export interface Route {
  method: "GET" | "POST";
  /** Below `/v1`; `:id` stands for an id. */
  path: string;
  /** Kind of object, or `list of` it. */
  answers: string;
  /** Whether it can be asked for a connected account, with `Stripe-Account`. */
  isConnected?: boolean;
  answer(world: World, call: Call): object;
}

/** Everything that the simulator answers. */
export const routes: readonly Route[] = [
  {
    method: "POST",
    path: "/payment_intents",
    answers: "payment_intent",
    answer: (world, { params }) => createIntent(world, params),
  },
  {
    method: "GET",
    path: "/payment_intents",
    answers: "list of payment_intent",
    answer({ store }, { params }) {
      const request = readPage(params, "/v1/payment_intents");
      params.done();
      return page(store.paymentIntents.newestFirst(), request);
    },
  },
  {
    method: "GET",
    path: "/payment_intents/:id",
    answers: "payment_intent",
    answer: ({ store }, { id, params }) => retrieve(store.paymentIntents, id, params),
  },
  {
    method: "POST",
    path: "/payment_intents/:id",
    answers: "payment_intent",
    answer: (world, { id, params }) => updateIntent(world, world.store.paymentIntents.get(id), params),
  },
  {
    method: "POST",
    path: "/payment_intents/:id/cancel",
    answers: "payment_intent",
    answer: (world, { id, params }) => cancelIntent(world, world.store.paymentIntents.get(id), params),
  },
  {
    method: "POST",
    path: "/payment_intents/:id/confirm",
    answers: "payment_intent",
    answer(world, { id, params }) {
      const confirmation = readConfirmation(params);
      params.done();
      return confirmIntent(world, world.store.paymentIntents.get(id), confirmation);
    },
  },
  {
    method: "GET",
    path: "/charges/:id",
    answers: "charge",
    answer: ({ store }, { id, params }) => retrieve(store.charges, id, params),
  },
  {
    method: "POST",
    path: "/refunds",
    answers: "refund",
    answer: (world, { params }) => createRefund(world, params),
  },
  {
    method: "GET",
    path: "/refunds",
    answers: "list of refund",
    answer({ store }, { params }) {
      const request = readPage(params, "/v1/refunds");
      const [charge, intent] = [params.text("charge"), params.text("payment_intent")];
      params.done();
      const refunds = store.refunds.newestFirst()
        .filter((refund) =>
          (!charge || refund.charge === charge) && (!intent || refund.payment_intent === intent)
        );
      return page(refunds, request);
    },
  },
  {
    method: "GET",
    path: "/refunds/:id",
    answers: "refund",
    answer: ({ store }, { id, params }) => retrieve(store.refunds, id, params),
  },
  {
    method: "POST",
    path: "/accounts",
    answers: "account",
    answer: (world, { params }) => createAccount(world, params),
  },
  {
    method: "GET",
    path: "/accounts/:id",
    answers: "account",
    answer: ({ store }, { id, params }) => retrieve(store.accounts, id, params),
  },
  {
    method: "POST",
    path: "/account_links",
    answers: "account_link",
    answer: (world, { params }) => createAccountLink(world, params),
  },
  {
    method: "POST",
    path: "/transfers",
    answers: "transfer",
    answer: (world, { params }) => createTransfer(world, params),
  },
  {
    method: "GET",
    path: "/transfers/:id",
    answers: "transfer",
    answer: ({ store }, { id, params }) => retrieve(store.transfers, id, params),
  },
  {
    method: "POST",
    path: "/transfers/:id/reversals",
    answers: "transfer_reversal",
    answer: (world, { id, params }) => createReversal(world, world.store.transfers.get(id), params),
  },
  {
    method: "GET",
    path: "/balance",
    answers: "balance",
    isConnected: true,
    answer({ ledger }, { params, account }) {
      params.done();
      return ledger.balance(account);
    },
  },
  {
    method: "GET",
    path: "/balance_transactions",
    answers: "list of balance_transaction",
    isConnected: true,
    answer({ ledger }, { params, account }) {
      const request = readPage(params, "/v1/balance_transactions");
      const [type, source, currency] = [params.text("type"), params.text("source"), params.text("currency")];
      params.done();
      const transactions = ledger.of(account).filter((transaction) =>
        (!type || transaction.type === type) && (!source || transaction.source === source) &&
        (!currency || transaction.currency === currency)
      );
      return page(transactions, request);
    },
  },
  {
    method: "GET",
    path: "/events",
    answers: "list of event",
    answer({ store }, { params }) {
      const request = readPage(params, "/v1/events");
      const [type, types] = [params.text("type"), params.list("types")];
      params.done();
      const events = store.events.newestFirst()
        .filter((event) => (!type || event.type === type) && (!types || types.includes(event.type)));
      return page(events, request);
    },
  },
  {
    method: "GET",
    path: "/events/:id",
    answers: "event",
    answer: ({ store }, { id, params }) => retrieve(store.events, id, params),
  },
  {
    method: "GET",
    path: "/disputes/:id",
    answers: "dispute",
    answer: ({ store }, { id, params }) => retrieve(store.disputes, id, params),
  },
];

function retrieve<T extends object>(collection: { get(id: string): T }, id: string, params: Params): T {
  params.done();
  return collection.get(id);
}

/** The operation that a request asks for, and the id in its path. */
export function matchRoute(method: string, path: string): { route: Route; id: string } | null {
  for (const route of routes) {
    if (route.method !== method) continue;
    const match = new RegExp(`^${route.path.replace(":id", "([^/]+)")}$`).exec(path);
    if (match) return { route, id: match[1] ?? "" };
  }
  return null;
}
