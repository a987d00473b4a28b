import { z } from "@hono/zod-openapi";
import { CalendarEntry } from "./calendar.ts";
import { call, type Db } from "./db.ts";

const Person = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  locale: z.string(),
  timezone: z.string().nullable(),
});
export type Person = z.output<typeof Person>;

/** A snapshot at the moment of the domain event; times are ISO 8601, prices minor units. */
const Payload = z.object({
  attendee_id: z.string().optional(),
  provider_id: z.string(),
  /** Absent of one-to-one time. */
  event_id: z.string().optional(),
  status: z.string(),
  kind: z.string(),
  title: z.string(),
  location: z.string().optional(),
  starts_at: z.string(),
  ends_at: z.string(),
  timezone: z.string(),
  price_minor: z.number(),
  currency: z.string(),
  booked_at: z.string().optional(),
  cause: z.string().optional(),
  cancelled_by: z.string().optional(),
  previous_starts_at: z.string().optional(),
  previous_ends_at: z.string().optional(),
  /** Until when an offer of the waiting list is held. */
  expires_at: z.string().optional(),
  payment_id: z.string().optional(),
  refund_id: z.string().optional(),
  transfer_id: z.string().optional(),
  reversal_id: z.string().optional(),
  refund_minor: z.number().optional(),
});

const Delivery = z.object({
  id: z.number(),
  lease_token: z.string(),
  destination: z.string(),
  target: z.string(),
  event: z.string(),
  key: z.string(),
  version: z.number(),
  attempts: z.number(),
  payload: Payload,
  context: z.object({
    recipient: Person.nullable(),
    attendee: Person.nullable(),
    provider: Person.nullable(),
    notes: z.string().nullable(),
    /** Why a booking was cancelled or moved, by whoever did it. E-mails only. */
    reason: z.string().nullish(),
    /** Whether the event has a link. E-mails only. */
    is_online: z.boolean().optional(),
    /** What the recipient's calendar shows now; of a reminder null once it should not be sent any more. E-mails only. */
    entry: CalendarEntry.nullish(),
  }),
});

/** One domain event on its way to one destination, leased to this worker. */
export type Delivery = z.output<typeof Delivery>;

/** How a delivery ended: failed ones are tried again later, dead ones not. */
export type Outcome = "delivered" | "skipped" | "dead" | "failed";

export interface DeliveryResult {
  id: number;
  lease_token: string;
  outcome: Outcome;
  error?: string;
}

/**
 * Leases due deliveries; none whose key has an older one pending for the same destination. Those that this version
 * does not understand come apart, so that they hold nothing up. `only` asks for one key and destination.
 */
export async function leaseDeliveries(
  db: Db,
  { batchSize, leaseSeconds, only }: {
    batchSize: number;
    leaseSeconds: number;
    only?: { key: string; destination: string };
  },
): Promise<{ deliveries: Delivery[]; unknown: { id: number; lease_token: string }[] }> {
  const rows = await call(db, "lease_deliveries", {
    batch_size: batchSize,
    lease_seconds: leaseSeconds,
    ...(only ? { only_key: only.key, only_destination: only.destination } : {}),
  });
  const parsed = rows.map((row) => ({ row, result: Delivery.safeParse(row) }));
  return {
    deliveries: parsed.flatMap(({ result }) => result.success ? [result.data] : []),
    unknown: parsed.filter(({ result }) => !result.success).map(({ row }) => row),
  };
}

/** What became of the latest delivery of a key to a destination; null while it does not exist yet. */
export function readDeliveryStatus(db: Db, key: string, destination: string): Promise<string | null> {
  return call(db, "delivery_status", { key, destination });
}

/** Acknowledges leased deliveries; answers how many leases still held. */
export function settleDeliveries(db: Db, results: DeliveryResult[]): Promise<number> {
  return call(db, "settle_deliveries", { results: results.map((result) => ({ ...result })) });
}

/** When the oldest due delivery is older than this, the worker does not keep up, or nobody calls it. */
export const maxDueSeconds = 300;

/** How far deliveries are behind. */
export async function readOutboxHealth(
  db: Db,
): Promise<{ oldestDueSeconds: number; pending: number; dead: number }> {
  const row = await call(db, "outbox_health", {});
  return { oldestDueSeconds: row.oldest_due_seconds ?? 0, pending: row.pending ?? 0, dead: row.dead ?? 0 };
}

/** Expires lapsed holds, completes bookings, tells due reminders, prunes old records, each in a bounded portion. */
export async function sweep(db: Db): Promise<void> {
  await call(db, "sweep", {});
}
