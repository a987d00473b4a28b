import assert from "node:assert/strict";
import { type Project, RawSocket, startProject } from "./support.ts";

let project: Project;
Deno.test.beforeAll(async () => void (project = await startProject()));
Deno.test.afterAll(() => project.close());

const topic = "realtime:room:crowd";
type Frame = [string | null, string | null, string, string, Record<string, never>];

Deno.test("200 clients hear all of each other, and when they have gone nobody is left", async () => {
  const { token } = await project.person();
  const crowd = await Promise.all(Array.from({ length: 200 }, () => RawSocket.open(project)));
  const isReply = (frame: unknown) => (frame as Frame)[3] === "phx_reply";
  const isBroadcast = (frame: unknown) => frame instanceof ArrayBuffer || (frame as Frame)[3] === "broadcast";
  await Promise.all(crowd.map(async (socket, n) => {
    const config = { private: true, presence: { key: `${n}`, enabled: false } };
    socket.send(["1", "1", topic, "phx_join", { config, access_token: token }]);
    await socket.received.find(isReply);
  }));
  for (const [n, socket] of crowd.entries()) {
    socket.send(["1", "2", topic, "broadcast", { type: "broadcast", event: "e", payload: { n } }]);
  }
  await Promise.all(crowd.map(async (socket, n) => {
    const heard = new Set<number>();
    while (heard.size < 199) {
      const [, , , , payload] = await socket.received.find(isBroadcast) as Frame;
      heard.add((payload as unknown as { payload: { n: number } }).payload.n);
    }
    assert.ok(!heard.has(n), "nobody hears itself");
  }));
  const observer = await RawSocket.open(project);
  const config = { private: true, presence: { enabled: true } };
  observer.send(["1", "1", topic, "phx_join", { config, access_token: token }]);
  await observer.received.take(2);
  for (const socket of crowd) socket.send(["1", "3", topic, "presence", { event: "track", payload: {} }]);
  assert.equal(new Set((await observer.received.take(200)).flatMap(keysOf("joins"))).size, 200);
  for (const [n, socket] of crowd.entries()) {
    if (n % 2 === 0) socket.send(["1", "4", topic, "phx_leave", {}]);
    else socket.socket.close();
  }
  assert.equal(new Set((await observer.received.take(200)).flatMap(keysOf("leaves"))).size, 200);
  await Promise.all(crowd.map((socket) => socket.close()));
  observer.send(["2", "2", topic, "phx_join", { config, access_token: token }]);
  const [, , state] = await observer.received.take(3) as Frame[];
  assert.deepEqual(state, ["2", null, topic, "presence_state", {}]);
  await observer.close();
});

function keysOf(part: "joins" | "leaves"): (frame: unknown) => string[] {
  return (frame) => Object.keys((frame as Frame)[4][part]!);
}
