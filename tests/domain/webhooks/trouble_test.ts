import assert from "node:assert/strict";
import type { Person } from "../../support/people.ts";
import { receiver as vendor } from "../../support/receiver.ts";
import { webhookReceiver } from "../../support/webhook_receiver.ts";
import { attemptsOf, deliveriesOf, WebhookWorld } from "./support.ts";

let world: WebhookWorld;
Deno.test.beforeAll(async () => void (world = await WebhookWorld.open()));
Deno.test.beforeEach(() => world.receiver.answer(() => new Response()));
Deno.test.afterAll(() => world.close());

const endpointOf = async (provider: Person, endpoint: string) => {
  const { data } = await provider.client.from("webhook_endpoints").select().eq("id", endpoint).single();
  assert.ok(data);
  return data;
};
const disabledNotices = async (provider: Person) => {
  const { data } = await provider.client.from("notifications").select().eq("kind", "webhook.disabled");
  return data!.map(({ subject_id, data }) => ({ subject_id, data }));
};

Deno.test("ten failed tries make a dead delivery; an endpoint that has failed for less than two days goes on", async () => {
  const { provider, endpoint } = await world.subscribe();
  await world.book(provider);
  world.receiver.answer(() => new Response(null, { status: 500 }));
  await world.failToTheEnd(endpoint, 1);
  const [delivery] = await deliveriesOf(provider, endpoint);
  assert.deepEqual([delivery?.status, delivery?.attempts], ["dead", 10]);
  assert.equal(
    world.stack.log.filter((line) => line.includes("webhook given up") && line.includes(endpoint)).length,
    1,
  );
  const { disabled_at, consecutive_failures } = await endpointOf(provider, endpoint);
  assert.deepEqual([disabled_at, consecutive_failures], [null, 10]);
  assert.deepEqual(await disabledNotices(provider), []);
});

Deno.test("the waits between ten tries add up to about three days", async () => {
  const { provider, endpoint } = await world.subscribe();
  await world.book(provider);
  world.receiver.answer(() => new Response(null, { status: 500 }));
  let waitedSeconds = 0;
  for (let attempt = 1; attempt <= 10; attempt++) {
    await world.run();
    const [row] = await world.stack.database.query<{ wait: number }>(
      "select extract(epoch from due_at - now())::float8 as wait from public.webhook_deliveries where endpoint_id = $1",
      [endpoint],
    );
    if (attempt < 10) waitedSeconds += row?.wait ?? 0;
    await world.hurry();
  }
  const [delivery] = await deliveriesOf(provider, endpoint);
  assert.deepEqual([delivery?.status, delivery?.attempts], ["dead", 10]);
  const days = waitedSeconds / 86_400;
  assert.ok(days > 2.4 && days < 4, `${days} days`);
});

Deno.test("a delivery that dies after two days without an accepted one disables the endpoint and notifies its owner", async () => {
  const { provider, endpoint } = await world.subscribe();
  await world.book(provider);
  world.receiver.answer(() => new Response(null, { status: 500 }));
  await world.failToTheEnd(endpoint, 3);
  const { disabled_reason } = await endpointOf(provider, endpoint);
  assert.equal(disabled_reason, "failing");
  assert.deepEqual(await disabledNotices(provider), [
    {
      subject_id: endpoint,
      data: { title: world.receiver.url, role: "provider", starts_at: null, timezone: null },
    },
  ]);

  // What happens meanwhile is put aside, and told after the endpoint is mended.
  const { booking } = await world.book(provider);
  await world.run();
  assert.deepEqual((await deliveriesOf(provider, endpoint)).map(({ status }) => status), ["dead", "skipped"]);
  world.receiver.answer(() => new Response());
  await provider.client.rpc("update_webhook_endpoint", { endpoint_id: endpoint, enabled: true });
  const { data: replayed } = await provider.client.rpc("replay_webhook_deliveries", {
    endpoint_id: endpoint,
    since: new Date(Date.now() - 3_600_000).toISOString(),
  });
  assert.equal(replayed, 2);
  await world.run();
  assert.deepEqual((await deliveriesOf(provider, endpoint)).map(({ status }) => status), [
    "delivered",
    "delivered",
  ]);
  assert.ok(world.receiver.accepted().some(({ body }) => body.data.booking_id === booking.id));
});

Deno.test("one accepted message forgets the failures before it", async () => {
  const { provider, endpoint } = await world.subscribe();
  await world.book(provider);
  world.receiver.answer(() => new Response(null, { status: 500 }));
  await world.run();
  assert.equal((await endpointOf(provider, endpoint)).consecutive_failures, 1);
  world.receiver.answer(() => new Response());
  await world.hurry();
  await world.run();
  const { consecutive_failures, failing_since } = await endpointOf(provider, endpoint);
  assert.deepEqual([consecutive_failures, failing_since], [0, null]);
});

Deno.test("a receiver that answers 410 is disabled at once, and nothing more is sent", async () => {
  const { provider, endpoint } = await world.subscribe();
  const first = await world.book(provider);
  await world.book(provider);
  world.receiver.answer(({ body }) =>
    new Response(null, { status: body.data.booking_id === first.booking.id ? 410 : 500 })
  );
  await world.run();
  assert.equal((await endpointOf(provider, endpoint)).disabled_reason, "gone");
  assert.equal((await disabledNotices(provider)).length, 1);
  assert.deepEqual((await deliveriesOf(provider, endpoint)).map(({ status }) => status), ["dead", "skipped"]);
  const before = world.receiver.requests.length;
  await world.hurry();
  await world.run();
  assert.equal(world.receiver.requests.length, before);
});

Deno.test("a replay of what is under way leaves it alone, and its failure is tried again as ever", async () => {
  const { provider, endpoint } = await world.subscribe(["booking.created"]);
  const { data: delivery } = await provider.client.rpc("send_test_webhook", { endpoint_id: endpoint });
  const leased = await world.stack.database.query<{ id: string; lease_token: string }>(
    "select id, lease_token from private.lease_webhooks(50, 60)",
  );
  const lease = leased.find(({ id }) => id === delivery?.id);
  assert.ok(lease);
  const { data: replayed } = await provider.client.rpc("replay_webhook_delivery", { delivery_id: lease.id });
  assert.equal(replayed?.lease_token, lease.lease_token);
  const [settled] = await world.stack.database.query<{ status: string }>(
    "select private.settle_webhook($1, $2, 'failed', 1, 500, 'answered 500') as status",
    [lease.id, lease.lease_token],
  );
  assert.equal(settled?.status, "pending");
});

Deno.test("an acknowledgement of a lease that has ended is ignored and not logged", async () => {
  const { provider, endpoint } = await world.subscribe(["booking.created"]);
  await provider.client.rpc("send_test_webhook", { endpoint_id: endpoint });
  const lease = async () => {
    await world.stack.database.query("update public.webhook_deliveries set leased_until = null");
    const rows = await world.stack.database.query<{ id: string; endpoint_id: string; lease_token: string }>(
      "select id, endpoint_id, lease_token from private.lease_webhooks(50, 60)",
    );
    return rows.find((row) => row.endpoint_id === endpoint)!;
  };
  const settle = async ({ id, lease_token }: { id: string; lease_token: string }) =>
    (await world.stack.database.query<{ status: string | null }>(
      "select private.settle_webhook($1, $2, 'delivered', 1, 200, null) as status",
      [id, lease_token],
    ))[0]?.status;
  const [first, second] = [await lease(), await lease()];
  assert.equal(await settle(first), null);
  assert.equal((await attemptsOf(provider, endpoint)).length, 0);
  assert.equal(await settle(second), "delivered");
  assert.equal((await attemptsOf(provider, endpoint)).length, 1);
});

Deno.test("a redirect is a failure and is not followed", async () => {
  const target = webhookReceiver();
  const { provider, endpoint } = await world.subscribe();
  await world.book(provider);
  world.receiver.answer(() => Response.redirect(target.url, 307));
  await world.run();
  await target.close();
  assert.equal(target.requests.length, 0);
  assert.deepEqual(
    (await attemptsOf(provider, endpoint)).map(({ http_status, error }) => [http_status, error]),
    [
      [307, "answered 307: redirects are not followed"],
    ],
  );
});

Deno.test("a receiver that accepts with an endless answer has accepted; no more than its beginning is read", async () => {
  const { provider, endpoint } = await world.subscribe();
  await world.book(provider);
  let sentBytes = 0;
  const chunk = new Uint8Array(1024);
  world.receiver.answer(() =>
    new Response(
      new ReadableStream({
        pull(controller) {
          sentBytes += chunk.length;
          controller.enqueue(chunk);
        },
      }),
    )
  );
  await world.run();
  assert.deepEqual((await deliveriesOf(provider, endpoint)).map(({ status }) => status), ["delivered"]);
  assert.ok(sentBytes < 16 * 1024 * 1024, `${sentBytes} bytes`);
});

Deno.test("a receiver that talks no HTTP or ends the connection is tried again", async () => {
  for (const answer of ["220 mail.example.com ESMTP\r\n", ""]) {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const served = (async () => {
      using connection = await listener.accept();
      await connection.read(new Uint8Array(4096));
      if (answer) await connection.write(new TextEncoder().encode(answer));
    })();
    const { provider, endpoint } = await world.subscribe(
      ["booking.created"],
      `http://127.0.0.1:${listener.addr.port}`,
    );
    await world.book(provider);
    await world.run();
    await served;
    const [attempt] = await attemptsOf(provider, endpoint);
    assert.deepEqual([attempt?.http_status, attempt?.error], [null, "cannot be reached at a public address"]);
    assert.equal((await deliveriesOf(provider, endpoint))[0]?.status, "pending");
    await provider.client.rpc("delete_webhook_endpoint", { endpoint_id: endpoint });
  }
});

Deno.test("a receiver that hangs holds up neither mail nor other receivers, and its turn ends with the time limit", async () => {
  const mail = vendor({ id: "1" });
  const slow = webhookReceiver();
  const limitMs = 4000;
  const here = await WebhookWorld.open({ VENDOR_TIMEOUT_MS: String(limitMs), RESEND_BASE_URL: mail.url });
  const release = Promise.withResolvers<void>();
  try {
    const { provider } = await here.subscribe(["booking.created"], slow.url);
    await provider.client.rpc("create_webhook_endpoint", {
      url: here.receiver.url,
      events: ["booking.created"],
    });
    slow.answer(async () => {
      await release.promise;
      return new Response();
    });
    for (let i = 0; i < 5; i++) await here.book(provider);

    let isTimeUp = false;
    // Before the limit has passed no request has ended.
    let atOnce = 0;
    const startedAt = performance.now();
    const worker = here.run().finally(() => isTimeUp = true);
    while (mail.accepted.length < 10 || here.receiver.requests.length < 5) {
      if (performance.now() - startedAt < limitMs) atOnce = slow.requests.length;
      assert.ok(!isTimeUp, `${mail.accepted.length} letters, ${here.receiver.requests.length} webhooks`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(slow.accepted().length, 0);
    assert.ok(atOnce <= 4, `${atOnce} at once`);
    await worker;
    const errors = await here.stack.database.query<{ error: string }>(
      "select distinct error from public.webhook_attempts where error is not null",
    );
    assert.deepEqual(errors, [{ error: "did not answer in time" }]);
  } finally {
    release.resolve();
    await here.close();
    await Promise.all([mail.close(), slow.close()]);
  }
});
