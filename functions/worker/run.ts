import type { Db } from "../_shared/domain/db.ts";
import {
  type Delivery,
  type DeliveryResult,
  leaseDeliveries,
  type Outcome,
  settleDeliveries,
  sweep,
} from "../_shared/domain/outbox.ts";
import type { Logger } from "../_shared/http/log.ts";
import { crm } from "../_shared/integrations/crm.ts";
import { writeLetter } from "../_shared/integrations/mail/letter.ts";
import { mailSender } from "../_shared/integrations/mail/mail.ts";
import { VendorError } from "../_shared/integrations/vendor.ts";
import type { Runtime } from "../_shared/runtime.ts";
import { deliverWebhooks } from "./webhooks.ts";

export type Summary = Record<Outcome, number>;

/** One call works for so long; the next call goes on. The platform ends requests after 150 s. */
const maxRunMs = 20_000;
const batchSize = 25;
/** How much longer than a vendor may take a delivery is leased: a lease never ends under a worker that is alive. */
const leaseMarginSeconds = 10;

/** Sweeps what time has brought about, then delivers until nothing is due or the time is up. */
export async function runWorker(runtime: Runtime, db: Db, log: Logger): Promise<Summary> {
  const summary: Summary = { delivered: 0, skipped: 0, failed: 0, dead: 0 };
  const endAt = runtime.now().getTime() + maxRunMs;
  const destinations = openDestinations(runtime);
  const leaseSeconds = Math.ceil(runtime.config.vendorTimeoutMs / 1000) + leaseMarginSeconds;
  await sweep(db);
  let webhooks: Promise<void> | undefined;
  while (runtime.now().getTime() < endAt) {
    const { deliveries, unknown } = await leaseDeliveries(db, { batchSize, leaseSeconds });
    // That lease has fanned out for webhooks as well; they go beside the others, which wait for no stranger's server.
    webhooks ??= deliverWebhooks(runtime, db, { log, endAt, summary });
    if (deliveries.length + unknown.length === 0) break;
    const results = [
      ...await Promise.all(deliveries.map((delivery) => deliver(destinations, delivery, log))),
      ...unknown.map(({ id, lease_token }) => ({
        id,
        lease_token,
        outcome: "dead" as const,
        error: "unknown form",
      })),
    ];
    await settleDeliveries(db, results);
    for (const result of results) summary[result.outcome]++;
  }
  await webhooks;
  return summary;
}

/** Takes a delivery; answers whether there was anybody to deliver it to. */
type Destination = (delivery: Delivery) => Promise<"delivered" | "skipped">;

/** What each destination does with a delivery; one that is not configured skips. */
function openDestinations(runtime: Runtime): Record<string, Destination> {
  const mail = mailSender(runtime);
  const customers = crm(runtime);
  return {
    email: async (delivery) => {
      const letter = mail && writeLetter(delivery);
      if (!letter) return "skipped";
      await mail.send(letter);
      return "delivered";
    },
    crm: async (delivery) => {
      if (!customers) return "skipped";
      await customers.notify(delivery);
      return "delivered";
    },
  };
}

async function deliver(
  destinations: Record<string, Destination>,
  delivery: Delivery,
  log: Logger,
): Promise<DeliveryResult> {
  const { id, lease_token, destination, attempts } = delivery;
  try {
    return { id, lease_token, outcome: await destinations[destination]?.(delivery) ?? "skipped" };
  } catch (cause) {
    const isFinal = cause instanceof VendorError && cause.isFinal;
    log.warning("delivery failed", { delivery: id, destination, attempts, is_final: isFinal, cause });
    const error = cause instanceof VendorError ? cause.message : "failed on our side, see the log";
    return { id, lease_token, outcome: isFinal ? "dead" : "failed", error };
  }
}
