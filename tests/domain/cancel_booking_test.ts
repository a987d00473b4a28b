import assert from "node:assert/strict";
import { makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
let provider: Person;
Deno.test.beforeAll(async () => {
  stack = await testStack();
  provider = await makeProvider(stack);
});
Deno.test.afterAll(() => stack.close());

async function bookedBy(person: Person) {
  const event = await makeEvent(provider, { price_minor: 1000 });
  const { data } = await person.client.rpc("book_event", { event_id: event.id });
  assert.ok(data);
  return { event, booking: data };
}

const cancel = (person: Person, bookingId: string, reason?: string) =>
  person.client.rpc("cancel_booking", { booking_id: bookingId, ...(reason === undefined ? {} : { reason }) });

Deno.test("cancel_booking() by the attendee frees the seat and nothing is due any more", async () => {
  const person = await makePerson(stack);
  const { event, booking } = await bookedBy(person);
  const { data } = await cancel(person, booking.id, "Ill");
  assert.deepEqual(
    [data?.status, data?.cancelled_by, data?.cancellation_reason, data?.payment_status, data?.version],
    ["cancelled", "attendee", "Ill", "none", 2],
  );
  const [row] = await stack.database.query("select seats_taken from public.events where id = $1", [event.id]);
  assert.deepEqual(row, { seats_taken: 0 });
});

Deno.test("cancel_booking() by the provider says so", async () => {
  const { booking } = await bookedBy(await makePerson(stack));
  assert.equal((await cancel(provider, booking.id)).data?.cancelled_by, "provider");
});

Deno.test("cancel_booking() answers BOOKING_NOT_FOUND to a stranger as for an unknown id", async () => {
  const { booking } = await bookedBy(await makePerson(stack));
  const stranger = await makeProvider(stack);
  const [foreign, unknown] = [
    await cancel(stranger, booking.id),
    await cancel(stranger, crypto.randomUUID()),
  ];
  assert.equal(foreign.error?.message, "BOOKING_NOT_FOUND");
  assert.deepEqual([foreign.status, foreign.error], [unknown.status, unknown.error]);
});

Deno.test("cancel_booking() refuses a booking that is cancelled already", async () => {
  const person = await makePerson(stack);
  const { booking } = await bookedBy(person);
  await cancel(person, booking.id);
  const { error } = await cancel(person, booking.id);
  assert.equal(error?.message, "BOOKING_NOT_CANCELLABLE");
});

Deno.test("cancel_booking() refuses once the event has begun", async () => {
  const person = await makePerson(stack);
  const { event, booking } = await bookedBy(person);
  await stack.database.query("update public.events set starts_at = now() where id = $1", [event.id]);
  assert.equal((await cancel(person, booking.id)).error?.message, "EVENT_STARTED");
});

Deno.test("cancelling tells the other side and not the one who did it", async () => {
  const person = await makePerson(stack);
  const { booking } = await bookedBy(person);
  await cancel(person, booking.id);
  const heard = async (who: Person) =>
    (await who.client.from("notifications").select("kind").eq("subject_id", booking.id)).data?.map((row) =>
      row.kind
    );
  assert.deepEqual((await heard(provider))?.sort(), ["booking.cancelled", "booking.created"]);
  assert.deepEqual(await heard(person), []);
});

Deno.test("a letter says who cancelled: its reader, the other side, an administrator, or the whole event", async () => {
  const host = await makeProvider(stack, { name: "John Doe" });
  const made = async (title: string) => {
    const person = await makePerson(stack, { name: "Jane Smith" });
    const { id } = await makeEvent(host, { title });
    const { data } = await person.client.rpc("book_event", { event_id: id });
    assert.ok(data);
    return { person, eventId: id, bookingId: data.id };
  };
  const [own, theirs, ours, whole] = [
    await made("Own"),
    await made("Theirs"),
    await made("Ours"),
    await made("Whole"),
  ];
  await cancel(own.person, own.bookingId);
  await cancel(host, theirs.bookingId);
  await stack.database.query("select public.cancel_booking($1)", [ours.bookingId]);
  await host.client.rpc("cancel_event", { event_id: whole.eventId });
  await (await stack.runWorker()).body?.cancel();
  const sentenceTo = async (email: string, about: RegExp) => {
    const letter = await stack.inbox.wait((message) =>
      message.to === email && about.test(message.subject ?? "")
    );
    return (letter.text ?? "").split("\n\n")[1];
  };
  assert.equal(
    await sentenceTo(own.person.email, /^Cancelled/),
    "You have cancelled your booking of “Own” with John Doe.",
  );
  assert.equal(
    await sentenceTo(host.email, /cancelled: Own/),
    "The booking of “Own” was cancelled by Jane Smith.",
  );
  assert.equal(
    await sentenceTo(theirs.person.email, /^Cancelled/),
    "Your booking of “Theirs” was cancelled by John Doe.",
  );
  assert.equal(
    await sentenceTo(ours.person.email, /^Cancelled/),
    "Your booking of “Ours” with John Doe is cancelled.",
  );
  assert.equal(
    await sentenceTo(host.email, /cancelled: Ours/),
    "The booking of “Ours” by Jane Smith is cancelled.",
  );
  assert.equal(
    await sentenceTo(whole.person.email, /^Cancelled/),
    "“Whole” with John Doe is cancelled, and your booking with it.",
  );
});

Deno.test("the provider and the CRM hear neither of a hold nor of its end", async () => {
  const person = await makePerson(stack);
  const { id } = await makeEvent(provider, { price_minor: 900, payment_mode: "prepaid" });
  const { data: booking } = await person.client.rpc("book_event", { event_id: id });
  assert.equal(booking?.status, "held");
  await cancel(person, booking.id);
  await (await stack.runWorker()).body?.cancel();
  const told = await stack.database.query<{ event: string; destination: string; target: string }>(
    `select o.event, d.destination, d.target
     from private.deliveries as d join private.outbox as o on o.id = d.outbox_id where o.key = $1`,
    [booking.id],
  );
  assert.deepEqual(told, [{ event: "booking.cancelled", destination: "email", target: "attendee" }]);
  const { data: notices } = await provider.client.from("notifications").select("kind").eq(
    "subject_id",
    booking.id,
  );
  assert.deepEqual(notices, []);
});

Deno.test("nobody changes a booking's status without a command, not even the service role", async () => {
  const { booking } = await bookedBy(await makePerson(stack));
  await assert.rejects(
    stack.database.query("update public.bookings set status = 'completed' where id = $1", [booking.id]),
    /COMMAND_REQUIRED/,
  );
});

Deno.test("mark_no_show() is the provider's, from the start until 48 hours after the end", async () => {
  const person = await makePerson(stack);
  const { event, booking } = await bookedBy(person);
  const mark = (who: Person) => who.client.rpc("mark_no_show", { booking_id: booking.id });
  const moveEvent = (start: string, end: string) =>
    stack.database.query(
      "update public.events set starts_at = now() + $2::interval, ends_at = now() + $3::interval where id = $1",
      [event.id, start, end],
    );
  assert.equal((await mark(provider)).error?.message, "NO_SHOW_NOT_ALLOWED");
  await moveEvent("-50 hours", "-49 hours");
  assert.equal((await mark(provider)).error?.message, "NO_SHOW_NOT_ALLOWED");
  await moveEvent("-2 hours", "-1 hour");
  assert.equal((await mark(person)).error?.message, "NOT_YOUR_EVENT");
  assert.equal((await mark(await makePerson(stack))).error?.message, "BOOKING_NOT_FOUND");
  assert.equal((await mark(provider)).data?.status, "no_show");
});

Deno.test("the worker completes confirmed bookings an hour after the end, and nothing earlier", async () => {
  const { event, booking } = await bookedBy(await makePerson(stack));
  const status = async () => {
    await stack.runWorker();
    const [row] = await stack.database.query<{ status: string }>(
      "select status from public.bookings where id = $1",
      [
        booking.id,
      ],
    );
    return row?.status;
  };
  const endedAgo = (ago: string) =>
    stack.database.query(
      "update public.events set starts_at = now() - interval '1 day', ends_at = now() - $2::interval where id = $1",
      [event.id, ago],
    );
  await endedAgo("59 minutes");
  assert.equal(await status(), "confirmed");
  await endedAgo("61 minutes");
  assert.equal(await status(), "completed");
});
