import type { Context } from "hono";
import type { Runtime } from "../runtime.ts";
import type { Actor } from "./actor.ts";
import { addressBucket, clientAddress } from "./client_address.ts";
import type { Env } from "./context.ts";
import { sharedCounter } from "./rate_counters.ts";
import { countRequest, type RateCounter } from "./rate_limit.ts";

/**
 * Limits sign-up and sign-in: per address, and per e-mail, phone or Google account wherever the tries come from; null
 * names nobody. Counted across instances, and refused while the counters cannot be read.
 */
export function signInLimit(runtime: Runtime) {
  let counter: RateCounter | undefined;
  return async <A extends Actor>(c: Context<Env<A>>, identifier: string | null): Promise<void> => {
    counter ??= sharedCounter(runtime);
    const limit = { quota: runtime.config.signInQuota, counter, whenDown: "refuse" as const };
    const address = clientAddress(c, runtime.config);
    if (address) {
      await countRequest(c, runtime, { ...limit, name: "sign-in address" }, addressBucket(address));
    }
    if (!identifier) return;
    await countRequest(c, runtime, { ...limit, name: "sign-in identifier" }, identifier.toLowerCase());
  };
}
