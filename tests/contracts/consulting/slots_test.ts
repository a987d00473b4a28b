import assert from "node:assert/strict";
import { dateAhead, everyDay, makeAvailability } from "../../support/availability.ts";
import { contract } from "../../support/http.ts";
import { makeEvent, makePerson, makeProvider, type Person } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";

let stack: TestStack;
let call: ReturnType<typeof contract>;
Deno.test.beforeAll(async () => {
  stack = await testStack();
  call = contract(stack, "consulting");
});
Deno.test.afterAll(() => stack.close());

const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

type Setup = Parameters<typeof makeAvailability>[1];

/** A specialist with slots for so many days from tomorrow; by default eight hours a day in UTC. */
async function open(setup: Setup = {}, days = 1) {
  const specialist = await makeProvider(stack);
  const { id } = await makeAvailability(specialist, setup);
  const generated = await generate(specialist, id ?? "", dateAhead(2), dateAhead(1 + days));
  assert.equal(generated.status, 200);
  return { specialist, scheduleId: id ?? "", slots: generated.body.data.slots };
}

const generate = (person: Person, id: string, startDate: string, endDate: string, more = {}) =>
  call("POST", `/availability/${id}/generate-slots`, {
    token: person.token,
    body: { startDate, endDate, ...more },
  });

const list = async (specialist: Person, query = "") => {
  const { body } = await call("GET", `/availability/slots?specialistId=${specialist.id}&limit=100${query}`);
  return body;
};

const calendarDay = async (specialist: Person, date: string, query = "") => {
  const { body } = await call(
    "GET",
    `/availability/${specialist.id}/calendar?month=${date.slice(0, 7)}${query}`,
  );
  return (body.data.calendar[date] ?? []) as {
    startTime: string;
    status: string;
    price: number;
    _id: string;
  }[];
};

/** Sets what an hour costs, in minor units. */
async function charge(specialist: Person, rate: number, currency = "USD"): Promise<void> {
  const { error } = await specialist.client.rpc("describe_provider", {
    provider_id: specialist.id,
    hourly_rate: currency === "JPY" ? rate : rate / 100,
    currency,
  });
  assert.equal(error, null);
}

/** Somebody books a slot. */
async function book(slot: { _id: string }) {
  const { data, error } = await (await makePerson(stack)).client.rpc("book_time", { slot_id: slot._id });
  assert.equal(error, null);
  return data!;
}

Deno.test("generate-slots answers what it made, and makes nothing twice", async () => {
  const { specialist, scheduleId, slots } = await open({}, 2);
  assert.equal(slots.length, 16);
  const [first] = slots;
  assert.deepEqual(
    [first.date, first.startTime, first.endTime, first.status],
    [dateAhead(2), "09:00", "10:00", "available"],
  );
  const again = await generate(specialist, scheduleId, dateAhead(2), dateAhead(4));
  assert.equal(again.body.message, "Slots generated");
  assert.equal(again.body.data.generated, 8);
  assert.ok(again.body.data.slots.every((slot: { date: string }) => slot.date === dateAhead(4)));
});

Deno.test("generate-slots takes 92 dates and refuses 93", async () => {
  const { specialist, scheduleId } = await open();
  assert.equal((await generate(specialist, scheduleId, dateAhead(1), dateAhead(92))).status, 200);
  const { status, body } = await generate(specialist, scheduleId, dateAhead(1), dateAhead(93));
  assert.deepEqual([status, body.details], [400, { endDate: "must be within 92 days, both dates counted" }]);
  const backwards = await generate(specialist, scheduleId, dateAhead(3), dateAhead(2));
  assert.deepEqual(backwards.body.details, { endDate: "must not be before the first date" });
});

Deno.test("generate-slots makes none in the past", async () => {
  const specialist = await makeProvider(stack);
  const { id } = await makeAvailability(specialist, {
    windows: everyDay({ opens: "00:00", closes: "24:00", slot_minutes: 30 }),
  });
  const { body } = await generate(specialist, id ?? "", dateAhead(-1), dateAhead(0));
  assert.ok(
    body.data.slots.every(({ startsAt }: { startsAt: string }) => Date.parse(startsAt) >= Date.now() - 1000),
  );
  assert.ok(body.data.slots.length < 48);
});

Deno.test("overwrite keeps what is still offered, deletes the rest, and withdraws what a booking names", async () => {
  const { specialist, scheduleId, slots } = await open();
  const booking = await book(slots[7]);
  await specialist.client.rpc("update_availability", {
    schedule_id: scheduleId,
    windows: everyDay({ opens: "08:00", closes: "12:00" }),
  });
  const { body } = await generate(specialist, scheduleId, dateAhead(2), dateAhead(2), { overwrite: true });
  assert.deepEqual(body.data.slots.map(({ startTime }: { startTime: string }) => startTime), ["08:00"]);
  const rows = await stack.database.query<{ id: string; status: string }>(
    "select id, status from public.slots where provider_id = $1 order by starts_at",
    [specialist.id],
  );
  assert.deepEqual(rows.map(({ status }) => status), ["open", "open", "open", "open", "withdrawn"]);
  assert.deepEqual(
    rows.slice(1, 4).map(({ id }) => id),
    slots.slice(0, 3).map((slot: { _id: string }) => slot._id),
  );
  assert.equal(rows[4]?.id, booking.slot_id);
  assert.equal((await list(specialist)).data.total, 4);
});

Deno.test("without overwrite, slots that the schedule no longer offers stay and are not listed", async () => {
  const { specialist, scheduleId } = await open();
  await specialist.client.rpc("update_availability", {
    schedule_id: scheduleId,
    windows: everyDay({ opens: "09:00", closes: "11:00" }),
  });
  assert.equal((await list(specialist)).data.total, 2);
  const statuses = (await calendarDay(specialist, dateAhead(2))).map(({ status }) => status);
  assert.deepEqual(statuses, ["available", "available", ...Array(6).fill("blocked")]);
});

Deno.test("GET /availability/slots pages through open slots with price and name", async () => {
  const { specialist } = await open();
  await charge(specialist, 7550);
  const { status, body } = await call(
    "GET",
    `/availability/slots?specialistId=${specialist.id}&limit=3&page=2`,
  );
  assert.equal(status, 200);
  assert.deepEqual([body.data.total, body.data.page, body.data.slots.length], [8, 2, 3]);
  assert.deepEqual(body.pagination, {
    page: 2,
    limit: 3,
    total: 8,
    totalPages: 3,
    hasNext: true,
    hasPrev: true,
  });
  const [slot] = body.data.slots;
  assert.deepEqual(
    [slot.startTime, slot.endTime, slot.price, slot.currency, slot.specialistName, slot.duration],
    ["12:00", "13:00", 75.5, "USD", "Some Provider", 60],
  );
});

for (
  const [rate, currency, minutes, price] of [
    [10_001, "USD", 30, 50.01],
    [10_001, "USD", 45, 75.01],
    [5001, "JPY", 30, 2501],
    [0, "USD", 60, 0],
  ] as const
) {
  Deno.test(`${minutes} minutes at ${rate} minor units of ${currency} an hour cost ${price}, rounded half up once`, async () => {
    const { specialist } = await open({
      windows: everyDay({ opens: "09:00", closes: "10:30", slot_minutes: minutes }),
    });
    await charge(specialist, rate, currency);
    const [slot] = (await list(specialist)).data.slots;
    assert.deepEqual([slot.price, slot.currency], [price, currency]);
    assert.equal((await calendarDay(specialist, dateAhead(2)))[0]?.price, price);
  });
}

Deno.test("a service sets price and length of the slots that are listed for it", async () => {
  const { specialist } = await open({
    windows: everyDay(
      { opens: "09:00", closes: "11:00", slot_minutes: 60 },
      { opens: "13:00", closes: "14:30", slot_minutes: 90 },
    ),
  });
  const { data: service } = await specialist.client.rpc("create_offering", {
    title: "A long talk",
    price_schedule: { price: 120 },
    duration_minutes: 90,
  });
  const { slots } = (await list(specialist, `&serviceId=${service?.id}`)).data;
  assert.deepEqual(slots.map((slot: { startTime: string; price: number }) => [slot.startTime, slot.price]), [
    ["13:00", 120],
  ]);
  const foreign = await call(
    "GET",
    `/availability/slots?specialistId=${(await makeProvider(stack)).id}&serviceId=${service?.id}`,
  );
  assert.deepEqual([foreign.status, foreign.body.code], [404, "NOT_FOUND"]);
});

Deno.test("the calendar of a service has only slots of its length, and no calendar is of somebody else's", async () => {
  const { specialist } = await open({
    windows: everyDay(
      { opens: "09:00", closes: "11:00", slot_minutes: 60 },
      { opens: "13:00", closes: "14:30", slot_minutes: 90 },
    ),
  });
  const offer = async (who: Person, duration_minutes?: number) => {
    const { data } = await who.client.rpc("create_offering", {
      title: "A talk",
      price_schedule: { price: 120 },
      ...(duration_minutes ? { duration_minutes } : {}),
    });
    return data?.id;
  };
  const shown = async (serviceId?: string) =>
    (await calendarDay(specialist, dateAhead(2), `&serviceId=${serviceId}`))
      .map(({ startTime, status, price }) => [startTime, status, price]);
  assert.deepEqual(await shown(await offer(specialist, 90)), [["13:00", "available", 120]]);
  assert.deepEqual(
    (await shown(await offer(specialist))).map(([startTime]) => startTime),
    ["09:00", "10:00", "13:00"],
  );
  const foreign = await offer(await makeProvider(stack), 45);
  const { status, body } = await call("GET", `/availability/${specialist.id}/calendar?serviceId=${foreign}`);
  assert.deepEqual([status, body.code, body.message], [404, "NOT_FOUND", "Service not found"]);
});

Deno.test("slots of one duration are listed by duration", async () => {
  const { specialist } = await open({
    windows: everyDay(
      { opens: "09:00", closes: "10:00", slot_minutes: 30 },
      { opens: "13:00", closes: "14:00", slot_minutes: 60 },
    ),
  });
  assert.equal((await list(specialist, "&duration=30")).data.total, 2);
  assert.equal((await list(specialist, "&duration=60")).data.total, 1);
  assert.equal((await list(specialist, "&duration=45")).data.total, 0);
});

Deno.test("times are shown in the customer's zone, where a slot may be on another date", async () => {
  const { specialist } = await open({ windows: everyDay({ opens: "20:00", closes: "21:00" }) });
  const { slots } = (await list(specialist, "&timezone=Asia/Tokyo")).data;
  assert.deepEqual(
    [slots[0].date, slots[0].startTime, slots[0].timezone],
    [dateAhead(3), "05:00", "Asia/Tokyo"],
  );
  assert.equal((await calendarDay(specialist, dateAhead(3), "&timezone=Asia/Tokyo"))[0]?.startTime, "05:00");
  assert.equal((await list(specialist, `&timezone=Asia/Tokyo&endDate=${dateAhead(2)}`)).data.total, 0);
  const unknown = await call("GET", "/availability/slots?timezone=Mars/Olympus");
  assert.deepEqual(unknown.body.details, { timezone: "must be an IANA time zone" });
});

Deno.test("a specialist's zone is the one that they say, else the schedule's, in every list", async () => {
  const { specialist } = await open({ timezone: "America/New_York" });
  const zones = async () => {
    const profile = await call("GET", `/specialists/${specialist.id}`);
    return [profile.body.data.availability.timezone, (await list(specialist)).data.slots[0].timezone];
  };
  assert.deepEqual(await zones(), ["America/New_York", "America/New_York"]);
  const timezone = "Europe/Berlin";
  await specialist.client.rpc("describe_provider", { provider_id: specialist.id, timezone });
  assert.deepEqual(await zones(), [timezone, timezone]);
});

Deno.test("time off blocks slots until it is taken back; blocking twice is once", async () => {
  const { specialist } = await open();
  const during = { starts_at: `${dateAhead(2)}T09:30:00Z`, ends_at: `${dateAhead(2)}T11:00:00Z` };
  const { data: blocked } = await specialist.client.rpc("block_time", during);
  const { data: again } = await specialist.client.rpc("block_time", during);
  assert.deepEqual(again, blocked);
  assert.equal((await list(specialist)).data.total, 6);
  const statuses = async () =>
    (await calendarDay(specialist, dateAhead(2))).map(({ status }) => status).slice(0, 3);
  assert.deepEqual(await statuses(), ["blocked", "blocked", "available"]);
  assert.equal((await specialist.client.rpc("list_blocked_times")).data?.length, 1);

  const stranger = await makeProvider(stack);
  const foreign = await stranger.client.rpc("unblock_time", { id: blocked?.id ?? 0 });
  assert.equal(foreign.error?.message, "BLOCKED_TIME_NOT_FOUND");
  assert.equal((await specialist.client.rpc("unblock_time", { id: blocked?.id ?? 0 })).error, null);
  assert.deepEqual(await statuses(), ["available", "available", "available"]);
});

Deno.test("the calendar says booked and blocked, and nothing of who or what", async () => {
  const { specialist, slots } = await open({ rules: { min_notice_minutes: 0, buffer_after_minutes: 30 } });
  const date = dateAhead(2);
  await book(slots[1]);
  await makeEvent(specialist, {
    starts_at: `${date}T15:00:00Z`,
    ends_at: `${date}T16:00:00Z`,
    title: "Secret",
  });
  const day = await calendarDay(specialist, date);
  assert.deepEqual(day.map(({ status }) => status), [
    "blocked",
    "booked",
    "blocked",
    "available",
    "available",
    "blocked",
    "blocked",
    "available",
  ]);
  assert.deepEqual([...new Set(day.flatMap(Object.keys))].sort(), [
    "_id",
    "currency",
    "endTime",
    "endsAt",
    "price",
    "startTime",
    "startsAt",
    "status",
  ]);
  assert.deepEqual(
    (await list(specialist)).data.slots.map(({ startTime }: { startTime: string }) => startTime),
    ["12:00", "13:00", "16:00"],
  );
});

Deno.test("what another calendar says blocks slots as time off does", async () => {
  const { specialist } = await open();
  const { error } = await specialist.client.rpc("block_time", {
    starts_at: `${dateAhead(2)}T09:30:00Z`,
    ends_at: `${dateAhead(2)}T11:00:00Z`,
    kind: "external",
  });
  assert.equal(error, null);
  const day = await calendarDay(specialist, dateAhead(2));
  assert.deepEqual(day.map(({ status }) => status), ["blocked", "blocked", ...Array(6).fill("available")]);
  assert.equal((await list(specialist)).data.total, 6);
});

Deno.test("time that somebody booked cannot be blocked", async () => {
  const { specialist, slots } = await open();
  const [startsAt, endsAt] = [`${dateAhead(2)}T10:00:00Z`, `${dateAhead(2)}T11:00:00Z`];
  await book(slots[1]);
  const { error } = await specialist.client.rpc("block_time", { starts_at: startsAt, ends_at: endsAt });
  assert.equal(error?.message, "PROVIDER_NOT_FREE");
});

for (
  const [field, args] of [
    ["ends_at", { starts_at: "2035-01-02T00:00:00Z", ends_at: "2035-01-01T00:00:00Z" }],
    ["ends_at", { starts_at: "2020-01-01T00:00:00Z", ends_at: "2020-01-02T00:00:00Z" }],
    ["ends_at", { starts_at: "2035-01-01T00:00:00Z", ends_at: "2037-01-01T00:00:00Z" }],
    ["kind", { starts_at: "2035-01-01T00:00:00Z", ends_at: "2035-01-02T00:00:00Z", kind: "booking" }],
  ] as const
) {
  Deno.test(`block_time() refuses ${JSON.stringify(args)} because of ${field}`, async () => {
    const { error } = await (await makeProvider(stack)).client.rpc("block_time", args);
    assert.equal(error?.message, "INVALID_INPUT");
    assert.equal(JSON.parse(error?.details ?? "")[0].field, field);
  });
}

Deno.test("an exception closes a date or gives it other hours", async () => {
  const { slots } = await open({
    exceptions: [{ on_date: dateAhead(2), windows: [] }, {
      on_date: dateAhead(3),
      windows: [{ opens: "18:00", closes: "19:00" }],
    }],
  }, 2);
  assert.deepEqual(slots.map((slot: { date: string; startTime: string }) => [slot.date, slot.startTime]), [
    [dateAhead(3), "18:00"],
  ]);
});

Deno.test("a monthly window opens its day of each month, and none in a month without that day", async () => {
  const { slots } = await open({
    kind: "monthly",
    windows: [
      { month_day: 15, opens: "09:00", closes: "10:00" },
      { month_day: 31, opens: "20:00", closes: "21:00" },
    ],
    rules: { max_advance_days: 365 },
  }, 90);
  const dates = Array.from({ length: 90 }, (_, n) => dateAhead(2 + n));
  const expected = dates.flatMap((date) =>
    date.endsWith("-15") ? [[date, "09:00"]] : date.endsWith("-31") ? [[date, "20:00"]] : []
  );
  assert.deepEqual(
    slots.map((slot: { date: string; startTime: string }) => [slot.date, slot.startTime]),
    expected,
  );
});

Deno.test("a day that is not enabled is closed, and open again once it is", async () => {
  const specialist = await makeProvider(stack);
  const { id } = await makeAvailability(specialist);
  const weekday = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" })
    .format(new Date(dateAhead(2))).toLowerCase();
  const dates = async (enabled: boolean) => {
    const { status } = await call("PUT", `/availability/${id}`, {
      token: specialist.token,
      body: {
        weeklyPattern: {
          ...Object.fromEntries(
            weekdays.map((day) => [day, { slots: [{ startTime: "09:00", endTime: "10:00" }] }]),
          ),
          [weekday]: { enabled, slots: [{ startTime: "09:00", endTime: "10:00" }] },
        },
      },
    });
    assert.equal(status, 200);
    const { body } = await generate(specialist, id ?? "", dateAhead(2), dateAhead(3), { overwrite: true });
    assert.equal(body.success, true);
    return (await list(specialist)).data.slots.map(({ date }: { date: string }) => date);
  };
  assert.deepEqual(await dates(false), [dateAhead(3)]);
  assert.deepEqual(await dates(true), [dateAhead(2), dateAhead(3)]);
});

Deno.test("GET /availability/slots without specialist lists everybody's, soonest first", async () => {
  const early = await open({ windows: everyDay({ opens: "01:00", closes: "02:00" }) });
  const late = await open({ windows: everyDay({ opens: "02:00", closes: "03:00" }) });
  const { body } = await call(
    "GET",
    `/availability/slots?startDate=${dateAhead(2)}&endDate=${dateAhead(2)}&limit=100`,
  );
  const ids = body.data.slots.map(({ specialistId }: { specialistId: string }) => specialistId);
  assert.ok(
    ids.indexOf(early.specialist.id) >= 0 &&
      ids.indexOf(early.specialist.id) < ids.indexOf(late.specialist.id),
  );
  const starts = body.data.slots.map(({ startsAt }: { startsAt: string }) => startsAt);
  assert.deepEqual(starts, [...starts].sort());
});

Deno.test("the calendar of nobody is not found", async () => {
  const { status, body } = await call("GET", `/availability/${crypto.randomUUID()}/calendar?month=2030-01`);
  assert.deepEqual([status, body.code, body.message], [404, "NOT_FOUND", "Specialist not found"]);
  const month = await call("GET", `/availability/${crypto.randomUUID()}/calendar?month=2030-13`);
  assert.deepEqual(month.body.details, { month: "must be a month such as 2030-01" });
});
