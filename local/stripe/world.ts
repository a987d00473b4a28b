import { EventLog } from "./events.ts";
import { Ledger } from "./ledger.ts";
import { Store } from "./store.ts";
import type { TestMethod } from "./test_methods.ts";

/** What Stripe keeps of a charge: so many hundredths of a percent, and a fixed amount in minor units. */
export interface Fee {
  basisPoints: number;
  fixedMinor: number;
}

/** One simulated Stripe account with all that belongs to it. */
export interface World {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly events: EventLog;
  /** How each payment method behaves, by its id. */
  readonly methods: Map<string, TestMethod>;
  readonly fee: Fee;
  /** Base of the project; pages that Stripe would host are in its console. */
  readonly projectUrl: string;
  /** Seconds since 1970. */
  now(): number;
}

export function createWorld(
  { clock, fee, projectUrl }: { clock: () => Date; fee: Fee; projectUrl: string },
): World {
  const now = () => Math.floor(clock().getTime() / 1000);
  const store = new Store();
  return {
    store,
    ledger: new Ledger(store, now),
    events: new EventLog(store, now),
    methods: new Map(),
    fee,
    projectUrl,
    now,
  };
}
