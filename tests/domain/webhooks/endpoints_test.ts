import assert from "node:assert/strict";
import { makePerson, makeProvider, type Person } from "../../support/people.ts";
import { verify } from "../../support/webhook_receiver.ts";
import { attemptsOf, deliveriesOf, everything, WebhookWorld } from "./support.ts";

let world: WebhookWorld;
Deno.test.beforeAll(async () => void (world = await WebhookWorld.open()));
Deno.test.beforeEach(() => world.receiver.answer(() => new Response()));
Deno.test.afterAll(() => world.close());

const create = (person: Person, args: { url?: string; events?: string[]; description?: string } = {}) =>
  person.client.rpc("create_webhook_endpoint", {
    url: "https://hooks.example.com/convene",
    events: ["booking.created"],
    ...args,
  });
const requestsAbout = (booking: string) =>
  world.receiver.requests.filter(({ body }) => body.data.booking_id === booking);

Deno.test("the secret is shown when an endpoint is made and stands in nothing that its owner can read", async () => {
  const provider = await makeProvider(world.stack);
  const { data } = await create(provider, { description: "The diary" });
  assert.match(data?.secret ?? "", /^whsec_[A-Za-z0-9+/]{43}=$/);
  const { data: endpoints } = await provider.client.from("webhook_endpoints").select();
  assert.deepEqual(
    endpoints?.map(({ id, url, events, description, disabled_at }) => ({
      id,
      url,
      events,
      description,
      disabled_at,
    })),
    [{
      id: data?.endpoint_id,
      url: "https://hooks.example.com/convene",
      events: ["booking.created"],
      description: "The diary",
      disabled_at: null,
    }],
  );
  assert.doesNotMatch(JSON.stringify(endpoints), /whsec/);
});

Deno.test("a repeated creation with the same Idempotency-Key gives the same endpoint and secret", async () => {
  const provider = await makeProvider(world.stack);
  const key = crypto.randomUUID();
  const { data: first } = await create(provider).setHeader("Idempotency-Key", key);
  const { data: second } = await create(provider).setHeader("Idempotency-Key", key);
  assert.ok(first?.secret);
  assert.deepEqual(second, first);
  const [recorded] = await world.stack.database.query<{ response: string }>(
    "select response::text from private.idempotency_keys where key = $1",
    [key],
  );
  assert.doesNotMatch(recorded?.response ?? "whsec", /whsec/);
});

Deno.test("an endpoint is for providers", async () => {
  const attendee = await makePerson(world.stack);
  assert.equal((await create(attendee)).error?.message, "NOT_A_PROVIDER");
});

for (
  const [field, args] of [
    ["url", { url: "" }],
    ["url", { url: "http://hooks.example.com/" }],
    ["url", { url: "ftp://hooks.example.com/" }],
    ["url", { url: "https://user:password@hooks.example.com/" }],
    ["url", { url: "https://hooks.example.com\\@10.0.0.1/" }],
    ["url", { url: "https://hooks.example.com/#part" }],
    ["url", { url: "https://hooks.example.com:99999/" }],
    ["url", { url: "https://hooks.example.com/a b" }],
    ["url", { url: `https://hooks.example.com/${"a".repeat(2000)}` }],
    ["events", { events: [] }],
    ["events", { events: ["booking.created", "booking.read"] }],
    ["description", { description: "a".repeat(201) }],
  ] as const
) {
  Deno.test(`${field} ${JSON.stringify(args).slice(0, 60)} is refused with INVALID_INPUT`, async () => {
    const provider = await makeProvider(world.stack);
    const { error } = await create(provider, args as { url?: string });
    assert.equal(error?.message, "INVALID_INPUT");
    assert.equal(JSON.parse(error?.details ?? "{}").field, field);
  });
}

Deno.test("every event of the list may be subscribed to, payments as well", async () => {
  const provider = await makeProvider(world.stack);
  assert.equal((await create(provider, { events: everything })).error, null);
});

Deno.test("an eleventh endpoint of one provider is refused", async () => {
  const provider = await makeProvider(world.stack);
  for (let i = 0; i < 10; i++) assert.equal((await create(provider)).error, null);
  assert.equal((await create(provider)).error?.message, "TOO_MANY_WEBHOOKS");
});

Deno.test("somebody else's endpoint and delivery are not found, whatever is asked of them", async () => {
  const { provider, endpoint } = await world.subscribe();
  await world.book(provider);
  await world.run();
  const [delivery] = await deliveriesOf(provider, endpoint);
  const { client } = await makeProvider(world.stack);
  const since = new Date(0).toISOString();
  for (
    const { error } of [
      await client.rpc("update_webhook_endpoint", { endpoint_id: endpoint, enabled: false }),
      await client.rpc("delete_webhook_endpoint", { endpoint_id: endpoint }),
      await client.rpc("rotate_webhook_secret", { endpoint_id: endpoint }),
      await client.rpc("send_test_webhook", { endpoint_id: endpoint }),
      await client.rpc("replay_webhook_deliveries", { endpoint_id: endpoint, since }),
      await client.rpc("replay_webhook_delivery", { delivery_id: delivery!.id }),
    ]
  ) assert.equal(error?.message, "WEBHOOK_NOT_FOUND");
});

Deno.test("after a rotation both secrets sign for 24 hours, then the new one alone", async () => {
  const { provider, endpoint, secret: old } = await world.subscribe();
  const { data: rotated } = await provider.client.rpc("rotate_webhook_secret", { endpoint_id: endpoint });
  assert.ok(rotated?.secret && rotated.secret !== old);
  const hours = (Date.parse(rotated.previous_until ?? "") - Date.now()) / 3_600_000;
  assert.ok(hours > 23.9 && hours <= 24.1, `${hours} h`);
  const send = async () => {
    const { booking } = await world.book(provider);
    await world.run();
    const [message] = requestsAbout(booking.id);
    assert.ok(message);
    return message;
  };
  const during = await send();
  assert.ok(verify(old, during));
  assert.ok(verify(rotated.secret, during));

  await world.stack.database.query(
    "update private.webhook_secrets set previous_until = now() where endpoint_id = $1",
    [endpoint],
  );
  const after = await send();
  assert.throws(() => verify(old, after));
  assert.ok(verify(rotated.secret, after));
});

Deno.test("a replayed delivery comes again with the same webhook-id and a signature that holds now", async () => {
  const { provider, endpoint, secret } = await world.subscribe();
  const { booking } = await world.book(provider);
  await world.run();
  const [delivery] = await deliveriesOf(provider, endpoint);
  await provider.client.rpc("replay_webhook_delivery", { delivery_id: delivery!.id });
  await world.run();
  const requests = requestsAbout(booking.id);
  assert.deepEqual(requests.map(({ id }) => id), [delivery!.id, delivery!.id]);
  assert.equal(requests[0]!.text, requests[1]!.text);
  assert.ok(verify(secret, requests[1]!));
});

Deno.test("replaying since a moment sends what was not accepted, and nothing that was", async () => {
  const { provider, endpoint } = await world.subscribe();
  const accepted = await world.book(provider);
  await world.run();
  world.receiver.answer(() => new Response(null, { status: 500 }));
  const failed = await world.book(provider);
  await world.run();
  world.receiver.answer(() => new Response());
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const replay = () => provider.client.rpc("replay_webhook_deliveries", { endpoint_id: endpoint, since });
  assert.equal((await replay()).data, 1);
  await world.run();
  assert.equal(requestsAbout(accepted.booking.id).length, 1);
  assert.equal(requestsAbout(failed.booking.id).length, 2);
  assert.equal((await replay()).data, 0);
});

Deno.test("a disabled endpoint gets nothing, can neither be tested nor replayed to, and goes on when enabled", async () => {
  const { provider, endpoint } = await world.subscribe();
  const toggle = (enabled: boolean) =>
    provider.client.rpc("update_webhook_endpoint", { endpoint_id: endpoint, enabled });
  assert.equal((await toggle(false)).data?.disabled_reason, "by_owner");
  const { booking } = await world.book(provider);
  await world.run();
  assert.equal(requestsAbout(booking.id).length, 0);
  const since = new Date(0).toISOString();
  for (
    const { error } of [
      await provider.client.rpc("send_test_webhook", { endpoint_id: endpoint }),
      await provider.client.rpc("replay_webhook_deliveries", { endpoint_id: endpoint, since }),
    ]
  ) assert.equal(error?.message, "WEBHOOK_DISABLED");

  assert.equal((await toggle(true)).data?.disabled_at, null);
  const later = await world.book(provider);
  await world.run();
  assert.equal(requestsAbout(later.booking.id).length, 1);
});

Deno.test("a changed address and changed events hold from then on", async () => {
  const { provider, endpoint } = await world.subscribe();
  const { data } = await provider.client.rpc("update_webhook_endpoint", {
    endpoint_id: endpoint,
    url: `${world.receiver.url}/moved?to=here`,
    events: ["booking.cancelled"],
  });
  assert.deepEqual(data?.events, ["booking.cancelled"]);
  const { attendee, booking } = await world.book(provider);
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  await world.run();
  assert.deepEqual(requestsAbout(booking.id).map(({ body, path }) => [body.type, path]), [
    ["booking.cancelled", "/moved?to=here"],
  ]);
});

Deno.test("a test message is of type webhook.test, signed and logged; the twenty-first in an hour is refused", async () => {
  const { provider, endpoint, secret } = await world.subscribe();
  const test = () => provider.client.rpc("send_test_webhook", { endpoint_id: endpoint });
  const { data: delivery } = await test();
  await world.run();
  const message = world.receiver.requests.find(({ id }) => id === delivery?.id);
  assert.ok(message);
  verify(secret, message);
  assert.deepEqual([message.body.type, message.body.data], [
    "webhook.test",
    { version: 1, endpoint_id: endpoint },
  ]);
  assert.deepEqual((await attemptsOf(provider, endpoint)).map(({ http_status }) => http_status), [200]);
  // However late in the hour this is, the twenty-one are of one.
  const hour = async () =>
    (await world.stack.database.query<{ hour: string }>(
      "select to_char(clock_timestamp(), 'YYYYMMDDHH24') as hour",
    ))[0]?.hour;
  const errors: unknown[] = [];
  let sentIn: string | undefined;
  do {
    sentIn = await hour();
    const other = await world.subscribe();
    errors.length = 0;
    for (let i = 0; i < 21; i++) {
      const { error } = await other.provider.client.rpc("send_test_webhook", { endpoint_id: other.endpoint });
      errors.push(error?.message);
    }
    await other.provider.client.rpc("delete_webhook_endpoint", { endpoint_id: other.endpoint });
  } while (sentIn !== await hour());
  assert.deepEqual(errors, [...Array(20).fill(undefined), "RATE_LIMITED"]);
});

Deno.test("a deleted endpoint is gone with its secret, its deliveries and what was waiting", async () => {
  const { provider, endpoint } = await world.subscribe();
  const { booking } = await world.book(provider);
  assert.equal((await provider.client.rpc("delete_webhook_endpoint", { endpoint_id: endpoint })).error, null);
  await world.run();
  assert.equal(requestsAbout(booking.id).length, 0);
  const [left] = await world.stack.database.query<{ secrets: number; deliveries: number }>(
    `select (select count(*)::int from private.webhook_secrets where endpoint_id = $1) as secrets,
      (select count(*)::int from public.webhook_deliveries where endpoint_id = $1) as deliveries`,
    [endpoint],
  );
  assert.deepEqual(left, { secrets: 0, deliveries: 0 });
});

Deno.test("a provider's endpoints end with the account", async () => {
  const { provider, endpoint } = await world.subscribe();
  await world.book(provider);
  assert.equal((await provider.client.rpc("delete_my_account")).error, null);
  const before = world.receiver.requests.length;
  await world.run();
  assert.equal(world.receiver.requests.length, before);
  assert.deepEqual(
    await world.stack.database.query("select id from public.webhook_endpoints where id = $1", [endpoint]),
    [],
  );
});
