import assert from "node:assert/strict";
import {
  daysAhead,
  type EventRow,
  makeEvent,
  makePerson,
  makeProvider,
  type Person,
  serviceClient,
} from "../support/people.ts";
import { type Receiver, receiver } from "../support/receiver.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
let mail: Receiver;
let crm: Receiver;
Deno.test.beforeAll(async () => {
  mail = receiver({ id: "1" });
  crm = receiver({ status: "success", message: "", notification_id: "1" });
  stack = await testStack({
    env: {
      RESEND_BASE_URL: mail.url,
      CRM_SERVICE_URL: crm.url,
      CRM_BEARER_TOKEN: "token",
    },
  });
});
Deno.test.afterAll(async () => {
  await stack.close();
  await Promise.all([mail.close(), crm.close()]);
});
Deno.test.beforeEach(() => mail.behave("answer"));

const run = async () => {
  const response = await stack.runWorker();
  assert.equal(response.status, 200);
  await response.body?.cancel();
};

/** Brings an event and its bookings and reminders nearer, as if so many hours had passed. */
async function pass(eventId: string, hours: number): Promise<void> {
  await stack.database.transaction(async (sql) => {
    const shift = `interval '${hours * 3600} seconds'`;
    const kept = await sql.query<{ minutes_before: number; due_at: string; reminded_to: string }>(
      "select minutes_before, to_json(due_at) #>> '{}' as due_at, reminded_to from private.reminders where event_id = $1",
      [eventId],
    );
    await sql.query(`update public.bookings set created_at = created_at - ${shift} where event_id = $1`, [
      eventId,
    ]);
    await sql.query(
      `update public.events set starts_at = starts_at - ${shift}, ends_at = ends_at - ${shift} where id = $1`,
      [eventId],
    );
    await sql.query("delete from private.reminders where event_id = $1", [eventId]);
    for (const { minutes_before, due_at, reminded_to } of kept) {
      await sql.query(
        `insert into private.reminders values ($1, $2::text::integer, $3::text::timestamptz - ${shift}, $4)`,
        [eventId, String(minutes_before), due_at, reminded_to],
      );
    }
  });
}

const book = async (person: Person, event: EventRow) => {
  const { data, error } = await person.client.rpc("book_event", { event_id: event.id });
  assert.equal(error, null);
  assert.ok(data);
  return data;
};

/** An event two days ahead with one who booked it, everybody told of the booking. */
async function booked(event: Parameters<typeof makeEvent>[1] = {}) {
  const [provider, attendee] = [await makeProvider(stack), await makePerson(stack, { name: "Jane Smith" })];
  const published = await makeEvent(provider, {
    title: `Yoga ${crypto.randomUUID()}`,
    starts_at: daysAhead(2),
    ends_at: daysAhead(2, 1),
    ...event,
  });
  const booking = await book(attendee, published);
  await run();
  return { provider, attendee, event: published, booking };
}

/** Subjects of the reminders that one person got. */
const reminders = ({ email }: Person) =>
  mail.accepted.map(({ body }) => body).filter((body) =>
    body.to === email && body.subject.startsWith("Reminder")
  );

const outbox = (eventId: string) =>
  stack.database.query<{ event: string; destination: string; target: string; status: string }>(
    `select o.event, d.destination, d.target, d.status from private.outbox as o
     join private.deliveries as d on d.outbox_id = o.id
     where o.event in ('booking.reminder', 'event.reminder') and o.payload ->> 'event_id' = $1
     order by o.id`,
    [eventId],
  );

Deno.test("attendee and provider are reminded 24 hours and 1 hour before, each time once", async () => {
  const { provider, attendee, event } = await booked();
  const counts = () => [reminders(attendee).length, reminders(provider).length];
  await pass(event.id, 23);
  await run();
  assert.deepEqual(counts(), [0, 0], "25 hours before");
  await pass(event.id, 1.01);
  await run();
  await run();
  assert.deepEqual(counts(), [1, 1], "24 hours before");
  await pass(event.id, 22);
  await run();
  assert.deepEqual(counts(), [1, 1], "2 hours before");
  await pass(event.id, 1);
  await run();
  await run();
  assert.deepEqual(counts(), [2, 2], "1 hour before");
  await pass(event.id, 1);
  await run();
  assert.deepEqual(counts(), [2, 2], "begun");
  assert.equal(reminders(attendee)[0]?.subject, `Reminder: ${event.title}`);
  assert.match(reminders(provider)[0]?.text, /Seats taken: 1 \/ 10/);
});

Deno.test("a provider is reminded once per event, however many booked, and not when nobody did", async () => {
  const { provider, attendee, event } = await booked();
  const others = [await makePerson(stack), await makePerson(stack)];
  for (const person of others) await book(person, event);
  const empty = await makeEvent(provider, { starts_at: daysAhead(2), ends_at: daysAhead(2, 1) });
  await Promise.all([pass(event.id, 24.1), pass(empty.id, 24.1)]);
  await run();
  assert.equal(reminders(provider).length, 1);
  for (const person of [attendee, ...others]) assert.equal(reminders(person).length, 1);
});

Deno.test("reminders go by e-mail alone: the CRM and notifications hear nothing of them", async () => {
  const { provider, attendee, event } = await booked();
  await pass(event.id, 24.1);
  const told = crm.accepted.length;
  await run();
  assert.deepEqual(await outbox(event.id), [
    { event: "booking.reminder", destination: "email", target: "attendee", status: "delivered" },
    { event: "event.reminder", destination: "email", target: "provider", status: "delivered" },
  ]);
  assert.equal(crm.accepted.length, told);
  for (const { client } of [provider, attendee]) {
    const { data } = await client.from("notifications").select("kind").like("kind", "%reminder");
    assert.deepEqual(data, []);
  }
});

Deno.test("a cancelled booking reminds nobody; the others of its event are reminded", async () => {
  const { provider, attendee, event, booking } = await booked();
  const other = await makePerson(stack);
  await book(other, event);
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  await pass(event.id, 24.1);
  await run();
  assert.deepEqual([attendee, other, provider].map((person) => reminders(person).length), [0, 1, 1]);
});

for (
  const [what, change] of [
    [
      "booking is cancelled",
      ({ attendee, booking }) => attendee.client.rpc("cancel_booking", { booking_id: booking.id }),
    ],
    [
      "event is cancelled",
      ({ provider, event }) => provider.client.rpc("cancel_event", { event_id: event.id }),
    ],
    [
      "event is moved by two hours",
      ({ provider, event }) =>
        provider.client.rpc("update_event", {
          event_id: event.id,
          starts_at: daysAhead(0, 22),
          ends_at: daysAhead(0, 23),
        }),
    ],
    [
      "event is moved",
      ({ provider, event }) =>
        provider.client.rpc("update_event", {
          event_id: event.id,
          starts_at: daysAhead(9),
          ends_at: daysAhead(9, 1),
        }),
    ],
  ] as [string, (story: Awaited<ReturnType<typeof booked>>) => PromiseLike<{ error: unknown }>][]
) {
  Deno.test(`a reminder that waits in the outbox is not sent once the ${what}`, async () => {
    const story = await booked();
    await pass(story.event.id, 24.1);
    // The sweep makes the reminders; nothing delivers them yet.
    await serviceClient(stack).rpc("sweep");
    assert.equal((await change(story)).error, null);
    await run();
    assert.deepEqual([reminders(story.attendee).length, reminders(story.provider).length], [0, 0]);
    assert.deepEqual((await outbox(story.event.id)).map(({ status }) => status), ["skipped", "skipped"]);
  });
}

Deno.test("a cancellation is told at once while a reminder of the same booking still fails", async () => {
  const { attendee, event, booking } = await booked();
  await pass(event.id, 24.1);
  mail.behave("fail");
  await run();
  mail.behave("answer");
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  await run();
  const subjects = mail.accepted.filter(({ body }) => body.to === attendee.email).map(({ body }) =>
    body.subject
  );
  assert.deepEqual(subjects, [`Your booking: ${event.title}`, `Cancelled: ${event.title}`]);
});

Deno.test("a moved event reminds of its new time, and not of the one it had", async () => {
  const { provider, attendee, event } = await booked();
  const move = { event_id: event.id, starts_at: daysAhead(5), ends_at: daysAhead(5, 1) };
  await provider.client.rpc("update_event", move);
  await pass(event.id, 24.1);
  await run();
  assert.equal(reminders(attendee).length, 0, "24 hours before the former start");
  await pass(event.id, 72);
  await run();
  assert.equal(reminders(attendee).length, 1, "24 hours before the new start");
});

Deno.test("an event moved to within 24 hours sends no reminder of 24 hours", async () => {
  const { provider, attendee, event } = await booked();
  await provider.client.rpc("update_event", {
    event_id: event.id,
    starts_at: daysAhead(0, 20),
    ends_at: daysAhead(0, 21),
  });
  await run();
  assert.equal(reminders(attendee).length, 0);
  await pass(event.id, 19.1);
  await run();
  assert.equal(reminders(attendee).length, 1, "the reminder of 1 hour");
});

Deno.test("a booking made when a reminder was due already is not reminded; those made before are", async () => {
  const { attendee, event } = await booked();
  await pass(event.id, 47.1);
  const late = await makePerson(stack);
  await book(late, event);
  await run();
  assert.deepEqual([reminders(attendee).length, reminders(late).length], [1, 0], "54 minutes before");
});

Deno.test("a booking made 30 minutes before the start is not reminded", async () => {
  const { event } = await booked();
  await pass(event.id, 47.5);
  const late = await makePerson(stack);
  await book(late, event);
  await run();
  assert.equal(reminders(late).length, 0);
});

Deno.test("a seat that is not paid yet is not reminded of", async () => {
  const { provider, attendee, event, booking } = await booked({ payment_mode: "prepaid", price_minor: 1000 });
  assert.equal(booking.status, "held");
  await stack.database.query(
    "update public.bookings set expires_at = now() + interval '3 days' where id = $1",
    [
      booking.id,
    ],
  );
  await pass(event.id, 24.1);
  await run();
  assert.deepEqual([reminders(attendee).length, reminders(provider).length], [0, 0]);
});

Deno.test("a worker that was down tells a reminder late, but not when half of its lead has gone by", async () => {
  const [late, tooLate] = [await booked(), await booked()];
  await pass(late.event.id, 24 + 11);
  await pass(tooLate.event.id, 24 + 13);
  await run();
  assert.deepEqual([reminders(late.attendee).length, reminders(late.provider).length], [1, 1]);
  assert.deepEqual([reminders(tooLate.attendee).length, reminders(tooLate.provider).length], [0, 0]);
  await pass(tooLate.event.id, 10.1);
  await run();
  assert.equal(reminders(tooLate.attendee).length, 1, "the reminder of 1 hour is timely");
});

Deno.test("a reminder that could not be sent in time is not sent any more", async () => {
  const { attendee, event } = await booked();
  await pass(event.id, 24.1);
  mail.behave("fail");
  await run();
  mail.behave("answer");
  await pass(event.id, 13);
  // What was put into the outbox knew the start that is nearer now.
  await stack.database.query(
    `update private.outbox as o
     set payload = o.payload || jsonb_build_object('starts_at', e.starts_at)
     from public.events as e
     where o.event like '%reminder' and o.payload ->> 'event_id' = $1 and e.id::text = $1`,
    [event.id],
  );
  await stack.database.query("update private.deliveries set due_at = now() where status = 'pending'");
  await run();
  assert.equal(reminders(attendee).length, 0);
});

Deno.test("workers at once remind nobody twice", async () => {
  const stories = [await booked(), await booked(), await booked()];
  for (const { event } of stories) await pass(event.id, 24.1);
  await Promise.all([run(), run(), run(), run()]);
  // Of workers at once one may sweep while the others see nothing due yet: the next turn delivers.
  await run();
  for (const { attendee, provider } of stories) {
    assert.deepEqual([reminders(attendee).length, reminders(provider).length], [1, 1]);
  }
});

Deno.test("a sweep tells a bounded portion and the next goes on where it ended", async () => {
  const { event, provider } = await booked();
  const others = await Promise.all(Array.from({ length: 4 }, () => makePerson(stack)));
  for (const person of others) await book(person, event);
  await pass(event.id, 24.1);
  const portion = async () => {
    const [row] = await stack.database.query<{ told: number }>("select private.remind(2) as told");
    return row?.told;
  };
  assert.deepEqual([await portion(), await portion(), await portion(), await portion()], [2, 2, 2, 0]);
  await run();
  assert.equal(reminders(provider).length, 1);
  for (const person of others) assert.equal(reminders(person).length, 1);
});

Deno.test("a provider chooses when; what lies behind is not made up for", async () => {
  const { provider, attendee, event } = await booked();
  const choose = (reminder_minutes: number[]) =>
    provider.client.from("providers").update({ reminder_minutes }).eq("id", provider.id);
  const planned = async () => {
    const rows = await stack.database.query<{ minutes_before: number }>(
      "select minutes_before from private.reminders where event_id = $1 order by 1",
      [event.id],
    );
    return rows.map((row) => row.minutes_before);
  };
  assert.deepEqual(await planned(), [60, 1440]);
  assert.equal((await choose([120, 120, 4320])).error, null);
  assert.deepEqual(await planned(), [120], "three days before has gone by");
  await pass(event.id, 46.1);
  await run();
  assert.deepEqual([reminders(attendee).length, reminders(provider).length], [1, 1]);
  assert.equal((await choose([])).error, null);
  await makeEvent(provider);
  assert.deepEqual(await planned(), []);
});

Deno.test("leads are at most five, from 10 minutes to 4 weeks, and only the provider's to choose", async () => {
  const provider = await makeProvider(stack);
  const stranger = await makeProvider(stack);
  const choose = (by: Person, reminder_minutes: number[]) =>
    by.client.from("providers").update({ reminder_minutes }).eq("id", provider.id).select();
  const nulls = [null] as unknown as number[];
  for (const wrong of [[9], [40321], [60, 61, 62, 63, 64, 65], nulls, [[60], [120]] as unknown as number[]]) {
    const { error } = await choose(provider, wrong);
    assert.ok(error, JSON.stringify(wrong));
  }
  assert.deepEqual((await choose(stranger, [60])).data, []);
  assert.equal((await choose(provider, [10, 40320])).error, null);
});

Deno.test("a reminder is in its reader's language and time zone", async () => {
  const words = { de: "Erinnerung", es: "Recordatorio", fr: "Rappel", en: "Reminder" };
  const provider = await makeProvider(stack);
  const event = await makeEvent(provider, {
    starts_at: daysAhead(2),
    ends_at: daysAhead(2, 1),
    timezone: "UTC",
  });
  const people = await Promise.all(
    Object.keys(words).map((locale) => makePerson(stack, { locale, timezone: "Asia/Kolkata" })),
  );
  for (const person of people) await book(person, event);
  await run();
  await pass(event.id, 24.1);
  await run();
  for (const [index, word] of Object.values(words).entries()) {
    const letters = mail.accepted.map(({ body }) => body).filter((body) => body.to === people[index]?.email);
    assert.match(letters.at(-1).subject, new RegExp(`^${word} ?: Some Session$`));
    assert.match(letters.at(-1).text, /GMT\+5:30|UTC\+5:30|IST/);
  }
});
