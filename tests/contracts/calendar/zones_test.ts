import assert from "node:assert/strict";
import fc from "fast-check";
import { tzOffset } from "@date-fns/tz";
import { tzlib_get_ical_block, tzlib_get_offset } from "timezones-ical-library";
import type { CalendarEntry } from "../../../functions/_shared/domain/calendar.ts";
import { writeCalendar } from "../../../functions/_shared/integrations/calendar/calendar.ts";
import { findsInstant } from "../../../functions/_shared/integrations/calendar/zone.ts";
import { onlyEvent, parseCalendar } from "./support.ts";

const hourMs = 3_600_000;

const entry = (startsAt: number, timezone: string, hours = 1): CalendarEntry => ({
  kind: "booking",
  id: crypto.randomUUID(),
  sequence: 2,
  status: "confirmed",
  title: "Some Session",
  location: "",
  starts_at: new Date(startsAt).toISOString(),
  ends_at: new Date(startsAt + hours * hourMs).toISOString(),
  timezone,
  provider_name: "John Doe",
  seats_taken: 1,
  capacity: 2,
  changed_at: "2026-11-20T10:00:00Z",
});

const write = async (...args: Parameters<typeof entry>) =>
  parseCalendar(await writeCalendar([entry(...args)], { method: "PUBLISH" }));

const startLine = (text: string) => /BEGIN:VEVENT.*?^(DTSTART[^\r]*)/ms.exec(text)?.[1];

/** When clocks change in 2030, and the local times a quarter of an hour before and after; null where it comes twice. */
const changes = [
  ["America/New_York", "2030-03-10T07:00:00Z", "20300310T014500", "20300310T031500"],
  ["America/New_York", "2030-11-03T06:00:00Z", null, null],
  ["Europe/London", "2030-03-31T01:00:00Z", "20300331T004500", "20300331T021500"],
  ["Europe/London", "2030-10-27T01:00:00Z", null, null],
  ["Australia/Lord_Howe", "2030-04-06T15:00:00Z", null, null],
  ["Australia/Lord_Howe", "2030-10-05T15:30:00Z", "20301006T014500", "20301006T024500"],
] as const;

for (const [zone, change, before, after] of changes) {
  const day = change.slice(0, 10);
  Deno.test(`an entry right before and after clocks change in ${zone} on ${day} is read at its instant`, async () => {
    for (const [minutes, local] of [[-15, before], [15, after]] as const) {
      const instant = Date.parse(change) + minutes * 60_000;
      const calendar = await write(instant, zone);
      const { start, end } = onlyEvent(calendar);
      assert.equal(start.getTime(), instant);
      assert.equal(end?.getTime(), instant + hourMs);
      const said = local
        ? `;TZID=${zone}:${local}`
        : `:${new Date(instant).toISOString().replace(/[-:]|\.000/g, "")}`;
      assert.equal(startLine(calendar.text), `DTSTART${said}`);
    }
  });
}

Deno.test("an entry a day before or after clocks change is read at its instant, in local time", async () => {
  for (const [zone, change] of changes) {
    for (const days of [-1, 1]) {
      const instant = Date.parse(change) + days * 24 * hourMs;
      const calendar = await write(instant, zone);
      assert.equal(onlyEvent(calendar).start.getTime(), instant);
      assert.match(startLine(calendar.text) ?? "", new RegExp(`^DTSTART;TZID=${zone}:`));
    }
  }
});

Deno.test("an entry well away from any change is written in its zone, with the zone's rules", async () => {
  for (const zone of new Set(changes.map(([zone]) => zone))) {
    const { text } = await write(Date.parse("2030-07-01T10:00:00Z"), zone);
    assert.match(text, new RegExp(`^BEGIN:VTIMEZONE\r\nTZID:${zone}\r$`, "m"));
    assert.match(startLine(text) ?? "", new RegExp(`^DTSTART;TZID=${zone}:`));
  }
});

Deno.test("any instant of the next ten years in these zones is read as itself", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("America/New_York", "Europe/London", "Australia/Lord_Howe"),
      fc.integer({ min: Date.parse("2026-01-01") / 60_000, max: Date.parse("2037-01-01") / 60_000 }),
      fc.integer({ min: 1, max: 400 }),
      async (zone, minute, hours) => {
        const { start, end } = onlyEvent(await write(minute * 60_000, zone, hours));
        assert.equal(start.getTime(), minute * 60_000);
        assert.equal(end?.getTime(), minute * 60_000 + hours * hourMs);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("every instant within two hours of a change is read as itself, to the minute's quarter hour", async () => {
  for (const [zone, change] of changes) {
    for (let quarter = -8; quarter <= 8; quarter++) {
      const instant = Date.parse(change) + quarter * hourMs / 4;
      assert.equal(onlyEvent(await write(instant, zone)).start.getTime(), instant, `${zone} ${quarter}`);
    }
  }
});

/** `+1030` in minutes. */
function minutesOf(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(offset) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
}

Deno.test("rules that are not the zone's own any more are not relied on", () => {
  const [rules = ""] = tzlib_get_ical_block("America/New_York");
  const [summer, winter] = [Date.parse("2030-07-01T10:00:00Z"), Date.parse("2030-12-01T10:00:00Z")];
  assert.ok(findsInstant(rules, summer, -4 * hourMs));
  assert.ok(findsInstant(rules, winter, -5 * hourMs));
  assert.ok(!findsInstant(rules, winter, -4 * hourMs), "should the zone keep summer time for good");
  assert.ok(!findsInstant(rules, summer, -5 * hourMs), "should it give summer time up");
  assert.ok(!findsInstant("", summer, -4 * hourMs), "without rules");
});

Deno.test("wherever a local time is written, the rules beside it lead back to the instant, in every zone for ten years", async () => {
  const zones = Intl.supportedValuesOf("timeZone");
  let local = 0;
  for (const zone of zones) {
    for (let year = 2026; year <= 2036; year += 2) {
      for (const [month, day] of [[1, 15], [3, 29], [7, 15], [10, 30]] as const) {
        const instant = Date.UTC(year, month - 1, day, 10, 30);
        const { text } = await write(instant, zone);
        const [, at] = /^DTSTART;TZID=[^:]+:(\d{8}T\d{6})$/.exec(startLine(text) ?? "") ?? [];
        if (!at) continue;
        local++;
        const wall = new Date(instant + tzOffset(zone, new Date(instant)) * 60_000);
        assert.equal(at, wall.toISOString().replace(/[-:]|\.\d+Z/g, ""), `${zone} ${year}-${month}`);
        const said = tzlib_get_offset(
          zone,
          wall.toISOString().slice(0, 10),
          wall.toISOString().slice(11, 16),
        );
        assert.equal(minutesOf(said), tzOffset(zone, new Date(instant)), `${zone} ${year}-${month}`);
      }
    }
  }
  assert.ok(local > zones.length * 6 * 4 * 0.97, `${local} of ${zones.length * 24}`);
});

Deno.test("a zone whose rules cannot be said, or that has none, is written in UTC", async () => {
  const instant = Date.parse("2030-07-01T10:00:00Z");
  for (const zone of ["UTC", "PST"]) {
    const { text } = await write(instant, zone);
    assert.equal(startLine(text), "DTSTART:20300701T100000Z");
    assert.doesNotMatch(text, /VTIMEZONE/);
  }
});

Deno.test("texts keep commas, semicolons, line breaks and quotes, lose control characters, and begin no line of their own", async () => {
  const text = await writeCalendar(
    [{
      ...entry(Date.parse("2030-07-01T10:00:00Z"), "Europe/London"),
      title: "Tea, cake; and\r\nDTSTART:19700101T000000Z\u0007 \u{1f375}".repeat(4),
      provider_name: 'Jo "the" Doe\nX:1',
    }],
    {
      method: "REQUEST",
      organizerEmail: "no-reply@example.com",
      attendee: { name: "A\r\nB", email: "a@example.com" },
    },
  );
  const event = onlyEvent(parseCalendar(text));
  assert.equal(event.summary, "Tea, cake; and\nDTSTART:19700101T000000Z \u{1f375}".repeat(4));
  assert.equal(event.start.toISOString(), "2030-07-01T10:00:00.000Z");
  for (const line of text.split("\r\n")) {
    assert.ok(new TextEncoder().encode(line).length <= 75, line);
    for (const character of ["\n", "\r", "\u0007"]) assert.ok(!line.includes(character));
    assert.doesNotMatch(line, /^X:1/);
  }
});
