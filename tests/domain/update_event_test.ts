import assert from "node:assert/strict";
import { daysAhead, makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { bookHour, hourAhead, openTimes } from "../support/times.ts";

let stack: TestStack;
let provider: Person;
Deno.test.beforeAll(async () => {
  stack = await testStack();
  provider = await makeProvider(stack);
});
Deno.test.afterAll(() => stack.close());

const time = async (eventId: string) => {
  const [row] = await stack.database.query<{ starts: string; ends: string; live: boolean }>(
    `select to_json(lower(during)) #>> '{}' as starts, to_json(upper(during)) #>> '{}' as ends, live
     from private.provider_time where event_id = $1`,
    [eventId],
  );
  assert.ok(row);
  return { starts: Date.parse(row.starts), ends: Date.parse(row.ends), live: row.live };
};

Deno.test("publish_event() takes the provider's time, update_event() moves it, cancel_event() frees it", async () => {
  const event = await makeEvent(provider);
  const span = (starts: string, ends: string, live = true) => ({
    starts: Date.parse(starts),
    ends: Date.parse(ends),
    live,
  });
  assert.deepEqual(await time(event.id), span(event.starts_at, event.ends_at));
  const [starts_at, ends_at] = [daysAhead(9), daysAhead(9, 2)];
  await provider.client.rpc("update_event", { event_id: event.id, starts_at, ends_at });
  assert.deepEqual(await time(event.id), span(starts_at, ends_at));
  await provider.client.rpc("cancel_event", { event_id: event.id });
  assert.deepEqual(await time(event.id), span(starts_at, ends_at, false));
});

Deno.test("a provider's events may overlap, but no event takes the time of a one-to-one booking", async () => {
  const host = await makeProvider(stack);
  const event = await makeEvent(host);
  await makeEvent(host);
  await host.client.rpc("cancel_event", { event_id: event.id });
  await openTimes(stack, host.id);
  await bookHour(await makePerson(stack), host.id, 20, 9);
  const { starts_at, ends_at } = hourAhead(20, 9);
  const { error, status } = await host.client.rpc("publish_event", {
    kind: "session",
    title: "Too much",
    starts_at,
    ends_at: hourAhead(20, 12).ends_at,
  });
  assert.deepEqual([error?.message, status], ["PROVIDER_NOT_FREE", 409]);
  const { error: moved } = await host.client.rpc("update_event", {
    event_id: (await makeEvent(host)).id,
    starts_at: hourAhead(20, 7).starts_at,
    ends_at,
  });
  assert.equal(moved?.message, "PROVIDER_NOT_FREE");
});

Deno.test("an event costs a currency that exists", async () => {
  const { error } = await provider.client.rpc("publish_event", {
    kind: "session",
    title: "Priced",
    starts_at: daysAhead(9),
    ends_at: daysAhead(9, 1),
    price_minor: 500,
    currency: "ZZZ",
  });
  assert.deepEqual(JSON.parse(error?.details ?? ""), {
    field: "currency",
    reason: "must be an ISO 4217 code",
  });
});

Deno.test("moving an event tells everybody booked and lets them cancel freely until the new start", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  const { data: booking } = await person.client.rpc("book_event", { event_id: event.id });
  const starts_at = daysAhead(3);
  await provider.client.rpc("update_event", { event_id: event.id, starts_at, ends_at: daysAhead(3, 1) });

  const { data: moved } = await person.client.from("bookings").select().eq("id", booking?.id ?? "").single();
  assert.equal(Date.parse(moved?.free_cancellation_until ?? ""), Date.parse(starts_at));
  assert.equal(moved?.version, 2);
  const { data: heard } = await person.client.from("notifications").select("kind");
  assert.deepEqual(heard, [{ kind: "booking.rescheduled" }]);
  await stack.runWorker();
  const mail = await stack.inbox.wait((message) =>
    message.to === person.email && message.subject?.startsWith("New time")
  );
  assert.match(mail.text, /Before: /);
});

Deno.test("a new place is told to who has a seat, with the calendar's entry, and once", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider, { location: "Old Hall" });
  const { data: booking } = await person.client.rpc("book_event", { event_id: event.id });
  await stack.runWorker();
  await provider.client.rpc("update_event", {
    event_id: event.id,
    location: "New Hall",
    title: "Other Words",
  });
  await provider.client.rpc("update_event", { event_id: event.id, location: "New Hall" });
  await stack.runWorker();
  const { data: heard } = await person.client.from("notifications").select("kind, subject_id");
  assert.deepEqual(heard, [{ kind: "booking.updated", subject_id: booking?.id }]);
  const letters = stack.inbox.list(person.email).filter(({ subject }) => subject?.startsWith("New place"));
  assert.deepEqual(letters.map(({ subject }) => subject), ["New place: Other Words"]);
  assert.match(letters[0]?.text ?? "", /New Hall/);
  const [record] = await stack.database.query<{ event_location: string; event_title: string }>(
    "select event_location, event_title from public.crm_records where booking_id = $1",
    [booking?.id],
  );
  assert.deepEqual(record, { event_location: "New Hall", event_title: "Other Words" });
});

Deno.test("a new link is told to who has a seat, once and without the link, and one that is taken away to nobody", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  const describe = async (virtual_link: string) => {
    const { error } = await provider.client.rpc("describe_event", { event_id: event.id, virtual_link });
    assert.equal(error, null);
  };
  await describe("https://meet.example.com/old");
  const { data: booking } = await person.client.rpc("book_event", { event_id: event.id });
  await stack.runWorker();
  for (const link of ["https://meet.example.com/new", "https://meet.example.com/new", ""]) {
    await describe(link);
  }
  const { data: heard } = await person.client.from("notifications").select("kind, subject_id");
  assert.deepEqual(heard, [{ kind: "booking.updated", subject_id: booking?.id }]);

  await describe("https://meet.example.com/newest");
  await stack.runWorker();
  const letters = stack.inbox.list(person.email);
  const [created, ...told] = letters.toReversed();
  assert.match(created?.text ?? "", /^Where: online; signed in, you see the link at the event$/m);
  assert.equal(told.length, 2);
  for (const { subject, text } of told) {
    assert.match(subject ?? "", /^New place: /);
    assert.match(text, /^Where: online; /m);
  }
  assert.doesNotMatch(JSON.stringify(letters), /meet\.example\.com/);
});

Deno.test("a location that says no more than online is not told beside the words about the link", async () => {
  const person = await makePerson(stack);
  for (const location of ["Online", "Room 5"]) {
    const event = await makeEvent(provider, { location });
    await provider.client.rpc("describe_event", {
      event_id: event.id,
      virtual_link: "https://meet.example.com/room",
    });
    await person.client.rpc("book_event", { event_id: event.id });
  }
  await stack.runWorker();
  const where = stack.inbox.list(person.email).map(({ text }) => /^Where: (.*)$/m.exec(text)?.[1]);
  assert.deepEqual(where.sort(), [
    "Room 5; online; signed in, you see the link at the event",
    "online; signed in, you see the link at the event",
  ]);
});

Deno.test("new words are told to the CRM alone", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  const { data: booking } = await person.client.rpc("book_event", { event_id: event.id });
  await provider.client.rpc("update_event", { event_id: event.id, title: "Better Words" });
  await stack.runWorker();
  assert.deepEqual((await person.client.from("notifications").select()).data, []);
  const subjects = stack.inbox.list(person.email).map(({ subject }) => subject);
  assert.equal(subjects.filter((subject) => subject?.includes("Better Words")).length, 0);
  const [record] = await stack.database.query<{ event_title: string }>(
    "select event_title from public.crm_records where booking_id = $1",
    [booking?.id],
  );
  assert.deepEqual(record, { event_title: "Better Words" });
});

Deno.test("changing what an event says of itself tells nobody", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  await person.client.rpc("book_event", { event_id: event.id });
  await provider.client.rpc("update_event", { event_id: event.id, description: "Other words" });
  await stack.runWorker();
  assert.deepEqual((await person.client.from("notifications").select()).data, []);
  assert.equal(stack.inbox.list(person.email).length, 1, "the booking's own letter");
});

Deno.test("a new price holds for new bookings only", async () => {
  const [early, late] = [await makePerson(stack), await makePerson(stack)];
  const event = await makeEvent(provider, { price_minor: 1000 });
  const first = await early.client.rpc("book_event", { event_id: event.id });
  await provider.client.rpc("update_event", { event_id: event.id, price_minor: 1500 });
  const second = await late.client.rpc("book_event", { event_id: event.id });
  const { data } = await early.client.from("bookings").select("price_minor").eq("id", first.data?.id ?? "")
    .single();
  assert.deepEqual([data?.price_minor, second.data?.price_minor], [1000, 1500]);
});

Deno.test("update_event() refuses an event that has begun", async () => {
  const event = await makeEvent(provider);
  await stack.database.query("update public.events set starts_at = now() where id = $1", [event.id]);
  const { error } = await provider.client.rpc("update_event", { event_id: event.id, title: "Too late" });
  assert.equal(error?.message, "EVENT_STARTED");
});

Deno.test("update_event() names the field that breaks a rule", async () => {
  const event = await makeEvent(provider);
  for (
    const [field, change] of [
      ["timezone", { timezone: "Mars/Olympus" }],
      ["ends_at", { ends_at: daysAhead(6) }],
      ["capacity", { capacity: 0 }],
      ["title", { title: " " }],
      ["kind", { kind: "party" }],
    ] as const
  ) {
    const { error, status } = await provider.client.rpc("update_event", { event_id: event.id, ...change });
    assert.equal(status, 400, field);
    assert.equal(JSON.parse(error?.details ?? "{}").field, field);
  }
});

Deno.test("cancel_event() cancels every booking and tells each person, but sends the provider no mail per booking", async () => {
  const host = await makeProvider(stack);
  const event = await makeEvent(host);
  const people = [await makePerson(stack), await makePerson(stack)];
  for (const person of people) await person.client.rpc("book_event", { event_id: event.id });
  await stack.runWorker();
  await host.client.rpc("cancel_event", { event_id: event.id, reason: "Flooded studio" });
  await stack.runWorker();

  for (const person of people) {
    const { data } = await person.client.from("bookings").select("status, cancelled_by, cancellation_reason");
    assert.deepEqual(data, [{
      status: "cancelled",
      cancelled_by: "provider",
      cancellation_reason: "Flooded studio",
    }]);
    const letter = await stack.inbox.wait((message) =>
      message.to === person.email && message.subject?.startsWith("Cancelled")
    );
    assert.match(letter.text, /^Reason: Flooded studio$/m);
  }
  const mails = stack.inbox.list(host.email).map((message) => message.subject);
  assert.equal(mails.length, 2);
  assert.ok(mails.every((subject) => subject?.startsWith("New booking")));
});
