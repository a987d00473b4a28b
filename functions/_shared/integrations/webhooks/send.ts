import { Webhook } from "standardwebhooks";
import type { Runtime } from "../../runtime.ts";
import type { WebhookLease, WebhookOutcome } from "../../domain/webhooks.ts";
import { postPinned } from "./post.ts";

/** Version of the messages' form; a new one is for changes that a receiver would trip over. */
const schemaVersion = 1;

/** Signs one message and posts it. Never throws: whatever a receiver does is an outcome. */
export async function sendWebhook(
  runtime: Runtime,
  webhook: WebhookLease,
  timeoutMs: number,
): Promise<WebhookOutcome> {
  const startedAtMs = performance.now();
  const outcome = await attempt(webhook, runtime.now(), timeoutMs);
  return { ...outcome, durationMs: Math.round(performance.now() - startedAtMs) };
}

async function attempt(
  webhook: WebhookLease,
  now: Date,
  timeoutMs: number,
): Promise<Omit<WebhookOutcome, "durationMs">> {
  const body = JSON.stringify(message(webhook));
  try {
    const status = await postPinned(webhook.url, {
      headers: {
        "content-type": "application/json",
        "user-agent": "Convene-Webhooks/1",
        ...signature(webhook, body, now),
      },
      body,
      signal: AbortSignal.timeout(timeoutMs),
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
function signature({ id, secrets }: WebhookLease, body: string, now: Date): Record<string, string> {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(" "),
  };
}

/** What the owner may read. A refused address and an unreachable one sound alike: nobody maps our network with them. */
function problem(cause: unknown): string {
  if (cause instanceof DOMException && cause.name === "TimeoutError") return "did not answer in time";
  if (cause instanceof Deno.errors.InvalidData) return "its certificate does not hold for its name";
  return "cannot be reached at a public address";
}
