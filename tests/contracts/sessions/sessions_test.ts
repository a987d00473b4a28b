import assert from "node:assert/strict";
import { documentTime, type Member, Sessions, someSession } from "./support.ts";

let sessions: Sessions;
let facilitator: Member;
let user: Member;
Deno.test.beforeAll(async () => {
  sessions = await Sessions.start();
  facilitator = await sessions.register("facilitator", "John Doe");
  user = await sessions.register("user");
});
Deno.test.afterAll(() => sessions.close());

const create = (body: unknown, token = facilitator.token) =>
  sessions.call("POST", "/api/sessions", { token, body });
const update = (id: string, body: unknown, token = facilitator.token) =>
  sessions.call("PUT", `/api/sessions/${id}`, { token, body });
const listed = async (id: string) => {
  const { body } = await sessions.call("GET", "/api/sessions?limit=1000", { token: user.token });
  return body.find((session: { id: string }) => session.id === id);
};

Deno.test("POST /api/sessions answers 201 with the id of a session that is then listed", async () => {
  const session = someSession();
  const { status, body } = await create(session);
  assert.equal(status, 201);
  assert.equal(body.message, "Session created successfully");
  assert.deepEqual(await listed(body.session_id), {
    id: body.session_id,
    ...session,
    facilitator: "John Doe",
    available_spots: 15,
  });
});

Deno.test("POST /api/sessions defaults capacity to 1, price to 0 and description to nothing", async () => {
  const { title, session_type, start_time, end_time } = someSession();
  const { body } = await create({ title, session_type, start_time, end_time });
  const { capacity, price, description } = await listed(body.session_id);
  assert.deepEqual({ capacity, price, description }, { capacity: 1, price: 0, description: "" });
});

Deno.test("a price is in the facilitator's currency, with its decimals", async () => {
  const kenji = await sessions.register("facilitator", "Kenji Tanaka");
  await sessions.stack.database.query("update public.providers set currency = 'JPY' where id = $1", [
    kenji.id,
  ]);
  const { body } = await create({ ...someSession(), price: 3000 }, kenji.token);
  const stored = async () =>
    await sessions.stack.database.query(
      "select price_minor::int, currency from public.events where id = $1",
      [
        body.session_id,
      ],
    );
  assert.deepEqual(await stored(), [{ price_minor: 3000, currency: "JPY" }]);
  const noise = 2500.0000000000005;
  assert.equal((await update(body.session_id, { price: noise }, kenji.token)).status, 200);
  assert.equal((await listed(body.session_id)).price, 2500);
  const refused = await update(body.session_id, { price: 30.5 }, kenji.token);
  assert.equal(refused.status, 400);
  assert.match(refused.body.error, /price must have at most 0 decimals, as JPY has$/);
  assert.deepEqual(await stored(), [{ price_minor: 2500, currency: "JPY" }]);
});

Deno.test("POST /api/sessions ignores unknown fields", async () => {
  const { status } = await create({ ...someSession(), facilitator_id: user.id, status: "cancelled" });
  assert.equal(status, 201);
});

Deno.test("POST /api/sessions honours a time zone and means UTC without one", async () => {
  const start = documentTime(7);
  const { body } = await create({ ...someSession(), start_time: `${start}+02:00`, end_time: `${start}Z` });
  const { start_time, end_time } = await listed(body.session_id);
  assert.equal(end_time, start);
  assert.equal(Date.parse(`${end_time}Z`) - Date.parse(`${start_time}Z`), 2 * 3_600_000);
});

Deno.test("POST /api/sessions answers 403 to somebody who is no facilitator", async () => {
  const { status, body } = await create(someSession(), user.token);
  assert.equal(status, 403);
  assert.deepEqual(Object.keys(body), ["error"]);
});

for (
  const [problem, change, field] of [
    ["end before start", { end_time: documentTime(6) }, "end_time"],
    ["end equal to start", { start_time: documentTime(7), end_time: documentTime(7) }, "end_time"],
    ["a start in the past", { start_time: documentTime(-1) }, "start_time"],
    ["a day that does not exist", { start_time: "2031-02-30T10:00:00" }, "start_time"],
    ["a date without time", { start_time: "2031-02-03" }, "start_time"],
    ["a number for a time", { start_time: 1_900_000_000 }, "start_time"],
    ["a negative price", { price: -1 }, "price"],
    ["a price with three decimals", { price: 1.005 }, "price"],
    ["a price beyond all bounds", { price: 1e15 }, "price"],
    ["a text for a price", { price: "30" }, "price"],
    ["capacity 0", { capacity: 0 }, "capacity"],
    ["half a seat", { capacity: 1.5 }, "capacity"],
    ["more seats than a number can hold", { capacity: 1e12 }, "capacity"],
    ["an empty title", { title: "" }, "title"],
    ["a title of spaces", { title: "   " }, "title"],
    ["a title of 201 characters", { title: "t".repeat(201) }, "title"],
    ["an unknown type", { session_type: "webinar" }, "session_type"],
  ] as const
) {
  Deno.test(`POST /api/sessions answers 400 for ${problem} and names ${field}`, async () => {
    const before = await sessions.stack.database.query("select count(*)::text as n from public.events");
    const { status, body } = await create({ ...someSession(), ...change });
    assert.equal(status, 400);
    assert.match(body.error, new RegExp(`\\b${field}\\b`));
    assert.deepEqual(
      await sessions.stack.database.query("select count(*)::text as n from public.events"),
      before,
    );
  });
}

Deno.test("GET /api/sessions lists no cancelled session and none that has begun", async () => {
  const [cancelled, begun] = [
    await sessions.createSession(facilitator),
    await sessions.createSession(facilitator),
  ];
  await sessions.cancelSession(facilitator, cancelled);
  await sessions.stack.database.query(
    "update public.events set starts_at = now() - interval '1 minute' where id = $1",
    [begun],
  );
  assert.deepEqual([await listed(cancelled), await listed(begun)], [undefined, undefined]);
});

Deno.test("GET /api/sessions tells the spots that are left", async () => {
  const id = await sessions.createSession(facilitator, { capacity: 3 });
  await sessions.book(user, id);
  assert.equal((await listed(id)).available_spots, 2);
});

Deno.test("GET /api/sessions pages with page and limit, and tells total and links", async () => {
  for (let i = 0; i < 3; i++) await sessions.createSession(facilitator);
  const get = (query: string) => sessions.call("GET", `/api/sessions?${query}`, { token: user.token });
  const all = (await get("limit=1000")).body;
  const second = await get("limit=2&page=2");
  assert.deepEqual(second.body, all.slice(2, 4));
  assert.equal(second.headers.get("x-total-count"), String(all.length));
  assert.equal(second.headers.get("x-total-count-exact"), "true");
  assert.match(second.headers.get("link") ?? "", /<\?limit=2&page=1>; rel="prev"/);
  assert.deepEqual((await get("limit=2&page=5000")).body, []);
});

Deno.test("GET /api/sessions answers 400 for a page or limit below 1 or not a number, and bounds the limit", async () => {
  for (const query of ["page=0", "page=-1", "limit=0", "limit=x", "page=1.5"]) {
    const { status, body } = await sessions.call("GET", `/api/sessions?${query}`, { token: user.token });
    assert.equal(status, 400, query);
    assert.match(body.error, /page|limit/);
  }
  assert.equal((await sessions.call("GET", "/api/sessions?limit=100000", { token: user.token })).status, 200);
});

Deno.test("PUT /api/sessions/{id} changes only what is given", async () => {
  const id = await sessions.createSession(facilitator);
  const before = await listed(id);
  const { status, body } = await update(id, { title: "Updated Session Title", capacity: 20 });
  assert.equal(status, 200);
  assert.deepEqual(body, { message: "Session updated successfully" });
  assert.deepEqual(await listed(id), {
    ...before,
    title: "Updated Session Title",
    capacity: 20,
    available_spots: 20,
  });
});

Deno.test("PUT /api/sessions/{id} answers 400 for a capacity below the seats taken and changes nothing", async () => {
  const id = await sessions.createSession(facilitator, { capacity: 3 });
  await sessions.book(user, id);
  await sessions.book(await sessions.register("user"), id);
  const { status, body } = await update(id, { capacity: 1, title: "Smaller" });
  assert.equal(status, 400);
  assert.equal(
    body.error,
    "The session cannot become so small: capacity must not be below the seats already taken",
  );
  assert.equal((await listed(id)).title, "Evening Yoga");
});

Deno.test("PUT /api/sessions/{id} answers 400 for an end before the start that stands", async () => {
  const id = await sessions.createSession(facilitator);
  assert.equal((await update(id, { end_time: documentTime(5) })).status, 400);
});

Deno.test("PUT /api/sessions/{id} answers 400 for a cancelled session", async () => {
  const id = await sessions.createSession(facilitator);
  await sessions.cancelSession(facilitator, id);
  assert.equal((await update(id, { title: "Too late" })).status, 400);
});

for (
  const [operation, call] of [
    ["PUT /api/sessions/{id}", (id: string, token: string) => update(id, { title: "Mine now" }, token)],
    [
      "POST /api/sessions/{id}/cancel",
      (id: string, token: string) => sessions.call("POST", `/api/sessions/${id}/cancel`, { token }),
    ],
    [
      "DELETE /api/facilitator/sessions/{id}",
      (id: string, token: string) => sessions.call("DELETE", `/api/facilitator/sessions/${id}`, { token }),
    ],
  ] as const
) {
  Deno.test(`${operation} answers 403 to anybody but the session's facilitator`, async () => {
    const id = await sessions.createSession(facilitator);
    const other = await sessions.register("facilitator");
    assert.equal((await call(id, other.token)).status, 403);
    assert.equal((await call(id, user.token)).status, 403);
    assert.equal((await listed(id)).title, "Evening Yoga");
  });

  Deno.test(`${operation} answers 404 for an unknown id and for one that is no id`, async () => {
    for (const id of [crypto.randomUUID(), "17", "%00"]) {
      const { status, body } = await call(id, facilitator.token);
      assert.equal(status, 404, id);
      assert.deepEqual(body, { error: "Session not found" });
    }
  });
}

for (
  const [method, path] of [["POST", "/api/sessions/{id}/cancel"], [
    "DELETE",
    "/api/facilitator/sessions/{id}",
  ]]
) {
  Deno.test(`${method} ${path} cancels the session and all its bookings`, async () => {
    const id = await sessions.createSession(facilitator);
    await sessions.book(user, id);
    const { status, body } = await sessions.call(`${method}`, `${path}`.replace("{id}", id), {
      token: facilitator.token,
    });
    assert.equal(status, 200);
    assert.deepEqual(body, { message: "Session cancelled successfully" });
    const mine = await sessions.call("GET", "/api/bookings/my", { token: user.token });
    const booking = mine.body.find((booking: { session: { id: string } }) => booking.session.id === id);
    assert.equal(booking.booking_status, "cancelled");
    const own = await sessions.call("GET", "/api/facilitator/sessions?limit=1000", {
      token: facilitator.token,
    });
    assert.equal(own.body.find((session: { id: string }) => session.id === id).status, "cancelled");
  });
}

Deno.test("POST /api/sessions/{id}/cancel takes a reason, which those who booked read, or no body at all", async () => {
  const user = await sessions.register("user");
  const cancel = async (call: { body?: unknown; headers?: Record<string, string> }) => {
    const id = await sessions.createSession(facilitator);
    await sessions.book(user, id);
    const { status } = await sessions.call("POST", `/api/sessions/${id}/cancel`, {
      token: facilitator.token,
      ...call,
    });
    const [booking] = await sessions.stack.database.query<{ reason: string | null }>(
      "select cancellation_reason as reason from public.bookings where event_id = $1",
      [id],
    );
    return [status, booking?.reason];
  };
  assert.deepEqual(await cancel({ body: { reason: "The room is closed" } }), [200, "The room is closed"]);
  assert.deepEqual(await cancel({ body: {} }), [200, null]);
  assert.deepEqual(await cancel({ headers: { "content-type": "application/json" } }), [200, null]);
  assert.deepEqual(await cancel({ body: { reason: "x".repeat(2001) } }), [400, null]);
});

Deno.test("cancelling a session twice changes nothing the second time", async () => {
  const id = await sessions.createSession(facilitator);
  await sessions.book(user, id);
  assert.equal((await sessions.cancelSession(facilitator, id)).status, 200);
  const told = () => sessions.stack.database.query("select count(*)::text as n from private.outbox");
  const before = await told();
  assert.equal((await sessions.cancelSession(facilitator, id)).status, 200);
  assert.deepEqual(await told(), before);
});
