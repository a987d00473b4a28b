import assert from "node:assert/strict";
import { type Project, RawSocket, startProject } from "./support.ts";

let project: Project;
Deno.test.beforeAll(async () => void (project = await startProject()));
Deno.test.afterAll(() => project.close());

const ok = (response: unknown = {}) => ({ status: "ok", response });
const error = (reason: string) => ({ status: "error", response: { reason } });
const quiet = { config: { presence: { enabled: false } } };

Deno.test("a heartbeat is answered under its own number", async () => {
  const socket = await RawSocket.open(project);
  socket.send([null, "7", "phoenix", "heartbeat", {}]);
  assert.deepEqual(await socket.received.next(), [null, "7", "phoenix", "phx_reply", ok()]);
  await socket.close();
});

Deno.test("a join is answered with what is there, a leave with a reply and a close", async () => {
  const socket = await RawSocket.open(project);
  socket.send(["1", "1", "realtime:lobby", "phx_join", { config: { presence: { enabled: true } } }]);
  socket.send(["1", "2", "realtime:lobby", "phx_leave", {}]);
  assert.deepEqual(await socket.received.take(4), [
    ["1", "1", "realtime:lobby", "phx_reply", ok({ postgres_changes: [] })],
    ["1", null, "realtime:lobby", "presence_state", {}],
    ["1", "2", "realtime:lobby", "phx_reply", ok()],
    ["1", "1", "realtime:lobby", "phx_close", {}],
  ]);
  await socket.close();
});

Deno.test("joining a topic again closes the first channel, and a late leave of it means nothing", async () => {
  const socket = await RawSocket.open(project);
  socket.send(["1", "1", "realtime:again", "phx_join", quiet]);
  socket.send(["2", "2", "realtime:again", "phx_join", quiet]);
  socket.send(["1", "3", "realtime:again", "phx_leave", {}]);
  socket.send(["2", "4", "realtime:again", "broadcast", { type: "broadcast", event: "e", payload: {} }]);
  socket.send(["2", "5", "realtime:again", "phx_leave", {}]);
  assert.deepEqual(await socket.received.take(5), [
    ["1", "1", "realtime:again", "phx_reply", ok({ postgres_changes: [] })],
    ["1", "1", "realtime:again", "phx_close", {}],
    ["2", "2", "realtime:again", "phx_reply", ok({ postgres_changes: [] })],
    ["2", "5", "realtime:again", "phx_reply", ok()],
    ["2", "2", "realtime:again", "phx_close", {}],
  ]);
  await socket.close();
});

Deno.test("frames on topics that are not joined, or cannot be, are answered as Phoenix does", async () => {
  const socket = await RawSocket.open(project);
  const cases: [string, string, unknown][] = [
    ["realtime:nowhere", "broadcast", error("unmatched topic")],
    ["realtime:nowhere", "phx_leave", ok()],
    ["elsewhere:x", "phx_join", error("unmatched topic")],
    ["realtime:", "phx_join", error("TopicNameRequired: You must provide a topic name")],
  ];
  for (const [topic, event, answer] of cases) {
    socket.send(["1", "1", topic, event, {}]);
    assert.deepEqual(await socket.received.next(), ["1", "1", topic, "phx_reply", answer]);
  }
  await socket.close();
});

Deno.test("malformed frames are dropped, and the connection works on", async () => {
  const socket = await RawSocket.open(project);
  socket.send(["1", "1", "realtime:sturdy", "phx_join", quiet]);
  await socket.received.next();
  const text = (value: string) => new TextEncoder().encode(value);
  const push = (sizes: number[], body: Uint8Array) => new Uint8Array([3, ...sizes, 1, ...body]);
  const topic = text("realtime:sturdy");
  const frames = [
    "",
    "{",
    "null",
    "7",
    "[]",
    "{}",
    '["1","1"]',
    '["1","1",5,"broadcast",{}]',
    '["1",{},"realtime:sturdy","broadcast",{}]',
    new Uint8Array([]),
    new Uint8Array([0, 1, 2]),
    new Uint8Array([3]),
    new Uint8Array([4, 15, 0, 0, 1, ...topic]),
    push([255, 255, 255, 255, 255], text("short")),
    new Uint8Array([3, 0, 0, topic.length, 255, 0, 0, ...topic]),
    push([0, 0, topic.length, 1, 0], text("realtime:sturdyeno json")),
    push([0, 0, 2, 0, 0], new Uint8Array([255, 254])),
  ];
  for (const frame of frames) socket.socket.send(frame);
  socket.send([null, "2", "phoenix", "heartbeat", {}]);
  assert.deepEqual(await socket.received.next(), [null, "2", "phoenix", "phx_reply", ok()]);
  const logged = project.log.items.filter(({ code }) => code === "MalformedWebSocketMessage");
  assert.equal(logged.length, frames.length);
  await socket.close();
});

Deno.test("events and payloads of a joined channel that mean nothing do not break it", async () => {
  const socket = await RawSocket.open(project);
  const topic = "realtime:odd";
  socket.send(["1", "1", topic, "phx_join", { config: 7, access_token: {}, user_token: [] }]);
  socket.send(["1", "2", topic, "unheard of", {}]);
  socket.send(["1", "3", topic, "presence", { event: 5 }]);
  socket.send(["1", "4", topic, "presence", { event: "vanish" }]);
  socket.send(["1", "5", topic, "presence", { event: "TRACK", payload: "me" }]);
  socket.send(["1", "6", topic, "access_token", null]);
  socket.send(["1", 7, topic, "presence", { event: "track" }]);
  const replies = (await socket.received.take(6)).map((frame) =>
    (frame as unknown[]).filter((_, n) => n === 1 || n === 4)
  );
  assert.deepEqual(replies, [
    ["1", ok({ postgres_changes: [] })],
    [null, {}],
    ["3", ok()],
    ["4", { status: "error", response: {} }],
    ["5", error("Presence track payload must be a map")],
    [7, ok()],
  ]);
  await socket.close();
});

Deno.test("a frame larger than hosted accepts closes the socket with 1009, and no other", async () => {
  const [large, other] = [await RawSocket.open(project), await RawSocket.open(project)];
  large.socket.send("x".repeat(5_000_001));
  const { code } = await large.closed;
  assert.equal(code, 1009);
  other.send([null, "1", "phoenix", "heartbeat", {}]);
  assert.deepEqual(await other.received.next(), [null, "1", "phoenix", "phx_reply", ok()]);
  await other.close();
});

Deno.test("a connection has at most 100 channels", async () => {
  const socket = await RawSocket.open(project);
  for (let n = 1; n <= 101; n++) socket.send([`${n}`, `${n}`, `realtime:many:${n}`, "phx_join", quiet]);
  const replies = await socket.received.take(101) as [string, string, string, string, unknown][];
  const refused = replies.filter(([, , , , answer]) => (answer as { status: string }).status !== "ok");
  assert.deepEqual(refused, [
    ["101", "101", "realtime:many:101", "phx_reply", error("ChannelRateLimitReached: Too many channels")],
  ]);
  socket.send(["1", "200", "realtime:many:1", "phx_leave", {}]);
  await socket.received.take(2);
  socket.send(["101", "201", "realtime:many:101", "phx_join", quiet]);
  assert.deepEqual((await socket.received.next() as unknown[])[4], ok({ postgres_changes: [] }));
  await socket.close();
});

Deno.test("a client may ask to be told that messages from the database are coming", async () => {
  const socket = await RawSocket.open(project);
  const config = { broadcast: { replication_ready: true }, presence: {} };
  socket.send(["1", "1", "realtime:ready", "phx_join", { config }]);
  const message = "Replication connection established";
  assert.deepEqual((await socket.received.take(2))[1], [
    ...["1", null, "realtime:ready", "system"],
    { extension: "system", status: "ok", message, channel: "ready" },
  ]);
  await socket.close();
});

Deno.test("only this project's keys open a socket, and only in a version that is spoken here", async () => {
  const { publishableKey, secretKey } = project.keys;
  const cases: [string, number, string][] = [
    ["vsn=2.0.0", 401, "No API key found in request"],
    ["vsn=2.0.0&apikey=sb_publishable_wrong", 401, "Invalid API key"],
    [`vsn=2.0.0&apikey=${publishableKey}`, 426, "This address takes WebSocket connections only"],
  ];
  for (const [query, status, message] of cases) {
    const response = await fetch(`${project.url}/realtime/v1/websocket?${query}`);
    assert.deepEqual([response.status, await response.json()], [status, { message }]);
  }
  await assert.rejects(RawSocket.open(project, { key: "sb_publishable_wrong" }));
  await assert.rejects(RawSocket.open(project, { vsn: "3.0.0" }));
  await (await RawSocket.open(project, { key: secretKey })).close();
});
