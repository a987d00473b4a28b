import assert from "node:assert/strict";
import { broadcastsOf, Inbox, type Project, RawSocket, startProject, subscribed, watch } from "./support.ts";

let project: Project;
Deno.test.beforeAll(async () => void (project = await startProject()));
Deno.test.afterAll(() => project.close());

const isPrivate = { config: { private: true } };

Deno.test("a token that expires closes its channels, private and public, and says so", async () => {
  const { id, token } = await project.person();
  let current = token;
  await using client = project.client(() => current);
  const channels = [client.channel(`user:${id}`, isPrivate), client.channel("lobby")];
  const joined = await Promise.all(channels.map(async (channel) => {
    const errors = new Inbox<Record<string, unknown>>();
    channel.on("system", {}, errors.push);
    const statuses = await watch(channel);
    assert.equal((await statuses.next()).status, "SUBSCRIBED");
    return { channel, errors, statuses };
  }));
  const expiresAt = Math.floor(Date.now() / 1000) + 2;
  current = await project.tokens.sign({ sub: id, role: "authenticated", iat: expiresAt - 2 }, 2);
  await client.realtime.setAuth();
  for (const { channel, errors, statuses } of joined) {
    const { message, ...rest } = await errors.next();
    const late = Math.floor(Date.now() / 1000) - expiresAt;
    assert.deepEqual(rest, { extension: "system", status: "error", channel: channel.subTopic });
    const seconds = Number(/^Token has expired (\d+) seconds ago$/.exec(String(message))?.[1]);
    assert.ok(seconds >= 0 && seconds <= late, String(message));
    assert.equal((await statuses.next()).status, "CLOSED");
  }
});

Deno.test("a refreshed token keeps a channel open beyond the expiry of the first", async () => {
  const { id, token } = await project.person();
  const signed = (seconds: number) => project.tokens.sign({ sub: id, role: "authenticated" }, seconds);
  let [current, other] = [token, token];
  await using client = project.client(() => current);
  await using clock = project.client(() => other);
  const channel = client.channel(`user:${id}`, isPrivate);
  const received = broadcastsOf(channel);
  const statuses = await watch(channel);
  assert.equal((await statuses.next()).status, "SUBSCRIBED");
  const expiring = await watch(clock.channel(`user:${id}`, isPrivate));
  assert.equal((await expiring.next()).status, "SUBSCRIBED");
  // Both had a token of three seconds; one has a new one before it ends.
  current = other = await signed(3);
  await client.realtime.setAuth();
  await clock.realtime.setAuth();
  current = await signed(3600);
  await client.realtime.setAuth();
  assert.equal((await expiring.next()).status, "CLOSED", "the first token is over");
  await project.send(`user:${id}`, { n: 1 });
  assert.equal((await received.next()).payload.n, 1);
  assert.deepEqual(statuses.items, []);
});

Deno.test("a new token that may not read the topic closes the channel", async () => {
  const [first, second] = [await project.person(), await project.person()];
  let current = first.token;
  await using client = project.client(() => current);
  const channel = client.channel(`user:${first.id}`, isPrivate);
  const errors = new Inbox<{ message: string }>();
  channel.on("system", {}, errors.push);
  const statuses = await watch(channel);
  assert.equal((await statuses.next()).status, "SUBSCRIBED");
  current = second.token;
  await client.realtime.setAuth();
  const { message } = await errors.next();
  assert.equal(message, `You do not have permissions to read from this Channel topic: user:${first.id}`);
  assert.equal((await statuses.next()).status, "CLOSED");
});

Deno.test("a new token's permission to write replaces the old one's", async () => {
  const topic = `room:${crypto.randomUUID()}`;
  const { id, token } = await project.person();
  let current = token;
  await using client = project.client(() => current);
  await project.database.script(`
    create policy "banned people are silent" on realtime.messages as restrictive for insert to authenticated
      with check ((select auth.jwt()) ->> 'banned' is null);`);
  const channel = await subscribed(
    client.channel(topic, { config: { private: true, broadcast: { ack: true } } }),
  );
  assert.equal(await channel.send({ type: "broadcast", event: "e", payload: {} }), "ok");
  current = await project.tokens.sign({ sub: id, role: "authenticated", banned: true }, 3600);
  await client.realtime.setAuth();
  assert.equal(await channel.send({ type: "broadcast", event: "e", payload: {} }), "error");
});

Deno.test("an API key or nothing in place of a new token changes nothing", async () => {
  const { id, token } = await project.person();
  const topic = `realtime:user:${id}`;
  const raw = await RawSocket.open(project);
  raw.send(["1", "1", topic, "phx_join", { config: { private: true, presence: {} }, access_token: token }]);
  const unchanged = [project.keys.publishableKey, null, token, undefined, 7];
  for (const access_token of unchanged) raw.send(["1", "2", topic, "access_token", { access_token }]);
  raw.send([null, "3", "phoenix", "heartbeat", {}]);
  const replies = (await raw.received.take(2)).map((frame) => (frame as unknown[])[1]);
  assert.deepEqual(replies.sort(), ["1", "3"]);
  await project.send(`user:${id}`, { n: 1 });
  assert.ok(await raw.received.next() instanceof ArrayBuffer);
  await raw.close();
});
