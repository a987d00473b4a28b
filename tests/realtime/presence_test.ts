import type { RealtimeChannel } from "@supabase/supabase-js";
import assert from "node:assert/strict";
import { Inbox, type Project, RawSocket, startProject, subscribed, watch } from "./support.ts";

let project: Project;
Deno.test.beforeAll(async () => void (project = await startProject()));
Deno.test.afterAll(() => project.close());

const room = () => `room:${crypto.randomUUID()}`;
type Seen = { event: string; key: string; on: unknown[] };

/** What a channel sees of others' coming and going; ask before subscribing. */
function presencesOf(channel: RealtimeChannel): Inbox<Seen> {
  const seen = new Inbox<Seen>();
  channel.on("presence", { event: "join" }, ({ key, newPresences }) => {
    seen.push({ event: "join", key, on: newPresences.map((presence) => presence.on) });
  });
  channel.on("presence", { event: "leave" }, ({ key, leftPresences }) => {
    seen.push({ event: "leave", key, on: leftPresences.map((presence) => presence.on) });
  });
  return seen;
}

function stateOf(channel: RealtimeChannel): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(channel.presenceState<{ on: unknown }>()).map((
      [key, metas],
    ) => [key, metas.map(({ on }) => on)]),
  );
}

Deno.test("tracking, updating and leaving are seen by others, and by whom comes later", async () => {
  const topic = room();
  const config = (key: string) => ({ config: { presence: { key } } });
  await using alice = project.client();
  await using bob = project.client();
  const [a, b] = [alice.channel(topic, config("alice")), bob.channel(topic, config("bob"))];
  const [atAlice, atBob] = [presencesOf(a), presencesOf(b)];
  await subscribed(a);
  assert.equal(await a.track({ on: 1 }), "ok");
  assert.deepEqual(await atAlice.next(), { event: "join", key: "alice", on: [1] });
  await subscribed(b);
  assert.deepEqual(await atBob.next(), { event: "join", key: "alice", on: [1] }, "Bob finds Alice there");
  await b.track({ on: 2 });
  assert.deepEqual(await atAlice.next(), { event: "join", key: "bob", on: [2] });
  await a.track({ on: 3 });
  assert.deepEqual((await atBob.take(3)).slice(1), [
    { event: "join", key: "alice", on: [3] },
    { event: "leave", key: "alice", on: [1] },
  ], "an update is a join with the new and a leave with the old");
  assert.deepEqual(stateOf(b), { alice: [3], bob: [2] });
  await a.untrack();
  assert.deepEqual(await atBob.next(), { event: "leave", key: "alice", on: [3] });
  assert.deepEqual(stateOf(b), { bob: [2] });
});

Deno.test("a client whose connection breaks leaves", async () => {
  const topic = room();
  await using bob = project.client();
  const channel = bob.channel(topic);
  const seen = presencesOf(channel);
  await subscribed(channel);
  const alice = await RawSocket.open(project);
  alice.send(["1", "1", `realtime:${topic}`, "phx_join", {
    config: { presence: { key: "alice", enabled: true } },
  }]);
  alice.send(["1", "2", `realtime:${topic}`, "presence", {
    type: "presence",
    event: "track",
    payload: { on: 1 },
  }]);
  assert.deepEqual(await seen.next(), { event: "join", key: "alice", on: [1] });
  await alice.close();
  assert.deepEqual(await seen.next(), { event: "leave", key: "alice", on: [1] });
});

Deno.test("two clients may share a key, and each leaves for itself", async () => {
  const topic = room();
  await using laptop = project.client();
  await using phone = project.client();
  const [a, b] = [laptop, phone].map((client) =>
    client.channel(topic, { config: { presence: { key: "me" } } })
  );
  const seen = presencesOf(a!);
  await Promise.all([subscribed(a!), subscribed(b!)]);
  await a!.track({ on: "laptop" });
  await b!.track({ on: "phone" });
  await seen.take(2);
  assert.deepEqual(stateOf(a!), { me: ["laptop", "phone"] });
  await b!.unsubscribe();
  assert.deepEqual(await seen.next(), { event: "leave", key: "me", on: ["phone"] });
  assert.deepEqual(stateOf(a!), { me: ["laptop"] });
});

Deno.test("a client that did not ask for presence sees everyone once it has tracked itself", async () => {
  const topic = room();
  await using bob = project.client();
  const channel = bob.channel(topic, { config: { presence: { key: "bob" } } });
  await subscribed(channel);
  await channel.track({ on: 1 });
  const raw = await RawSocket.open(project);
  raw.send(["1", "1", `realtime:${topic}`, "phx_join", {
    config: { presence: { key: "raw", enabled: false } },
  }]);
  raw.send(["1", "2", `realtime:${topic}`, "presence", { type: "presence", event: "track", payload: {} }]);
  const events = (await raw.received.take(3)).map((frame) => (frame as unknown[])[3]);
  assert.deepEqual(events, ["phx_reply", "phx_reply", "presence_state"]);
  await raw.close();
});

Deno.test("without the permission to be present nobody sees a client, and it sees nobody", async () => {
  const topic = `hall:${crypto.randomUUID()}`;
  const [first, second] = [await project.person(), await project.person()];
  await using alice = project.client(() => first.token);
  await using service = project.client(() => second.token);
  const config = { config: { private: true, presence: { enabled: true } } };
  const a = alice.channel(topic, config);
  const b = service.channel(topic, config);
  await Promise.all([subscribed(a), subscribed(b)]);
  assert.equal(await a.track({ on: 1 }), "error");
  assert.deepEqual([stateOf(a), stateOf(b)], [{}, {}]);
});

Deno.test("the sixth presence call within 30 seconds closes the channel, as on hosted", async () => {
  await using client = project.client();
  const channel = client.channel(room());
  const statuses = await watch(channel);
  const errors = new Inbox<{ message: string }>();
  channel.on("system", {}, errors.push);
  assert.equal((await statuses.next()).status, "SUBSCRIBED");
  for (let n = 1; n <= 5; n++) assert.equal(await channel.track({ n }), "ok");
  void channel.track({ n: 6 });
  assert.equal((await errors.next()).message, "Client presence rate limit exceeded");
  assert.equal((await statuses.next()).status, "CLOSED");
});

Deno.test("a key named __proto__ is a key like others", async () => {
  await using client = project.client();
  const channel = client.channel(room(), { config: { presence: { key: "__proto__" } } });
  const seen = presencesOf(channel);
  await subscribed(channel);
  await channel.track({ on: 1 });
  assert.deepEqual(await seen.next(), { event: "join", key: "__proto__", on: [1] });
});
