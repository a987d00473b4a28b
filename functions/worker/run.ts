import type { Db } from "../_shared/domain/db.ts";
import {
  type Delivery,
  type DeliveryResult,
  leaseDeliveries,
  type Outcome,
  readDeliveryStatus,
  settleDeliveries,
  sweep,
} from "../_shared/domain/outbox.ts";
import { refreshOpenings } from "../_shared/domain/provider_portraits.ts";
import { AppError } from "../_shared/http/errors.ts";
import type { Logger } from "../_shared/http/log.ts";
import { sweepPayouts } from "../_shared/domain/payouts.ts";
import { crm } from "../_shared/integrations/crm.ts";
import { writeInvitation } from "../_shared/integrations/mail/invitation.ts";
import { writeLetter } from "../_shared/integrations/mail/letter.ts";
import { mailSender, senderAddress } from "../_shared/integrations/mail/mail.ts";
import { VendorError } from "../_shared/integrations/vendor.ts";
import type { Runtime } from "../_shared/runtime.ts";
import { deliverMeeting } from "./meetings.ts";
import { stripeDesk } from "./stripe.ts";
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
  const destinations = openDestinations(runtime, db, log);
  const isHalfOver = () => runtime.now().getTime() >= endAt - maxRunMs / 2;
  const chores = {
    sweep: () => sweep(db),
    openings: () => refreshOpenings(db, { until: isHalfOver }),
    money: () => sweepMoney(runtime, db, log),
  };
  for (const [chore, work] of Object.entries(chores)) {
    await work().catch((cause) => {
      // Without the database nothing else works either; what goes wrong in one chore holds nothing up.
      if (cause instanceof AppError && cause.code === "TRY_AGAIN") throw cause;
      log.error("chore failed", { chore, cause });
    });
  }
  let webhooks: Promise<void> | undefined;
  while (runtime.now().getTime() < endAt) {
    const results = await deliverBatch(runtime, db, log, destinations);
    // That lease has fanned out for webhooks as well; they go beside the others, which wait for no stranger's server.
    webhooks ??= deliverWebhooks(runtime, db, { log, endAt, summary });
    if (results.length === 0) break;
    for (const result of results) summary[result.outcome]++;
  }
  await webhooks;
  return summary;
}

/** Sets the platform's fee and delay, orders transfers that are due, and says so when the ledger does not add up. */
async function sweepMoney(runtime: Runtime, db: Db, log: Logger): Promise<void> {
  const { platformFeePercent, payoutDelayHours } = runtime.config;
  const differences = await sweepPayouts(db, { platformFeePercent, payoutDelayHours });
  if (differences.length > 0) log.error("the ledger does not add up", { differences });
}

const pollMs = 50;

/**
 * Delivers at once what one key has due for one destination, and answers what became of it: delivered, skipped, dead,
 * or pending when it failed or another worker has it for longer than `withinMs`.
 */
export async function deliverNow(
  runtime: Runtime,
  db: Db,
  log: Logger,
  { key, destination, withinMs }: { key: string; destination: string; withinMs: number },
): Promise<string> {
  const endAt = runtime.now().getTime() + withinMs;
  const destinations = openDestinations(runtime, db, log);
  for (;;) {
    const results = await deliverBatch(runtime, db, log, destinations, { key, destination });
    const status = await readDeliveryStatus(db, key, destination) ?? "pending";
    if (status !== "pending" || results.length > 0 || runtime.now().getTime() >= endAt) return status;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function deliverBatch(
  runtime: Runtime,
  db: Db,
  log: Logger,
  destinations: Record<string, Destination>,
  only?: { key: string; destination: string },
): Promise<DeliveryResult[]> {
  const leaseSeconds = Math.ceil(runtime.config.vendorTimeoutMs / 1000) + leaseMarginSeconds;
  const { deliveries, unknown } = await leaseDeliveries(db, {
    batchSize,
    leaseSeconds,
    ...(only ? { only } : {}),
  });
  if (deliveries.length + unknown.length === 0) return [];
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
  return results;
}

/** Takes a delivery; answers whether there was anybody to deliver it to. */
type Destination = (delivery: Delivery) => Promise<"delivered" | "skipped">;

/** What each destination does with a delivery; one that is not configured skips. */
function openDestinations(runtime: Runtime, db: Db, log: Logger): Record<string, Destination> {
  const mail = mailSender(runtime);
  const customers = crm(runtime);
  const desk = stripeDesk(runtime, log);
  return {
    email: async (delivery) => {
      const letter = mail && writeLetter(delivery);
      if (!letter) return "skipped";
      const attachments = await writeInvitation(delivery, senderAddress(runtime));
      await mail.send(attachments.length > 0 ? { ...letter, attachments } : letter);
      return "delivered";
    },
    crm: async (delivery) => {
      // The CRM's contract knows bookings of events only.
      if (!customers || !delivery.payload.event_id) return "skipped";
      await customers.notify(delivery);
      return "delivered";
    },
    meeting: (delivery) => deliverMeeting(runtime, db, delivery.key),
    stripe: async (delivery) => {
      if (!desk) return "skipped";
      await desk.execute(delivery);
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
