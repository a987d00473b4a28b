import assert from "node:assert/strict";
import { makeEvent, makePerson, makeProvider, type Person } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { type WebhookReceiver, webhookReceiver } from "../../support/webhook_receiver.ts";

export const bookingEvents = [
  "booking.created",
  "booking.cancelled",
  "booking.rescheduled",
  "booking.completed",
];

/** All that may be subscribed to. */
export const everything = [
  ...bookingEvents,
  "booking.confirmed",
  "booking.expired",
  "booking.no_show",
  "event.updated",
  "event.cancelled",
  "payment.succeeded",
  "payment.refunded",
];

/** A stack whose webhooks may reach this machine, with a receiver. */
export class WebhookWorld {
  private constructor(readonly stack: TestStack, readonly receiver: WebhookReceiver) {}

  static async open(env: Record<string, string> = {}): Promise<WebhookWorld> {
    const stack = await testStack({ env });
    await stack.database.query("select admin.allow_webhook_host('127.0.0.1')");
    return new WebhookWorld(stack, webhookReceiver());
  }

  async close(): Promise<void> {
    await this.stack.close();
    await this.receiver.close();
  }

  /** A provider with an endpoint at the receiver. */
  async subscribe(
    events = bookingEvents,
    url = this.receiver.url,
  ): Promise<{ provider: Person; endpoint: string; secret: string }> {
    const provider = await makeProvider(this.stack);
    const { data, error } = await provider.client.rpc("create_webhook_endpoint", { url, events });
    assert.equal(error, null);
    assert.ok(data?.endpoint_id && data.secret);
    return { provider, endpoint: data.endpoint_id, secret: data.secret };
  }

  async book(provider: Person) {
    const attendee = await makePerson(this.stack, { name: "Jane Smith" });
    const event = await makeEvent(provider, { price_minor: 2500 });
    const { data: booking } = await attendee.client.rpc("book_event", {
      event_id: event.id,
      notes: "My secret wish",
    });
    assert.ok(booking);
    return { attendee, event, booking };
  }

  async run(): Promise<Record<string, number>> {
    const response = await this.stack.runWorker();
    assert.equal(response.status, 200);
    return await response.json();
  }

  /** Makes failed deliveries due now. */
  async hurry(): Promise<void> {
    await this.stack.database.query(
      "update public.webhook_deliveries set due_at = now() where status = 'pending'",
    );
  }

  /** Fails so often that the delivery dies, the first failure so many days ago. */
  async failToTheEnd(endpoint: string, failingDays: number): Promise<void> {
    for (let attempt = 1; attempt <= 10; attempt++) {
      await this.run();
      await this.hurry();
      if (attempt > 1) continue;
      await this.stack.database.query(
        "update public.webhook_endpoints set failing_since = now() - make_interval(days => $2::int) where id = $1",
        [endpoint, failingDays],
      );
    }
  }
}

/** What a provider sees of an endpoint's deliveries, oldest first. */
export async function deliveriesOf(provider: Person, endpoint: string) {
  const { data, error } = await provider.client.from("webhook_deliveries").select().eq(
    "endpoint_id",
    endpoint,
  )
    .order("outbox_id");
  assert.equal(error, null);
  return data!;
}

/** What a provider sees of the attempts. */
export async function attemptsOf(provider: Person, endpoint: string) {
  const { data, error } = await provider.client.from("webhook_attempts")
    .select("http_status, error, duration_ms").eq("endpoint_id", endpoint).order("id");
  assert.equal(error, null);
  return data!;
}
