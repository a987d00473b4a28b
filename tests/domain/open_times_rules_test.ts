import assert from "node:assert/strict";
import fc from "fast-check";
import { dateAhead, everyDay, makeAvailability } from "../support/availability.ts";
import { makePerson, makeProvider, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { lapse } from "../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const hourMs = 3_600_000;

/** An instant so many hours into the day after tomorrow, UTC. */
const hour = (hours: number) => new Date(Date.parse(dateAhead(2)) + hours * hourMs).toISOString();

async function openProvider(setup: Parameters<typeof makeAvailability>[1] = {}): Promise<Person> {
  const provider = await makeProvider(stack);
  await makeAvailability(provider, setup);
  return provider;
}

/** Hours of the day after tomorrow at which something can be booked; it has no rows of slots. */
async function openHours(provider: Person, minutes: number | null = null): Promise<number[]> {
  const rows = await stack.database.query<{ starts_at: Date | string }>(
    "select starts_at from private.open_times($1, $2::text::timestamptz, $3::text::timestamptz, $4)",
    [provider.id, hour(0), hour(24), minutes],
  );
  return rows.map(({ starts_at }) => (new Date(starts_at).getTime() - Date.parse(hour(0))) / hourMs);
}

async function isOpen(provider: Person, from: number, to: number, ignoring: string | null = null) {
  const [row] = await stack.database.query<{ open: boolean }>(
    "select private.is_open_time($1, $2::text::timestamptz, $3::text::timestamptz, $4) as open",
    [provider.id, hour(from), hour(to), ignoring],
  );
  return row?.open;
}

async function scheduleOf(provider: Person): Promise<string | undefined> {
  const { data } = await provider.client.from("availability_schedules").select("id")
    .eq("provider_id", provider.id).single();
  return data?.id;
}

/** Takes time off; times are written as they are, without rounding to minutes. */
async function takeOff(provider: Person, from: number, to: number): Promise<void> {
  await stack.database.query(
    `insert into private.provider_time (provider_id, kind, during)
     values ($1, 'time_off', tstzrange($2::text::timestamptz, $3::text::timestamptz))`,
    [provider.id, hour(from), hour(to)],
  );
}

/** Somebody books. */
async function book(provider: Person, from: number, to: number): Promise<string> {
  const { data, error } = await (await makePerson(stack)).client.rpc("book_time", {
    provider_id: provider.id,
    starts_at: hour(from),
    ends_at: hour(to),
  });
  assert.equal(error, null);
  return data?.id ?? "";
}

Deno.test("times are open without any row of slots, in any length that fits", async () => {
  const provider = await openProvider();
  assert.deepEqual(await openHours(provider), [9, 10, 11, 12, 13, 14, 15, 16]);
  assert.deepEqual(await openHours(provider, 90), [9, 10.5, 12, 13.5, 15]);
  assert.equal(await isOpen(provider, 9, 10), true);
  assert.equal(await isOpen(provider, 9, 10.5), true);
  assert.equal(await isOpen(provider, 9.25, 10.25), false);
  assert.equal(await isOpen(provider, 16.5, 17.5), false);
  assert.equal(await isOpen(provider, 10, 9), false);
});

Deno.test("a step offers times that overlap", async () => {
  const provider = await openProvider({
    windows: everyDay({ opens: "09:00", closes: "11:00" }),
    rules: { slot_step_minutes: 15 },
  });
  assert.deepEqual(await openHours(provider), [9, 9.25, 9.5, 9.75, 10]);
});

Deno.test("buffers keep the time around a booking free", async () => {
  const provider = await openProvider({ rules: { buffer_before_minutes: 30, buffer_after_minutes: 15 } });
  await book(provider, 12, 13);
  assert.deepEqual(await openHours(provider), [9, 10, 14, 15, 16]);
});

Deno.test("notice and horizon are counted from now", async () => {
  const noticed = await openProvider({ rules: { min_notice_minutes: 7 * 1440 } });
  assert.deepEqual(await openHours(noticed), []);
  const near = await openProvider({ rules: { max_advance_days: 1 } });
  assert.deepEqual(await openHours(near), []);
});

Deno.test("a day with as many bookings as the limit has no open time", async () => {
  const provider = await openProvider({ rules: { daily_limit: 1 } });
  assert.equal((await openHours(provider)).length, 8);
  const id = await book(provider, 9, 10);
  assert.deepEqual(await openHours(provider), []);
  assert.equal(await isOpen(provider, 12, 13), false);
  assert.equal(await isOpen(provider, 12, 13, id), true, "to move that booking");
});

Deno.test("a booking counts for the day on which it begins, whatever buffers it has or the schedule has now", async () => {
  const provider = await openProvider({
    windows: everyDay({ opens: "00:00", closes: "24:00" }),
    rules: { daily_limit: 1, buffer_before_minutes: 30 },
  });
  await book(provider, 0, 1);
  const { error } = await provider.client.rpc("update_availability", {
    schedule_id: (await scheduleOf(provider)) ?? "",
    rules: { daily_limit: 1, buffer_before_minutes: 0 },
  });
  assert.equal(error, null);
  assert.equal(await isOpen(provider, 12, 13), false);
  assert.equal(await isOpen(provider, -12, -11), true, "the day before");
});

Deno.test("a hold that lapsed takes nothing", async () => {
  const provider = await openProvider();
  await provider.client.rpc("describe_provider", { provider_id: provider.id, hourly_rate: 9 });
  const id = await book(provider, 9, 10);
  assert.equal(await isOpen(provider, 9, 10), false);
  await lapse(stack, id);
  assert.equal(await isOpen(provider, 9, 10), true);
});

Deno.test("nobody can be booked whose schedule is inactive or who retired", async () => {
  const provider = await openProvider();
  await stack.database.query("update public.providers set retired_at = now() where id = $1", [provider.id]);
  assert.deepEqual(await openHours(provider), []);
  const paused = await makeProvider(stack);
  const { id } = await makeAvailability(paused);
  await paused.client.rpc("update_availability", { schedule_id: id ?? "", is_active: false });
  assert.deepEqual(await openHours(paused), []);
});

Deno.test("whatever takes time, open are exactly the times that touch none of it, and each by itself is open", async () => {
  const provider = await openProvider({
    windows: everyDay({ opens: "00:00", closes: "24:00", slot_minutes: 30 }),
  });
  const interval = fc.tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 12 }));
  await fc.assert(
    fc.asyncProperty(fc.array(interval, { maxLength: 6 }), async (intervals) => {
      await stack.database.query("delete from private.provider_time where provider_id = $1", [provider.id]);
      for (const [start, length] of intervals) {
        await takeOff(provider, start / 4, (start + length) / 4);
      }
      const expected = Array.from({ length: 48 }, (_, i) => i / 2).filter((from) =>
        intervals.every(([start, length]) => from + 0.5 <= start / 4 || from >= (start + length) / 4)
      );
      const open = await openHours(provider);
      assert.deepEqual(open, expected);
      for (const from of [0, 7.5, 12, 23.5]) {
        assert.equal(await isOpen(provider, from, from + 0.5), open.includes(from));
      }
    }),
    { numRuns: 15 },
  );
});

Deno.test("generating again changes nothing, whatever the order and the overlap of the periods", async () => {
  const provider = await makeProvider(stack);
  const { id } = await makeAvailability(provider, {
    timezone: "Europe/Berlin",
    windows: everyDay({ opens: "00:00", closes: "24:00", slot_minutes: 90 }),
  });
  const generate = (first: number, last: number, overwrite = false) =>
    provider.client.rpc("generate_slots", {
      schedule_id: id ?? "",
      first_date: dateAhead(first),
      last_date: dateAhead(last),
      overwrite,
    });
  assert.equal((await generate(1, 92)).error, null);
  assert.equal((await generate(93, 184)).error, null);
  const rows = () =>
    stack.database.query<{ n: number; digest: string }>(
      `select count(*)::integer as n, md5(string_agg(id::text || starts_at || ends_at || status, ',' order by id)) as digest
       from public.slots where provider_id = $1`,
      [provider.id],
    );
  const before = await rows();
  assert.ok((before[0]?.n ?? 0) > 183 * 15);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 180 }),
      fc.integer({ min: 0, max: 91 }),
      fc.boolean(),
      async (first, length, overwrite) => {
        const { data } = await generate(first, Math.min(184, first + length), overwrite);
        assert.equal(data?.generated, 0);
        assert.deepEqual(await rows(), before);
      },
    ),
    { numRuns: 10 },
  );
});

Deno.test("nobody but the provider sees who is taken when", async () => {
  const provider = await openProvider();
  await book(provider, 9, 10);
  const customer = await makePerson(stack);
  const { data } = await customer.client.rpc("list_blocked_times");
  assert.equal(data, null);
  const listed = await provider.client.rpc("list_blocked_times");
  assert.deepEqual(listed.data, [], "bookings are not blocked times");
});
