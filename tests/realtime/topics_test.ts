import assert from "node:assert/strict";
import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { anonymousClient, makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

// deno-lint-ignore no-explicit-any -- clients of any schema may join topics
type Client = SupabaseClient<any>;

/** Joins a private topic; resolves with the channel, or with the reason of the refusal. */
function join(
  client: Client,
  topic: string,
  onBroadcast: (event: string, payload: unknown) => void = () => {},
) {
  return new Promise<RealtimeChannel | string>((resolve) => {
    const channel = client.channel(topic, { config: { private: true, broadcast: { ack: true } } });
    channel
      .on("broadcast", { event: "*" }, ({ event, payload }) => onBroadcast(event, payload))
      .subscribe((status, error) => {
        if (status === "SUBSCRIBED") resolve(channel);
        if (status === "CHANNEL_ERROR") resolve(error?.message ?? "refused");
      });
  });
}

const leave = (...people: Person[]) => Promise.all(people.map((person) => person.client.removeAllChannels()));

/** Collects broadcasts and lets a test wait for one. */
function listener() {
  const heard: { event: string; payload: Record<string, unknown> }[] = [];
  let wake = () => {};
  return {
    heard,
    hear: (event: string, payload: unknown) => {
      heard.push({ event, payload: payload as Record<string, unknown> });
      wake();
    },
    async next(event: string) {
      const deadline = Date.now() + 5000;
      for (;;) {
        const index = heard.findIndex((each) => each.event === event);
        if (index >= 0) return heard.splice(index, 1)[0]!.payload;
        assert.ok(Date.now() < deadline, `no broadcast ${event}`);
        await Promise.race([
          new Promise<void>((resolve) => wake = resolve),
          new Promise((resolve) => setTimeout(resolve, 200)),
        ]);
      }
    },
  };
}

Deno.test("a booking reaches the provider's open client on user:<id>, as ids only", async () => {
  const [provider, person] = [await makeProvider(stack), await makePerson(stack)];
  const event = await makeEvent(provider);
  const { hear, next } = listener();
  assert.notEqual(typeof await join(provider.client, `user:${provider.id}`, hear), "string");
  const { data: booking } = await person.client.rpc("book_event", { event_id: event.id });
  const { id: _, ...hint } = await next("notification");
  const { data: notification } = await provider.client.from("notifications").select("id").single();
  assert.deepEqual(hint, {
    notification_id: notification?.id,
    kind: "booking.created",
    subject_id: booking?.id,
  });
  await leave(provider);
});

Deno.test("both people of a booking hear of its changes on booking:<id>", async () => {
  const [provider, person] = [await makeProvider(stack), await makePerson(stack)];
  const event = await makeEvent(provider);
  const { data: booking } = await person.client.rpc("book_event", { event_id: event.id });
  const ears = [listener(), listener()];
  for (const [index, who] of [provider, person].entries()) {
    assert.notEqual(typeof await join(who.client, `booking:${booking?.id}`, ears[index]?.hear), "string");
  }
  await person.client.rpc("cancel_booking", { booking_id: booking?.id ?? "" });
  for (const ear of ears) {
    const { booking_id, version } = await ear.next("booking");
    assert.deepEqual([booking_id, version], [booking?.id, 2]);
  }
  await leave(provider, person);
});

Deno.test("nobody joins another's topics, and visitors join none", async () => {
  const [provider, person, stranger] = [
    await makeProvider(stack),
    await makePerson(stack),
    await makePerson(stack),
  ];
  const { data: booking } = await person.client.rpc("book_event", {
    event_id: (await makeEvent(provider)).id,
  });
  const visitor = anonymousClient(stack);
  const conversation = `conversation:${person.id}:${provider.id}`;
  for (const topic of [`user:${person.id}`, `booking:${booking?.id}`, conversation]) {
    for (const client of [stranger.client, visitor]) {
      const refused = await join(client, topic);
      assert.match(String(refused), /Unauthorized/, topic);
    }
  }
  await leave(stranger);
  await visitor.removeAllChannels();
});

Deno.test("topics that are none of ours are refused to everybody", async () => {
  const person = await makePerson(stack);
  for (
    const topic of [
      "user:",
      "user:me",
      `user:${person.id}:x`,
      `USER:${person.id}`,
      `conversation:${person.id}`,
      `booking:${crypto.randomUUID()}`,
      "admin",
      `user:${person.id}\nuser:${person.id}`,
    ]
  ) {
    assert.match(String(await join(person.client, topic)), /Unauthorized/, JSON.stringify(topic));
    await leave(person);
  }
});

Deno.test("user: and booking: are the database's to send on; nobody hears what a client sends there", async () => {
  const [provider, person] = [await makeProvider(stack), await makePerson(stack)];
  const { data: booking } = await person.client.rpc("book_event", {
    event_id: (await makeEvent(provider)).id,
  });
  const ear = listener();
  await join(provider.client, `booking:${booking?.id}`, ear.hear);
  const channel = await join(person.client, `booking:${booking?.id}`);
  assert.ok(typeof channel !== "string");
  const sent = await channel.send({ type: "broadcast", event: "forged", payload: {} }, { timeout: 1000 });
  assert.notEqual(sent, "ok");
  await person.client.rpc("cancel_booking", { booking_id: booking?.id ?? "" });
  await ear.next("booking");
  assert.deepEqual(ear.heard.filter(({ event }) => event === "forged"), []);
  await leave(provider, person);
});

Deno.test("two people of a conversation hear each other type, and see who is there", async () => {
  const [one, two] = [await makePerson(stack), await makePerson(stack)];
  const topic = `conversation:${one.id}:${two.id}`;
  const ear = listener();
  await join(two.client, topic, ear.hear);
  const channel = await join(one.client, topic);
  assert.ok(typeof channel !== "string");
  assert.equal(await channel.send({ type: "broadcast", event: "typing", payload: { on: true } }), "ok");
  assert.deepEqual(await ear.next("typing"), { on: true });
  await leave(one, two);
});

Deno.test("a client that lost its connection comes back and hears what follows", async () => {
  const [provider, person] = [await makeProvider(stack), await makePerson(stack)];
  const event = await makeEvent(provider);
  const ear = listener();
  const channel = await join(provider.client, `user:${provider.id}`, ear.hear);
  assert.ok(typeof channel !== "string");
  const back = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (channel.state === "joined" && dropped) {
        clearInterval(timer);
        resolve();
      }
    }, 50);
  });
  let dropped = false;
  stack.realtime.dropSockets();
  const deadline = Date.now() + 5000;
  while (channel.state === "joined" && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  dropped = true;
  await back;
  await person.client.rpc("book_event", { event_id: event.id });
  assert.equal((await ear.next("notification")).kind, "booking.created");
  await leave(provider);
});

Deno.test("a deleted person's topic is closed to their old token", async () => {
  const person = await makePerson(stack);
  await person.client.rpc("delete_my_account");
  const refused = await join(person.client, `booking:${crypto.randomUUID()}`);
  assert.match(String(refused), /Unauthorized/);
  await leave(person);
});
