import assert from "node:assert/strict";
import type { InboxMessage } from "../../../local/inbox.ts";
import { bookAndCheckOut, bookAndPay } from "../../support/payments.ts";
import { makeEvent, makePerson, makeProvider, type Person } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import {
  bookHour,
  type BookingRow,
  hourAhead,
  lapse,
  makeOpenProvider,
  type Times,
} from "../../support/times.ts";
import {
  attachedCalendar,
  type Calendar,
  fetchCalendar,
  lineOf,
  onlyEvent,
  parseCalendar,
} from "./support.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

interface Story {
  provider: Person;
  attendee: Person;
  booking: BookingRow;
}

async function people(times: Times = {}): Promise<Omit<Story, "booking">> {
  return {
    provider: await makeOpenProvider(stack, times, { name: "John Doe" }),
    attendee: await makePerson(stack, { name: "Jane Smith" }),
  };
}

async function booked(times: Times = {}): Promise<Story> {
  const both = await people(times);
  return { ...both, booking: await bookHour(both.attendee, both.provider.id) };
}

const move = ({ booking }: Story, by: Person, days = 9) =>
  by.client.rpc("reschedule_booking", { booking_id: booking.id, ...hourAhead(days) });
const cancel = ({ booking }: Story, by: Person) =>
  by.client.rpc("cancel_booking", { booking_id: booking.id });

const fileOf = async ({ booking }: Pick<Story, "booking">, { token }: Person) => {
  const { status, text } = await fetchCalendar(stack, `/bookings/${booking.id}.ics`, token);
  assert.equal(status, 200, text);
  return parseCalendar(text);
};

/** What a person's feed has now. */
async function feedOf({ client }: Person) {
  const { data: token } = await client.rpc("create_calendar_feed");
  return parseCalendar((await fetchCalendar(stack, `/${token}.ics`)).text);
}

/** Runs the worker; answers the letters that one person has, the latest first. */
async function lettersTo({ email }: Person): Promise<InboxMessage[]> {
  await (await stack.runWorker()).body?.cancel();
  return stack.inbox.list(email);
}

/** The entry in the latest letter of each, after one run of the worker: of two at once, one waits for nothing. */
async function entriesMailedTo(people: Person[]) {
  await (await stack.runWorker()).body?.cancel();
  return people.map(({ email }) => attachedCalendar(stack.inbox.list(email)[0]!));
}

const sequenceOf = (calendar: Calendar) => Number(lineOf(calendar, "SEQUENCE"));

Deno.test("GET /bookings/{id}.ics gives one-to-one time to both of its people, as one entry in its zone", async () => {
  const story = await booked({ timezone: "America/New_York" });
  for (const person of [story.attendee, story.provider]) {
    const calendar = await fileOf(story, person);
    const entry = onlyEvent(calendar);
    assert.equal(calendar.method, "PUBLISH");
    assert.deepEqual(
      [entry.uid, entry.summary, entry.status],
      [`booking-${story.booking.id}@convene`, "One-to-one session", "CONFIRMED"],
    );
    assert.deepEqual([entry.start.toISOString(), entry.end?.toISOString()], Object.values(hourAhead(7)));
    assert.match(lineOf(calendar, "DTSTART") ?? "", /^TZID=America\/New_York:/);
  }
});

Deno.test("GET /bookings/{id}.ics of one-to-one time answers 404 to a stranger", async () => {
  const { booking } = await booked();
  const stranger = await makeProvider(stack);
  const { status } = await fetchCalendar(stack, `/bookings/${booking.id}.ics`, stranger.token);
  assert.equal(status, 404);
});

Deno.test("GET /bookings/{id}.ics has METHOD:CANCEL for both once one-to-one time is cancelled", async () => {
  const story = await booked();
  const before = await fileOf(story, story.provider);
  await cancel(story, story.attendee);
  for (const person of [story.attendee, story.provider]) {
    const after = await fileOf(story, person);
    assert.deepEqual([after.method, onlyEvent(after).status], ["CANCEL", "CANCELLED"]);
    assert.equal(onlyEvent(after).uid, onlyEvent(before).uid);
    assert.ok(sequenceOf(after) > sequenceOf(before));
  }
});

Deno.test("the feeds of both have their one-to-one time beside events, and name no customer", async () => {
  const { attendee, provider, booking } = await booked();
  const event = await makeEvent(provider, hourAhead(9));
  const { data: seat } = await attendee.client.rpc("book_event", { event_id: event.id });
  const uids = [`booking-${booking.id}@convene`];
  for (
    const [person, other] of [[attendee, `booking-${seat?.id}@convene`], [
      provider,
      `event-${event.id}@convene`,
    ]] as const
  ) {
    const { events, text } = await feedOf(person);
    assert.deepEqual(events.map(({ uid }) => uid).sort(), [...uids, other].sort());
    for (const secret of ["Jane Smith", attendee.email, provider.email]) {
      assert.ok(!text.includes(secret), secret);
    }
  }
  assert.deepEqual((await feedOf(await makeProvider(stack))).events, []);
});

Deno.test("one-to-one time keeps its UID and raises SEQUENCE: moved by either, its offering renamed, cancelled", async () => {
  const both = await people({ deadlineMinutes: 0 });
  const [offering] = await stack.database.query<{ id: string }>(
    `insert into public.offerings (provider_id, title, price_minor, currency, duration_minutes)
     values ($1, 'Before', 0, 'USD', 60) returning id`,
    [both.provider.id],
  );
  const { data: booking } = await both.attendee.client.rpc("book_time", {
    provider_id: both.provider.id,
    offering_id: offering!.id,
    ...hourAhead(7),
  });
  assert.ok(booking);
  const story = { ...both, booking };
  let last = -1;
  const expectRaised = async (days: number, summary: string, status: string) => {
    const [feeds, files] = await Promise.all([
      Promise.all([feedOf(both.attendee), feedOf(both.provider)]),
      Promise.all([fileOf(story, both.attendee), fileOf(story, both.provider)]),
    ]);
    const sequences = new Set([...feeds, ...files].map(sequenceOf));
    assert.equal(sequences.size, 1, `${[...sequences]}`);
    assert.ok([...sequences][0]! > last, `${[...sequences]} after ${last}`);
    last = [...sequences][0]!;
    for (const calendar of [...feeds, ...files]) {
      const entry = onlyEvent(calendar);
      assert.equal(entry.uid, `booking-${booking.id}@convene`);
      assert.equal(entry.start.toISOString(), hourAhead(days).starts_at);
      assert.deepEqual([entry.summary, entry.status], [summary, status]);
    }
  };
  await expectRaised(7, "Before", "CONFIRMED");
  assert.equal((await move(story, both.attendee, 8)).error, null);
  await expectRaised(8, "Before", "CONFIRMED");
  assert.equal((await move(story, both.provider, 9)).error, null);
  await expectRaised(9, "Before", "CONFIRMED");
  // Not listed any more: its customer still reads what they booked.
  const { error } = await both.provider.client.rpc("update_offering", {
    offering_id: offering!.id,
    title: "After",
    is_active: false,
  });
  assert.equal(error, null);
  await expectRaised(9, "After", "CONFIRMED");
  await cancel(story, both.provider);
  await expectRaised(9, "After", "CANCELLED");
});

Deno.test("one-to-one time that is held is in no feed, nor is a hold that was given up or lapsed; paid time is", async () => {
  const both = await people({ hourlyRateMinor: 7500 });
  const feeds = async () => [(await feedOf(both.attendee)).events, (await feedOf(both.provider)).events];
  const held = { ...both, booking: await bookHour(both.attendee, both.provider.id, 7, 9) };
  assert.equal(held.booking.status, "held");
  assert.deepEqual(await feeds(), [[], []]);
  await cancel(held, both.attendee);
  assert.deepEqual(await feeds(), [[], []]);
  const { booking: lapsed } = await bookAndCheckOut(stack, both.attendee, both.provider.id, 7, 11);
  assert.deepEqual(await feeds(), [[], []]);
  await lapse(stack, lapsed.id);
  const { booking: paid } = await bookAndPay(stack, both.attendee, both.provider.id, 7, 13);
  for (const events of await feeds()) {
    assert.deepEqual(events.map(({ uid, status }) => [uid, status]), [
      [`booking-${paid.id}@convene`, "CONFIRMED"],
    ]);
  }
});

Deno.test("the feed has one-to-one time from 30 days back to a year ahead; cancelled time stays for 30 days", async () => {
  const both = await people();
  const ids: Record<string, string> = {};
  for (const [hour, days] of [-29, -31, 364, 367].entries()) {
    const { id } = await bookHour(both.attendee, both.provider.id, 7, hour);
    await stack.database.query(
      `update public.bookings
       set during = tstzrange(now() + make_interval(days => $2), now() + make_interval(days => $2, hours => 1))
       where id = $1`,
      [id, days],
    );
    ids[id] = `in ${days} days`;
  }
  for (const [hour, days] of [29, 31].entries()) {
    const booking = await bookHour(both.attendee, both.provider.id, 8, hour);
    await cancel({ ...both, booking }, both.attendee);
    await stack.database.query(
      "update public.bookings set cancelled_at = now() - make_interval(days => $2) where id = $1",
      [booking.id, days],
    );
    ids[booking.id] = `cancelled ${days} days ago`;
  }
  for (const person of [both.attendee, both.provider]) {
    const { events } = await feedOf(person);
    assert.deepEqual(
      events.map(({ uid }) => ids[uid.replace(/^booking-|@convene$/g, "")]).sort(),
      ["cancelled 29 days ago", "in -29 days", "in 364 days"],
    );
  }
});

Deno.test("the mails of one-to-one time bring both the same entry, as an accepted invitation", async () => {
  const { attendee, provider, booking } = await booked();
  for (const person of [attendee, provider]) {
    const letters = await lettersTo(person);
    assert.equal(letters.length, 1);
    const calendar = attachedCalendar(letters[0]!);
    const entry = onlyEvent(calendar);
    assert.equal(calendar.method, "REQUEST");
    assert.deepEqual([entry.uid, entry.status], [`booking-${booking.id}@convene`, "CONFIRMED"]);
    assert.equal(entry.start.toISOString(), hourAhead(7).starts_at);
    assert.match(
      lineOf(calendar, "ATTENDEE") ?? "",
      new RegExp(`PARTSTAT=ACCEPTED;RSVP=FALSE.*:mailto:${person.email}$`, "i"),
    );
    for (const other of [attendee, provider].filter((each) => each !== person)) {
      assert.ok(!calendar.text.includes(other.email));
    }
  }
});

Deno.test("the mail of a paid booking brings its entry; the hold before it brought no mail", async () => {
  const both = await people({ hourlyRateMinor: 7500 });
  const { booking, intentId } = await bookAndCheckOut(stack, both.attendee, both.provider.id);
  assert.deepEqual([await lettersTo(both.attendee), await lettersTo(both.provider)], [[], []]);
  stack.stripe.pay(intentId);
  await stack.stripe.webhooks.settled();
  for (const person of [both.attendee, both.provider]) {
    const calendar = attachedCalendar((await lettersTo(person))[0]!);
    assert.deepEqual(
      [calendar.method, onlyEvent(calendar).uid],
      ["REQUEST", `booking-${booking.id}@convene`],
    );
  }
});

Deno.test("an unpaid hold that is moved brings no entry: no letter would take it out when it lapses", async () => {
  const both = await people({ hourlyRateMinor: 7500 });
  const story = { ...both, booking: await bookHour(both.attendee, both.provider.id) };
  assert.equal((await move(story, both.attendee)).error, null);
  const [letter] = await lettersTo(both.attendee);
  assert.match(letter?.subject ?? "", /^New time/);
  assert.equal(letter?.attachments, undefined);
});

Deno.test("the mail of moved one-to-one time brings the same entry with its new time and a higher SEQUENCE", async () => {
  const story = await booked();
  const both = [story.attendee, story.provider];
  const before = await entriesMailedTo(both);
  assert.equal((await move(story, story.attendee)).error, null);
  for (const [index, after] of (await entriesMailedTo(both)).entries()) {
    assert.equal(after.method, "REQUEST");
    assert.equal(onlyEvent(after).uid, onlyEvent(before[index]!).uid);
    assert.equal(onlyEvent(after).start.toISOString(), hourAhead(9).starts_at);
    assert.ok(sequenceOf(after) > sequenceOf(before[index]!));
  }
});

Deno.test("the mail of cancelled one-to-one time takes its entry out again, from the provider's calendar too", async () => {
  const story = await booked();
  const both = [story.attendee, story.provider];
  const before = await entriesMailedTo(both);
  await cancel(story, story.attendee);
  for (const [index, after] of (await entriesMailedTo(both)).entries()) {
    assert.equal(after.contentType, "text/calendar; charset=utf-8; method=CANCEL");
    assert.deepEqual([after.method, onlyEvent(after).status], ["CANCEL", "CANCELLED"]);
    assert.equal(onlyEvent(after).uid, onlyEvent(before[index]!).uid);
    assert.ok(sequenceOf(after) > sequenceOf(before[index]!));
  }
});

Deno.test("a letter of one-to-one time that is late invites to nothing that is cancelled by then", async () => {
  const story = await booked();
  await cancel(story, story.provider);
  const [cancelled, made] = await lettersTo(story.attendee);
  assert.match(made?.subject ?? "", /^Your booking/);
  assert.equal(made?.attachments, undefined);
  assert.equal(attachedCalendar(cancelled!).method, "CANCEL");
});

Deno.test("mail, file and feed tell one entry of one-to-one time to both: the same UID, SEQUENCE and time", async () => {
  const story = await booked();
  await move(story, story.attendee);
  const calendars: Calendar[] = [];
  for (const person of [story.attendee, story.provider]) {
    calendars.push(
      attachedCalendar((await lettersTo(person))[0]!),
      await fileOf(story, person),
      await feedOf(person),
    );
  }
  for (const name of ["UID", "SEQUENCE", "DTSTART", "DTEND", "DTSTAMP"]) {
    const lines = calendars.map((calendar) => lineOf(calendar, name));
    assert.equal(new Set(lines).size, 1, `${name}: ${lines}`);
  }
});
