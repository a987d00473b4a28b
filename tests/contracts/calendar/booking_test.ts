import assert from "node:assert/strict";
import { makeEvent, makePerson, makeProvider } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { fetchCalendar, lineOf, onlyEvent, parseCalendar } from "./support.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

async function booked() {
  const [provider, attendee] = [await makeProvider(stack, { name: "John Doe" }), await makePerson(stack)];
  const event = await makeEvent(provider, {
    timezone: "America/New_York",
    starts_at: "2035-03-13T13:00:00Z",
    ends_at: "2035-03-13T14:00:00Z",
  });
  const { data: booking } = await attendee.client.rpc("book_event", { event_id: event.id });
  assert.ok(booking);
  const file = (token?: string) => fetchCalendar(stack, `/bookings/${booking.id}.ics`, token);
  return { provider, attendee, event, booking, file };
}

Deno.test("GET /bookings/{id}.ics gives the attendee their seat as a file", async () => {
  const { attendee, booking, file } = await booked();
  const { status, headers, text } = await file(attendee.token);
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "text/calendar; charset=utf-8");
  assert.equal(headers.get("content-disposition"), 'attachment; filename="booking.ics"');
  const calendar = parseCalendar(text);
  assert.equal(calendar.method, "PUBLISH");
  assert.equal(lineOf(calendar, "DTSTART"), "TZID=America/New_York:20350313T090000");
  const entry = onlyEvent(calendar);
  assert.equal(entry.uid, `booking-${booking.id}@convene`);
  assert.equal(entry.start.toISOString(), "2035-03-13T13:00:00.000Z");
});

Deno.test("GET /bookings/{id}.ics gives the provider the event, the same for every booking of it", async () => {
  const { provider, event, file } = await booked();
  assert.equal(onlyEvent(parseCalendar((await file(provider.token)).text)).uid, `event-${event.id}@convene`);
});

Deno.test("GET /bookings/{id}.ics has METHOD:CANCEL once the booking is cancelled; the provider's event goes on", async () => {
  const { provider, attendee, booking, file } = await booked();
  const before = parseCalendar((await file(attendee.token)).text);
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  const after = parseCalendar((await file(attendee.token)).text);
  assert.deepEqual([after.method, onlyEvent(after).status], ["CANCEL", "CANCELLED"]);
  assert.equal(onlyEvent(after).uid, onlyEvent(before).uid);
  assert.equal(lineOf(after, "ORGANIZER"), 'CN="John Doe":mailto:no-reply@convene.localhost');
  assert.ok(Number(lineOf(after, "SEQUENCE")) > Number(lineOf(before, "SEQUENCE")));
  const held = parseCalendar((await file(provider.token)).text);
  assert.deepEqual([held.method, onlyEvent(held).status], ["PUBLISH", "CONFIRMED"]);
});

Deno.test("GET /bookings/{id}.ics answers 404 to a stranger as for a booking that does not exist", async () => {
  const { file } = await booked();
  const stranger = await makeProvider(stack);
  const [theirs, unknown] = [
    await file(stranger.token),
    await fetchCalendar(stack, `/bookings/${crypto.randomUUID()}.ics`, stranger.token),
  ];
  assert.deepEqual([theirs.status, theirs.text], [404, unknown.text]);
  for (const path of ["/bookings/nothing.ics", "/bookings/%00.ics", `/bookings/${crypto.randomUUID()}`]) {
    const answer = await fetchCalendar(stack, path, stranger.token);
    assert.deepEqual([answer.status, answer.text], [404, unknown.text], path);
  }
});

Deno.test("GET /bookings/{id}.ics answers 401 without a token", async () => {
  const { file } = await booked();
  assert.equal((await file()).status, 401);
});

Deno.test("GET /health answers 200", async () => {
  const { status, text } = await fetchCalendar(stack, "/health");
  assert.deepEqual([status, JSON.parse(text)], [200, { status: "healthy" }]);
});
