import assert from "node:assert/strict";
import { broadcastsOf, type Project, startProject, subscribed } from "./support.ts";

let project: Project;
Deno.test.beforeAll(async () => void (project = await startProject()));
Deno.test.afterAll(() => project.close());

Deno.test("messages from the database arrive in the order in which they were sent", async () => {
  const { id, token } = await project.person();
  await using client = project.client(() => token);
  const channel = client.channel(`user:${id}`, { config: { private: true } });
  const received = broadcastsOf(channel);
  await subscribed(channel);
  for (let n = 0; n < 100; n++) await project.send(`user:${id}`, { n });
  const numbers = (await received.take(100)).map((message) => message.payload.n);
  assert.deepEqual(numbers, Array.from({ length: 100 }, (_, n) => n));
});

Deno.test("messages of one transaction arrive in the order in which it sent them", async () => {
  const { id, token } = await project.person();
  await using client = project.client(() => token);
  const channel = client.channel(`user:${id}`, { config: { private: true } });
  const received = broadcastsOf(channel);
  await subscribed(channel);
  await project.database.query(
    "select realtime.send(jsonb_build_object('n', n), 'note', $1) from generate_series(0, 99) as n",
    [`user:${id}`],
  );
  const numbers = (await received.take(100)).map((message) => message.payload.n);
  assert.deepEqual(numbers, Array.from({ length: 100 }, (_, n) => n));
});

Deno.test("messages arrive in the order of their notifications, not of their rows", async () => {
  const { id, token } = await project.person();
  await using client = project.client(() => token);
  const channel = client.channel(`user:${id}`, { config: { private: true } });
  const received = broadcastsOf(channel);
  await subscribed(channel);
  await project.database.transaction(async (sql) => {
    // Without the trigger, so that the notifications are ours.
    await sql.query("set local session_replication_role = replica");
    await sql.query(
      "select realtime.send(jsonb_build_object('n', n), 'note', $1) from generate_series(0, 9) as n",
      [`user:${id}`],
    );
    await sql.query(
      `select pg_notify('realtime_messages', m.id::text)
       from (select * from realtime.messages where topic = $1 order by (payload ->> 'n')::int desc) as m`,
      [`user:${id}`],
    );
  });
  const numbers = (await received.take(10)).map((message) => message.payload.n);
  assert.deepEqual(numbers, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

Deno.test("a message from the database carries its event, its payload and its id", async () => {
  const { id, token } = await project.person();
  await using client = project.client(() => token);
  const channel = client.channel(`user:${id}`, { config: { private: true } });
  const received = broadcastsOf(channel);
  await subscribed(channel);
  await project.send(`user:${id}`, { booking: "b1", ä: "€ 😀" });
  const message = await received.next();
  assert.equal(message.event, "note");
  assert.deepEqual({ ...message.payload, id: "" }, { booking: "b1", ä: "€ 😀", id: "" });
  assert.equal(message.meta?.id, message.payload.id);
});

Deno.test("a payload of 20 kB arrives whole", async () => {
  const { id, token } = await project.person();
  await using client = project.client(() => token);
  const channel = client.channel(`user:${id}`, { config: { private: true } });
  const received = broadcastsOf(channel);
  await subscribed(channel);
  const text = "0123456789".repeat(2000);
  await project.send(`user:${id}`, { text });
  assert.equal((await received.next()).payload.text, text);
});

Deno.test("a message larger than hosted allows is logged, not delivered, and does not hold up the next", async () => {
  const { id, token } = await project.person();
  await using client = project.client(() => token);
  const channel = client.channel(`user:${id}`, { config: { private: true } });
  const received = broadcastsOf(channel);
  await subscribed(channel);
  await project.send(`user:${id}`, { text: "x".repeat(300_000) });
  await project.send(`user:${id}`, { n: 1 });
  assert.equal((await received.next()).payload.n, 1);
  const { cause } = await project.log.find(({ code }) => code === "UnableToBroadcastChanges");
  assert.match(String(cause), /larger than 256500 bytes/);
});

Deno.test("a message of a transaction that is rolled back never arrives", async () => {
  const { id, token } = await project.person();
  await using client = project.client(() => token);
  const channel = client.channel(`user:${id}`, { config: { private: true } });
  const received = broadcastsOf(channel);
  await subscribed(channel);
  await assert.rejects(
    project.database.transaction(async (sql) => {
      await sql.query(`select realtime.send('{"n": 1}'::jsonb, 'note', $1)`, [`user:${id}`]);
      throw new Error("changed our mind");
    }),
    /changed our mind/,
  );
  await project.send(`user:${id}`, { n: 2 });
  assert.equal((await received.next()).payload.n, 2);
});

Deno.test("a private message reaches private channels only, a public one public channels only", async () => {
  const { token } = await project.person();
  const topic = `room:${crypto.randomUUID()}`;
  await using one = project.client(() => token);
  await using other = project.client();
  const insider = one.channel(topic, { config: { private: true } });
  const outsider = other.channel(topic);
  const [inside, outside] = [broadcastsOf(insider), broadcastsOf(outsider)];
  await Promise.all([subscribed(insider), subscribed(outsider)]);
  await project.send(topic, { to: "public" }, false);
  await project.send(topic, { to: "private" }, true);
  await project.send(topic, { to: "public" }, false);
  await project.send(topic, { to: "private" }, true);
  assert.deepEqual((await inside.take(2)).map((message) => message.payload.to), ["private", "private"]);
  assert.deepEqual((await outside.take(2)).map((message) => message.payload.to), ["public", "public"]);
});

Deno.test("a notification that is no message is ignored", async () => {
  const { id, token } = await project.person();
  await using client = project.client(() => token);
  const channel = client.channel(`user:${id}`, { config: { private: true } });
  const received = broadcastsOf(channel);
  await subscribed(channel);
  await project.database.query("select pg_notify('realtime_messages', 'not an id')");
  await project.database.query("select pg_notify('realtime_messages', gen_random_uuid()::text)");
  await project.send(`user:${id}`, { n: 1 });
  assert.equal((await received.next()).payload.n, 1);
});
