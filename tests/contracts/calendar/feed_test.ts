import assert from "node:assert/strict";
import { tzOffset } from "@date-fns/tz";
import {
  anonymousClient,
  daysAhead,
  makeEvent,
  makePerson,
  makeProvider,
  type Person,
  serviceClient,
} from "../../support/people.ts";
import { functionEnvironment } from "../../../local/function_environment.ts";
import { hostFunctions } from "../../../local/functions.ts";
import { patientEnv, type TestStack, testStack } from "../../support/stack.ts";
import { fetchCalendar, lineOf, onlyEvent, parseCalendar } from "./support.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

async function createFeed({ client }: Person): Promise<string> {
  const { data, error } = await client.rpc("create_calendar_feed");
  assert.equal(error, null);
  assert.ok(data);
  return data;
}

const read = async (token: string) => {
  const { status, text } = await fetchCalendar(stack, `/${token}.ics`);
  assert.equal(status, 200, text);
  return parseCalendar(text);
};

async function book({ client }: Person, eventId: string): Promise<string> {
  const { data } = await client.rpc("book_event", { event_id: eventId });
  assert.ok(data);
  return data.id;
}

Deno.test("the feed shows a person's bookings to any program that has its address", async () => {
  const [provider, attendee] = [await makeProvider(stack, { name: "John Doe" }), await makePerson(stack)];
  const event = await makeEvent(provider, {
    title: "Evening Yoga",
    location: "Wellness Center",
    timezone: "Europe/London",
  });
  const bookingId = await book(attendee, event.id);
  const token = await createFeed(attendee);
  const { status, headers, text } = await fetchCalendar(stack, `/${token}.ics`);
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "text/calendar; charset=utf-8");
  const calendar = parseCalendar(text);
  assert.equal(calendar.method, "PUBLISH");
  const entry = onlyEvent(calendar);
  assert.equal(entry.uid, `booking-${bookingId}@convene`);
  assert.deepEqual([entry.summary, entry.location, entry.description], [
    "Evening Yoga",
    "Wellness Center",
    "John Doe",
  ]);
  assert.equal(entry.start.getTime(), Date.parse(event.starts_at));
  assert.equal(entry.end?.getTime(), Date.parse(event.ends_at));
  assert.equal(entry.status, "CONFIRMED");
  assert.match(text, /^X-WR-CALNAME:Convene\r$/m);
});

/** When clocks next change in a zone, to the half hour. */
function nextChange(zone: string): number {
  const halfHourMs = 1_800_000;
  let at = Math.ceil(Date.now() / halfHourMs) * halfHourMs + 48 * halfHourMs;
  while (tzOffset(zone, new Date(at)) === tzOffset(zone, new Date(at - halfHourMs))) at += halfHourMs;
  return at;
}

for (const timezone of ["America/New_York", "Europe/London", "Australia/Lord_Howe"]) {
  Deno.test(`bookings on either side of the next change of clocks in ${timezone} are read at their instants`, async () => {
    const [provider, attendee] = [await makeProvider(stack), await makePerson(stack)];
    const minutes = [-24 * 60, -60, -30, -15, 0, 15, 30, 60, 24 * 60];
    const starts = minutes.map((minute) => nextChange(timezone) + minute * 60_000);
    for (const start of starts) {
      const [starts_at, ends_at] = [
        new Date(start).toISOString(),
        new Date(start + 45 * 60_000).toISOString(),
      ];
      await book(attendee, (await makeEvent(provider, { timezone, starts_at, ends_at })).id);
    }
    for (const person of [provider, attendee]) {
      const { events } = await read(await createFeed(person));
      assert.deepEqual(events.map(({ start }) => start.getTime()), starts);
      assert.deepEqual(events.map(({ end }) => end?.getTime()), starts.map((start) => start + 45 * 60_000));
    }
  });
}

Deno.test("the feed of a provider has one entry per event, however many booked, and names nobody of them", async () => {
  const provider = await makeProvider(stack, { name: "John Doe" });
  const event = await makeEvent(provider);
  const people = [
    await makePerson(stack, { name: "Jane Smith" }),
    await makePerson(stack, { name: "Omar Haddad" }),
  ];
  for (const person of people) await book(person, event.id);
  const calendar = await read(await createFeed(provider));
  assert.equal(onlyEvent(calendar).uid, `event-${event.id}@convene`);
  for (const { name, email, id } of [...people, provider]) {
    for (const secret of [email, id, ...(name === "John Doe" ? [] : [name])]) {
      assert.ok(!calendar.text.includes(secret), secret);
    }
  }
});

Deno.test("the feed shows what one booked and what one holds, and nothing of others", async () => {
  const [provider, other] = [await makeProvider(stack), await makeProvider(stack)];
  const [own, booked] = [await makeEvent(provider), await makeEvent(other)];
  await makeEvent(other);
  await book(await makePerson(stack), booked.id);
  const bookingId = await book(provider, booked.id);
  const { events } = await read(await createFeed(provider));
  assert.deepEqual(
    events.map(({ uid }) => uid).sort(),
    [`booking-${bookingId}@convene`, `event-${own.id}@convene`].sort(),
  );
});

Deno.test("a change keeps the UID and raises SEQUENCE: moved, renamed, cancelled", async () => {
  const [provider, attendee] = [await makeProvider(stack), await makePerson(stack)];
  const event = await makeEvent(provider, { title: "Before" });
  const bookingId = await book(attendee, event.id);
  const tokens = [await createFeed(attendee), await createFeed(provider)];
  const uids = [`booking-${bookingId}@convene`, `event-${event.id}@convene`];
  let sequences = [-1, -1];
  const expectRaised = async (expected: { start: string; summary: string; status: string }) => {
    const calendars = await Promise.all(tokens.map(read));
    const next = calendars.map((calendar) => Number(lineOf(calendar, "SEQUENCE")));
    next.forEach((sequence, index) =>
      assert.ok(sequence > sequences[index]!, `${sequence} after ${sequences[index]}`)
    );
    sequences = next;
    calendars.map(onlyEvent).forEach((entry, index) => {
      assert.equal(entry.uid, uids[index]);
      assert.equal(entry.start.getTime(), Date.parse(expected.start));
      assert.deepEqual([entry.summary, entry.status], [expected.summary, expected.status]);
    });
  };
  await expectRaised({ start: event.starts_at, summary: "Before", status: "CONFIRMED" });
  const start = daysAhead(9);
  await provider.client.rpc("update_event", {
    event_id: event.id,
    starts_at: start,
    ends_at: daysAhead(9, 1),
  });
  await expectRaised({ start, summary: "Before", status: "CONFIRMED" });
  await provider.client.rpc("update_event", { event_id: event.id, title: "After" });
  await expectRaised({ start, summary: "After", status: "CONFIRMED" });
  await provider.client.rpc("cancel_event", { event_id: event.id });
  await expectRaised({ start, summary: "After", status: "CANCELLED" });
});

Deno.test("every line of a calendar ends with CRLF, the last one too", async () => {
  const person = await makePerson(stack);
  await book(person, (await makeEvent(await makeProvider(stack))).id);
  const { text } = await read(await createFeed(person));
  assert.ok(text.endsWith("\r\nEND:VCALENDAR\r\n"));
  assert.doesNotMatch(text, /(?<!\r)\n|\r(?!\n)/);
});

Deno.test("HEAD tells the length that GET has", async () => {
  const person = await makePerson(stack);
  await book(person, (await makeEvent(await makeProvider(stack))).id);
  const address = `${stack.url}/functions/v1/calendar/${await createFeed(person)}.ics`;
  const { text } = await fetchCalendar(stack, address.split("/calendar")[1]!);
  const { status, headers } = await fetch(address, { method: "HEAD" });
  assert.deepEqual([status, headers.get("content-type")], [200, "text/calendar; charset=utf-8"]);
  assert.equal(headers.get("content-length"), String(new TextEncoder().encode(text).length));
});

Deno.test("an unpaid seat is tentative, and gone from the feed when it lapses", async () => {
  const [provider, attendee] = [await makeProvider(stack), await makePerson(stack)];
  const event = await makeEvent(provider, { payment_mode: "prepaid", price_minor: 1000 });
  const bookingId = await book(attendee, event.id);
  const token = await createFeed(attendee);
  assert.equal(onlyEvent(await read(token)).status, "TENTATIVE");
  await stack.database.query("update public.bookings set expires_at = now() where id = $1", [bookingId]);
  await serviceClient(stack).rpc("sweep");
  assert.deepEqual((await read(token)).events, []);
});

Deno.test("the feed reaches from 30 days back to a year ahead; cancelled entries stay for 30 days", async () => {
  const provider = await makeProvider(stack);
  const shift = async (title: string, change: string) => {
    const event = await makeEvent(provider, { title });
    await stack.database.query(`update public.events set ${change} where id = $1`, [event.id]);
    return event.id;
  };
  const at = (interval: string) =>
    `starts_at = now() + interval '${interval}', ends_at = now() + interval '${interval}' + interval '1 hour'`;
  await shift("29 days ago", at("-29 days"));
  await shift("31 days ago", at("-31 days"));
  await shift(
    "a retreat that still goes on",
    "starts_at = now() - interval '360 days', ends_at = now() + interval '1 day'",
  );
  await shift("in 364 days", at("364 days"));
  await shift("in 367 days", at("367 days"));
  for (const [title, days] of [["cancelled 29 days ago", 29], ["cancelled 31 days ago", 31]] as const) {
    const event = await makeEvent(provider, { title });
    await provider.client.rpc("cancel_event", { event_id: event.id });
    await stack.database.query(
      `update public.events set cancelled_at = now() - interval '${days} days' where id = $1`,
      [event.id],
    );
  }
  const { events } = await read(await createFeed(provider));
  assert.deepEqual(events.map(({ summary }) => String(summary)).sort(), [
    "29 days ago",
    "a retreat that still goes on",
    "cancelled 29 days ago",
    "in 364 days",
  ]);
});

Deno.test("the feed has at most 1000 entries, those ahead first", async () => {
  const provider = await makeProvider(stack);
  const event = await makeEvent(provider, { title: "Ahead" });
  await stack.database.query(
    `insert into public.events (provider_id, kind, title, starts_at, ends_at, currency)
     select $1, 'session', 'Past', now() - interval '2 days', now() - interval '1 day', 'USD' from generate_series(1, 1000)`,
    [provider.id],
  );
  const { events } = await read(await createFeed(provider));
  assert.equal(events.length, 1000);
  assert.ok(events.some(({ uid }) => uid === `event-${event.id}@convene`));
});

Deno.test("a new feed revokes the former; revoke_calendar_feed() revokes the last", async () => {
  const person = await makePerson(stack);
  const status = async (token: string) => (await fetchCalendar(stack, `/${token}.ics`)).status;
  const first = await createFeed(person);
  assert.equal(await status(first), 200);
  const second = await createFeed(person);
  assert.deepEqual([await status(first), await status(second)], [404, 200]);
  for (let times = 0; times < 2; times++) {
    assert.equal((await person.client.rpc("revoke_calendar_feed")).error, null);
    assert.equal(await status(second), 404);
  }
});

Deno.test("a repeated create_calendar_feed() with the same Idempotency-Key answers a token that holds, and keeps none", async () => {
  const person = await makePerson(stack);
  const key = crypto.randomUUID();
  const create = async () =>
    (await person.client.rpc("create_calendar_feed").setHeader("Idempotency-Key", key)).data ?? "";
  const [first, second] = [await create(), await create()];
  assert.notEqual(first, second);
  assert.equal((await fetchCalendar(stack, `/${second}.ics`)).status, 200);
  const [row] = await stack.database.query<{ kept: string }>(
    `select (select coalesce(json_agg(f), '[]')::text from public.calendar_feeds as f)
      || (select coalesce(json_agg(k), '[]')::text from private.idempotency_keys as k)
      || (select coalesce(json_agg(l), '[]')::text from private.audit_log as l) as kept`,
  );
  assert.ok(row?.kept.includes(key));
  for (const token of [first, second]) assert.ok(!row?.kept.includes(token));
});

Deno.test("a feed ends with its account", async () => {
  const person = await makePerson(stack);
  const token = await createFeed(person);
  await person.client.rpc("delete_my_account");
  assert.equal((await fetchCalendar(stack, `/${token}.ics`)).status, 404);
  const rows = await stack.database.query("select from public.calendar_feeds where profile_id = $1", [
    person.id,
  ]);
  assert.equal(rows.length, 0);
});

Deno.test("what is no token answers 404 like an unknown one", async () => {
  const unknown = await fetchCalendar(stack, `/${"0".repeat(64)}.ics`);
  assert.equal(unknown.status, 404);
  for (
    const path of [
      "/nothing.ics",
      `/${"0".repeat(64)}`,
      `/${"0".repeat(63)}.ics`,
      `/${"0".repeat(65)}.ics`,
      "/%00.ics",
      "/' or true.ics",
      "/%25.ics",
      `/${"x".repeat(10_000)}.ics`,
    ]
  ) {
    const answer = await fetchCalendar(stack, path);
    assert.deepEqual([answer.status, answer.text], [404, unknown.text], path.slice(0, 80));
  }
});

Deno.test("a person sees that they have a feed, nobody sees its token's hash, and nobody else sees it", async () => {
  const [person, other] = [await makePerson(stack), await makePerson(stack)];
  await createFeed(person);
  const { data } = await person.client.from("calendar_feeds").select("profile_id, created_at").single();
  assert.equal(data?.profile_id, person.id);
  assert.ok((await person.client.from("calendar_feeds").select("token_hash")).error);
  assert.deepEqual((await other.client.from("calendar_feeds").select("profile_id")).data, []);
  assert.ok((await anonymousClient(stack).from("calendar_feeds").select("profile_id")).error);
});

Deno.test("neither token nor titles are in the log, which has the route", async () => {
  const provider = await makeProvider(stack);
  const { title } = await makeEvent(provider, { title: "Secret Society" });
  const token = await createFeed(provider);
  stack.log.length = 0;
  await read(token);
  const log = stack.log.join("\n");
  assert.match(log, /"route":"\/calendar\/:file"/);
  assert.ok(!log.includes(token) && !log.includes(title));
});

Deno.test("one request to the feed is one round trip to the database", async () => {
  const token = await createFeed(await makeProvider(stack));
  const asked: string[] = [];
  const functions = hostFunctions(functionEnvironment(stack.url, stack.keys, patientEnv), {
    write: () => {},
    project: {
      url: stack.url,
      fetch: (request) => {
        asked.push(new URL(request.url).pathname);
        return fetch(request);
      },
    },
  });
  const response = await functions.fetch(
    new Request(`${stack.url}/functions/v1/calendar/${token}.ics`),
    "127.0.0.1",
  );
  assert.equal(response.status, 200);
  await response.body?.cancel();
  assert.deepEqual(asked, ["/rest/v1/rpc/read_calendar_feed"]);
});
