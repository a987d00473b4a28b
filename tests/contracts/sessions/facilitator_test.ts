import assert from "node:assert/strict";
import { documentTime, Sessions } from "./support.ts";

let sessions: Sessions;
Deno.test.beforeAll(async () => void (sessions = await Sessions.start()));
Deno.test.afterAll(() => sessions.close());

Deno.test("GET /api/facilitator/dashboard counts sessions, bookings and revenue, and shows recent bookings", async () => {
  const facilitator = await sessions.register("facilitator");
  const [jane, omar] = [
    await sessions.register("user", "Jane Smith"),
    await sessions.register("user", "Omar"),
  ];
  const meditation = await sessions.createSession(facilitator, { title: "Morning Meditation", price: 25.5 });
  const retreat = await sessions.createSession(facilitator, { session_type: "retreat", price: 200 });
  const cancelled = await sessions.createSession(facilitator, { price: 10 });
  await sessions.book(jane, cancelled);
  await sessions.cancelSession(facilitator, cancelled);
  await sessions.book(jane, retreat);
  await sessions.book(omar, meditation);
  await sessions.book(jane, meditation);
  const past = await sessions.createSession(facilitator);
  await sessions.stack.database.query(
    "update public.events set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour' where id = $1",
    [past],
  );

  const { status, body } = await sessions.call("GET", "/api/facilitator/dashboard", {
    token: facilitator.token,
  });
  assert.equal(status, 200);
  assert.deepEqual(body.metrics, {
    total_sessions: 4,
    active_sessions: 3,
    total_bookings: 3,
    total_revenue: 251,
    upcoming_sessions: 2,
  });
  assert.equal(body.recent_bookings.length, 4);
  const [latest] = body.recent_bookings;
  assert.deepEqual(latest.user, { name: "Jane Smith", email: jane.email });
  assert.equal(latest.session.title, "Morning Meditation");
  assert.equal(latest.status, "confirmed");
  assert.equal(body.recent_bookings.at(-1).status, "cancelled");
});

Deno.test("GET /api/facilitator/dashboard shows ten recent bookings and no more", async () => {
  const facilitator = await sessions.register("facilitator");
  const user = await sessions.register("user");
  for (let day = 1; day <= 12; day++) {
    const times = { start_time: documentTime(day), end_time: documentTime(day, 1) };
    await sessions.book(user, await sessions.createSession(facilitator, times));
  }
  const { body } = await sessions.call("GET", "/api/facilitator/dashboard", { token: facilitator.token });
  assert.equal(body.recent_bookings.length, 10);
  assert.equal(body.metrics.total_bookings, 12);
});

Deno.test("GET /api/facilitator/sessions lists all of my sessions with their bookings, and nobody else's", async () => {
  const facilitator = await sessions.register("facilitator");
  await sessions.createSession(await sessions.register("facilitator"));
  const active = await sessions.createSession(facilitator, {
    capacity: 10,
    price: 25,
    title: "Morning Meditation",
  });
  const cancelled = await sessions.createSession(facilitator);
  for (let i = 0; i < 2; i++) await sessions.book(await sessions.register("user"), active);
  await sessions.cancelSession(facilitator, cancelled);

  const { status, body, headers } = await sessions.call("GET", "/api/facilitator/sessions", {
    token: facilitator.token,
  });
  assert.equal(status, 200);
  assert.equal(headers.get("x-total-count"), "2");
  const find = (id: string) => body.find((session: { id: string }) => session.id === id);
  assert.equal(find(cancelled).status, "cancelled");
  const { created_at, start_time: _, end_time: __, ...rest } = find(active);
  assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.deepEqual(rest, {
    id: active,
    title: "Morning Meditation",
    description: "Relaxing yoga session",
    session_type: "session",
    capacity: 10,
    price: 25,
    status: "active",
    bookings_count: 2,
    available_spots: 8,
  });
});

Deno.test("GET /api/facilitator/bookings lists the bookings of all my sessions with the attendees' contact", async () => {
  const facilitator = await sessions.register("facilitator");
  const jane = await sessions.register("user", "Jane Smith");
  const id = await sessions.createSession(facilitator, { title: "Morning Meditation" });
  const { body: { booking_id } } = await sessions.book(jane, id, { notes: "User notes" });

  const { status, body } = await sessions.call("GET", "/api/facilitator/bookings", {
    token: facilitator.token,
  });
  assert.equal(status, 200);
  const [{ booking_date, session: { start_time, ...session }, ...booking }] = body;
  assert.match(booking_date, /T/);
  assert.match(start_time, /T/);
  assert.deepEqual(session, { id, title: "Morning Meditation" });
  assert.deepEqual(booking, {
    id: booking_id,
    user: { id: jane.id, name: "Jane Smith", email: jane.email },
    booking_status: "confirmed",
    notes: "User notes",
  });
});

Deno.test("GET /api/facilitator/sessions/{id}/bookings shows every status of this session's bookings", async () => {
  const facilitator = await sessions.register("facilitator");
  const [id, other] = [await sessions.createSession(facilitator), await sessions.createSession(facilitator)];
  const jane = await sessions.register("user", "Jane Smith");
  await sessions.book(jane, id);
  await sessions.book(jane, other);
  await sessions.cancelSession(facilitator, id);

  const { status, body } = await sessions.call("GET", `/api/facilitator/sessions/${id}/bookings`, {
    token: facilitator.token,
  });
  assert.equal(status, 200);
  assert.equal(body.length, 1);
  assert.deepEqual(Object.keys(body[0]).sort(), ["booking_date", "booking_status", "id", "notes", "user"]);
  assert.equal(body[0].booking_status, "cancelled");
  assert.deepEqual(body[0].user, { id: jane.id, name: "Jane Smith", email: jane.email });
});

Deno.test("GET /api/facilitator/sessions/{id}/bookings answers 403 for another's session, 404 for an unknown one", async () => {
  const id = await sessions.createSession(await sessions.register("facilitator"));
  const { token } = await sessions.register("facilitator");
  const get = (sessionId: string) =>
    sessions.call("GET", `/api/facilitator/sessions/${sessionId}/bookings`, { token });
  assert.equal((await get(id)).status, 403);
  for (const unknown of [crypto.randomUUID(), "1"]) {
    const { status, body } = await get(unknown);
    assert.equal(status, 404);
    assert.deepEqual(body, { error: "Session not found" });
  }
});

for (const path of ["dashboard", "sessions", "bookings", `sessions/${crypto.randomUUID()}/bookings`]) {
  Deno.test(`GET /api/facilitator/${path.replace(/[0-9a-f-]{36}/, "{id}")} answers 403 to a user`, async () => {
    const { token } = await sessions.register("user");
    const { status, body } = await sessions.call("GET", `/api/facilitator/${path}`, { token });
    assert.equal(status, 403);
    assert.deepEqual(Object.keys(body), ["error"]);
  });
}
