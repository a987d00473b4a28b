import type { Runtime } from "../runtime.ts";
import type { Step } from "./context.ts";
import { sharedCounter } from "./rate_counters.ts";
import { rateLimit } from "./rate_limit.ts";

/** Limits a user's payment requests, counted across instances, and refused while the counters cannot be read. */
export function paymentLimit(runtime: Runtime): Step {
  let limited: Step | undefined;
  return (c) => {
    limited ??= rateLimit(runtime, {
      name: "payments",
      quota: runtime.config.paymentQuota,
      counter: sharedCounter(runtime),
      whenDown: "refuse",
      subject: (c) => {
        const actor = c.get("actor");
        return actor.kind === "user" ? actor.id : null;
      },
    });
    return limited(c);
  };
}
