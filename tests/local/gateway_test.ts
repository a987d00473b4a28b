import assert from "node:assert/strict";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

/** Sends what `fetch` would not, and answers the first line and the rest of what comes back. */
async function send(method: string, path: string, headers: Record<string, string> = {}, body = "") {
  const { hostname, port, host } = new URL(stack.url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const all = { host, connection: "close", "content-length": String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const text = `${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
  await connection.write(new TextEncoder().encode(text));
  const answer = await new Response(connection.readable).text();
  return { status: Number(answer.split(" ")[1]), answer };
}

const key = () => ({ apikey: stack.keys.publishableKey });
const form = { "content-type": "multipart/form-data; boundary=x" };

Deno.test("a form that is none is refused with 400, and before that for a missing key", async () => {
  const path = "/storage/v1/object/receipts/b";
  assert.equal((await send("POST", path, form, "garbage")).status, 401);
  assert.equal((await send("POST", path, { ...form, ...key() }, "garbage")).status, 400);
  const noBoundary = { "content-type": "multipart/form-data", ...key() };
  assert.equal((await send("POST", path, noBoundary, "garbage")).status, 400);
});

Deno.test("an opening of a WebSocket without all its headers is refused with 400", async () => {
  const opening = { upgrade: "websocket", ...key() };
  const more = { ...opening, connection: "upgrade" };
  for (const headers of [opening, more, { ...more, "sec-websocket-version": "13" }]) {
    assert.equal((await send("GET", "/realtime/v1/websocket", headers)).status, 400);
  }
});

Deno.test("TRACE of a function is refused with 405", async () => {
  assert.equal((await send("TRACE", "/functions/v1/sessions/health")).status, 405);
});

Deno.test("a path that is no UTF-8 is refused with 400", async () => {
  for (const path of ["/rest/v1/%E0%A4%A", "/storage/v1/object/receipts/%E0%A4%A"]) {
    assert.equal((await send("GET", path, key())).status, 400, path);
  }
});

Deno.test("a failure of a part is answered with 500 in JSON, and its cause is in the log alone", async () => {
  const { functions } = stack;
  const { fetch } = functions;
  functions.fetch = () => Promise.reject(new Error("some secret cause"));
  const { status, answer } = await send("GET", "/functions/v1/sessions/health");
  functions.fetch = fetch;
  assert.equal(status, 500);
  assert.match(answer, /"code":"INTERNAL"/);
  assert.doesNotMatch(answer, /some secret cause/);
  assert.equal(stack.log.filter((line) => line.includes("some secret cause")).length, 1);
});
