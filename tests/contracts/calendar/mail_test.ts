import assert from "node:assert/strict";
import type { InboxMessage } from "../../../local/inbox.ts";
import { daysAhead, makeEvent, makePerson, makeProvider, type Person } from "../../support/people.ts";
import { checkOut } from "../../support/payments.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { attachedCalendar, fetchCalendar, lineOf, onlyEvent, parseCalendar } from "./support.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

async function booked() {
  const [provider, attendee] = [
    await makeProvider(stack, { name: "John Doe" }),
    await makePerson(stack, { name: "Jane Smith" }),
  ];
  const event = await makeEvent(provider, { timezone: "Europe/London" });
  const { data: booking } = await attendee.client.rpc("book_event", { event_id: event.id });
  assert.ok(booking);
  return { provider, attendee, event, booking };
}

/** Runs the worker; answers the letters that one person has, the latest first. */
async function lettersTo({ email }: Person): Promise<InboxMessage[]> {
  await (await stack.runWorker()).body?.cancel();
  return stack.inbox.list(email);
}

const move = ({ provider, event }: Awaited<ReturnType<typeof booked>>) =>
  provider.client.rpc("update_event", {
    event_id: event.id,
    starts_at: daysAhead(9),
    ends_at: daysAhead(9, 1),
  });

Deno.test("the mail of a booking brings an invitation that is accepted already", async () => {
  const { attendee, event, booking } = await booked();
  const [letter] = await lettersTo(attendee);
  const calendar = attachedCalendar(letter!);
  assert.equal(letter?.attachments?.[0]?.filename, "invitation.ics");
  assert.equal(calendar.contentType, "text/calendar; charset=utf-8; method=REQUEST");
  assert.equal(calendar.method, "REQUEST");
  const entry = onlyEvent(calendar);
  assert.deepEqual([entry.uid, entry.status], [`booking-${booking.id}@convene`, "CONFIRMED"]);
  assert.equal(entry.start.getTime(), Date.parse(event.starts_at));
  assert.match(
    lineOf(calendar, "ATTENDEE") ?? "",
    new RegExp(`PARTSTAT=ACCEPTED;RSVP=FALSE.*:mailto:${attendee.email}$`, "i"),
  );
});

Deno.test("a title or name with line breaks makes a subject of one line", async () => {
  const [provider, attendee] = [
    await makeProvider(stack),
    await makePerson(stack, { name: "Jane\r\nSmith" }),
  ];
  const event = await makeEvent(provider, { title: "Breathe\n in,\u2028out\n" });
  await attendee.client.rpc("book_event", { event_id: event.id });
  const [letter] = await lettersTo(provider);
  assert.equal(letter?.subject, "New booking by Jane Smith: Breathe in, out");
  assert.equal((await lettersTo(attendee)).length, 1);
});

Deno.test("an invitation comes in the platform's name: the provider's address is not in it", async () => {
  const { provider, attendee } = await booked();
  const calendar = attachedCalendar((await lettersTo(attendee))[0]!);
  assert.equal(lineOf(calendar, "ORGANIZER"), 'CN="John Doe":mailto:no-reply@convene.localhost');
  assert.ok(!calendar.text.includes(provider.email));
});

Deno.test("a provider's mail brings the event, the same entry for every booking, and no attendee's address", async () => {
  const { provider, attendee, event } = await booked();
  const other = await makePerson(stack);
  await other.client.rpc("book_event", { event_id: event.id });
  const letters = await lettersTo(provider);
  assert.equal(letters.length, 2);
  for (const calendar of letters.map(attachedCalendar)) {
    assert.equal(onlyEvent(calendar).uid, `event-${event.id}@convene`);
    for (const { email } of [attendee, other]) assert.ok(!calendar.text.includes(email));
  }
});

Deno.test("a prepaid seat brings its entry with the mail that tells it is paid, to attendee and provider", async () => {
  const [provider, attendee] = [await makeProvider(stack), await makePerson(stack)];
  const event = await makeEvent(provider, { payment_mode: "prepaid", price_minor: 1000 });
  const { data: held } = await attendee.client.rpc("book_event", { event_id: event.id });
  const { intentId } = await checkOut(stack, attendee, held!);
  for (const { attachments } of await lettersTo(attendee)) assert.equal(attachments, undefined);
  stack.stripe.pay(intentId);
  await stack.stripe.webhooks.settled();
  for (const [person, uid] of [[attendee, `booking-${held?.id}`], [provider, `event-${event.id}`]] as const) {
    const [letter] = await lettersTo(person);
    assert.match(letter?.text ?? "", /Your booking of “Some Session”|has booked “Some Session”/);
    const calendar = attachedCalendar(letter!);
    assert.deepEqual([calendar.method, onlyEvent(calendar).uid], ["REQUEST", `${uid}@convene`]);
  }
});

Deno.test("a moved event's mail brings the same entry with its new time and a higher SEQUENCE", async () => {
  const story = await booked();
  const [first] = await lettersTo(story.attendee);
  const { data: moved } = await move(story);
  const [second] = await lettersTo(story.attendee);
  const [before, after] = [attachedCalendar(first!), attachedCalendar(second!)];
  assert.equal(after.method, "REQUEST");
  assert.equal(onlyEvent(after).uid, onlyEvent(before).uid);
  assert.equal(onlyEvent(after).start.getTime(), Date.parse(moved?.starts_at ?? ""));
  assert.ok(Number(lineOf(after, "SEQUENCE")) > Number(lineOf(before, "SEQUENCE")));
});

for (
  const [who, cancel] of [
    [
      "attendee",
      ({ attendee, booking }) => attendee.client.rpc("cancel_booking", { booking_id: booking.id }),
    ],
    ["provider", ({ provider, event }) => provider.client.rpc("cancel_event", { event_id: event.id })],
  ] as [string, (story: Awaited<ReturnType<typeof booked>>) => PromiseLike<unknown>][]
) {
  Deno.test(`the mail of a cancellation by the ${who} takes the attendee's entry out again`, async () => {
    const story = await booked();
    const before = attachedCalendar((await lettersTo(story.attendee))[0]!);
    await cancel(story);
    const calendar = attachedCalendar((await lettersTo(story.attendee))[0]!);
    assert.equal(calendar.contentType, "text/calendar; charset=utf-8; method=CANCEL");
    assert.deepEqual([calendar.method, onlyEvent(calendar).status], ["CANCEL", "CANCELLED"]);
    assert.equal(onlyEvent(calendar).uid, onlyEvent(before).uid);
    assert.ok(Number(lineOf(calendar, "SEQUENCE")) > Number(lineOf(before, "SEQUENCE")));
  });
}

Deno.test("an attendee who cancels leaves the provider's event in its calendar", async () => {
  const { provider, attendee, booking } = await booked();
  await lettersTo(provider);
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  const [letter] = await lettersTo(provider);
  assert.match(letter?.subject ?? "", /^Booking by .* cancelled: /);
  assert.equal(letter?.attachments, undefined);
});

Deno.test("an event that an administrator cancels is taken out of its provider's calendar", async () => {
  const { provider, event } = await booked();
  await lettersTo(provider);
  await stack.database.query("select admin.cancel_event($1)", [event.id]);
  const calendar = attachedCalendar((await lettersTo(provider))[0]!);
  assert.deepEqual([calendar.method, onlyEvent(calendar).uid], ["CANCEL", `event-${event.id}@convene`]);
});

Deno.test("a letter that is late invites to nothing that is cancelled by then", async () => {
  const { attendee, booking } = await booked();
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  const [cancelled, created] = await lettersTo(attendee);
  assert.match(created?.subject ?? "", /^Your booking/);
  assert.equal(created?.attachments, undefined);
  assert.equal(attachedCalendar(cancelled!).method, "CANCEL");
});

Deno.test("mail, file and feed tell one entry: the same UID, SEQUENCE and time", async () => {
  const story = await booked();
  await move(story);
  const { attendee, booking } = story;
  const mailed = attachedCalendar((await lettersTo(attendee))[0]!);
  const file = parseCalendar(
    (await fetchCalendar(stack, `/bookings/${booking.id}.ics`, attendee.token)).text,
  );
  const { data: token } = await attendee.client.rpc("create_calendar_feed");
  const feed = parseCalendar((await fetchCalendar(stack, `/${token}.ics`)).text);
  for (const name of ["UID", "SEQUENCE", "DTSTART", "DTEND", "DTSTAMP"]) {
    const lines = [mailed, file, feed].map((calendar) => lineOf(calendar, name));
    assert.equal(new Set(lines).size, 1, `${name}: ${lines}`);
  }
});

Deno.test("the console's inbox offers the attachment", async () => {
  const { attendee } = await booked();
  const [letter] = await lettersTo(attendee);
  const response = await fetch(`${stack.url}/?to=${encodeURIComponent(attendee.email)}`, {
    headers: { accept: "text/html" },
  });
  const html = await response.text();
  assert.ok(html.includes('download="invitation.ics"'));
  assert.ok(html.includes(`base64,${letter?.attachments?.[0]?.content}`));
});
