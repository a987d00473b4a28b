import { createClient } from "@supabase/supabase-js";
import assert from "node:assert/strict";
import {
  broadcastsOf,
  claimsOf,
  type Project,
  RawSocket,
  startProject,
  subscribed,
  watch,
} from "./support.ts";

let project: Project;
Deno.test.beforeAll(async () => void (project = await startProject()));
Deno.test.afterAll(() => project.close());

const isPrivate = { config: { private: true } };
const refusal = (topic: string) =>
  `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`;

Deno.test("a stranger is refused on somebody's topic, with hosted's words", async () => {
  const [owner, stranger] = [await project.person(), await project.person()];
  await using client = project.client(() => stranger.token);
  const statuses = await watch(client.channel(`user:${owner.id}`, isPrivate));
  assert.deepEqual(await statuses.next(), { status: "CHANNEL_ERROR", message: refusal(`user:${owner.id}`) });
});

Deno.test("a client without a session is refused on a private topic", async () => {
  const { id } = await project.person();
  await using client = project.client();
  const statuses = await watch(client.channel(`user:${id}`, isPrivate));
  assert.deepEqual(await statuses.next(), { status: "CHANNEL_ERROR", message: refusal(`user:${id}`) });
});

Deno.test("an expired token is refused on private and on public topics", async () => {
  const id = crypto.randomUUID();
  const iat = Math.floor(Date.now() / 1000) - 100;
  const token = await project.tokens.sign({ ...claimsOf(id), iat }, 60);
  await using client = project.client(() => token);
  for (const channel of [client.channel(`user:${id}`, isPrivate), client.channel("lobby")]) {
    const { status, message } = await (await watch(channel)).next();
    assert.equal(status, "CHANNEL_ERROR");
    assert.match(message, /^InvalidJWTToken: Token has expired 4\d seconds ago$/);
  }
});

Deno.test("a token that is none, of another key, or without an expiry is refused", async () => {
  const { token } = await project.person();
  const [header, body] = token.split(".");
  const raw = await RawSocket.open(project);
  const bad: [string, string][] = [
    ["nonsense", "MalformedJWT: The token provided is not a valid JWT"],
    [`${header}.${body}.${"A".repeat(86)}`, "JwtSignatureError: Failed to validate JWT signature"],
    ["eyJhbGciOiJub25lIn0.e30.", "InvalidJWTToken: Fields `role` and `exp` are required in JWT"],
  ];
  for (const [access_token, reason] of bad) {
    raw.send(["1", "1", "realtime:lobby", "phx_join", { config: {}, access_token }]);
    const reply = { status: "error", response: { reason } };
    assert.deepEqual(await raw.received.next(), ["1", "1", "realtime:lobby", "phx_reply", reply]);
  }
  await raw.close();
});

Deno.test("the secret key reads and writes every private topic", async () => {
  const { id, token } = await project.person();
  await using person = project.client(() => token);
  const service = createClient(project.url, project.keys.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const theirs = person.channel(`user:${id}`, isPrivate);
  const ours = service.channel(`user:${id}`, { config: { private: true, broadcast: { ack: true } } });
  const received = broadcastsOf(theirs);
  await Promise.all([subscribed(theirs), subscribed(ours)]);
  assert.equal(await ours.send({ type: "broadcast", event: "from the service", payload: {} }), "ok");
  assert.equal((await received.next()).event, "from the service");
  await service.removeAllChannels();
});

Deno.test("an API key sent as token does not raise what its connection may do", async () => {
  const { id } = await project.person();
  const raw = await RawSocket.open(project);
  const payload = { config: { private: true }, access_token: project.keys.secretKey };
  raw.send(["1", "1", `realtime:user:${id}`, "phx_join", payload]);
  const [, , , , { response }] = await raw.received.next() as [0, 0, 0, 0, { response: unknown }];
  assert.deepEqual(response, { reason: refusal(`user:${id}`) });
  await raw.close();
});

Deno.test("permission to see presence lets a client in that asks for it, and does not let it hear broadcasts", async () => {
  const topic = `foyer:${crypto.randomUUID()}`;
  const { token } = await project.person();
  await using client = project.client(() => token);
  await using mute = project.client(() => token);
  const channel = client.channel(topic, {
    config: { private: true, presence: { key: "me", enabled: true } },
  });
  const received = broadcastsOf(channel);
  const joined = new Promise((resolve) =>
    channel.on("presence", { event: "join" }, ({ key }) => resolve(key))
  );
  await subscribed(channel);
  await project.send(topic, { n: 1 });
  assert.equal(await channel.track({ on: 1 }), "ok");
  assert.equal(await joined, "me");
  const delivered = "select 1 from realtime.messages where topic = $1";
  assert.equal((await project.database.query(delivered, [topic])).length, 1);
  assert.deepEqual(received.items, []);
  const statuses = await watch(mute.channel(topic, isPrivate));
  assert.deepEqual(await statuses.next(), { status: "CHANNEL_ERROR", message: refusal(topic) });
});

Deno.test("a policy that fails permits nothing, and the log says why", async () => {
  const { token } = await project.person();
  await project.database.script(`
    create policy "broken" on realtime.messages for select to authenticated
      using ((select realtime.topic()) like 'broken:%' and 1 / (select length(''))  = 1);`);
  await using client = project.client(() => token);
  const statuses = await watch(client.channel("broken:1", isPrivate));
  assert.deepEqual(await statuses.next(), { status: "CHANNEL_ERROR", message: refusal("broken:1") });
  const { cause } = await project.log.find(({ code }) => code === "RlsPolicyError");
  assert.match(String(cause), /division by zero/);
  await project.database.script(`drop policy "broken" on realtime.messages`);
});

Deno.test("asking for permission leaves no message behind", async () => {
  const topic = `room:${crypto.randomUUID()}`;
  const { token } = await project.person();
  await using client = project.client(() => token);
  const channel = await subscribed(
    client.channel(topic, {
      config: { private: true, broadcast: { ack: true }, presence: { enabled: true } },
    }),
  );
  await channel.send({ type: "broadcast", event: "e", payload: {} });
  await channel.track({ on: 1 });
  const rows = await project.database.query("select id from realtime.messages where topic = $1", [topic]);
  assert.deepEqual(rows, []);
});

Deno.test("Postgres Changes and replay are refused in words", async () => {
  await using client = project.client();
  const changes = client.channel("changes").on(
    "postgres_changes",
    { event: "*", schema: "public", table: "bookings" },
    () => {},
  );
  assert.match((await (await watch(changes)).next()).message, /^PostgresChangesNotSupported: .*broadcast/);
  const replay = client.channel("old", { config: { private: true, broadcast: { replay: { since: 0 } } } });
  assert.match((await (await watch(replay)).next()).message, /^UnableToReplayMessages: /);
});
