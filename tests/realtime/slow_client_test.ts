import assert from "node:assert/strict";
import { type Project, RawSocket, startProject } from "./support.ts";

let project: Project;
Deno.test.beforeAll(async () => void (project = await startProject()));
Deno.test.afterAll(() => project.close());

/** A client on a bare TCP connection, which can do what no WebSocket implementation does: not read. */
async function openDeafClient(): Promise<{ send(frame: unknown): Promise<void>; close(): void }> {
  const { port } = new URL(project.url);
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const write = async (bytes: Uint8Array) => {
    while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
  };
  await write(new TextEncoder().encode([
    `GET /realtime/v1/websocket?vsn=2.0.0&apikey=${project.keys.publishableKey} HTTP/1.1`,
    ...["Host: x", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"],
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  ].join("\r\n")));
  assert.ok(await connection.read(new Uint8Array(1000)), "the handshake is read");
  return {
    send: (frame) => {
      const body = new TextEncoder().encode(JSON.stringify(frame));
      // A masked text frame of 126 to 65,535 bytes; the mask is zero.
      return write(
        new Uint8Array([0x81, 0x80 | 126, body.length >> 8, body.length & 255, 0, 0, 0, 0, ...body]),
      );
    },
    close: () => connection.close(),
  };
}

Deno.test("a client that does not read is cut off, and others receive everything meanwhile", async () => {
  const topic = "realtime:room:slow";
  const config = { presence: { enabled: true, key: "a key long enough for a frame of more than 125 bytes" } };
  const hearer = await RawSocket.open(project);
  const sender = await RawSocket.open(project);
  for (const socket of [hearer, sender]) socket.send(["1", "1", topic, "phx_join", { config }]);
  await Promise.all([hearer.received.take(2), sender.received.take(2)]);
  const deaf = await openDeafClient();
  await deaf.send(["1", "1", topic, "phx_join", { config }]);
  await deaf.send(["1", "2", topic, "presence", { event: "track", payload: { about: "x".repeat(100) } }]);
  const [, , , joined] = await hearer.received.next() as unknown[];
  assert.equal(joined, "presence_diff");
  const payload = { type: "broadcast", event: "big", payload: { text: "x".repeat(250_000) } };
  let heard = 0;
  // More than the limit on what a client may leave unread, plus what the system's own buffers take.
  for (let n = 0; n < 200; n++) {
    sender.send(["1", "3", topic, "broadcast", payload]);
    const [, , , event] = await hearer.received.next() as unknown[];
    if (event === "broadcast") heard++;
    else assert.equal(event, "presence_diff", "the deaf client has left");
  }
  const rest = await hearer.received.take(1) as unknown[][];
  heard += rest.filter(([, , , event]) => event === "broadcast").length;
  assert.equal(heard, 200);
  deaf.close();
  await Promise.all([hearer.close(), sender.close()]);
});
