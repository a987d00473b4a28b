import type { Stripe } from "stripe";
import { newId } from "./ids.ts";
import type { Store } from "./store.ts";

/** One movement on a balance. Amounts in minor units; money that leaves is negative. */
export interface Posting {
  type: Stripe.BalanceTransaction.Type;
  reportingCategory: string;
  amount: number;
  /** What Stripe keeps of it. */
  fee?: number;
  currency: string;
  source: string;
  description?: string | null;
  /** Seconds since 1970; until then the money is pending. Default: now. */
  availableOn?: number;
  /** The connected account whose balance it is; null is the platform. */
  account?: string | null;
}

/** Every movement of money. A balance is nothing but their sum. */
export class Ledger {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #accounts = new Map<string, string | null>();

  /** `now` is in seconds since 1970. */
  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  post(posting: Posting): Stripe.BalanceTransaction {
    const { amount, fee = 0, currency, account = null } = posting;
    const now = this.#now;
    const transaction: Stripe.BalanceTransaction = {
      id: newId("txn"),
      object: "balance_transaction",
      amount,
      available_on: posting.availableOn ?? now(),
      balance_type: "payments",
      created: now(),
      currency,
      description: posting.description ?? null,
      exchange_rate: null,
      fee,
      fee_details: fee === 0 ? [] : [{
        amount: fee,
        application: null,
        currency,
        description: "Stripe processing fees",
        type: "stripe_fee",
      }],
      net: amount - fee,
      reporting_category: posting.reportingCategory,
      source: posting.source,
      get status() {
        return this.available_on <= now() ? "available" : "pending";
      },
      type: posting.type,
    };
    this.#accounts.set(transaction.id, account);
    return this.#store.balanceTransactions.add(transaction);
  }

  /** The movements of one balance, newest first. */
  of(account: string | null): Stripe.BalanceTransaction[] {
    return this.#store.balanceTransactions.newestFirst().filter(({ id }) =>
      this.#accounts.get(id) === account
    );
  }

  /** What can be transferred now. */
  available(currency: string, account: string | null = null): number {
    return this.of(account)
      .filter((transaction) => transaction.currency === currency && transaction.status === "available")
      .reduce((sum, { net }) => sum + net, 0);
  }

  balance(account: string | null): Stripe.Balance {
    const sums = new Map<string, { available: number; pending: number }>();
    for (const { currency, net, status } of this.of(account)) {
      const sum = sums.get(currency) ?? { available: 0, pending: 0 };
      sum[status === "available" ? "available" : "pending"] += net;
      sums.set(currency, sum);
    }
    if (sums.size === 0) sums.set("usd", { available: 0, pending: 0 });
    const list = (kind: "available" | "pending") =>
      [...sums].map(([currency, sum]) => ({
        amount: sum[kind],
        currency,
        source_types: { card: sum[kind] },
      }));
    return {
      object: "balance",
      available: list("available"),
      connect_reserved: [...sums.keys()].map((currency) => ({ amount: 0, currency })),
      livemode: false,
      pending: list("pending"),
    };
  }

  /** Ends the wait of all pending money. */
  makeAvailable(): void {
    const now = this.#now();
    for (const transaction of this.#store.balanceTransactions.newestFirst()) {
      transaction.available_on = Math.min(transaction.available_on, now);
    }
  }
}
