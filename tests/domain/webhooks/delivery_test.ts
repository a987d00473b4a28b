import assert from "node:assert/strict";
import { daysAhead, makeEvent, makeProvider } from "../../support/people.ts";
import { verify } from "../../support/webhook_receiver.ts";
import { attemptsOf, bookingEvents, deliveriesOf, WebhookWorld } from "./support.ts";

let world: WebhookWorld;
Deno.test.beforeAll(async () => void (world = await WebhookWorld.open()));
Deno.test.beforeEach(() => world.receiver.answer(() => new Response()));
Deno.test.afterAll(() => world.close());

const requestsAbout = (booking: string) =>
  world.receiver.requests.filter(({ body }) => body.data.booking_id === booking);
const acceptedAbout = (booking: string) =>
  world.receiver.accepted().filter(({ body }) => body.data.booking_id === booking);

Deno.test("a message tells ids and facts with a version, and no contact data nor words between people", async () => {
  const { provider } = await world.subscribe();
  const { attendee, event, booking } = await world.book(provider);
  await world.run();
  const [message] = requestsAbout(booking.id);
  assert.ok(message);
  const { type, timestamp, version, data } = message.body;
  assert.deepEqual([type, version], ["booking.created", 1]);
  assert.ok(Math.abs(Date.parse(timestamp) - Date.parse(booking.created_at)) < 1000, timestamp);
  const { booked_at, starts_at, ends_at, ...facts } = data;
  assert.equal(Date.parse(booked_at), Date.parse(booking.created_at));
  assert.equal(Date.parse(starts_at), Date.parse(event.starts_at));
  assert.equal(Date.parse(ends_at), Date.parse(event.ends_at));
  assert.deepEqual(facts, {
    version: 1,
    booking_id: booking.id,
    attendee_id: attendee.id,
    provider_id: provider.id,
    event_id: event.id,
    status: "confirmed",
    payment_status: "due",
    price_minor: 2500,
    currency: "USD",
    kind: "session",
    title: "Some Session",
    location: "",
    timezone: "UTC",
  });
  assert.doesNotMatch(message.text, /@example\.com|Jane|secret wish/);
});

Deno.test("a receiver that fails 5 times and then accepts gets each event exactly once, signed, in order", async () => {
  const { provider, secret } = await world.subscribe();
  const { attendee, event, booking } = await world.book(provider);
  const other = await world.book(provider);
  await provider.client.rpc("update_event", {
    event_id: event.id,
    starts_at: daysAhead(9),
    ends_at: daysAhead(9, 1),
  });
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });

  let failures = 0;
  world.receiver.answer(({ body }) => {
    const fails = body.data.booking_id === booking.id && ++failures <= 5;
    return new Response(null, { status: fails ? 500 : 204 });
  });
  for (let i = 0; i < 12; i++) {
    await world.run();
    await world.hurry();
  }

  const attempts = requestsAbout(booking.id);
  assert.equal(attempts.length, 5 + 3);
  for (const attempt of attempts) assert.deepEqual(verify(secret, attempt), attempt.body);
  assert.equal(new Set(attempts.slice(0, 6).map(({ id }) => id)).size, 1, "one id over all retries");
  assert.equal(new Set(attempts.slice(0, 6).map(({ text }) => text)).size, 1, "one text over all retries");
  assert.deepEqual(acceptedAbout(booking.id).map(({ body }) => [body.type, body.data.version]), [
    ["booking.created", 1],
    ["booking.rescheduled", 2],
    ["booking.cancelled", 3],
  ]);
  assert.deepEqual(acceptedAbout(other.booking.id).map(({ body }) => body.type), ["booking.created"]);
});

Deno.test("a signature holds for no other text, no other id and no other secret", async () => {
  const { provider, secret } = await world.subscribe();
  const stranger = await world.subscribe();
  const { booking } = await world.book(provider);
  await world.run();
  const [message] = requestsAbout(booking.id);
  assert.ok(message);
  assert.ok(verify(secret, message));
  assert.throws(() => verify(stranger.secret, message));
  assert.throws(() => verify(secret, { ...message, text: message.text.replace("2500", "1") }));
  assert.throws(() =>
    verify(secret, { ...message, headers: { ...message.headers, "webhook-id": crypto.randomUUID() } })
  );
});

Deno.test("while one booking's message fails, the next one of the same booking waits and other bookings' go out", async () => {
  const { provider } = await world.subscribe();
  const { attendee, booking } = await world.book(provider);
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  const other = await world.book(provider);
  world.receiver.answer(({ body }) =>
    new Response(null, { status: body.data.booking_id === booking.id ? 503 : 200 })
  );
  await world.run();
  assert.deepEqual(requestsAbout(booking.id).map(({ body }) => body.type), ["booking.created"]);
  assert.equal(acceptedAbout(other.booking.id).length, 1);
});

Deno.test("workers at once deliver nothing twice, and keep each booking's order", async () => {
  const { provider } = await world.subscribe();
  const bookings = await Promise.all(Array.from({ length: 6 }, () => world.book(provider)));
  for (const { attendee, booking } of bookings) {
    await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  }
  for (let i = 0; i < 3; i++) await Promise.all([world.run(), world.run(), world.run()]);
  for (const { booking } of bookings) {
    assert.deepEqual(requestsAbout(booking.id).map(({ body }) => body.type), [
      "booking.created",
      "booking.cancelled",
    ]);
  }
});

Deno.test("event.updated and event.cancelled are told to who subscribed to them", async () => {
  const { provider } = await world.subscribe(["event.updated", "event.cancelled"]);
  const event = await makeEvent(provider);
  await provider.client.rpc("update_event", { event_id: event.id, title: "Another Session" });
  const link = "https://meet.example.com/room";
  await provider.client.rpc("describe_event", { event_id: event.id, virtual_link: link });
  await provider.client.rpc("cancel_event", { event_id: event.id });
  for (let i = 0; i < 3; i++) await world.run();
  assert.ok(!JSON.stringify(world.receiver.requests).includes(link));
  assert.deepEqual(
    world.receiver.requests.filter(({ body }) => body.data.event_id === event.id)
      .map(({ body }) => [body.type, body.data.title, body.data.status, body.data.version]),
    [
      ["event.updated", "Another Session", "published", 2],
      ["event.updated", "Another Session", "published", 3],
      ["event.cancelled", "Another Session", "cancelled", 4],
    ],
  );
});

Deno.test("booking.completed is told when the worker completes the booking", async () => {
  const { provider } = await world.subscribe(["booking.completed"]);
  const { event, booking } = await world.book(provider);
  await world.stack.database.query(
    `update public.events set starts_at = now() - interval '3 hours', ends_at = now() - interval '2 hours'
     where id = $1`,
    [event.id],
  );
  await world.run();
  assert.deepEqual(acceptedAbout(booking.id).map(({ body }) => [body.type, body.data.status]), [
    ["booking.completed", "completed"],
  ]);
});

Deno.test("a provider hears of their own bookings only, an administrator's endpoint of everybody's", async () => {
  const mine = await world.subscribe();
  const theirs = await world.subscribe();
  const [platform] = await world.stack.database.query<{ endpoint_id: string; secret: string }>(
    "select (admin.create_webhook_endpoint($1, $2::text[])).*",
    [`${world.receiver.url}/platform`, `{${bookingEvents.join(",")}}`],
  );
  assert.ok(platform);
  const [first, second] = [await world.book(mine.provider), await world.book(theirs.provider)];
  await world.run();
  const holds = (secret: string, booking: string) =>
    requestsAbout(booking).filter((request) => {
      try {
        return verify(secret, request);
      } catch {
        return false;
      }
    }).length;
  const counted = (booking: string) =>
    [mine.secret, theirs.secret, platform.secret].map((secret) => holds(secret, booking));
  assert.deepEqual(counted(first.booking.id), [1, 0, 1]);
  assert.deepEqual(counted(second.booking.id), [0, 1, 1]);
  await world.stack.database.query("select admin.delete_webhook_endpoint($1)", [platform.endpoint_id]);
});

Deno.test("the owner reads every attempt in the log: status, duration and error, nothing of the answer's body", async () => {
  const { provider, endpoint } = await world.subscribe();
  await world.book(provider);
  const startedAt = performance.now();
  world.receiver.answer(() => new Response("internal details", { status: 500 }));
  await world.run();
  world.receiver.answer(() => new Response("fine"));
  await world.hurry();
  await world.run();
  const attempts = await attemptsOf(provider, endpoint);
  assert.deepEqual(attempts.map(({ http_status, error }) => [http_status, error]), [
    [500, "answered 500"],
    [200, null],
  ]);
  const ms = performance.now() - startedAt;
  assert.ok(attempts.every(({ duration_ms }) => duration_ms >= 0 && duration_ms <= ms));
  assert.deepEqual((await deliveriesOf(provider, endpoint)).map(({ status }) => status), ["delivered"]);

  const stranger = await makeProvider(world.stack);
  for (const table of ["webhook_endpoints", "webhook_deliveries", "webhook_attempts"] as const) {
    assert.deepEqual((await stranger.client.from(table).select()).data, [], table);
  }
});

Deno.test("attempts older than 30 days leave the log, younger ones stay", async () => {
  const { provider, endpoint } = await world.subscribe();
  await world.book(provider);
  await world.run();
  const age = (days: number) =>
    world.stack.database.query(
      "update public.webhook_attempts set at = now() - make_interval(days => $2::int) where endpoint_id = $1",
      [endpoint, days],
    );
  await age(29);
  await world.run();
  assert.equal((await attemptsOf(provider, endpoint)).length, 1);
  await age(31);
  await world.run();
  assert.equal((await attemptsOf(provider, endpoint)).length, 0);
});
