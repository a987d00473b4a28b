import type { Db } from "../_shared/domain/db.ts";
import { leaseWebhooks, settleWebhook, type WebhookLease } from "../_shared/domain/webhooks.ts";
import type { Logger } from "../_shared/http/log.ts";
import type { Runtime } from "../_shared/runtime.ts";
import type { Summary } from "./run.ts";

/** How much longer than a receiver may take a message is leased. */
const leaseMarginSeconds = 10;
/** Receivers have no longer, however patient we are with vendors. */
const maxTimeoutMs = 10_000;
/** Messages under way at once; a slow receiver holds its own few of these places and no more. */
const maxRunning = 20;

/** Delivers webhooks until none is due or the time is up. Never throws: its lot is not that of other deliveries. */
export async function deliverWebhooks(
  runtime: Runtime,
  db: Db,
  { log, endAt, summary }: { log: Logger; endAt: number; summary: Summary },
): Promise<void> {
  const running = new Set<Promise<void>>();
  const leaseSeconds = Math.ceil(timeoutMs(runtime) / 1000) + leaseMarginSeconds;
  try {
    while (runtime.now().getTime() < endAt) {
      const webhooks = await leaseWebhooks(db, { batchSize: maxRunning - running.size, leaseSeconds });
      for (const webhook of webhooks) {
        const work = deliver(runtime, db, { webhook, log, summary }).finally(() => running.delete(work));
        running.add(work);
      }
      if (running.size === 0) break;
      if (webhooks.length === 0 || running.size >= maxRunning) await Promise.race(running);
    }
  } catch (cause) {
    log.error("webhooks not leased", { cause });
  }
  await Promise.all(running);
}

function timeoutMs({ config }: Runtime): number {
  return Math.min(config.vendorTimeoutMs, maxTimeoutMs);
}

async function deliver(
  runtime: Runtime,
  db: Db,
  { webhook, log, summary }: { webhook: WebhookLease; log: Logger; summary: Summary },
): Promise<void> {
  const { id, endpoint_id, attempts } = webhook;
  try {
    const { sendWebhook } = await import("../_shared/integrations/webhooks/send.ts");
    const result = await sendWebhook(runtime, webhook, timeoutMs(runtime));
    const { outcome, error, cause } = result;
    if (outcome !== "delivered") {
      log.warning("webhook failed", { webhook: id, endpoint_id, attempts, error, cause });
    }
    const status = await settleWebhook(db, webhook, result);
    if (status !== null) summary[status === "pending" ? "failed" : status]++;
    // Nobody is told of an administrators' endpoint otherwise.
    if (status === "dead") log.error("webhook given up", { webhook: id, endpoint_id, attempts, error });
  } catch (cause) {
    log.error("webhook not settled", { webhook: id, endpoint_id, cause });
  }
}
