import assert from "node:assert/strict";
import { bookAndPay } from "../support/payments.ts";
import { makePerson, type Person, serviceClient } from "../support/people.ts";
import { type Receiver, receiver } from "../support/receiver.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { bookHour, type BookingRow, hourAhead, lapse, makeOpenProvider } from "../support/times.ts";

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

const hours = (count: number) => Math.round(count * 60);

/** Brings a booking and its reminders nearer, as if it began in so many minutes by now. */
async function comeTo(bookingId: string, minutes: number): Promise<void> {
  await stack.database.transaction(async (sql) => {
    const [shift] = await sql.query<{ seconds: string }>(
      `select extract(epoch from lower(during) - now() - make_interval(mins => $2))::text as seconds
       from public.bookings where id = $1`,
      [bookingId, minutes],
    );
    const by = `interval '${shift?.seconds} seconds'`;
    const kept = await sql.query<{ minutes_before: number; due_at: string }>(
      "select minutes_before, to_json(due_at) #>> '{}' as due_at from private.time_reminders where booking_id = $1",
      [bookingId],
    );
    await sql.query(
      `update public.bookings
       set during = tstzrange(lower(during) - ${by}, upper(during) - ${by}), created_at = created_at - ${by}
       where id = $1`,
      [bookingId],
    );
    await sql.query("delete from private.time_reminders where booking_id = $1", [bookingId]);
    for (const { minutes_before, due_at } of kept) {
      await sql.query(
        `insert into private.time_reminders values ($1, $2::text::integer, $3::text::timestamptz - ${by})`,
        [bookingId, String(minutes_before), due_at],
      );
    }
  });
}

interface Story {
  provider: Person;
  attendee: Person;
  booking: BookingRow;
}

/** An hour two days ahead and somebody who booked it, both told of the booking. */
async function booked(): Promise<Story> {
  const provider = await makeOpenProvider(stack, {}, { name: "John Doe" });
  const attendee = await makePerson(stack, { name: "Jane Smith" });
  const booking = await bookHour(attendee, provider.id, 2);
  await run();
  return { provider, attendee, booking };
}

const lettersTo = ({ email }: Person) =>
  mail.accepted.map(({ body }) => body).filter(({ to }) => to === email);
const reminders = (person: Person) =>
  lettersTo(person).filter(({ subject }) => subject.startsWith("Reminder"));
const counts = ({ attendee, provider }: Pick<Story, "attendee" | "provider">) =>
  [attendee, provider].map((person) => reminders(person).length);

const outbox = (bookingId: string) =>
  stack.database.query<{ event: string; destination: string; target: string; status: string }>(
    `select o.event, d.destination, d.target, d.status from private.outbox as o
     join private.deliveries as d on d.outbox_id = o.id
     where o.event like '%.reminder' and o.payload ->> 'booking_id' = $1
     order by d.target`,
    [bookingId],
  );

const planned = async (bookingId: string) => {
  const rows = await stack.database.query<{ minutes_before: number }>(
    "select minutes_before from private.time_reminders where booking_id = $1 order by 1",
    [bookingId],
  );
  return rows.map((row) => row.minutes_before);
};

const move = ({ booking }: Story, by: Person, days: number, hour = 9) =>
  by.client.rpc("reschedule_booking", { booking_id: booking.id, ...hourAhead(days, hour) });

Deno.test("customer and provider are reminded of one-to-one time 24 hours and 1 hour before, each time once", async () => {
  const story = await booked();
  for (
    const [minutes, expected, when] of [
      [hours(25), [0, 0], "25 hours before"],
      [hours(23.99), [1, 1], "24 hours before"],
      [hours(2), [1, 1], "2 hours before"],
      [59, [2, 2], "1 hour before"],
      [-1, [2, 2], "begun"],
    ] as const
  ) {
    await comeTo(story.booking.id, minutes);
    await run();
    await run();
    assert.deepEqual(counts(story), expected, when);
  }
});

Deno.test("a reminder of one-to-one time names the other person and says where, with no link and no seats", async () => {
  const { attendee, provider, booking } = await booked();
  await comeTo(booking.id, hours(23.99));
  await run();
  const [toAttendee, toProvider] = [reminders(attendee)[0], reminders(provider)[0]];
  assert.equal(toAttendee.subject, "Reminder: One-to-one session");
  assert.match(toAttendee.text, /“One-to-one session” with John Doe begins soon\./);
  assert.match(toProvider.text, /“One-to-one session” with Jane Smith begins soon\./);
  for (const { text, attachments } of [toAttendee, toProvider]) {
    assert.match(
      text,
      /^Where: online; your booking shows the link from 15 minutes before the start$/m,
    );
    assert.doesNotMatch(text, /Seats|Price|https?:/);
    assert.equal(attachments, undefined);
  }
});

Deno.test("no letter has the meeting's link or the name of its room", async () => {
  const story = await booked();
  const { attendee, provider, booking } = story;
  assert.equal((await move(story, attendee, 3)).error, null);
  await comeTo(booking.id, hours(23.99));
  await run();
  await comeTo(booking.id, 55);
  await run();
  const [link] = await stack.database.query<{ room: string; join_url: string }>(
    "select room, join_url from private.meeting_links where booking_id = $1",
    [booking.id],
  );
  assert.match(link?.join_url ?? "", /^https:/);
  const letters = [...lettersTo(attendee), ...lettersTo(provider)];
  assert.equal(letters.length, 8, "made, moved and reminded twice, each to both");
  for (const letter of letters) {
    const decoded = (letter.attachments ?? []).map(({ content }: { content: string }) => atob(content));
    for (const text of [letter.subject, letter.text, letter.html, ...decoded]) {
      for (const secret of [link!.room, link!.join_url, new URL(link!.join_url).host]) {
        assert.ok(!text.includes(secret), letter.subject);
      }
    }
  }
});

Deno.test("reminders of one-to-one time go by e-mail alone", async () => {
  const { attendee, provider, booking } = await booked();
  await comeTo(booking.id, hours(23.99));
  const told = crm.accepted.length;
  await run();
  assert.deepEqual(await outbox(booking.id), [
    { event: "time.reminder", destination: "email", target: "attendee", status: "delivered" },
    { event: "time.reminder", destination: "email", target: "provider", status: "delivered" },
  ]);
  assert.equal(crm.accepted.length, told);
  for (const { client } of [attendee, provider]) {
    const { data } = await client.from("notifications").select("kind").like("kind", "%reminder");
    assert.deepEqual(data, []);
  }
});

const changes: [string, (story: Story) => PromiseLike<{ error: unknown }>][] = [
  [
    "the customer cancels",
    ({ attendee, booking }) => attendee.client.rpc("cancel_booking", { booking_id: booking.id }),
  ],
  [
    "the provider cancels",
    ({ provider, booking }) => provider.client.rpc("cancel_booking", { booking_id: booking.id }),
  ],
  ["the customer moves it", (story) => move(story, story.attendee, 5)],
  ["the provider moves it", (story) => move(story, story.provider, 5)],
  ["the provider moves it by some hours", ({ provider, booking }) => {
    const start = new Date();
    start.setUTCHours(start.getUTCHours() + 20, 0, 0, 0);
    return provider.client.rpc("reschedule_booking", {
      booking_id: booking.id,
      starts_at: start.toISOString(),
      ends_at: new Date(start.getTime() + 3_600_000).toISOString(),
    });
  }],
];
for (const [what, change] of changes) {
  Deno.test(`a reminder that waits in the outbox is not sent once ${what}`, async () => {
    const story = await booked();
    await comeTo(story.booking.id, hours(23.99));
    await serviceClient(stack).rpc("sweep");
    assert.equal((await change(story)).error, null);
    await run();
    assert.deepEqual(counts(story), [0, 0]);
    assert.deepEqual((await outbox(story.booking.id)).map(({ status }) => status), ["skipped", "skipped"]);
  });
}

Deno.test("a booking that is cancelled is not planned any more", async () => {
  const { attendee, booking } = await booked();
  assert.deepEqual(await planned(booking.id), [60, 1440]);
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  assert.deepEqual(await planned(booking.id), []);
});

Deno.test("a moved booking is reminded of its new time, and not of the one it had", async () => {
  const story = await booked();
  assert.equal((await move(story, story.attendee, 5)).error, null);
  await comeTo(story.booking.id, hours(24 * 4));
  await run();
  assert.deepEqual(counts(story), [0, 0], "24 hours before the former start");
  await comeTo(story.booking.id, hours(23.99));
  await run();
  assert.deepEqual(counts(story), [1, 1], "24 hours before the new start");
});

Deno.test("a booking that was reminded of and then moved is reminded of its new time as well", async () => {
  const story = await booked();
  await comeTo(story.booking.id, hours(23.99));
  await run();
  assert.equal((await move(story, story.provider, 6)).error, null);
  await comeTo(story.booking.id, hours(23.99));
  await run();
  assert.deepEqual(counts(story), [2, 2]);
});

Deno.test("time booked or moved to within 24 hours is reminded of 1 hour before alone", async () => {
  const provider = await makeOpenProvider(stack, { deadlineMinutes: 0 });
  const attendee = await makePerson(stack);
  const soon = Date.now() + 3 * 3_600_000;
  const days = Math.floor((soon - Date.parse(hourAhead(0, 0).starts_at)) / 86_400_000);
  const hour = new Date(soon).getUTCHours();
  const booking = await bookHour(attendee, provider.id, days, hour);
  assert.deepEqual(await planned(booking.id), [60]);
  assert.equal((await move({ provider, attendee, booking }, attendee, 3)).error, null);
  assert.deepEqual(await planned(booking.id), [60, 1440]);
  assert.equal((await move({ provider, attendee, booking }, attendee, days, hour)).error, null);
  assert.deepEqual(await planned(booking.id), [60]);
});

Deno.test("unpaid time is not reminded of, held or lapsed; paid time is", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 7500 });
  const [holder, lapser, payer] = [await makePerson(stack), await makePerson(stack), await makePerson(stack)];
  const held = await bookHour(holder, provider.id, 2, 9);
  const lapsed = await bookHour(lapser, provider.id, 2, 11);
  const { booking: paid } = await bookAndPay(stack, payer, provider.id, 2, 13);
  await stack.database.query(
    "update public.bookings set expires_at = now() + interval '3 days' where id = $1",
    [held.id],
  );
  await lapse(stack, lapsed.id);
  assert.deepEqual(await Promise.all([held, lapsed, paid].map(({ id }) => planned(id))), [[], [], [
    60,
    1440,
  ]]);
  await comeTo(held.id, hours(23.9));
  await comeTo(paid.id, hours(22.8));
  await run();
  assert.deepEqual([holder, lapser, payer, provider].map((person) => reminders(person).length), [0, 0, 1, 1]);
});

Deno.test("a reminder of one-to-one time that is late is sent until half of its lead has gone by", async () => {
  const [late, tooLate] = [await booked(), await booked()];
  await comeTo(late.booking.id, hours(13));
  await comeTo(tooLate.booking.id, hours(11));
  await run();
  assert.deepEqual([counts(late), counts(tooLate)], [[1, 1], [0, 0]]);
  await comeTo(tooLate.booking.id, 59);
  await run();
  assert.deepEqual(counts(tooLate), [1, 1], "the reminder of 1 hour is timely");
});

Deno.test("a reminder of one-to-one time that could not be sent in time is not sent any more", async () => {
  const story = await booked();
  await comeTo(story.booking.id, hours(23.99));
  mail.behave("fail");
  await run();
  mail.behave("answer");
  await comeTo(story.booking.id, hours(11));
  // What was put into the outbox knew the start that is nearer now.
  await stack.database.query(
    `update private.outbox as o
     set payload = o.payload || jsonb_build_object('starts_at', lower(b.during))
     from public.bookings as b
     where o.event = 'time.reminder' and o.payload ->> 'booking_id' = $1 and b.id::text = $1`,
    [story.booking.id],
  );
  await stack.database.query("update private.deliveries set due_at = now() where status = 'pending'");
  await run();
  assert.deepEqual(counts(story), [0, 0]);
});

Deno.test("workers at once remind nobody of one-to-one time twice", async () => {
  const stories = [await booked(), await booked(), await booked()];
  for (const { booking } of stories) await comeTo(booking.id, hours(23.99));
  await Promise.all([run(), run(), run(), run()]);
  // Of workers at once one may sweep while the others see nothing due yet: the next turn delivers.
  await run();
  for (const story of stories) assert.deepEqual(counts(story), [1, 1]);
});

Deno.test("a sweep tells a bounded portion of one-to-one time, the earliest first", async () => {
  const stories = [await booked(), await booked(), await booked()];
  for (const [index, { booking }] of stories.entries()) await comeTo(booking.id, hours(23.9) + index);
  const portion = async () => {
    const [row] = await stack.database.query<{ told: number }>("select private.remind(2) as told");
    return row?.told;
  };
  const left = () => Promise.all(stories.map(async ({ booking }) => (await planned(booking.id)).length));
  assert.deepEqual([await portion(), await left()], [2, [1, 2, 2]]);
  assert.deepEqual([await portion(), await left()], [2, [1, 1, 2]]);
  await run();
  assert.deepEqual(stories.map(counts), [[1, 1], [1, 1], [1, 1]]);
  assert.equal(await portion(), 0);
});

Deno.test("a provider's choice of moments holds for one-to-one time; what lies behind is not made up for", async () => {
  const story = await booked();
  const { provider, booking } = story;
  const choose = (reminder_minutes: number[]) =>
    provider.client.from("providers").update({ reminder_minutes }).eq("id", provider.id);
  assert.equal((await choose([120, 120, 40320])).error, null);
  assert.deepEqual(await planned(booking.id), [120]);
  await comeTo(booking.id, 119);
  await run();
  assert.deepEqual(counts(story), [1, 1]);
  assert.equal((await choose([])).error, null);
  const { id } = await bookHour(await makePerson(stack), provider.id, 4);
  assert.deepEqual(await planned(id), []);
});

Deno.test("a reminder of one-to-one time is in its reader's language and time zone", async () => {
  const words = {
    de: ["Erinnerung: ", "Wo: online; Ihre Buchung zeigt den Link ab 15 Minuten vor Beginn"],
    es: [
      "Recordatorio: ",
      "Dónde: en línea; tu reserva muestra el enlace desde 15 minutos antes del comienzo",
    ],
    fr: ["Rappel : ", "Où: en ligne ; votre réservation montre le lien dès 15 minutes avant le début"],
    en: ["Reminder: ", "Where: online; your booking shows the link from 15 minutes before the start"],
  };
  for (const [locale, [subject, where]] of Object.entries(words)) {
    const provider = await makeOpenProvider(stack, { timezone: "America/New_York" });
    const person = await makePerson(stack, { locale, timezone: "Asia/Kolkata" });
    const booking = await bookHour(person, provider.id, 2);
    await run();
    await comeTo(booking.id, hours(23.99));
    await run();
    const letter = lettersTo(person).at(-1);
    assert.equal(letter.subject, `${subject}One-to-one session`);
    assert.match(letter.text, /GMT\+5:30|UTC\+5:30|IST/);
    assert.ok(letter.text.includes(where!), letter.text);
  }
});
