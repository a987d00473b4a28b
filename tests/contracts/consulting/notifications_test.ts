import assert from "node:assert/strict";
import { languageOf } from "../../../functions/_shared/integrations/mail/language.ts";
import { daysAhead, makeEvent, makePerson, makeProvider, type Person } from "../../support/people.ts";
import { makeReview } from "../../support/reviews.ts";
import { bookHour, hourAhead, makeOpenProvider, moveToPast } from "../../support/times.ts";
import { People, refusal, refused } from "./people_support.ts";

let people: People;
Deno.test.beforeAll(async () => void (people = await People.start()));
Deno.test.afterAll(() => people.close());

const list = ({ token }: Person, query = "") => people.call("GET", `/notifications${query}`, { token });
const rows = async (person: Person, query = "") => (await list(person, query)).body.data.notifications;

/** A provider whom so many people have booked. */
async function bookedProvider(bookings: number): Promise<Person> {
  const provider = await makeProvider(people.stack);
  const event = await makeEvent(provider, { title: "Deep Work" });
  for (let n = 0; n < bookings; n++) {
    const { error } = await (await makePerson(people.stack)).client.rpc("book_event", { event_id: event.id });
    assert.equal(error, null);
  }
  return provider;
}

Deno.test("GET /notifications tells what happened, latest first, and how many are unread", async () => {
  const provider = await makeProvider(people.stack);
  const event = await makeEvent(provider, { title: "Deep Work", starts_at: daysAhead(3) });
  const guest = await makePerson(people.stack);
  const { data: booking } = await guest.client.rpc("book_event", { event_id: event.id });
  await guest.client.rpc("cancel_booking", { booking_id: booking?.id ?? "" });
  const { status, body } = await list(provider);
  assert.equal(status, 200);
  assert.deepEqual([body.success, body.data.unreadCount, body.data.total, body.data.page], [true, 2, 2, 1]);
  assert.deepEqual(body.pagination, {
    page: 1,
    limit: 20,
    total: 2,
    totalPages: 1,
    hasNext: false,
    hasPrev: false,
  });
  const [cancelled, created] = body.data.notifications;
  assert.deepEqual([cancelled.type, created.type], ["booking.cancelled", "booking.created"]);
  const { _id, createdAt, message, ...rest } = created;
  assert.deepEqual(rest, {
    type: "booking.created",
    title: "New booking",
    action: null,
    actionUrl: null,
    isRead: false,
  });
  const day = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(event.starts_at),
  );
  assert.ok(message.startsWith(`Somebody has booked “Deep Work” on ${day}`), message);
  assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.deepEqual((await list(guest)).body.data.total, 0);
});

Deno.test("a notification of a one-to-one booking leads to it, one of an event or a seat at it nowhere", async () => {
  const [provider, attendee] = [await makeOpenProvider(people.stack), await makePerson(people.stack)];
  const booking = await bookHour(attendee, provider.id);
  const [told] = await rows(provider);
  assert.deepEqual([told.type, told.action, told.actionUrl], [
    "booking.created",
    "view_booking",
    `/bookings/${booking.id}`,
  ]);
  const { status, body } = await people.call("GET", told.actionUrl, { token: provider.token });
  assert.deepEqual([status, body.data._id], [200, booking.id]);

  const event = await makeEvent(provider, { starts_at: daysAhead(3), ends_at: daysAhead(3, 1) });
  await attendee.client.rpc("book_event", { event_id: event.id });
  await provider.client.rpc("cancel_event", { event_id: event.id });
  const seats = [(await rows(provider))[0], (await rows(attendee))[0]];
  assert.deepEqual(seats.map(({ type, action, actionUrl }) => [type, action, actionUrl]), [
    ["booking.created", null, null],
    ["booking.cancelled", null, null],
  ]);
});

Deno.test("title and message are in the person's language and time zone", async () => {
  const provider = await makeProvider(people.stack);
  await provider.client.from("profiles").update({ locale: "de-AT", timezone: "Asia/Tokyo" }).eq(
    "id",
    provider.id,
  );
  const event = await makeEvent(provider, {
    title: "Deep Work",
    starts_at: "2035-01-15T20:00:00Z",
    ends_at: "2035-01-15T21:00:00Z",
  });
  await (await makePerson(people.stack)).client.rpc("book_event", { event_id: event.id });
  const [{ title, message }] = await rows(provider);
  assert.equal(title, "Neue Buchung");
  assert.match(message, /^„Deep Work“ am 16\. Jänner 2035 um 05:00 wurde gebucht\.$/);
});

Deno.test("a review is told to the specialist with its rating, its answer to the customer", async () => {
  const [provider, attendee] = [await makeProvider(people.stack), await makePerson(people.stack)];
  const { id } = await makeReview(people.stack, provider, { attendee, rating: 4 });
  await provider.client.rpc("respond_to_review", { review_id: id, response: "Thank you" });
  const [told] = await rows(provider, "?type=review");
  const [answered] = await rows(attendee, "?type=review.answered");
  assert.deepEqual([told.title, told.message], ["New review", "“Some Session” was given 4 of 5."]);
  assert.equal(answered.message, "Your review of “Some Session” has an answer.");
  for (const { action, actionUrl } of [told, answered]) {
    assert.deepEqual([action, actionUrl], ["view_reviews", `/reviews/specialist/${provider.id}`]);
    assert.equal((await people.call("GET", actionUrl)).status, 200);
  }
});

Deno.test("a review of one-to-one time names the service, and the booking does so after it was withdrawn", async () => {
  const { stack } = people;
  const [provider, attendee] = [await makeOpenProvider(stack), await makePerson(stack)];
  const { data: offering } = await provider.client.rpc("create_offering", {
    title: "Career Chat",
    price_schedule: { free: true },
    duration_minutes: 60,
  });
  const { data: booking } = await attendee.client.rpc("book_time", {
    provider_id: provider.id,
    offering_id: offering?.id ?? "",
    ...hourAhead(7),
  });
  assert.ok(booking && offering);
  await moveToPast(stack, booking.id, 2);
  await stack.runWorker();
  await attendee.client.rpc("review_booking", { booking_id: booking.id, rating: 5 });
  const [told] = await rows(provider, "?type=review");
  assert.equal(told.message, "“Career Chat” was given 5 of 5.");

  await provider.client.rpc("set_offering_active", { offering_id: offering.id, active: false });
  const { body } = await people.call("GET", `/bookings/${booking.id}`, { token: attendee.token });
  assert.deepEqual([body.data.consultationType, body.data.serviceId], ["Career Chat", offering.id]);
});

Deno.test("GET /notifications filters by unread and type, and pages", async () => {
  const provider = await bookedProvider(3);
  const [first] = await rows(provider);
  await people.call("PUT", `/notifications/${first._id}/read`, { token: provider.token });
  const counts = async (query: string) => {
    const { body: { data } } = await list(provider, query);
    return [data.notifications.length, data.total, data.unreadCount];
  };
  assert.deepEqual(await counts(""), [3, 3, 2]);
  assert.deepEqual(await counts("?unread=true"), [2, 2, 2]);
  assert.deepEqual(await counts("?unread=false"), [3, 3, 2]);
  assert.deepEqual(await counts("?type=booking"), [3, 3, 2]);
  assert.deepEqual(await counts("?type=booking.created"), [3, 3, 2]);
  assert.deepEqual(await counts("?type=book%25"), [0, 0, 2]);
  assert.deepEqual(await counts("?type=review"), [0, 0, 2]);
  assert.deepEqual(await counts("?limit=2&page=2"), [1, 3, 2]);
  for (const query of ["?unread=maybe", "?page=0", `?type=${"x".repeat(101)}`]) {
    assert.equal((await list(provider, query)).status, 400);
  }
});

Deno.test("notifications are marked as read one by one and all at once, again without harm", async () => {
  const provider = await bookedProvider(3);
  const [{ _id }] = await rows(provider);
  const put = (path: string) => people.call("PUT", `/notifications/${path}`, { token: provider.token });
  for (let n = 0; n < 2; n++) {
    const { status, body } = await put(`${_id}/read`);
    assert.deepEqual([status, body], [200, { success: true, message: "Marked as read" }]);
    assert.equal((await list(provider)).body.data.unreadCount, 2);
  }
  assert.deepEqual((await rows(provider))[0].isRead, true);
  for (let n = 0; n < 2; n++) {
    const { status, body } = await put("read-all");
    assert.deepEqual([status, body], [200, { success: true, message: "All notifications marked as read" }]);
    assert.equal((await list(provider)).body.data.unreadCount, 0);
  }
});

Deno.test("DELETE /notifications/{notificationId} deletes it once", async () => {
  const provider = await bookedProvider(2);
  const [{ _id }] = await rows(provider);
  const remove = () => people.call("DELETE", `/notifications/${_id}`, { token: provider.token });
  const { status, body } = await remove();
  assert.deepEqual([status, body], [200, { success: true, message: "Notification deleted" }]);
  assert.deepEqual(refusal(await remove()), refused(404, "NOT_FOUND"));
  assert.equal((await rows(provider)).length, 1);
});

Deno.test("other people's notifications are not found and stay as they are", async () => {
  const provider = await bookedProvider(1);
  const [{ _id }] = await rows(provider);
  const { token } = await makeProvider(people.stack);
  const answers = [
    await people.call("PUT", `/notifications/${_id}/read`, { token }),
    await people.call("DELETE", `/notifications/${_id}`, { token }),
    await people.call("DELETE", "/notifications/1", { token }),
    await people.call("PUT", `/notifications/${crypto.randomUUID()}/read`, { token }),
  ];
  for (const each of answers) assert.deepEqual(refusal(each), refused(404, "NOT_FOUND"));
  await people.call("PUT", "/notifications/read-all", { token });
  assert.deepEqual((await rows(provider)).map((row: { isRead: boolean }) => row.isRead), [false]);
});

Deno.test("every event that people are notified of has its words in every language", async () => {
  const routes = await people.stack.database.query<{ event: string; target: string }>(
    "select event, target from private.outbox_routes where destination = 'notification'",
  );
  assert.ok(routes.length >= 8);
  for (const locale of ["en", "de", "es", "fr"]) {
    const notices: Record<string, unknown> = languageOf(locale).notices;
    assert.deepEqual(
      routes.map(({ event, target }) => `${event} ${target}`).filter((name) => !notices[name]),
      [],
    );
  }
});

Deno.test("an event without words of its own is told in general ones, and a zone that Intl lacks in UTC", async () => {
  const provider = await bookedProvider(1);
  await people.stack.database.query(
    "update public.notifications set kind = 'comet.seen', data = '{}' where recipient_id = $1",
    [provider.id],
  );
  const [general] = await rows(provider);
  assert.deepEqual([general.title, general.message], ["News", "There is news about “One-to-one session”."]);
  assert.deepEqual([general.action, general.actionUrl], [null, null]);
  await people.stack.database.query(
    `update public.notifications set kind = 'booking.created',
       data = '{"title": "X", "role": "provider", "timezone": "Factory", "starts_at": "2030-01-15T20:00:00+00:00"}'
     where recipient_id = $1`,
    [provider.id],
  );
  assert.match((await rows(provider))[0].message, /January 15, 2030 at 8:00/);
});
