import assert from "node:assert/strict";
import { makeEvent, makePerson, makeProvider } from "../../support/people.ts";
import { Crm, someNotification } from "./support.ts";

let crm: Crm;
Deno.test.beforeAll(async () => void (crm = await Crm.start({ CRM_BEARER_TOKEN: "first,second" })));
Deno.test.afterAll(() => crm.close());

const token = "first";
const notify = (body: unknown) => crm.call("POST", "/api/notify", { token, body });
const read = async (bookingId: string) =>
  (await crm.call("GET", `/api/bookings/${bookingId}`, { token })).body.booking;

Deno.test("POST /api/notify answers 200 and keeps what it was told", async () => {
  const notification = someNotification();
  const { status, body } = await notify(notification);
  assert.equal(status, 200);
  assert.deepEqual([body.message, body.status], ["Booking notification received successfully", "success"]);
  const { received_at, ...record } = await read(notification.booking_id);
  assert.match(received_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.deepEqual(record, {
    id: body.notification_id,
    ...notification,
    source: "convene",
    status: "received",
    crm_status: "new",
    status_history: [],
  });
});

Deno.test("a notification may leave out what the document calls optional", async () => {
  const { booking_id, user, event, facilitator_id } = someNotification();
  const least = {
    booking_id,
    user: { id: user.id },
    event: { id: event.id, title: "Yoga", type: "session" },
  };
  const { status } = await notify({ ...least, facilitator_id });
  assert.equal(status, 200);
  assert.equal((await read(booking_id)).event.start_datetime, null);
});

Deno.test("twenty equal notifications at once leave one record", async () => {
  const notification = someNotification();
  const answers = await Promise.all(Array.from({ length: 20 }, () => notify(notification)));
  assert.equal(new Set(answers.map(({ body }) => body.notification_id)).size, 1);
  assert.ok(answers.every(({ status }) => status === 200));
});

Deno.test("the same booking of another source is another record", async () => {
  const notification = someNotification();
  const one = await notify(notification);
  const other = await notify({ ...notification, source: "partner" });
  assert.notEqual(one.body.notification_id, other.body.notification_id);
});

Deno.test("a later notification brings the record up to date, and an older one changes nothing", async () => {
  const notification = someNotification();
  await notify({ ...notification, version: 2 });
  await crm.call("PUT", `/api/bookings/${notification.booking_id}/status`, {
    token,
    body: { crm_status: "contacted" },
  });
  await notify({ ...notification, version: 3, booking_status: "CANCELLED", notes: "no" });
  await notify({ ...notification, version: 1, booking_status: "confirmed", notes: "late" });
  const { status, notes, crm_status } = await read(notification.booking_id);
  assert.deepEqual([status, notes, crm_status], ["cancelled", "no", "contacted"]);
});

Deno.test("a known booking of another person answers 409 and changes nothing", async () => {
  const notification = someNotification();
  await notify(notification);
  const { status } = await notify({
    ...notification,
    user: { ...notification.user, id: crypto.randomUUID() },
  });
  assert.equal(status, 409);
  assert.equal((await read(notification.booking_id)).user.id, notification.user.id);
});

Deno.test("POST /api/notify answers 400 to what it cannot keep", async () => {
  const good = someNotification();
  for (
    const bad of [
      {},
      { ...good, booking_id: 1 },
      { ...good, user: {} },
      { ...good, event: { ...good.event, type: "workshop" } },
      { ...good, event: { ...good.event, start_datetime: "2030-02-30T07:00:00" } },
      { ...good, notes: "x".repeat(2001) },
      { ...good, source: "Not A Name" },
      { ...good, version: -1 },
    ]
  ) {
    const { status, body } = await notify(bad);
    assert.equal(status, 400);
    assert.equal(typeof body.error, "string");
  }
});

Deno.test("each of several tokens is good, and neither a user's nor the document's default is", async () => {
  const list = (bearer?: string) => crm.call("GET", "/api/bookings", { token: bearer });
  assert.deepEqual([(await list("first")).status, (await list("second")).status], [200, 200]);
  const person = await makePerson(crm.stack);
  for (const bad of [person.token, "crm-static-bearer-token-123", "first,second", "firs", undefined]) {
    const { status, headers } = await list(bad);
    assert.deepEqual([status, headers.get("www-authenticate")], [401, "Bearer"]);
  }
});

Deno.test("the document's default token is refused even where it is configured", async () => {
  const open = await Crm.start({ CRM_BEARER_TOKEN: "crm-static-bearer-token-123" });
  const { status } = await open.call("GET", "/api/bookings", { token: "crm-static-bearer-token-123" });
  await open.close();
  assert.equal(status, 401);
});

Deno.test("the records of somebody who deletes the account keep nothing that tells who it was", async () => {
  const provider = await makeProvider(crm.stack);
  const person = await makePerson(crm.stack, { name: "Forgettable Frank" });
  const event = await makeEvent(provider);
  const { data: booking } = await person.client.rpc("book_event", {
    event_id: event.id,
    notes: "It is me, Frank",
  });
  assert.ok(booking);
  await crm.stack.runWorker();
  assert.equal((await read(booking.id)).user.name, "Forgettable Frank");
  await person.client.rpc("delete_my_account");
  await crm.stack.runWorker();
  const record = await read(booking.id);
  assert.deepEqual([record.user.name, record.user.email, record.notes, record.status], [
    "",
    "",
    "",
    "cancelled",
  ]);
});
