import assert from "node:assert/strict";
import fc from "fast-check";
import { makeProvider } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { type Clock, clockOf, minutesOfDay, modelTimes, type Window } from "./wall_clock.ts";

let stack: TestStack;
let providerId: string;
const schedules = new Map<string, string>();
Deno.test.beforeAll(async () => {
  stack = await testStack();
  providerId = (await makeProvider(stack)).id;
  const rows = await stack.database.query<{ id: string; timezone: string }>(
    `insert into public.availability_schedules (provider_id, kind, timezone, is_active)
     select $1, 'weekly', z.name, false from unnest($2::text[]) as z (name) where private.is_time_zone(z.name)
     returning id, timezone`,
    [providerId, Intl.supportedValuesOf("timeZone")],
  );
  for (const { id, timezone } of rows) schedules.set(timezone, id);
});
Deno.test.afterAll(() => stack.close());

/** Sets the same windows for every day of every zone's schedule. */
async function setWindows(windows: Window[]): Promise<void> {
  await stack.database.query("delete from public.availability_windows");
  await stack.database.query(
    `insert into public.availability_windows (schedule_id, weekday, opens, closes, slot_minutes)
     select s.id, d.day, make_interval(mins => (w ->> 'opens')::integer)::time,
       case when w ->> 'closes' = '1440' then time '24:00' else make_interval(mins => (w ->> 'closes')::integer)::time end,
       (w ->> 'slot')::integer
     from public.availability_schedules as s
     cross join generate_series(1, 7) as d (day)
     cross join jsonb_array_elements($1::text::jsonb) as w`,
    [JSON.stringify(windows)],
  );
}

interface Span {
  zone: string;
  fromMs: number;
  toMs: number;
}

/** What the database computes for each zone's schedule, as [start, end] in milliseconds. */
async function computedTimes(spans: Span[]): Promise<[number, number][][]> {
  const rows = await stack.database.query<{ times: [number, number][] | null }>(
    `select (
       select json_agg(json_build_array(
         (extract(epoch from t.starts_at) * 1000)::bigint, (extract(epoch from t.ends_at) * 1000)::bigint
       ) order by t.starts_at, t.ends_at)
       from private.schedule_times(array[q.id], to_timestamp(q.from_ms / 1000.0), to_timestamp(q.to_ms / 1000.0)) as t
     ) as times
     from jsonb_to_recordset($1::text::jsonb) as q (number integer, id uuid, from_ms bigint, to_ms bigint)
     order by q.number`,
    [JSON.stringify(spans.map(({ zone, fromMs, toMs }, number) => ({
      number,
      id: schedules.get(zone),
      from_ms: fromMs,
      to_ms: toMs,
    })))],
  );
  return rows.map(({ times }) => times ?? []);
}

/** A day before an instant and a day after. */
const around = (zone: string, atMs: number): Span => ({
  zone,
  fromMs: atMs - 86_400_000,
  toMs: atMs + 86_400_000,
});

const fiveMinutes = (min: number, max: number) =>
  fc.integer({ min: min / 5, max: max / 5 }).map((n) => n * 5);

/** Up to four windows of a day that do not overlap; some touch, which is where a repeated hour could be sold twice. */
const dayOfWindows = fc.uniqueArray(fiveMinutes(0, 1440), { minLength: 2, maxLength: 5 }).chain((bounds) => {
  const sorted = bounds.sort((a, b) => a - b);
  const pairs = sorted.slice(1).map((closes, i) => [sorted[i] ?? 0, closes] as const);
  return fc.tuple(
    ...pairs.map(([opens, closes]) =>
      fc.record({
        opens: fc.constant(opens),
        closes: fc.constant(closes),
        slot: fiveMinutes(5, Math.min(180, closes - opens)).map((slot) => Math.max(15, slot)),
        isThere: fc.boolean(),
      })
    ),
  ).map((windows) =>
    windows.filter(({ isThere, opens, closes, slot }) => isThere && slot <= closes - opens)
      .map(({ opens, closes, slot }): Window => ({ opens, closes, slot }))
  );
});

/** The same near the hours at which clocks are changed, where most of the interesting cases are. */
const nightOfWindows = fc.uniqueArray(fiveMinutes(0, 300), { minLength: 3, maxLength: 6 }).chain((bounds) => {
  const sorted = bounds.sort((a, b) => a - b);
  return fc.array(fiveMinutes(15, 90), { minLength: sorted.length, maxLength: sorted.length }).map((slots) =>
    sorted.slice(1).map((closes, i): Window => ({ opens: sorted[i] ?? 0, closes, slot: slots[i] ?? 15 }))
      .filter(({ opens, closes, slot }) => slot <= closes - opens)
  );
});

const year = 2027;

Deno.test("the runtime and the database set the clocks of nearly all zones alike", async () => {
  const different = await differentZones();
  assert.ok(schedules.size > 300, String(schedules.size));
  assert.ok(different.size < schedules.size / 20, [...different].join(", "));
});

let known: Promise<Set<string>> | undefined;

/** Zones for which runtime and database have other editions of the time zone database: their days cannot be compared. */
function differentZones(): Promise<Set<string>> {
  return known ??= (async () => {
    const probes = [...schedules.keys()].map((zone) => {
      const { changes } = clockOf(zone);
      const days = Array.from({ length: 60 }, (_, i) => Date.UTC(year, 0, 1 + 6 * i));
      return { zone, at: [...days, ...changes.flatMap((atMs) => [atMs - 60_000, atMs])] };
    });
    const rows = await stack.database.query<{ zone: string; readings: string[] }>(
      `select q.zone, array_agg(
         to_char(to_timestamp(a.at::bigint / 1000.0) at time zone q.zone, 'YYYY-MM-DD HH24:MI') order by a.place
       ) as readings
       from jsonb_to_recordset($1::text::jsonb) as q (zone text, at jsonb)
       cross join lateral jsonb_array_elements_text(q.at) with ordinality as a (at, place)
       group by q.zone`,
      [JSON.stringify(probes)],
    );
    const read = new Map(rows.map(({ zone, readings }) => [zone, readings]));
    const different = new Set<string>();
    for (const { zone, at } of probes) {
      const { text } = clockOf(zone);
      if (JSON.stringify(read.get(zone)) !== JSON.stringify(at.map(text))) different.add(zone);
    }
    return different;
  })();
}

async function clocks(): Promise<Clock[]> {
  const different = await differentZones();
  return [...schedules.keys()].filter((zone) => !different.has(zone)).map(clockOf);
}

async function assertModel(windows: Window[], spans: Span[]): Promise<void> {
  await setWindows(windows);
  const computed = await computedTimes(spans);
  for (const [i, span] of spans.entries()) {
    const expected = modelTimes(clockOf(span.zone), windows, span.fromMs, span.toMs);
    // Comparing texts first: deepEqual alone takes longer than the database.
    if (JSON.stringify(computed[i]) === JSON.stringify(expected)) continue;
    assert.deepEqual(
      computed[i],
      expected,
      `${span.zone} ${new Date(span.fromMs).toISOString()} ${JSON.stringify(windows)}`,
    );
  }
}

Deno.test("in every zone each time lies in its window on the clock, none overlaps, none is lost or doubled", async () => {
  const all = await clocks();
  await fc.assert(
    fc.asyncProperty(dayOfWindows, fc.integer({ min: 0, max: 364 }), async (windows, day) => {
      await assertModel(windows, all.map(({ zone }) => around(zone, Date.UTC(year, 0, 1 + day))));
    }),
    { numRuns: 2 },
  );
});

Deno.test("and so it is on the days on which the clocks are changed, either way", async () => {
  const all = await clocks();
  const changing = all.flatMap(({ zone, changes }) =>
    changes.filter((atMs) => new Date(atMs).getUTCFullYear() === year).map((atMs) => around(zone, atMs))
  );
  assert.ok(changing.length > 150, String(changing.length));
  await fc.assert(
    fc.asyncProperty(fc.oneof(nightOfWindows, nightOfWindows, dayOfWindows), async (windows) => {
      await assertModel(windows, changing);
    }),
    { numRuns: 5 },
  );
});

for (
  const [zone, date, slot, count] of [
    ["Europe/Berlin", "2027-03-28", 60, 23],
    ["Europe/Berlin", "2027-03-29", 60, 24],
    ["Europe/Berlin", "2027-10-31", 60, 25],
    ["America/New_York", "2027-03-14", 30, 46],
    ["America/New_York", "2027-11-07", 30, 50],
    ["Australia/Lord_Howe", "2027-04-04", 30, 49],
    ["Australia/Lord_Howe", "2027-10-03", 30, 47],
    ["America/Havana", "2027-03-14", 60, 23],
  ] as const
) {
  Deno.test(`a whole day of ${slot} minutes on ${date} in ${zone} has ${count} times`, async () => {
    await setWindows([{ opens: 0, closes: 1440, slot }]);
    const [row] = await stack.database.query<{ count: number }>(
      `select count(*)::integer from private.schedule_times(
         array[$1::uuid], private.local_instant($2::date, $3), private.local_instant($2::date + 1, $3)
       )`,
      [schedules.get(zone), date, zone],
    );
    assert.equal(row?.count, count);
  });
}

const instant = async (local: string, zone: string, takesLast = false) => {
  const [row] = await stack.database.query<{ at: Date | string }>(
    "select private.local_instant($1::timestamp, $2, $3) as at",
    [local, zone, takesLast],
  );
  return new Date(row?.at ?? "").toISOString();
};

Deno.test("a bound that the clock skips is the end of the gap", async () => {
  assert.equal(await instant("2027-03-28 02:15", "Europe/Berlin"), "2027-03-28T01:00:00.000Z");
  assert.equal(await instant("2027-03-28 02:15", "Europe/Berlin", true), "2027-03-28T01:00:00.000Z");
  assert.equal(await instant("2011-12-30 12:00", "Pacific/Apia"), "2011-12-30T10:00:00.000Z");
});

Deno.test("a start that comes twice is the first instant, an end the second", async () => {
  assert.equal(await instant("2027-10-31 02:15", "Europe/Berlin"), "2027-10-31T00:15:00.000Z");
  assert.equal(await instant("2027-10-31 02:15", "Europe/Berlin", true), "2027-10-31T01:15:00.000Z");
});

Deno.test("the times of one day do not depend on how the day is asked for", async () => {
  await setWindows([{ opens: 540, closes: 1020, slot: 30 }]);
  const zone = "Europe/Berlin";
  const start = Date.UTC(year, 5, 7);
  const whole = await computedTimes([{ zone, fromMs: start, toMs: start + 86_400_000 }]);
  const parts: [number, number][] = [];
  for (let hour = 0; hour < 24; hour++) {
    const fromMs = start + hour * 3_600_000;
    parts.push(...(await computedTimes([{ zone, fromMs, toMs: fromMs + 3_600_000 }]))[0] ?? []);
  }
  assert.deepEqual(parts, whole[0]);
  assert.equal(minutesOfDay(clockOf(zone).reading(parts[0]?.[0] ?? 0)), 540);
});
