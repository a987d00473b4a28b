import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { daysAhead, type Person } from "../../support/people.ts";
import { Events } from "./support.ts";

let events: Events;
let provider: Person;
Deno.test.beforeAll(async () => {
  events = await Events.start();
  provider = await events.provider();
});
Deno.test.afterAll(() => events.close());

const mine = (token: string, query = "") => events.call("GET", `/api/bookings/${query}`, { token });

Deno.test("POST /api/bookings/ answers 201 with the booking, and the CRM has it", async () => {
  const id = await events.event(provider, { title: "Morning Meditation Session", price_minor: 2500 });
  const member = await events.member({ first_name: "Jane", last_name: "Smith" });
  const { status, body } = await events.book(member, id);
  assert.equal(status, 201);
  assert.deepEqual([body.message, body.crm_notified], ["Booking created successfully", true]);
  const { id: bookingId, booking_date, created_at, event: { start_datetime, ...event }, ...booking } =
    body.booking;
  assert.equal(booking_date, created_at);
  assert.match(start_datetime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.deepEqual(event, { id, title: "Morning Meditation Session", event_type: "SESSION" });
  assert.deepEqual(booking, {
    user: { id: member.id, email: member.email, first_name: "Jane", last_name: "Smith" },
    status: "CONFIRMED",
    notes: "Looking forward to this session",
    payment_status: "pending",
  });
  const crm = await contract(events.stack, "crm")("GET", `/api/bookings/${bookingId}`, {
    token: events.stack.keys.workerToken,
  });
  assert.deepEqual(crm.body.booking.user, {
    id: member.id,
    email: member.email,
    name: "Jane Smith",
    phone: "+12025550123",
  });
  assert.equal(crm.body.booking.facilitator_id, provider.id);

  const read = await events.call("GET", `/api/bookings/${bookingId}`, { token: member.token });
  assert.deepEqual([read.status, read.body], [200, { booking: body.booking }]);
});

Deno.test("where no CRM is configured a booking is made as ever, and says that none was told", async () => {
  const alone = await Events.start({ env: { CRM_BEARER_TOKEN: "" } });
  try {
    const { status, body } = await alone.book(
      await alone.member(),
      await alone.event(await alone.provider()),
    );
    assert.deepEqual([status, body.crm_notified], [201, false]);
  } finally {
    await alone.close();
  }
});

Deno.test("a booking made here is seen by the other contracts, by supabase-js and by the provider", async () => {
  const id = await events.event(provider);
  const member = await events.member();
  const { body } = await events.book(member, id);
  const bookingId = body.booking.id;

  const sessions = await contract(events.stack, "sessions")("GET", "/api/bookings/my", {
    token: member.token,
  });
  assert.deepEqual(sessions.body.map((booking: { id: string }) => booking.id), [bookingId]);
  const crm = await contract(events.stack, "crm")("GET", `/api/bookings?user_id=${member.id}`, {
    token: events.stack.keys.workerToken,
  });
  assert.deepEqual(crm.body.bookings.map((each: { booking_id: string }) => each.booking_id), [bookingId]);
  const { data } = await provider.client.from("booking_details").select("id, attendee_email").eq(
    "id",
    bookingId,
  );
  assert.deepEqual(data, [{ id: bookingId, attendee_email: member.email }]);
});

Deno.test("POST /api/bookings/ answers 409 for a second booking, a full event, one that is off or has begun", async () => {
  const member = await events.member();
  const twice = await events.event(provider);
  await events.book(member, twice);
  const full = await events.event(provider, { capacity: 1 });
  await events.book(await events.member(), full);
  const off = await events.event(provider);
  await provider.client.rpc("cancel_event", { event_id: off });
  const begun = await events.event(provider);
  await events.stack.database.query(
    "update public.events set starts_at = now() - interval '1 minute' where id = $1",
    [begun],
  );
  const prepaid = await events.event(provider, { price_minor: 100, payment_mode: "prepaid" });
  for (
    const [id, words] of [
      [twice, /booked this event already/],
      [full, /fully booked/],
      [off, /cancelled/],
      [begun, /begun/],
      [prepaid, /not available here/],
    ] as const
  ) {
    const { status, body } = await events.book(member, id);
    assert.equal(status, 409);
    assert.match(body.error, words);
  }
  assert.equal((await mine(member.token)).body.pagination.total, 1);
});

Deno.test("is_full and the spots are true at every moment", async () => {
  const id = await events.event(provider, { capacity: 2 });
  const member = await events.member();
  const spots = async () => {
    const { body: { event } } = await events.call("GET", `/api/events/${id}`, { token: member.token });
    return [event.current_participants, event.available_spots, event.is_full];
  };
  assert.deepEqual(await spots(), [0, 2, false]);
  const { body } = await events.book(member, id);
  await events.book(await events.member(), id);
  assert.deepEqual(await spots(), [2, 0, true]);
  await events.call("PUT", `/api/bookings/${body.booking.id}/cancel`, { token: member.token });
  assert.deepEqual(await spots(), [1, 1, false]);
});

Deno.test("POST /api/bookings/ answers 404 for an unknown event and 400 for what is no id", async () => {
  const member = await events.member();
  assert.equal((await events.book(member, crypto.randomUUID())).status, 404);
  assert.equal((await events.book(member, "1")).status, 400);
  assert.equal((await events.book(member, "", { body: {} })).status, 400);
});

Deno.test("the same Idempotency-Key answers the same booking, with another body 422", async () => {
  const [one, other] = [await events.event(provider), await events.event(provider)];
  const member = await events.member();
  const headers = { "idempotency-key": crypto.randomUUID() };
  const first = await events.book(member, one, { headers });
  const again = await events.book(member, one, { headers });
  assert.deepEqual([again.status, again.body.booking], [201, first.body.booking]);
  assert.equal((await events.book(member, other, { headers })).status, 422);
});

Deno.test("GET /api/bookings/ filters by status in either case and by events to come", async () => {
  const member = await events.member();
  const [kept, cancelled, past] = [
    await events.event(provider),
    await events.event(provider),
    await events.event(provider, { starts_at: daysAhead(2), ends_at: daysAhead(2, 1) }),
  ];
  const ids = new Map<string, string>();
  const off = await events.event(provider);
  for (const id of [off, kept, cancelled, past]) ids.set(id, (await events.book(member, id)).body.booking.id);
  await events.call("PUT", `/api/bookings/${ids.get(cancelled)}/cancel`, { token: member.token });
  await events.stack.database.query(
    "update public.events set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour' where id = $1",
    [past],
  );
  const listed = async (query: string) =>
    (await mine(member.token, query)).body.bookings.map((booking: { id: string }) => booking.id);
  await provider.client.rpc("cancel_event", { event_id: off });
  assert.deepEqual(await listed(""), [past, cancelled, kept, off].map((id) => ids.get(id)));
  assert.deepEqual(await listed("?status=CANCELLED"), [ids.get(cancelled), ids.get(off)]);
  assert.deepEqual(await listed("?upcoming=true"), [ids.get(cancelled), ids.get(kept)]);
  assert.equal((await mine(member.token, "?upcoming=true")).body.pagination.total, 2);
  assert.deepEqual(await listed("?status=confirmed"), [ids.get(past), ids.get(kept)]);
  assert.deepEqual(await listed("?status=confirmed&upcoming=true"), [ids.get(kept)]);
  const { body: { pagination } } = await mine(member.token, "?per_page=2");
  assert.deepEqual([pagination.total, pagination.pages, pagination.has_next], [4, 2, true]);
  for (const query of ["?status=maybe", "?upcoming=2", "?per_page=0"]) {
    assert.equal((await mine(member.token, query)).status, 400);
  }
});

Deno.test("PUT /api/bookings/{booking_id}/cancel cancels once, and tells the CRM", async () => {
  const member = await events.member();
  const { body: { booking } } = await events.book(member, await events.event(provider));
  const cancel = () => events.call("PUT", `/api/bookings/${booking.id}/cancel`, { token: member.token });
  const { status, body } = await cancel();
  assert.equal(status, 200);
  assert.deepEqual([body.message, body.booking.id, body.booking.status], [
    "Booking cancelled successfully",
    booking.id,
    "CANCELLED",
  ]);
  assert.match(body.booking.updated_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.equal((await cancel()).status, 409);
  const token = events.stack.keys.workerToken;
  await contract(events.stack, "worker")("POST", "/deliver", {
    token,
    body: { key: booking.id, destination: "crm", within_ms: 10_000 },
  });
  const crm = await contract(events.stack, "crm")("GET", `/api/bookings/${booking.id}`, { token });
  assert.equal(crm.body.booking.status, "cancelled");
});

Deno.test("PUT /api/bookings/{booking_id}/cancel takes a reason, which the facilitator reads, or no body at all", async () => {
  const cancel = async (body?: unknown, headers?: Record<string, string>) => {
    const member = await events.member();
    const { body: { booking } } = await events.book(member, await events.event(provider));
    const path = `/api/bookings/${booking.id}/cancel`;
    const { status } = await events.call("PUT", path, {
      token: member.token,
      body,
      ...(headers ? { headers } : {}),
    });
    const { data } = await provider.client.from("booking_details").select("cancellation_reason").eq(
      "id",
      booking.id,
    ).single();
    return [status, data?.cancellation_reason];
  };
  assert.deepEqual(await cancel({ reason: " I am ill " }), [200, "I am ill"]);
  for (const body of [undefined, {}, { reason: null }, { reason: " " }]) {
    assert.deepEqual(await cancel(body), [200, null]);
  }
  for (const type of ["application/json", "application/x-www-form-urlencoded", "text/plain"]) {
    assert.deepEqual(await cancel(undefined, { "content-type": type }), [200, null], type);
  }
  for (const body of [{ reason: "x".repeat(2001) }, { reason: 7 }, "{", []]) {
    assert.deepEqual(await cancel(body), [400, null]);
  }
  assert.deepEqual(await cancel("reason=ill", { "content-type": "text/plain" }), [415, null]);
});

Deno.test("other people's bookings are not found", async () => {
  const { body: { booking } } = await events.book(await events.member(), await events.event(provider));
  const { token } = await events.member();
  const read = await events.call("GET", `/api/bookings/${booking.id}`, { token });
  const cancel = await events.call("PUT", `/api/bookings/${booking.id}/cancel`, { token });
  assert.deepEqual([read.status, cancel.status], [404, 404]);
  assert.deepEqual(read.body, { error: "Booking not found" });
});
