import { z } from "@hono/zod-openapi";
import { call, type Db } from "./db.ts";

const WebhookLease = z.object({
  id: z.string(),
  lease_token: z.string(),
  endpoint_id: z.string(),
  url: z.string(),
  private_host: z.string().nullable(),
  secrets: z.array(z.string()),
  event: z.string(),
  occurred_at: z.string(),
  data: z.record(z.string(), z.unknown()),
  attempts: z.number(),
});

/** One message on its way to one endpoint, leased to this worker. */
export type WebhookLease = z.output<typeof WebhookLease>;

/** What came of an attempt. `error` is for the endpoint's owner, `cause` for the log. */
export interface WebhookOutcome {
  outcome: "delivered" | "failed" | "gone";
  durationMs: number;
  status?: number;
  error?: string;
  cause?: unknown;
}

/** Leases due webhooks, in order per booking or event, a few at a time of one endpoint. */
export async function leaseWebhooks(
  db: Db,
  { batchSize, leaseSeconds }: { batchSize: number; leaseSeconds: number },
): Promise<WebhookLease[]> {
  const rows = await call(db, "lease_webhooks", { batch_size: batchSize, lease_seconds: leaseSeconds });
  return z.array(WebhookLease).parse(rows);
}

const Status = z.enum(["pending", "delivered", "dead"]).nullable();

/** Logs an attempt and settles the delivery; answers its new status, null when the lease had ended. */
export async function settleWebhook(
  db: Db,
  { id, lease_token }: WebhookLease,
  { outcome, durationMs, status, error }: WebhookOutcome,
): Promise<z.output<typeof Status>> {
  return Status.parse(
    await call(db, "settle_webhook", {
      delivery_id: id,
      lease_token,
      outcome,
      duration_ms: durationMs,
      ...(status === undefined ? {} : { http_status: status }),
      ...(error === undefined ? {} : { error }),
    }),
  );
}
