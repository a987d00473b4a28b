import assert from "node:assert/strict";
import { type Member, Sessions, someSession } from "./support.ts";

let sessions: Sessions;
let user: Member;
Deno.test.beforeAll(async () => {
  sessions = await Sessions.start();
  user = await sessions.register("user");
});
Deno.test.afterAll(() => sessions.close());

const book = (init: RequestInit) =>
  fetch(`${sessions.stack.url}/functions/v1/sessions/api/bookings`, {
    method: "POST",
    ...init,
    headers: { authorization: `Bearer ${user.token}`, "content-type": "application/json", ...init.headers },
  });

async function assertError(response: Response, status: number): Promise<string> {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  assert.deepEqual(Object.keys(body), ["error"]);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  return body.error;
}

Deno.test("GET /health answers 200 with service, time and database", async () => {
  const { status, body } = await sessions.call("GET", "/health");
  assert.equal(status, 200);
  assert.match(body.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.deepEqual({ ...body, timestamp: "" }, {
    status: "healthy",
    service: "backend",
    timestamp: "",
    database: "connected",
  });
});

Deno.test("a body that is not JSON gets 400", async () => {
  assert.match(await assertError(await book({ body: "{session_id" }), 400), /JSON/);
});

Deno.test("a request without body gets 400", async () => {
  await assertError(await book({}), 400);
});

for (const body of ["null", "[]", '"text"', "17"]) {
  Deno.test(`the body ${body} gets 400`, async () => {
    await assertError(await book({ body }), 400);
  });
}

Deno.test("a body of another content type gets 415", async () => {
  await assertError(await book({ body: "session_id=1", headers: { "content-type": "text/plain" } }), 415);
});

Deno.test("a body of 2 MiB gets 413, with and without announced length", async () => {
  const body = JSON.stringify({ session_id: crypto.randomUUID(), notes: "n".repeat(2 * 1024 * 1024) });
  await assertError(await book({ body }), 413);
  await assertError(await book({ body: new Blob([body]).stream() }), 413);
});

Deno.test("a text with a NUL character gets 400, which names it, and changes nothing", async () => {
  const facilitator = await sessions.register("facilitator");
  const { status, body } = await sessions.call("POST", "/api/sessions", {
    token: facilitator.token,
    body: { ...someSession(), description: "a\u0000b" },
  });
  assert.equal(status, 400);
  assert.equal(body.error, "The request is not valid: description must not have a NUL character");
});

Deno.test("a method that a path does not have gets 405 and the ones that it has", async () => {
  const { status, headers, body } = await sessions.call("PATCH", "/api/bookings", {
    token: user.token,
    body: {},
  });
  assert.equal(status, 405);
  assert.equal(headers.get("allow"), "POST");
  assert.deepEqual(Object.keys(body), ["error"]);
});

Deno.test("an unknown path gets 404 in the document's shape, signed in or not", async () => {
  for (const token of [undefined, user.token]) {
    const { status, body } = await sessions.call("GET", "/api/nothing", { token });
    assert.equal(status, 404);
    assert.deepEqual(Object.keys(body), ["error"]);
  }
});

Deno.test("a trailing slash makes no difference", async () => {
  assert.equal((await sessions.call("GET", "/api/sessions/", { token: user.token })).status, 200);
});

Deno.test("every answer carries the request id that the client gave, or a new one", async () => {
  const given = await sessions.call("GET", "/health", { headers: { "X-Request-Id": "client-chosen-id" } });
  assert.equal(given.headers.get("x-request-id"), "client-chosen-id");
  const hostile = await sessions.call("GET", "/health", { headers: { "X-Request-Id": "a b\t{}" } });
  assert.match(hostile.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
});

Deno.test("browsers may call from any origin, without cookies", async () => {
  const response = await fetch(`${sessions.stack.url}/functions/v1/sessions/api/bookings`, {
    method: "OPTIONS",
    headers: {
      origin: "https://app.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type,idempotency-key",
    },
  });
  await response.body?.cancel();
  assert.equal(response.status, 204);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(response.headers.get("access-control-allow-credentials"), null);
  assert.match(response.headers.get("access-control-allow-headers") ?? "", /idempotency-key/);
});

Deno.test("answers tell the limit of requests and what is left of it", async () => {
  const minuteOf = (ms: number) => Math.floor(ms / 60_000);
  const before = minuteOf(Date.now());
  const { headers } = await sessions.call("GET", "/api/sessions", { token: user.token });
  const after = minuteOf(Date.now());
  const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) =>
    Number(headers.get(`x-ratelimit-${name}`))
  );
  assert.ok(limit && remaining && reset);
  assert.ok(remaining < limit);
  // The end of the minute in which the request was counted.
  assert.ok(reset % 60 === 0 && reset / 60 > before && reset / 60 <= after + 1, String(reset));
});

Deno.test("the log has one line per request, with ids and without personal data", async () => {
  sessions.stack.log.length = 0;
  const { headers } = await sessions.call("POST", "/api/auth/login", {
    body: { email: user.email, password: "password123" },
  });
  const lines = sessions.stack.log.map((line) => JSON.parse(line)).filter((line) =>
    line.request_id === headers.get("x-request-id")
  );
  assert.equal(lines.length, 1);
  const { at: _, ms, ...line } = lines[0];
  assert.equal(typeof ms, "number");
  assert.deepEqual(line, {
    level: "info",
    message: "request",
    request_id: headers.get("x-request-id"),
    contract: "sessions",
    method: "POST",
    route: "/sessions/api/auth/login",
    status: 200,
    actor_id: null,
  });
});
