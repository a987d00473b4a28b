import type { Runtime } from "../../runtime.ts";
import type { WebhookLease, WebhookOutcome } from "../../domain/webhooks.ts";
import { AddressRefusedError } from "./addresses.ts";
import { postPinned } from "./post.ts";

/** Version of the messages' form; a new one is for changes that a receiver would trip over. */
const schemaVersion = 1;
/** Receivers have no longer, however patient we are with vendors. */
const maxMs = 10_000;

/** The longest that one attempt takes. */
export function webhookTimeoutMs(runtime: Runtime): number {
  return Math.min(runtime.config.vendorTimeoutMs, maxMs);
}

/** Signs one message and posts it. Never throws: whatever a receiver does is an outcome. */
export async function sendWebhook(runtime: Runtime, webhook: WebhookLease): Promise<WebhookOutcome> {
  const startedAtMs = performance.now();
  const outcome = await attempt(runtime, webhook);
  return { ...outcome, durationMs: Math.round(performance.now() - startedAtMs) };
}

async function attempt(
  runtime: Runtime,
  webhook: WebhookLease,
): Promise<Omit<WebhookOutcome, "durationMs">> {
  const body = JSON.stringify(message(webhook));
  try {
    const status = await postPinned(webhook.url, {
      headers: {
        "content-type": "application/json",
        "user-agent": "Convene-Webhooks/1",
        ...await signature(webhook, body, runtime.now()),
      },
      body,
      signal: AbortSignal.timeout(webhookTimeoutMs(runtime)),
      privateHost: webhook.private_host,
    });
    if (status < 300) return { outcome: "delivered", status };
    if (status === 410) return { outcome: "gone", status, error: "answered 410: it wants no more" };
    const note = status < 400 ? ": redirects are not followed" : "";
    return { outcome: "failed", status, error: `answered ${status}${note}` };
  } catch (cause) {
    return { outcome: "failed", error: problem(cause), cause };
  }
}

function message({ event, occurred_at, data }: WebhookLease) {
  return { type: event, timestamp: new Date(occurred_at).toISOString(), version: schemaVersion, data };
}

/** The headers of Standard Webhooks; after a rotation the old secret signs beside the new one. */
async function signature(
  { id, secrets }: WebhookLease,
  body: string,
  now: Date,
): Promise<Record<string, string>> {
  const { Webhook } = await import("standardwebhooks");
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(" "),
  };
}

/** What the owner may read: a refused address and an unreachable one sound alike, ours are not to be counted. */
function problem(cause: unknown): string {
  if (cause instanceof DOMException && cause.name === "TimeoutError") return "did not answer in time";
  if (cause instanceof AddressRefusedError) return "cannot be reached at a public address";
  if (cause instanceof Deno.errors.InvalidData) return "its certificate does not hold for its name";
  return "cannot be reached at a public address";
}
