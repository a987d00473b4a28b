import assert from "node:assert/strict";
import { broadcastsOf, type Project, startProject, subscribed } from "./support.ts";

let project: Project;
Deno.test.beforeAll(async () => void (project = await startProject()));
Deno.test.afterAll(() => project.close());

const room = () => `room:${crypto.randomUUID()}`;

Deno.test("a broadcast reaches the others of a public topic and not its sender", async () => {
  const topic = room();
  await using alice = project.client();
  await using bob = project.client();
  const [from, to] = [alice.channel(topic), bob.channel(topic)];
  const [atAlice, atBob] = [broadcastsOf(from), broadcastsOf(to)];
  await Promise.all([subscribed(from), subscribed(to)]);
  await from.send({ type: "broadcast", event: "cursor", payload: { x: 1, name: "Zoë 😀" } });
  await to.send({ type: "broadcast", event: "reply", payload: { x: 2 } });
  assert.deepEqual(await atBob.next(), {
    type: "broadcast",
    event: "cursor",
    payload: { x: 1, name: "Zoë 😀" },
  });
  assert.equal((await atAlice.next()).event, "reply", "the first that Alice hears is Bob's, not her own");
});

Deno.test("self: true sends a broadcast to its sender too, before the acknowledgement", async () => {
  await using client = project.client();
  const channel = client.channel(room(), { config: { broadcast: { self: true, ack: true } } });
  const received = broadcastsOf(channel);
  await subscribed(channel);
  assert.equal(await channel.send({ type: "broadcast", event: "echo", payload: { n: 1 } }), "ok");
  assert.deepEqual(received.items.map((message) => message.payload), [{ n: 1 }]);
});

Deno.test("ack: true resolves a send only when the server has it", async () => {
  const topic = room();
  await using alice = project.client();
  await using bob = project.client();
  const from = alice.channel(topic, { config: { broadcast: { ack: true } } });
  const to = bob.channel(topic);
  const received = broadcastsOf(to);
  await Promise.all([subscribed(from), subscribed(to)]);
  const answers = await Promise.all(
    [1, 2, 3].map((n) => from.send({ type: "broadcast", event: "n", payload: { n } })),
  );
  assert.deepEqual(answers, ["ok", "ok", "ok"]);
  assert.deepEqual((await received.take(3)).map((message) => message.payload.n), [1, 2, 3]);
});

Deno.test("a binary payload arrives as the bytes that were sent", async () => {
  const topic = room();
  await using alice = project.client();
  await using bob = project.client();
  const [from, to] = [alice.channel(topic), bob.channel(topic)];
  const received = broadcastsOf(to);
  await Promise.all([subscribed(from), subscribed(to)]);
  await from.send({ type: "broadcast", event: "bytes", payload: new Uint8Array([0, 255, 128, 10]).buffer });
  const payload: unknown = (await received.next()).payload;
  assert.ok(payload instanceof ArrayBuffer);
  assert.deepEqual([...new Uint8Array(payload)], [0, 255, 128, 10]);
});

Deno.test("people with the permission to write broadcast on a private topic", async () => {
  const topic = room();
  const [first, second] = [await project.person(), await project.person()];
  await using alice = project.client(() => first.token);
  await using bob = project.client(() => second.token);
  const from = alice.channel(topic, { config: { private: true, broadcast: { ack: true } } });
  const to = bob.channel(topic, { config: { private: true } });
  const received = broadcastsOf(to);
  await Promise.all([subscribed(from), subscribed(to)]);
  assert.equal(await from.send({ type: "broadcast", event: "typing", payload: { by: first.id } }), "ok");
  assert.equal((await received.next()).payload.by, first.id);
});

Deno.test("nobody receives what a client without the permission to write sends", async () => {
  const topic = `notice:${crypto.randomUUID()}`;
  const [first, second] = [await project.person(), await project.person()];
  await using alice = project.client(() => first.token);
  await using bob = project.client(() => second.token);
  const from = alice.channel(topic, { config: { private: true, broadcast: { ack: true, self: true } } });
  const to = bob.channel(topic, { config: { private: true } });
  const [atAlice, atBob] = [broadcastsOf(from), broadcastsOf(to)];
  await Promise.all([subscribed(from), subscribed(to)]);
  assert.equal(await from.send({ type: "broadcast", event: "forged", payload: {} }), "error");
  await project.send(topic, { genuine: true });
  assert.deepEqual([(await atBob.next()).event, (await atAlice.next()).event], ["note", "note"]);
});

Deno.test("a private and a public channel of the same name do not hear each other", async () => {
  const topic = room();
  const { token } = await project.person();
  await using insider = project.client(() => token);
  await using outsider = project.client();
  const inside = insider.channel(topic, { config: { private: true, broadcast: { self: true } } });
  const outside = outsider.channel(topic, { config: { broadcast: { self: true } } });
  const [atInside, atOutside] = [broadcastsOf(inside), broadcastsOf(outside)];
  await Promise.all([subscribed(inside), subscribed(outside)]);
  await outside.send({ type: "broadcast", event: "from outside", payload: {} });
  await inside.send({ type: "broadcast", event: "from inside", payload: {} });
  assert.equal((await atInside.next()).event, "from inside");
  assert.equal((await atOutside.next()).event, "from outside");
  assert.deepEqual([atInside.items, atOutside.items], [[], []]);
});

Deno.test("a payload larger than hosted allows is refused and the channel stays open", async () => {
  const topic = room();
  await using alice = project.client();
  await using bob = project.client();
  const from = alice.channel(topic, { config: { broadcast: { ack: true } } });
  const to = bob.channel(topic);
  const received = broadcastsOf(to);
  await Promise.all([subscribed(from), subscribed(to)]);
  const send = (size: number) =>
    from.send({ type: "broadcast", event: `${size}`, payload: { text: "x".repeat(size) } });
  assert.equal(await send(300_000), "error");
  assert.equal(await send(250_000), "ok");
  assert.equal((await received.next()).event, "250000");
});
