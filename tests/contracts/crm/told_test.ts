import assert from "node:assert/strict";
import { daysAhead, makeEvent, makePerson, makeProvider, type Person } from "../../support/people.ts";
import { Crm } from "./support.ts";

let crm: Crm;
let provider: Person;
Deno.test.beforeAll(async () => {
  crm = await Crm.start();
  provider = await makeProvider(crm.stack);
});
Deno.test.afterAll(() => crm.close());

/** The booking that is held for somebody who waits, once the one before them leaves. */
async function offerOf(eventId: string, leaver: Person, waiting: Person) {
  const left = await book(leaver, eventId);
  await waiting.client.rpc("wait_for_event", { event_id: eventId });
  await leaver.client.rpc("cancel_booking", { booking_id: left.id });
  const { data } = await waiting.client.from("bookings").select("id, status").single();
  assert.equal(data?.status, "held");
  return data.id;
}

/** What the CRM answers of a booking once the worker has told it everything. */
async function recordOf(bookingId: string) {
  await (await crm.stack.runWorker()).body?.cancel();
  return await crm.call("GET", `/api/bookings/${bookingId}`);
}

async function book(person: Person, eventId: string) {
  const { data, error } = await person.client.rpc("book_event", { event_id: eventId });
  assert.equal(error, null);
  assert.ok(data);
  return data;
}

const move = async (eventId: string, days: number) => {
  const times = { starts_at: daysAhead(days), ends_at: daysAhead(days, 1) };
  const { error } = await provider.client.rpc("update_event", { event_id: eventId, ...times });
  assert.equal(error, null);
  return times.starts_at.slice(0, 19);
};

const kindsOf = async (person: Person) => {
  const { data } = await person.client.from("notifications").select("kind").order("created_at");
  return data?.map(({ kind }) => kind);
};

Deno.test("a record has the new start of an event that was moved", async () => {
  const event = await makeEvent(provider);
  const booking = await book(await makePerson(crm.stack), event.id);
  const first = await recordOf(booking.id);
  assert.equal(first.body.booking.event.start_datetime, event.starts_at.slice(0, 19));
  const startsAt = await move(event.id, 3);
  const { body: { booking: moved } } = await recordOf(booking.id);
  assert.deepEqual([moved.event.start_datetime, moved.status], [startsAt, "received"]);
});

Deno.test("a record says that its booking is completed, and then that nobody came", async () => {
  const event = await makeEvent(provider);
  const booking = await book(await makePerson(crm.stack), event.id);
  await crm.stack.database.query(
    `update public.events set starts_at = now() - interval '3 hours', ends_at = now() - interval '2 hours'
     where id = $1`,
    [event.id],
  );
  assert.equal((await recordOf(booking.id)).body.booking.status, "completed");
  const { error } = await provider.client.rpc("mark_no_show", { booking_id: booking.id });
  assert.equal(error, null);
  assert.equal((await recordOf(booking.id)).body.booking.status, "no_show");
});

Deno.test("of a held seat whose event is moved and cancelled the attendee hears, and neither the CRM nor the provider", async () => {
  const host = await makeProvider(crm.stack);
  const event = await makeEvent(host, { payment_mode: "prepaid", price_minor: 900 });
  const person = await makePerson(crm.stack);
  const booking = await book(person, event.id);
  assert.equal(booking.status, "held");

  // By an administrator: providers are not told of what they do themselves.
  await crm.stack.database.query(
    `select private.move_bookings(e, e) from public.events as e where e.id = $1`,
    [event.id],
  );
  assert.equal((await recordOf(booking.id)).status, 404, "moved");
  await crm.stack.database.query("select admin.cancel_event($1, 'Flooded studio')", [event.id]);
  assert.equal((await recordOf(booking.id)).status, 404, "cancelled");

  assert.deepEqual(await kindsOf(person), ["booking.rescheduled", "booking.cancelled"]);
  const subjects = (email: string) =>
    crm.stack.inbox.list(email).map(({ subject }) => subject?.split(":")[0]);
  assert.deepEqual(subjects(person.email).sort(), ["Cancelled", "New time"]);
  assert.deepEqual(await kindsOf(host), ["event.cancelled"]);
  assert.equal(subjects(host.email).length, 1);
});

Deno.test("a cancelled event tells the CRM of what was booked, not of what was held beside it", async () => {
  const event = await makeEvent(provider, { capacity: 2 });
  const [holder, leaver, waiting] = [
    await makePerson(crm.stack),
    await makePerson(crm.stack),
    await makePerson(crm.stack),
  ];
  const kept = await book(holder, event.id);
  const offerId = await offerOf(event.id, leaver, waiting);

  await provider.client.rpc("cancel_event", { event_id: event.id });
  assert.equal((await recordOf(kept.id)).body.booking.status, "cancelled");
  assert.equal((await recordOf(offerId)).status, 404);
  const causes = await crm.stack.database.query<{ key: string; cause: string }>(
    `select key, payload ->> 'cause' as cause from private.outbox
     where event = 'booking.cancelled' and key in ($1, $2)`,
    [kept.id, offerId],
  );
  assert.deepEqual(
    new Map(causes.map(({ key, cause }) => [key, cause])),
    new Map([[kept.id, "event_cancelled"], [offerId, "held"]]),
  );
});

Deno.test("an offer of a moved event is told with the new start once it is taken", async () => {
  const event = await makeEvent(provider, { capacity: 1 });
  const [leaver, waiting] = [await makePerson(crm.stack), await makePerson(crm.stack)];
  const offerId = await offerOf(event.id, leaver, waiting);
  const startsAt = await move(event.id, 4);
  assert.equal((await recordOf(offerId)).status, 404);
  const taken = await book(waiting, event.id);
  assert.equal(taken.id, offerId);
  const { body: { booking } } = await recordOf(taken.id);
  assert.deepEqual([booking.event.start_datetime, booking.status], [startsAt, "received"]);
});
