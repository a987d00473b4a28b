import assert from "node:assert/strict";
import { type Member, Sessions } from "./support.ts";

let sessions: Sessions;
let facilitator: Member;
Deno.test.beforeAll(async () => {
  sessions = await Sessions.start();
  facilitator = await sessions.register("facilitator", "John Doe");
});
Deno.test.afterAll(() => sessions.close());

const myBookings = async (member: Member) =>
  (await sessions.call("GET", "/api/bookings/my", { token: member.token })).body;

Deno.test("POST /api/bookings answers 201 with a booking that is confirmed at once", async () => {
  const user = await sessions.register("user");
  const id = await sessions.createSession(facilitator);
  const { status, body } = await sessions.book(user, id, { notes: "Looking forward to this session" });
  assert.equal(status, 201);
  assert.equal(body.message, "Booking created successfully");
  const [booking] = await myBookings(user);
  assert.match(booking.booking_date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.deepEqual({
    ...booking,
    booking_date: "",
    session: { ...booking.session, start_time: "", end_time: "" },
  }, {
    id: body.booking_id,
    session: { id, title: "Evening Yoga", start_time: "", end_time: "", facilitator: "John Doe" },
    booking_status: "confirmed",
    booking_date: "",
    notes: "Looking forward to this session",
  });
});

Deno.test("POST /api/bookings answers 400 when the person has booked the session already", async () => {
  const user = await sessions.register("user");
  const id = await sessions.createSession(facilitator);
  await sessions.book(user, id);
  const { status, body } = await sessions.book(user, id);
  assert.equal(status, 400);
  assert.deepEqual(body, { error: "You have already booked this session" });
  assert.equal((await myBookings(user)).length, 1);
});

Deno.test("POST /api/bookings answers 400 for one's own session", async () => {
  const { status, body } = await sessions.book(facilitator, await sessions.createSession(facilitator));
  assert.deepEqual([status, body.error], [
    400,
    "The request is not valid: session_id must be somebody else's",
  ]);
});

Deno.test("POST /api/bookings answers 400 when the session is full", async () => {
  const [first, second] = [await sessions.register("user"), await sessions.register("user")];
  const id = await sessions.createSession(facilitator, { capacity: 1 });
  await sessions.book(first, id);
  const { status, body } = await sessions.book(second, id);
  assert.equal(status, 400);
  assert.deepEqual(body, { error: "Session is fully booked" });
});

Deno.test("POST /api/bookings answers 400 when the session is cancelled or has begun", async () => {
  const user = await sessions.register("user");
  const [cancelled, begun] = [
    await sessions.createSession(facilitator),
    await sessions.createSession(facilitator),
  ];
  await sessions.cancelSession(facilitator, cancelled);
  await sessions.stack.database.query(
    "update public.events set starts_at = now() - interval '1 minute' where id = $1",
    [begun],
  );
  for (const id of [cancelled, begun]) {
    const { status, body } = await sessions.book(user, id);
    assert.equal(status, 400);
    assert.match(body.error, /^Session is not available/);
  }
  assert.deepEqual(await myBookings(user), []);
});

Deno.test("POST /api/bookings says where to pay for a session that must be paid in advance", async () => {
  const user = await sessions.register("user");
  const id = await sessions.createSession(facilitator, { price: 20 });
  await sessions.stack.database.query("update public.events set payment_mode = 'prepaid' where id = $1", [
    id,
  ]);
  const { status, body } = await sessions.book(user, id);
  assert.equal(status, 400);
  assert.match(body.error, /not available here.*paid/);
  assert.deepEqual(await myBookings(user), []);
});

Deno.test("POST /api/bookings answers 404 for an unknown session", async () => {
  const user = await sessions.register("user");
  const { status, body } = await sessions.book(user, crypto.randomUUID());
  assert.equal(status, 404);
  assert.deepEqual(body, { error: "Session not found" });
});

Deno.test("a seat can be booked again after its session's booking was cancelled by the person", async () => {
  const user = await sessions.register("user");
  const id = await sessions.createSession(facilitator, { capacity: 1 });
  const { body } = await sessions.book(user, id);
  const response = await fetch(`${sessions.stack.url}/rest/v1/rpc/cancel_booking`, {
    method: "POST",
    headers: {
      apikey: sessions.stack.keys.publishableKey,
      authorization: `Bearer ${user.token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ booking_id: body.booking_id }),
  });
  assert.equal(response.status, 200, await response.text());
  assert.equal((await sessions.book(user, id)).status, 201);
  const statuses = (await myBookings(user)).map((booking: { booking_status: string }) =>
    booking.booking_status
  );
  assert.deepEqual(statuses.sort(), ["cancelled", "confirmed"]);
});

Deno.test("the same Idempotency-Key books once and gives the first answer again", async () => {
  const user = await sessions.register("user");
  const [id, other] = [await sessions.createSession(facilitator), await sessions.createSession(facilitator)];
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const first = await sessions.book(user, id, { headers });
  const again = await sessions.book(user, id, { headers });
  assert.equal(first.status, 201);
  assert.deepEqual([again.status, again.body], [first.status, first.body]);
  assert.equal((await myBookings(user)).length, 1);

  const reused = await sessions.book(user, other, { headers });
  assert.equal(reused.status, 422);
  assert.deepEqual(Object.keys(reused.body), ["error"]);
});

Deno.test("an Idempotency-Key belongs to its person", async () => {
  const [first, second] = [await sessions.register("user"), await sessions.register("user")];
  const id = await sessions.createSession(facilitator);
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const answers = [await sessions.book(first, id, { headers }), await sessions.book(second, id, { headers })];
  assert.deepEqual(answers.map((answer) => answer.status), [201, 201]);
  assert.notEqual(answers[0]?.body.booking_id, answers[1]?.body.booking_id);
});

Deno.test("GET /api/bookings/my lists nobody else's bookings", async () => {
  const [user, stranger] = [await sessions.register("user"), await sessions.register("user")];
  await sessions.book(user, await sessions.createSession(facilitator));
  assert.deepEqual(await myBookings(stranger), []);
  assert.deepEqual(await myBookings(facilitator), []);
});

Deno.test("a booking e-mails both people, notifies the facilitator and reaches the CRM", async () => {
  const user = await sessions.register("user", "Jane Smith");
  const host = await sessions.register("facilitator", "Amara Nwosu");
  const id = await sessions.createSession(host, { price: 25 });
  const { body } = await sessions.book(user, id, { notes: "I bring my own mat" });
  const { inbox, database } = sessions.stack;

  await (await sessions.stack.runWorker()).body?.cancel();
  const [toUser, toHost] = [user, host].map(({ email }) => inbox.list(email)[0]!);
  assert.equal(toUser!.subject, "Your booking: Evening Yoga");
  assert.match(toUser!.text, /Amara Nwosu/);
  assert.equal(toHost!.subject, "New booking by Jane Smith: Evening Yoga");
  assert.match(toHost!.text, /I bring my own mat/);

  const notifications = await database.query(
    "select kind, subject_id from public.notifications where recipient_id = $1",
    [
      host.id,
    ],
  );
  assert.deepEqual(notifications, [{ kind: "booking.created", subject_id: body.booking_id }]);
  const told = await database.query(
    "select status from private.deliveries where destination = 'crm' and key = $1",
    [body.booking_id],
  );
  assert.deepEqual(told, [{ status: "delivered" }]);
});
