import assert from "node:assert/strict";
import { anonymousClient, makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { bookHour, hourAhead, lapse, makeOpenProvider, moveToPast } from "../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const book = (person: Person, providerId: string, days = 7, hour = 9, minutes = 60) =>
  person.client.rpc("book_time", { provider_id: providerId, ...hourAhead(days, hour, minutes) });

const outboxOf = async (bookingId: string) => {
  const rows = await stack.database.query<{ event: string }>(
    "select event from private.outbox where key = $1 order by id",
    [bookingId],
  );
  return rows.map(({ event }) => event);
};

Deno.test("book_time() confirms free time at once, where no slot row exists, and freezes its rules", async () => {
  const provider = await makeOpenProvider(stack, {
    deadlineMinutes: 600,
    bufferMinutes: 10,
    stepMinutes: 60,
  });
  const person = await makePerson(stack);
  const time = hourAhead(7);
  const { data } = await person.client.rpc("book_time", {
    provider_id: provider.id,
    ...time,
    notes: "Hello",
  });
  assert.ok(data);
  assert.deepEqual(
    [data.status, data.payment_status, data.event_id, data.slot_id, data.notes, data.timezone],
    ["confirmed", "none", null, null, "Hello", "UTC"],
  );
  assert.equal(Date.parse(time.starts_at) - Date.parse(data.free_cancellation_until), 600 * 60_000);
  assert.deepEqual([data.buffer_before_minutes, data.buffer_after_minutes], [10, 10]);
  const [taken] = await stack.database.query<{ minutes: number; live: boolean }>(
    `select (extract(epoch from upper(during) - lower(during)) / 60)::int as minutes, live
     from private.provider_time where booking_id = $1`,
    [data.id],
  );
  assert.deepEqual(taken, { minutes: 80, live: true });
});

Deno.test("book_time() holds time that costs something for 15 minutes and takes its price from the rate", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 5000, currency: "EUR", slotMinutes: 30 });
  const { data } = await book(await makePerson(stack), provider.id, 7, 9, 90);
  assert.ok(data);
  assert.deepEqual([data.status, data.payment_status, data.price_minor, data.currency], [
    "held",
    "due",
    7500,
    "EUR",
  ]);
  const minutes = (Date.parse(data.expires_at ?? "") - Date.now()) / 60_000;
  assert.ok(minutes > 14 && minutes <= 15.1, String(minutes));
});

Deno.test("book_time() sells a time once, and overlapping times of other lengths neither", async () => {
  const provider = await makeOpenProvider(stack);
  await bookHour(await makePerson(stack), provider.id, 7, 9);
  for (const [hour, minutes] of [[9, 60], [8, 120], [9, 30], [8, 240]] as const) {
    const { error, status } = await book(await makePerson(stack), provider.id, 7, hour, minutes);
    assert.deepEqual([error?.message, status], ["SLOT_NOT_AVAILABLE", 409]);
  }
  assert.equal((await book(await makePerson(stack), provider.id, 7, 10)).error, null);
});

Deno.test("the constraint alone decides when the check of open times is wrong", async () => {
  const provider = await makeOpenProvider(stack);
  await bookHour(await makePerson(stack), provider.id, 7, 9);
  const person = await makePerson(stack);
  await assert.rejects(
    stack.database.query(
      `insert into public.bookings (attendee_id, provider_id, during, timezone, status, price_minor, currency,
         free_cancellation_until, late_refund_percent)
       select $1, provider_id, during, timezone, status, 0, currency, now(), 0 from public.bookings
       where provider_id = $2`,
      [person.id, provider.id],
    ),
    /provider_time_bookings_exclude_each_other/,
  );
});

Deno.test("a provider's own event and their one-to-one time exclude each other", async () => {
  const provider = await makeOpenProvider(stack);
  await makeEvent(provider, hourAhead(8, 9));
  assert.equal((await book(await makePerson(stack), provider.id, 8, 9)).error?.message, "SLOT_NOT_AVAILABLE");
  await bookHour(await makePerson(stack), provider.id, 8, 12);
  const { error } = await provider.client.rpc("publish_event", {
    kind: "session",
    title: "Over it",
    ...hourAhead(8, 12),
  });
  assert.equal(error?.message, "PROVIDER_NOT_FREE");
});

Deno.test("book_time() takes a slot by its id, of this provider only, and no withdrawn one", async () => {
  const provider = await makeOpenProvider(stack);
  const time = hourAhead(7, 14);
  const [slot] = await stack.database.query<{ id: string }>(
    `insert into public.slots (provider_id, schedule_id, starts_at, ends_at)
     select provider_id, id, $2, $3 from public.availability_schedules where provider_id = $1 returning id`,
    [provider.id, time.starts_at, time.ends_at],
  );
  const slotId = slot?.id ?? "";
  const person = await makePerson(stack);
  const other = await makeOpenProvider(stack);
  const wrong = await person.client.rpc("book_time", { slot_id: slotId, provider_id: other.id });
  assert.deepEqual([wrong.status, JSON.parse(wrong.error?.details ?? "").field], [400, "provider_id"]);
  await stack.database.query("update public.slots set status = 'withdrawn' where id = $1", [slotId]);
  assert.equal(
    (await person.client.rpc("book_time", { slot_id: slotId })).error?.message,
    "SLOT_NOT_AVAILABLE",
  );
  await stack.database.query("update public.slots set status = 'open' where id = $1", [slotId]);
  const { data } = await person.client.rpc("book_time", { slot_id: slotId });
  assert.deepEqual([data?.slot_id, data?.provider_id, data?.status], [slotId, provider.id, "confirmed"]);
  const unknown = await person.client.rpc("book_time", { slot_id: crypto.randomUUID() });
  assert.deepEqual([unknown.error?.message, unknown.status], ["SLOT_NOT_FOUND", 404]);
});

Deno.test("book_time() books an offering of the provider at its price, and refuses what does not fit", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 100 });
  const [offering] = await stack.database.query<{ id: string }>(
    `insert into public.offerings (provider_id, title, price_minor, currency, duration_minutes)
     values ($1, 'Deep dive', 9900, 'USD', 60) returning id`,
    [provider.id],
  );
  const offeringId = offering?.id ?? "";
  const person = await makePerson(stack);
  const with_ = (providerId: string, minutes: number) =>
    person.client.rpc("book_time", {
      provider_id: providerId,
      ...hourAhead(7, 9, minutes),
      offering_id: offeringId,
    });
  const other = await makeOpenProvider(stack);
  assert.equal((await with_(other.id, 60)).error?.message, "OFFERING_NOT_FOUND");
  const long = await with_(provider.id, 120);
  assert.deepEqual([long.status, JSON.parse(long.error?.details ?? "").field], [400, "offering_id"]);
  const { data } = await with_(provider.id, 60);
  assert.deepEqual([data?.price_minor, data?.offering_id], [9900, offeringId]);
  const { data: listed } = await person.client.from("time_bookings").select().eq("id", data?.id ?? "")
    .single();
  assert.equal(listed?.offering_title, "Deep dive");
});

Deno.test("an offering without a length is sold by the slot, not by as many hours as somebody names", async () => {
  const provider = await makeOpenProvider(stack);
  const [offering] = await stack.database.query<{ id: string }>(
    `insert into public.offerings (provider_id, title, price_minor, currency)
     values ($1, 'A reading', 5000, 'USD') returning id`,
    [provider.id],
  );
  const person = await makePerson(stack);
  const reading = (command: "book_time" | "wait_for_time", minutes: number) =>
    person.client.rpc(command, {
      provider_id: provider.id,
      ...hourAhead(7, 9, minutes),
      offering_id: offering?.id ?? "",
    });
  for (const command of ["book_time", "wait_for_time"] as const) {
    const { error } = await reading(command, 600);
    assert.deepEqual([error?.message, JSON.parse(error?.details ?? "")], [
      "INVALID_INPUT",
      [{ field: "offering_id", reason: "takes as long as a slot of the schedule" }],
    ]);
  }
  assert.equal((await reading("book_time", 60)).data?.status, "held");
  const [slot] = await stack.database.query<{ id: string }>(
    `insert into public.slots (provider_id, schedule_id, starts_at, ends_at)
     select provider_id, id, $2, $3 from public.availability_schedules where provider_id = $1 returning id`,
    [provider.id, ...Object.values(hourAhead(8, 9, 120))],
  );
  const stored = await (await makePerson(stack)).client.rpc("book_time", {
    slot_id: slot?.id ?? "",
    offering_id: offering?.id ?? "",
  });
  assert.equal(stored.data?.status, "held", "a slot that is stored is sold as it is listed");
});

for (
  const [what, args, code, status] of [
    ["a time in the past", () => hourAhead(-2), "SLOT_NOT_AVAILABLE", 409],
    ["a time beyond the horizon", () => hourAhead(400), "SLOT_NOT_AVAILABLE", 409],
    [
      "a time off the schedule's steps",
      () => ({ ...hourAhead(7), starts_at: hourAhead(7).starts_at.replace(":00:00", ":07:00") }),
      "SLOT_NOT_AVAILABLE",
      409,
    ],
    [
      "an end before the start",
      () => ({ starts_at: hourAhead(7).ends_at, ends_at: hourAhead(7).starts_at }),
      "INVALID_INPUT",
      400,
    ],
    ["a time of two days", () => hourAhead(7, 9, 2880), "INVALID_INPUT", 400],
    ["no time", () => ({}), "INVALID_INPUT", 400],
    ["notes of 2001 characters", () => ({ ...hourAhead(7), notes: "n".repeat(2001) }), "INVALID_INPUT", 400],
  ] as const
) {
  Deno.test(`book_time() refuses ${what} with ${code}`, async () => {
    const provider = await makeOpenProvider(stack);
    const { error, status: answered } = await (await makePerson(stack)).client.rpc("book_time", {
      provider_id: provider.id,
      ...args(),
    });
    assert.deepEqual([error?.message, answered], [code, status]);
  });
}

Deno.test("book_time() is refused to visitors, to the provider, and with whom nobody can be booked", async () => {
  const provider = await makeOpenProvider(stack);
  const visitor = await anonymousClient(stack).rpc("book_time", {
    provider_id: provider.id,
    ...hourAhead(7),
  });
  assert.ok([401, 403, 404].includes(visitor.status), String(visitor.status));
  const self = await book(provider, provider.id);
  assert.deepEqual([self.status, JSON.parse(self.error?.details ?? "").field], [400, "provider_id"]);
  const person = await makePerson(stack);
  assert.equal((await book(person, crypto.randomUUID())).error?.message, "PROVIDER_NOT_FOUND");
  const closed = await makeProvider(stack);
  assert.equal((await book(person, closed.id)).error?.message, "SLOT_NOT_AVAILABLE");
});

Deno.test("a lapsed hold gives its time to the next, and shows as expired at once", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 1000 });
  const late = await makePerson(stack);
  const held = await bookHour(late, provider.id);
  assert.equal((await book(await makePerson(stack), provider.id)).error?.message, "SLOT_NOT_AVAILABLE");
  await lapse(stack, held.id);
  const { data: shown } = await late.client.from("time_bookings").select("status, payment_status").eq(
    "id",
    held.id,
  );
  assert.deepEqual(shown, [{ status: "expired", payment_status: "none" }]);
  assert.equal((await book(await makePerson(stack), provider.id)).data?.status, "held");
  const [row] = await stack.database.query("select status from public.bookings where id = $1", [held.id]);
  assert.deepEqual(row, { status: "expired" });
});

Deno.test("the sweep frees lapsed holds of time and completes what ended an hour ago", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 1000 });
  const held = await bookHour(await makePerson(stack), provider.id);
  const free = await makeOpenProvider(stack);
  const [past, recent] = [
    await bookHour(await makePerson(stack), free.id, 7, 9),
    await bookHour(await makePerson(stack), free.id, 7, 12),
  ];
  await lapse(stack, held.id);
  await moveToPast(stack, past.id, 5);
  await moveToPast(stack, recent.id, 0);
  await stack.runWorker();
  const rows = await stack.database.query<{ id: string; status: string }>(
    "select id, status from public.bookings where id = any ($1)",
    [[held.id, past.id, recent.id]],
  );
  const status = new Map(rows.map((row) => [row.id, row.status]));
  assert.deepEqual([status.get(held.id), status.get(past.id), status.get(recent.id)], [
    "expired",
    "completed",
    "confirmed",
  ]);
  assert.deepEqual(await outboxOf(past.id), ["booking.created", "booking.completed"]);
});

Deno.test("holds of seats and of time share their limits: three per person, one per provider", async () => {
  const person = await makePerson(stack);
  const providers = [];
  for (let i = 0; i < 4; i++) providers.push(await makeOpenProvider(stack, { hourlyRateMinor: 1000 }));
  const event = await makeEvent(providers[0]!, {
    payment_mode: "prepaid",
    price_minor: 900,
    ...hourAhead(9, 20),
  });
  assert.equal((await person.client.rpc("book_event", { event_id: event.id })).data?.status, "held");
  assert.equal((await book(person, providers[0]!.id)).error?.message, "TOO_MANY_HOLDS");
  assert.equal((await book(person, providers[1]!.id)).error, null);
  assert.equal((await book(person, providers[1]!.id, 7, 15)).error?.message, "TOO_MANY_HOLDS");
  assert.equal((await book(person, providers[2]!.id)).error, null);
  const fourth = await book(person, providers[3]!.id);
  assert.deepEqual([fourth.error?.message, fourth.status], ["TOO_MANY_HOLDS", 429]);
});

Deno.test("lists of events' bookings leave one-to-one time out, and its own list has both sides", async () => {
  const provider = await makeOpenProvider(stack);
  const person = await makePerson(stack);
  const event = await makeEvent(provider, hourAhead(9, 20));
  await person.client.rpc("book_event", { event_id: event.id });
  const time = await bookHour(person, provider.id);
  for (
    const { data } of [
      await person.client.rpc("list_my_bookings"),
      await provider.client.rpc("list_provider_bookings"),
    ]
  ) {
    assert.deepEqual([data?.total, (data?.items as { event_id: string }[]).map((row) => row.event_id)], [1, [
      event.id,
    ]]);
  }
  assert.equal((await provider.client.rpc("provider_dashboard")).data?.bookings_total, 1);
  for (const each of [person, provider]) {
    const { data } = await each.client.rpc("list_time_bookings");
    assert.deepEqual([data?.total, (data?.items as { id: string }[]).map(({ id }) => id)], [1, [time.id]]);
  }
  assert.equal((await (await makePerson(stack)).client.rpc("list_time_bookings")).data?.total, 0);
});

Deno.test("deleting an account cancels one-to-one time ahead on either side", async () => {
  const provider = await makeOpenProvider(stack);
  const [person, other] = [await makePerson(stack), await makePerson(stack)];
  const [mine, theirs] = [
    await bookHour(person, provider.id, 7, 9),
    await bookHour(other, provider.id, 7, 12),
  ];
  assert.equal((await person.client.rpc("delete_my_account")).error, null);
  assert.equal((await book(await makePerson(stack), provider.id, 7, 9)).error, null);
  assert.equal((await provider.client.rpc("delete_my_account")).error, null);
  const rows = await stack.database.query<{ status: string; cancelled_by: string }>(
    "select status, cancelled_by from public.bookings where id = any ($1) order by cancelled_at",
    [[mine.id, theirs.id]],
  );
  assert.deepEqual(rows, [
    { status: "cancelled", cancelled_by: "attendee" },
    { status: "cancelled", cancelled_by: "provider" },
  ]);
});
