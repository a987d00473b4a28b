import assert from "node:assert/strict";
import { broadcastsOf, type Project, RawSocket, startProject, subscribed } from "./support.ts";

let project: Project;
Deno.test.beforeAll(async () => void (project = await startProject()));
Deno.test.afterAll(() => project.close());

const ok = (response: unknown = {}) => ({ status: "ok", response });
const room = () => `room:${crypto.randomUUID()}`;

Deno.test("a client of version 1.0.0 joins, is present, and leaves with objects as frames", async () => {
  const topic = `realtime:${room()}`;
  const socket = await RawSocket.open(project, { vsn: "1.0.0" });
  const send = (ref: string, event: string, payload: unknown) => socket.send({ topic, event, payload, ref });
  send("1", "phx_join", { config: { presence: { key: "me", enabled: true } } });
  send("2", "presence", { type: "presence", event: "track", payload: { on: 1 } });
  const [joined, state, tracked, diff] = await socket.received.take(4);
  assert.deepEqual(joined, { topic, event: "phx_reply", payload: ok({ postgres_changes: [] }), ref: "1" });
  assert.deepEqual(state, { topic, event: "presence_state", payload: {}, ref: null });
  assert.deepEqual(tracked, { topic, event: "phx_reply", payload: ok(), ref: "2" });
  const joins = { me: { metas: [{ on: 1, phx_ref: "P1" }] } };
  assert.deepEqual(diff, { topic, event: "presence_diff", payload: { joins, leaves: {} }, ref: null });
  send("3", "presence", { type: "presence", event: "track", payload: { on: 2 } });
  const updated = { me: { metas: [{ on: 2, phx_ref: "P2", phx_ref_prev: "P1" }] } };
  const update = { topic, event: "presence_diff", payload: { joins: updated, leaves: joins }, ref: null };
  assert.deepEqual((await socket.received.take(2))[1], update);
  send("4", "phx_leave", {});
  assert.deepEqual(await socket.received.take(2), [
    { topic, event: "phx_reply", payload: ok(), ref: "4" },
    { topic, event: "phx_close", payload: {}, ref: "1" },
  ]);
  socket.send({ topic: "phoenix", event: "heartbeat", payload: {}, ref: "4" });
  assert.deepEqual(await socket.received.next(), {
    topic: "phoenix",
    event: "phx_reply",
    payload: ok(),
    ref: "4",
  });
  await socket.close();
});

Deno.test("clients of versions 1.0.0 and 2.0.0 hear each other and the database on one topic", async () => {
  const name = room();
  const topic = `realtime:${name}`;
  await using client = project.client();
  const channel = client.channel(name);
  const received = broadcastsOf(channel);
  await subscribed(channel);
  const old = await RawSocket.open(project, { vsn: "1.0.0" });
  old.send({ topic, event: "phx_join", payload: { config: { presence: {} } }, ref: "1", join_ref: "1" });
  await old.received.next();
  const payload = { type: "broadcast", event: "from the old", payload: { n: 1 } };
  old.send({ topic, event: "broadcast", payload, ref: "2", join_ref: "1" });
  assert.deepEqual(await received.next(), payload);
  await channel.send({
    type: "broadcast",
    event: "bytes are not for you",
    payload: new Uint8Array([1]).buffer,
  });
  await channel.send({ type: "broadcast", event: "from the new", payload: { n: 2 } });
  assert.deepEqual(await old.received.next(), {
    topic,
    event: "broadcast",
    payload: { type: "broadcast", event: "from the new", payload: { n: 2 } },
    ref: null,
  });
  await project.send(name, { n: 3, id: "given" }, false);
  const { payload: note } = await old.received.next() as { payload: Record<string, unknown> };
  assert.deepEqual({ ...note, meta: undefined }, {
    type: "broadcast",
    event: "note",
    payload: { n: 3, id: "given" },
    meta: undefined,
  });
  assert.deepEqual(Object.keys(note.meta as object), ["id"]);
  await old.close();
});

Deno.test("the official client set to version 1.0.0 works as with 2.0.0", async () => {
  const { id, token } = await project.person();
  await using client = project.client(() => token, { vsn: "1.0.0" });
  const config = { private: true, broadcast: { self: true, ack: true }, presence: { key: "me" } };
  const mine = client.channel(`user:${id}`, { config: { private: true } });
  const shared = client.channel(room(), { config });
  const [atMine, atShared] = [broadcastsOf(mine), broadcastsOf(shared)];
  await Promise.all([subscribed(mine), subscribed(shared)]);
  await project.send(`user:${id}`, { n: 1 });
  assert.equal((await atMine.next()).payload.n, 1);
  assert.equal(await shared.send({ type: "broadcast", event: "e", payload: { n: 2 } }), "ok");
  assert.equal((await atShared.next()).payload.n, 2);
  assert.equal(await shared.track({ on: 1 }), "ok");
  assert.equal(await mine.unsubscribe(), "ok");
});
