import assert from "node:assert/strict";
import { broadcastsOf, type Project, startProject, subscribed } from "./support.ts";

let project: Project;
Deno.test.beforeAll(async () => void (project = await startProject()));
Deno.test.afterAll(() => project.close());

const room = () => `room:${crypto.randomUUID()}`;
const isPrivate = { config: { private: true } };

function post(path: string, init: RequestInit & { key?: string; token?: string } = {}): Promise<Response> {
  const headers = new Headers(init.headers ?? { "content-type": "application/json" });
  headers.set("apikey", init.key ?? project.keys.publishableKey);
  if (init.token) headers.set("authorization", `Bearer ${init.token}`);
  return fetch(`${project.url}/realtime/v1/api/broadcast${path}`, { ...init, method: "POST", headers });
}

function postBatch(messages: unknown, token?: string): Promise<Response> {
  return post("", { body: JSON.stringify({ messages }), ...(token && { token }) });
}

Deno.test("send before subscribing reaches subscribers", async () => {
  const topic = room();
  // With a logger, because the client warns on the console that it sends over HTTP.
  await using alice = project.client(undefined, { logger: () => {} });
  await using bob = project.client();
  const listener = bob.channel(topic);
  const received = broadcastsOf(listener);
  await subscribed(listener);
  const answer = await alice.channel(topic).send({ type: "broadcast", event: "e", payload: { n: 1 } });
  assert.equal(answer, "ok");
  assert.deepEqual((await received.next()).payload, { n: 1 });
});

Deno.test("httpSend reaches subscribers of a public topic, whatever is in its names", async () => {
  const topic = `room/ä ?&=:${crypto.randomUUID()}`;
  await using alice = project.client();
  await using bob = project.client();
  const listener = bob.channel(topic);
  const received = broadcastsOf(listener);
  await subscribed(listener);
  assert.deepEqual(await alice.channel(topic).httpSend("a/b c", { n: 1 }), { success: true });
  const message = await received.next();
  assert.deepEqual([message.event, message.payload], ["a/b c", { n: 1 }]);
});

Deno.test("httpSend carries bytes", async () => {
  const topic = room();
  await using client = project.client();
  const listener = client.channel(topic);
  const received = broadcastsOf(listener);
  await subscribed(listener);
  await listener.httpSend("bytes", new Uint8Array([1, 2, 255]).buffer);
  const payload: unknown = (await received.next()).payload;
  assert.ok(payload instanceof ArrayBuffer);
  assert.deepEqual([...new Uint8Array(payload)], [1, 2, 255]);
});

Deno.test("httpSend reaches a private topic with the permission to write, and says 403 without", async () => {
  const [topic, notices] = [room(), `notice:${crypto.randomUUID()}`];
  const { token } = await project.person();
  await using client = project.client(() => token);
  const channels = [client.channel(topic, isPrivate), client.channel(notices, isPrivate)] as const;
  const [inRoom, inNotices] = channels.map(broadcastsOf);
  await Promise.all(channels.map(subscribed));
  assert.deepEqual(await channels[0].httpSend("e", { n: 1 }), { success: true });
  assert.equal((await inRoom!.next()).payload.n, 1);
  await assert.rejects(channels[1].httpSend("e", { n: 2 }), /^Error: Unauthorized$/);
  await project.send(notices, { n: 3 });
  assert.equal((await inNotices!.next()).payload.n, 3);
});

Deno.test("a batch answers 202 and drops the private messages that its sender may not write", async () => {
  const [topic, notices] = [room(), `notice:${crypto.randomUUID()}`];
  const { token } = await project.person();
  await using client = project.client(() => token);
  const channels = [client.channel(topic, isPrivate), client.channel(notices, isPrivate)];
  const [inRoom, inNotices] = channels.map(broadcastsOf);
  await Promise.all(channels.map(subscribed));
  const response = await postBatch([
    { topic: notices, event: "forged", payload: {}, private: true },
    { topic, event: "first", payload: {}, private: true },
    { topic, event: "second", payload: {}, private: true },
  ], token);
  assert.equal(response.status, 202);
  assert.equal(await response.text(), "");
  assert.deepEqual((await inRoom!.take(2)).map((message) => message.event), ["first", "second"]);
  await project.send(notices, {});
  assert.equal((await inNotices!.next()).event, "note");
});

Deno.test("the secret key sends to every private topic", async () => {
  const { id, token } = await project.person();
  await using client = project.client(() => token);
  const channel = client.channel(`user:${id}`, isPrivate);
  const received = broadcastsOf(channel);
  await subscribed(channel);
  const messages = [{ topic: `user:${id}`, event: "from the service", payload: {}, private: true }];
  const response = await post("", { key: project.keys.secretKey, body: JSON.stringify({ messages }) });
  assert.equal(response.status, 202);
  assert.equal((await received.next()).event, "from the service");
});

Deno.test("an incomplete batch is answered 422 with the field at fault, and nothing of it is sent", async () => {
  const topic = room();
  await using client = project.client();
  const listener = client.channel(topic);
  const received = broadcastsOf(listener);
  await subscribed(listener);
  const good = { topic, event: "good", payload: {} };
  const cases: [unknown, unknown][] = [
    [undefined, ["can't be blank"]],
    [[], ["can't be blank"]],
    [Array(501).fill(good), ["should have at most 500 item(s)"]],
    [[good, { topic, event: "e" }], [{}, { payload: ["can't be blank"] }]],
    [[good, { topic, event: "e", payload: "text" }], [{}, { payload: ["is invalid"] }]],
    [[good, { topic, payload: {} }], [{}, { event: ["can't be blank"] }]],
    [[good, 7], [{}, { topic: ["can't be blank"] }]],
    [[good, { topic, event: "e", payload: { t: "x".repeat(300_000) } }], [{}, {
      payload: ["Payload size exceeds tenant limit"],
    }]],
  ];
  for (const [messages, errors] of cases) {
    const response = await postBatch(messages);
    assert.deepEqual([response.status, await response.json()], [422, { errors: { messages: errors } }]);
  }
  await project.send(topic, {}, false);
  assert.equal((await received.next()).event, "note");
});

Deno.test("a body that is not JSON is answered 400, another media type 415, a large one 422", async () => {
  const single = `/${room()}/events/e`;
  const statusOf = async (path: string, init: RequestInit) => {
    const response = await post(path, init);
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await statusOf("", { body: "{" }), 400);
  assert.equal(await statusOf(single, { body: "{" }), 400);
  assert.equal(await statusOf(single, { body: "x", headers: { "content-type": "text/plain" } }), 415);
  assert.equal(await statusOf(single, { body: JSON.stringify("x".repeat(300_000)) }), 422);
});

Deno.test("without an API key of this project, or with a bad token, the answer is 401", async () => {
  const body = JSON.stringify({ messages: [{ topic: "lobby", event: "e", payload: {} }] });
  const bearer = await project.person(-10);
  for (
    const init of [{ key: "" }, { key: "sb_publishable_other" }, { token: "nonsense" }, {
      token: bearer.token,
    }]
  ) {
    const response = await post("", { body, ...init });
    assert.equal(response.status, 401);
    assert.equal(typeof (await response.json()).message, "string");
  }
});

Deno.test("any other address is answered 404 in JSON", async () => {
  for (
    const path of [
      "",
      "/api/broadcast/x",
      "/api/broadcast/x/events/",
      "/api/broadcast/%E0/events/e",
      "/api/tenants",
    ]
  ) {
    const response = await fetch(`${project.url}/realtime/v1${path}`, { method: "POST" });
    assert.deepEqual([response.status, await response.json()], [404, { message: "Not found" }]);
  }
  const get = await fetch(`${project.url}/realtime/v1/api/broadcast`);
  assert.equal(get.status, 404);
  await get.body?.cancel();
});
