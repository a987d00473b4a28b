import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { makePerson, makeProvider, type Person } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";

let stack: TestStack;
let call: ReturnType<typeof contract>;
Deno.test.beforeAll(async () => {
  stack = await testStack();
  call = contract(stack, "consulting");
});
Deno.test.afterAll(() => stack.close());

const slot = (startTime: string, endTime: string, slotDuration = 60) => ({
  startTime,
  endTime,
  slotDuration,
});
const monday = (...slots: unknown[]) => ({ monday: { enabled: true, slots } });
const someSchedule = (more: Record<string, unknown> = {}) => ({
  type: "weekly",
  timezone: "America/New_York",
  weeklyPattern: monday(slot("09:00", "17:00")),
  bookingRules: { minBookingNotice: 24, maxAdvanceBooking: 90, cancellationDeadline: 24 },
  ...more,
});
const create = (person: Person, body: unknown) =>
  call("POST", "/availability", { token: person.token, body });
const update = (person: Person, id: string, body: unknown) =>
  call("PUT", `/availability/${id}`, { token: person.token, body });

Deno.test("POST /availability answers the schedule as it was sent", async () => {
  const specialist = await makeProvider(stack);
  const { status, body } = await create(specialist, someSchedule({ specialistId: specialist.id }));
  assert.equal(status, 200);
  assert.equal(body.success, true);
  assert.equal(body.data.specialistId, specialist.id);
  assert.deepEqual([body.data.type, body.data.timezone, body.data.isActive], [
    "weekly",
    "America/New_York",
    true,
  ]);
  assert.deepEqual(body.data.weeklyPattern.monday, { enabled: true, slots: [slot("09:00", "17:00")] });
  assert.deepEqual(body.data.weeklyPattern.sunday, { enabled: false, slots: [] });
  assert.deepEqual(body.data.bookingRules, {
    minBookingNotice: 24,
    maxAdvanceBooking: 90,
    cancellationDeadline: 24,
    bufferBefore: 0,
    bufferAfter: 0,
    slotStep: null,
    dailyLimit: null,
  });
  assert.match(body.data.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

for (
  const [what, change, details] of [
    ["overlapping windows", { weeklyPattern: monday(slot("09:00", "12:00"), slot("11:30", "13:00")) }, {
      "weeklyPattern.monday.slots.1": "must not overlap weeklyPattern.monday.slots.0",
    }],
    ["a window without length", { weeklyPattern: monday(slot("09:00", "09:00")) }, {
      "weeklyPattern.monday.slots.0": "must end after it begins",
    }],
    ["a window across midnight", { weeklyPattern: monday(slot("22:00", "02:00")) }, {
      "weeklyPattern.monday.slots.0":
        "must not cross midnight: end it at 24:00, and begin another on the next day",
    }],
    ["a window shorter than its slots", { weeklyPattern: monday(slot("09:00", "09:30", 45)) }, {
      "weeklyPattern.monday.slots.0": "must be as long as its slots at least",
    }],
    ["a local time that does not exist", { weeklyPattern: monday(slot("09:00", "25:00")) }, {
      "weeklyPattern.monday.slots.0.endTime": "must be a time such as 09:00",
    }],
    ["an unknown zone", { timezone: "Mars/Olympus" }, { timezone: "must be an IANA time zone" }],
    ["an abbreviation", { timezone: "CEST" }, { timezone: "must be an IANA time zone" }],
    ["an unknown type", { type: "yearly" }, { type: "must be weekly, monthly, custom" }],
    ["a pattern of another type", { type: "monthly" }, {
      "weeklyPattern.monday.slots.0": "is not for a monthly schedule",
    }],
    ["a pattern for days of the month", { monthlyPattern: { 5: { slots: [slot("09:00", "12:00")] } } }, {
      "monthlyPattern.5.slots.0": "is not for a weekly schedule",
    }],
    ["a day that no week has", { weeklyPattern: { funday: { slots: [] } } }, {
      "weeklyPattern.funday": "is not known",
    }],
    ["an exception twice", {
      dateExceptions: [{ date: "2030-01-01" }, { date: "2030-01-01" }],
    }, { "dateExceptions.1.date": "must not be there twice" }],
    ["an exception on a date that does not exist", { dateExceptions: [{ date: "2030-02-30" }] }, {
      "dateExceptions.0.date": "must be a date such as 2030-01-15",
    }],
    ["a rule out of range", { bookingRules: { maxAdvanceBooking: 731 } }, {
      "bookingRules.maxAdvanceBooking": "must be a whole number between 1 and 730",
    }],
  ] as const
) {
  Deno.test(`POST /availability refuses ${what} and says where`, async () => {
    const specialist = await makeProvider(stack);
    const { status, body } = await create(specialist, someSchedule(change));
    assert.deepEqual(body, {
      success: false,
      message: "The request is not valid",
      code: "VALIDATION_ERROR",
      details,
      statusCode: 400,
    });
    assert.equal(status, 400);
    assert.equal((await call("GET", `/availability/${specialist.id}`)).status, 404);
  });
}

Deno.test("POST /availability tells all problems at once", async () => {
  const { body } = await create(
    await makeProvider(stack),
    someSchedule({
      timezone: "Nowhere",
      weeklyPattern: monday(slot("09:00", "09:00"), slot("12:00", "11:00")),
    }),
  );
  assert.deepEqual(Object.keys(body.details), [
    "timezone",
    "weeklyPattern.monday.slots.0",
    "weeklyPattern.monday.slots.1",
  ]);
});

Deno.test("POST /availability answers 403 to a customer, and for another specialist", async () => {
  const customer = await create(await makePerson(stack), someSchedule());
  assert.deepEqual([customer.status, customer.body.code], [403, "FORBIDDEN"]);
  const other = await create(await makeProvider(stack), someSchedule({ specialistId: crypto.randomUUID() }));
  assert.deepEqual([other.status, other.body.code], [403, "FORBIDDEN"]);
});

Deno.test("POST /availability answers 409 while another schedule is active", async () => {
  const specialist = await makeProvider(stack);
  const first = await create(specialist, someSchedule());
  const second = await create(specialist, someSchedule());
  assert.deepEqual([second.status, second.body.code], [409, "CONFLICT"]);
  await update(specialist, first.body.data._id, { isActive: false });
  assert.equal((await create(specialist, someSchedule())).status, 200);
  const again = await update(specialist, first.body.data._id, { isActive: true });
  assert.deepEqual([again.status, again.body.code], [409, "CONFLICT"]);
});

Deno.test("monthly and custom schedules come back as they were sent", async () => {
  const monthly = await create(await makeProvider(stack), {
    type: "monthly",
    timezone: "UTC",
    monthlyPattern: { 1: { slots: [slot("09:00", "10:00")] }, 31: { slots: [slot("23:00", "24:00")] } },
  });
  assert.deepEqual(monthly.body.data.workingHours, {
    1: { enabled: true, slots: [slot("09:00", "10:00")] },
    31: { enabled: true, slots: [slot("23:00", "24:00")] },
  });
  const custom = await create(await makeProvider(stack), {
    type: "custom",
    timezone: "UTC",
    customDates: [{ date: "2030-01-15", slots: [slot("09:00", "10:00")] }],
  });
  assert.deepEqual(custom.body.data.customDates, [
    { date: "2030-01-15", enabled: true, slots: [slot("09:00", "10:00")] },
  ]);
});

Deno.test("GET /availability/{specialistId} is for everybody while the schedule is active", async () => {
  const specialist = await makeProvider(stack);
  const { body: created } = await create(specialist, someSchedule());
  const { status, body } = await call("GET", `/availability/${specialist.id}`);
  assert.equal(status, 200);
  assert.deepEqual(body.data, created.data);
  assert.deepEqual(body.data.workingHours, created.data.weeklyPattern);

  await update(specialist, created.data._id, { isActive: false });
  assert.equal((await call("GET", `/availability/${specialist.id}`)).body.code, "NOT_FOUND");
  const own = await call("GET", `/availability/${specialist.id}`, { token: specialist.token });
  assert.equal(own.body.data.isActive, false);
});

Deno.test("PUT /availability/{scheduleId} changes what is named and keeps the rest", async () => {
  const specialist = await makeProvider(stack);
  const { body: { data: before } } = await create(specialist, someSchedule());
  const { status, body } = await update(specialist, before._id, {
    bookingRules: { bufferAfter: 15 },
    dateExceptions: [{ date: "2030-01-01T00:00:00Z" }, {
      date: "2030-01-07",
      enabled: true,
      slots: [slot("10:00", "11:00")],
    }],
  });
  assert.deepEqual([status, body.message], [200, "Availability updated"]);
  assert.deepEqual(body.data.weeklyPattern, before.weeklyPattern);
  assert.deepEqual(body.data.bookingRules, { ...before.bookingRules, bufferAfter: 15 });
  assert.deepEqual(body.data.dateExceptions, [
    { date: "2030-01-01", enabled: false, slots: [] },
    { date: "2030-01-07", enabled: true, slots: [slot("10:00", "11:00")] },
  ]);
  const { body: { data: after } } = await update(specialist, before._id, {
    weeklyPattern: { tuesday: { enabled: false, slots: [slot("09:00", "10:00")] } },
  });
  assert.deepEqual(after.weeklyPattern.monday, { enabled: false, slots: [] });
  assert.deepEqual(after.weeklyPattern.tuesday, { enabled: false, slots: [slot("09:00", "10:00")] });
  assert.deepEqual(after.dateExceptions, body.data.dateExceptions);
});

Deno.test("another specialist's schedule is answered as one that is not there", async () => {
  const { body: { data } } = await create(await makeProvider(stack), someSchedule());
  const stranger = await makeProvider(stack);
  const foreign = await update(stranger, data._id, { isActive: false });
  const unknown = await update(stranger, crypto.randomUUID(), { isActive: false });
  assert.equal(foreign.status, 404);
  assert.deepEqual(foreign.body, unknown.body);
  const dates = { startDate: "2030-01-01", endDate: "2030-01-02" };
  const generated = await call("POST", `/availability/${data._id}/generate-slots`, {
    token: stranger.token,
    body: dates,
  });
  assert.deepEqual(generated.body, unknown.body);
});

Deno.test("visitors have 100 calls a minute and users 1000, as the document says", async () => {
  const now = new Date();
  await using limited = await testStack({
    env: { RATE_LIMIT_CONSULTING_ADDRESS: "", RATE_LIMIT_CONSULTING_USER: "" },
    now: () => now,
  });
  const path = `/availability/${crypto.randomUUID()}`;
  const visitor = await contract(limited, "consulting")("GET", path);
  assert.equal(visitor.headers.get("x-ratelimit-limit"), "100");
  const user = await contract(limited, "consulting")("GET", path, {
    token: (await makePerson(limited)).token,
  });
  assert.equal(user.headers.get("x-ratelimit-limit"), "1000");
  for (let i = 0; i < 99; i++) await contract(limited, "consulting")("GET", path);
  const refused = await contract(limited, "consulting")("GET", path);
  assert.deepEqual([refused.status, refused.body.code], [429, "RATE_LIMITED"]);
});
