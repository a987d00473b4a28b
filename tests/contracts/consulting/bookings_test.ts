import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { makeEvent, makePerson, makeProvider, type Person } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { bookHour, hourAhead, makeOpenProvider, moveToPast } from "../../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const call = (method: string, path: string, person?: Person, body?: unknown) =>
  contract(stack, "consulting")(method, path, {
    token: person?.token,
    ...(body === undefined ? {} : { body }),
  });

async function makeSlot(provider: Person, days = 7, hour = 9, minutes = 60): Promise<string> {
  const time = hourAhead(days, hour, minutes);
  const [slot] = await stack.database.query<{ id: string }>(
    `insert into public.slots (provider_id, schedule_id, starts_at, ends_at)
     select provider_id, id, $2, $3 from public.availability_schedules where provider_id = $1 returning id`,
    [provider.id, time.starts_at, time.ends_at],
  );
  assert.ok(slot);
  return slot.id;
}

const complete = (bookingId: string) =>
  stack.database.script(`
    select set_config('convene.command', 'test', false);
    update public.bookings set status = 'completed' where id = '${bookingId}';
    select set_config('convene.command', '', false);
  `);

Deno.test("POST /bookings books a slot for the caller in the document's shape, pending until it is paid", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 7500 });
  const person = await makePerson(stack);
  const slotId = await makeSlot(provider);
  const { status, body } = await call("POST", "/bookings", person, {
    slotId,
    specialistId: provider.id,
    customerEmail: person.email.toUpperCase(),
    customerName: "Somebody Else",
    customerNotes: "First consultation",
  });
  assert.equal(status, 200);
  assert.deepEqual([body.success, body.message], [true, "Booking created successfully"]);
  const { _id, startsAt, endsAt, expiresAt, ...data } = body.data;
  assert.deepEqual(data, {
    slotId,
    specialistId: provider.id,
    customerId: person.id,
    status: "pending",
    sessionPrice: 75,
    currency: "USD",
    timezone: "UTC",
    paymentStatus: "due",
    meeting: { zoomMeetingId: null, zoomLink: null },
  });
  assert.equal(Date.parse(startsAt), Date.parse(hourAhead(7).starts_at));
  assert.equal(Date.parse(endsAt) - Date.parse(startsAt), 3_600_000);
  assert.ok(Date.parse(expiresAt) > Date.now());
  const again = await call("POST", "/bookings", await makePerson(stack), {
    slotId,
    specialistId: provider.id,
  });
  assert.deepEqual([again.status, again.body.success, again.body.message, again.body.code], [
    409,
    false,
    "Slot not available",
    "SLOT_NOT_AVAILABLE",
  ]);
  const details = await call("GET", `/bookings/${_id}`, person);
  assert.equal(details.body.data.customerNotes, "First consultation");
});

Deno.test("POST /bookings is free of charge confirmed at once, also for a time without a slot", async () => {
  const provider = await makeOpenProvider(stack);
  const time = hourAhead(8, 15);
  const { status, body } = await call("POST", "/bookings", await makePerson(stack), {
    specialistId: provider.id,
    startTime: time.starts_at,
    endTime: time.ends_at,
  });
  assert.deepEqual([status, body.data.status, body.data.slotId, body.data.expiresAt], [
    200,
    "confirmed",
    null,
    null,
  ]);
});

for (
  const [what, body, status, code] of [
    ["somebody else's e-mail", { customerEmail: "else@example.com" }, 400, "VALIDATION_ERROR"],
    ["another specialist than the slot's", { specialistId: "other" }, 400, "VALIDATION_ERROR"],
    ["an unknown slot", { slotId: crypto.randomUUID(), specialistId: undefined }, 404, "NOT_FOUND"],
    ["an unknown service", { serviceId: crypto.randomUUID() }, 404, "NOT_FOUND"],
    ["a slot id that is none", { slotId: "65d0a1b2" }, 400, "VALIDATION_ERROR"],
    ["notes that are too long", { customerNotes: "n".repeat(2001) }, 400, "VALIDATION_ERROR"],
  ] as const
) {
  Deno.test(`POST /bookings refuses ${what} with ${code}`, async () => {
    const provider = await makeOpenProvider(stack);
    const other = await makeOpenProvider(stack);
    const given = "specialistId" in body && body.specialistId === "other" ? { specialistId: other.id } : body;
    const answer = await call("POST", "/bookings", await makePerson(stack), {
      slotId: await makeSlot(provider),
      specialistId: provider.id,
      ...given,
    });
    assert.deepEqual([answer.status, answer.body.success, answer.body.code, answer.body.statusCode], [
      status,
      false,
      code,
      status,
    ]);
  });
}

Deno.test("GET /bookings lists both sides' bookings with filters and pages", async () => {
  const provider = await makeOpenProvider(stack, { timezone: "Asia/Tokyo" }, { name: "Dr. Tokyo" });
  await stack.database.query("update public.providers set specialization = 'Career advice' where id = $1", [
    provider.id,
  ]);
  const person = await makePerson(stack, { name: "Jane" });
  const [first, second] = [
    await bookHour(person, provider.id, 7, 20),
    await bookHour(person, provider.id, 8, 2),
  ];
  await person.client.rpc("cancel_booking", { booking_id: second.id });
  const { body } = await call("GET", "/bookings", person);
  assert.deepEqual([body.data.total, body.data.page, body.pagination.totalPages], [2, 1, 1]);
  const item = body.data.bookings.find(({ _id }: { _id: string }) => _id === first.id);
  // 20:00 UTC is 05:00 of the next day in Tokyo.
  assert.deepEqual([item.specialistName, item.time, item.date, item.meeting], [
    "Dr. Tokyo",
    "05:00",
    hourAhead(8).starts_at.slice(0, 10),
    { zoomLink: null },
  ]);
  const ids = async (query: string, who = person) =>
    (await call("GET", `/bookings?${query}`, who)).body.data.bookings.map(({ _id }: { _id: string }) => _id);
  assert.deepEqual(await ids("status=cancelled"), [second.id]);
  assert.deepEqual(await ids("status=CONFIRMED"), [first.id]);
  assert.deepEqual(await ids("status=pending"), []);
  assert.deepEqual(await ids(`specialization=${provider.id}`), [second.id, first.id]);
  assert.deepEqual(await ids("specialization=career"), [second.id, first.id]);
  assert.deepEqual(await ids("specialization=100%25"), []);
  assert.deepEqual(await ids(`startDate=${hourAhead(8, 0).starts_at}`), [second.id]);
  assert.deepEqual(await ids(`endDate=${hourAhead(8, 0).starts_at}`), [first.id]);
  assert.deepEqual(await ids("limit=1&page=2"), [first.id]);
  assert.deepEqual(await ids("", provider), [second.id, first.id]);
  assert.deepEqual(await ids("", await makePerson(stack)), []);
  assert.equal((await call("GET", "/bookings?status=odd", person)).status, 400);
  assert.equal((await call("GET", "/bookings?page=0", person)).status, 400);
});

Deno.test("GET /bookings/{id} is there for its two people and nobody else", async () => {
  const provider = await makeOpenProvider(stack);
  const person = await makePerson(stack);
  const booking = await bookHour(person, provider.id);
  for (const who of [person, provider]) {
    const { status, body } = await call("GET", `/bookings/${booking.id}`, who);
    assert.deepEqual([status, body.data._id, body.data.consultationType, body.data.feedback], [
      200,
      booking.id,
      "one_to_one",
      null,
    ]);
    assert.deepEqual(body.data.meeting, {
      zoomMeetingId: null,
      zoomLink: null,
      startedAt: null,
      endedAt: null,
      recordingUrl: null,
    });
  }
  const stranger = await makePerson(stack);
  for (
    const [method, path, body] of [
      ["GET", "", undefined],
      ["PUT", "", { customerNotes: "x" }],
      ["DELETE", "", {}],
      ["POST", "/reschedule", { newSlotId: crypto.randomUUID() }],
      ["POST", "/no-show", undefined],
      ["GET", "/refund-preview", undefined],
    ] as const
  ) {
    const answer = await call(method, `/bookings/${booking.id}${path}`, stranger, body);
    assert.deepEqual([method, path, answer.status, answer.body.code], [method, path, 404, "NOT_FOUND"]);
  }
});

Deno.test("PUT /bookings/{id}: each side writes its own notes, and the specialist's are theirs alone", async () => {
  const provider = await makeOpenProvider(stack);
  const person = await makePerson(stack);
  const { id } = await bookHour(person, provider.id);
  const mine = await call("PUT", `/bookings/${id}`, person, { customerNotes: "Focus on pricing" });
  assert.deepEqual([mine.status, mine.body.message, mine.body.data.customerNotes], [
    200,
    "Booking updated",
    "Focus on pricing",
  ]);
  const theirs = await call("PUT", `/bookings/${id}`, provider, { specialistNotes: "Prepared slides" });
  assert.deepEqual([theirs.body.data.specialistNotes, theirs.body.data.customerNotes], [
    "Prepared slides",
    "Focus on pricing",
  ]);
  assert.equal((await call("GET", `/bookings/${id}`, person)).body.data.specialistNotes, null);
  const wrong = await call("PUT", `/bookings/${id}`, person, { specialistNotes: "Mine" });
  assert.deepEqual([wrong.status, wrong.body.code], [403, "FORBIDDEN"]);
  assert.equal((await call("PUT", `/bookings/${id}`, provider, { customerNotes: "Theirs" })).status, 403);
});

Deno.test("PUT /bookings/{id} changes nothing when any of it is refused", async () => {
  const provider = await makeOpenProvider(stack);
  const person = await makePerson(stack);
  const { id } = await bookHour(person, provider.id);
  const put = (body: unknown) => call("PUT", `/bookings/${id}`, person, body);
  const feedback = { rating: 5, review: "Clear" };
  const early = await put({ customerNotes: "Too early", feedback });
  assert.deepEqual([early.status, early.body.code], [409, "CONFLICT"]);
  await complete(id);
  const theirs = await put({ specialistNotes: "Not mine", feedback });
  assert.deepEqual([theirs.status, theirs.body.code], [403, "FORBIDDEN"]);
  const unchanged = (await call("GET", `/bookings/${id}`, person)).body.data;
  assert.deepEqual([unchanged.customerNotes, unchanged.feedback], [null, null]);
  const both = await put({ customerNotes: "Thank you", feedback });
  assert.deepEqual([both.status, both.body.data.customerNotes, both.body.data.feedback], [
    200,
    "Thank you",
    feedback,
  ]);
});

Deno.test("a seat at an event is no booking of this contract: it is neither read, noted on nor missed", async () => {
  const provider = await makeProvider(stack);
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  const { data: seat } = await person.client.rpc("book_event", { event_id: event.id, notes: "A mat" });
  assert.ok(seat);
  await stack.database.query(
    "update public.events set starts_at = now() - interval '1 hour', ends_at = now() + interval '1 hour' where id = $1",
    [event.id],
  );
  for (
    const [method, path, who, body] of [
      ["GET", "", person, undefined],
      ["PUT", "", person, { customerNotes: "Two mats" }],
      ["POST", "/no-show", provider, undefined],
    ] as const
  ) {
    const answer = await call(method, `/bookings/${seat.id}${path}`, who, body);
    assert.deepEqual([method, answer.status, answer.body.code], [method, 404, "NOT_FOUND"]);
  }
  const [row] = await stack.database.query("select status, notes from public.bookings where id = $1", [
    seat.id,
  ]);
  assert.deepEqual(row, { status: "confirmed", notes: "A mat" });
});

Deno.test("POST /bookings/{id}/no-show is the specialist's, from the start until 48 hours after the end", async () => {
  const provider = await makeOpenProvider(stack);
  const person = await makePerson(stack);
  const { id } = await bookHour(person, provider.id);
  const mark = (who: Person) => call("POST", `/bookings/${id}/no-show`, who);
  const early = await mark(provider);
  assert.deepEqual([early.status, early.body.code, early.body.message], [
    409,
    "CONFLICT",
    "The booking cannot be marked as a no-show",
  ]);
  await moveToPast(stack, id, 49);
  assert.equal((await mark(provider)).status, 409);
  await moveToPast(stack, id, 47);
  const customer = await mark(person);
  assert.deepEqual([customer.status, customer.body.code, customer.body.message], [
    403,
    "FORBIDDEN",
    "Only the specialist of this booking may do this",
  ]);
  assert.equal((await call("GET", `/bookings/${id}`, person)).body.data.isNoShow, false);
  const { status, body } = await mark(provider);
  assert.deepEqual([status, body.success, body.message], [200, true, "Booking marked as a no-show"]);
  assert.deepEqual([body.data._id, body.data.status, body.data.isNoShow], [id, "completed", true]);
  assert.deepEqual(body.data, (await call("GET", `/bookings/${id}`, provider)).body.data);
  assert.equal((await mark(provider)).status, 409);
});

Deno.test("PUT /bookings/{id} with feedback reviews a completed booking, once", async () => {
  const provider = await makeOpenProvider(stack);
  const person = await makePerson(stack);
  const { id } = await bookHour(person, provider.id);
  const review = () => call("PUT", `/bookings/${id}`, person, { feedback: { rating: 5, review: "Clear" } });
  assert.equal((await review()).status, 409);
  await complete(id);
  const { status, body } = await review();
  assert.deepEqual([status, body.data.feedback], [200, { rating: 5, review: "Clear" }]);
  assert.equal((await review()).status, 409);
  const bad = await call("PUT", `/bookings/${id}`, person, { feedback: { rating: 6 } });
  assert.deepEqual([bad.status, bad.body.code], [400, "VALIDATION_ERROR"]);
  const seen = await call("GET", `/bookings/${id}`, provider);
  assert.deepEqual(seen.body.data.feedback, { rating: 5, review: "Clear" });
});

Deno.test("POST /bookings/{id}/reschedule moves the booking, frees the old slot and keeps price and policy", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 7500, deadlineMinutes: 600 });
  const person = await makePerson(stack);
  const before = await bookHour(person, provider.id, 7, 9);
  await stack.database.query("update public.providers set hourly_rate_minor = 9900 where id = $1", [
    provider.id,
  ]);
  const newSlotId = await makeSlot(provider, 9, 14);
  const { status, body } = await call("POST", `/bookings/${before.id}/reschedule`, person, {
    newSlotId,
    reason: "Trip",
  });
  assert.deepEqual([status, body.message, body.data._id, body.data.slotId, body.data.sessionPrice], [
    200,
    "Booking rescheduled",
    before.id,
    newSlotId,
    75,
  ]);
  const details = (await call("GET", `/bookings/${before.id}`, person)).body.data;
  assert.equal(Date.parse(details.startsAt) - Date.parse(details.freeCancellationUntil), 600 * 60_000);
  await bookHour(await makePerson(stack), provider.id, 7, 9);
  const taken = await call("POST", `/bookings/${before.id}/reschedule`, person, {
    startTime: hourAhead(7, 9).starts_at,
    endTime: hourAhead(7, 9).ends_at,
  });
  assert.deepEqual([taken.status, taken.body.code], [409, "SLOT_NOT_AVAILABLE"]);
  const longer = await call("POST", `/bookings/${before.id}/reschedule`, person, {
    newSlotId: await makeSlot(provider, 10, 9, 120),
  });
  assert.deepEqual([longer.status, longer.body.code], [400, "VALIDATION_ERROR"]);
  const other = await makeOpenProvider(stack);
  const elsewhere = await call("POST", `/bookings/${before.id}/reschedule`, person, {
    newSlotId: await makeSlot(other),
  });
  assert.equal(elsewhere.status, 400);
});

Deno.test("a booking may move into a time that overlaps its own", async () => {
  const provider = await makeOpenProvider(stack, { stepMinutes: 30 });
  const person = await makePerson(stack);
  const { id } = await bookHour(person, provider.id, 7, 9);
  const start = new Date(Date.parse(hourAhead(7, 9).starts_at) + 30 * 60_000);
  const { status } = await call("POST", `/bookings/${id}/reschedule`, person, {
    startTime: start.toISOString(),
    endTime: new Date(start.getTime() + 3_600_000).toISOString(),
  });
  assert.equal(status, 200);
});

Deno.test("after the deadline a customer cannot move what they could not cancel for free; the specialist can, and then cancelling is free", async () => {
  const provider = await makeOpenProvider(stack, { deadlineMinutes: 30 * 1440 });
  const person = await makePerson(stack);
  const { id } = await bookHour(person, provider.id, 7, 9);
  const time = { startTime: hourAhead(8, 9).starts_at, endTime: hourAhead(8, 9).ends_at };
  const late = await call("POST", `/bookings/${id}/reschedule`, person, time);
  assert.deepEqual([late.status, late.body.code], [409, "CONFLICT"]);
  assert.equal((await call("POST", `/bookings/${id}/reschedule`, provider, time)).status, 200);
  const { freeCancellationUntil, startsAt } = (await call("GET", `/bookings/${id}`, person)).body.data;
  assert.equal(freeCancellationUntil, startsAt);
});

Deno.test("DELETE /bookings/{id} cancels with and without a body, once, and not what has begun", async () => {
  const provider = await makeOpenProvider(stack);
  const person = await makePerson(stack);
  const [bare, ongoing] = [
    await bookHour(person, provider.id, 7, 9),
    await bookHour(person, provider.id, 7, 12),
  ];
  const { status, body } = await call("DELETE", `/bookings/${bare.id}`, person);
  assert.deepEqual([status, body.message, body.data.status, body.data.refundInitiated], [
    200,
    "Booking cancelled",
    "cancelled",
    false,
  ]);
  assert.equal((await call("DELETE", `/bookings/${bare.id}`, person, {})).status, 409);
  await moveToPast(stack, ongoing.id, 0);
  const begun = await call("DELETE", `/bookings/${ongoing.id}`, person, { reason: "Late" });
  assert.deepEqual([begun.status, begun.body.success, begun.body.message], [
    409,
    false,
    "Cannot cancel ongoing session",
  ]);
});

Deno.test("why a booking was moved or cancelled is told to both sides", async () => {
  const provider = await makeOpenProvider(stack);
  const person = await makePerson(stack);
  const { id } = await bookHour(person, provider.id);
  const assertReasons = async (rescheduleReason: string | null, cancellationReason: string | null) => {
    for (const reader of [person, provider]) {
      const { body: { data } } = await call("GET", `/bookings/${id}`, reader);
      assert.deepEqual([data.rescheduleReason, data.cancellationReason], [
        rescheduleReason,
        cancellationReason,
      ]);
    }
  };
  await assertReasons(null, null);
  const newSlotId = await makeSlot(provider, 9, 14);
  await call("POST", `/bookings/${id}/reschedule`, provider, { newSlotId, reason: "My train is late" });
  await assertReasons("My train is late", null);
  await call("DELETE", `/bookings/${id}`, provider, { reason: "I am ill" });
  await assertReasons("My train is late", "I am ill");
});

Deno.test("POST /bookings/{id}/reschedule to the time that the booking has changes nothing and tells nobody", async () => {
  const provider = await makeOpenProvider(stack, { deadlineMinutes: 600 });
  const person = await makePerson(stack);
  const { id } = await bookHour(person, provider.id);
  const { starts_at: startTime, ends_at: endTime } = hourAhead(7, 14);
  await call("POST", `/bookings/${id}/reschedule`, person, { startTime, endTime, reason: "Trip" });
  const read = async () => (await call("GET", `/bookings/${id}`, person)).body.data;
  const told = () => stack.database.query("select id from private.outbox where key = $1", [id]);
  const [before, toldBefore] = [await read(), await told()];
  const again = await call("POST", `/bookings/${id}/reschedule`, provider, {
    startTime,
    endTime,
    reason: "Oops",
  });
  assert.equal(again.status, 200);
  assert.equal(before.rescheduleReason, "Trip");
  assert.deepEqual(await read(), before);
  assert.deepEqual(await told(), toldBefore);
});

Deno.test("POST /bookings/{id}/reschedule answers that what has begun cannot be moved", async () => {
  const provider = await makeOpenProvider(stack);
  const { id } = await bookHour(await makePerson(stack), provider.id);
  await moveToPast(stack, id, 0);
  const { status, body } = await call("POST", `/bookings/${id}/reschedule`, provider, {
    newSlotId: await makeSlot(provider, 9, 14),
  });
  assert.deepEqual([status, body.code, body.message], [
    409,
    "CONFLICT",
    "The booking cannot be moved any more",
  ]);
});

Deno.test("a booking is made or moved to a time that is chosen, and what is missing of it is named", async () => {
  const person = await makePerson(stack);
  const [startTime, endTime] = ["2030-01-15T09:00:00Z", "2030-01-15T10:00:00Z"];
  for (
    const [path, body, details] of [
      ["/bookings", {}, { slotId: "is required, or startTime and endTime" }],
      ["/waiting-list", {}, { slotId: "is required, or startTime and endTime" }],
      ["/reschedule", {}, { newSlotId: "is required, or startTime and endTime" }],
      ["/reschedule", { startTime }, { endTime: "is required with startTime" }],
      ["/reschedule", { endTime }, { startTime: "is required with endTime" }],
    ] as const
  ) {
    const place = path === "/reschedule" ? `/bookings/${crypto.randomUUID()}${path}` : path;
    const answer = await call("POST", place, person, body);
    assert.deepEqual([answer.status, answer.body.details], [400, details]);
  }
});

Deno.test("who holds too many unpaid bookings is told when the first may be gone", async () => {
  const person = await makePerson(stack);
  const book = async (hour: number) => {
    const provider = await makeOpenProvider(stack, { hourlyRateMinor: 7500 });
    return await call("POST", "/bookings", person, { slotId: await makeSlot(provider, 7, hour) });
  };
  for (const hour of [9, 10, 11]) assert.equal((await book(hour)).status, 200);
  const { status, headers } = await book(12);
  assert.equal(status, 429);
  const seconds = Number(headers.get("retry-after"));
  assert.ok(seconds > 840 && seconds <= 900, `${seconds} s: the first hold was made just now`);
});

Deno.test("the same Idempotency-Key books once, and another body with it is refused", async () => {
  const provider = await makeOpenProvider(stack);
  const person = await makePerson(stack);
  const book = (hour: number) =>
    contract(stack, "consulting")("POST", "/bookings", {
      token: person.token,
      headers: { "idempotency-key": "once" },
      body: {
        specialistId: provider.id,
        startTime: hourAhead(7, hour).starts_at,
        endTime: hourAhead(7, hour).ends_at,
      },
    });
  const [first, again, other] = [await book(9), await book(9), await book(10)];
  assert.deepEqual([first.status, again.body.data._id, other.status], [200, first.body.data._id, 422]);
});
