import type { ICalAttendeeData, ICalEventData } from "ical-generator";
import type { CalendarEntry } from "../../domain/calendar.ts";
import { findsInstant } from "./zone.ts";

/** PUBLISH shows entries, REQUEST invites one person and CANCEL calls the invitation off (RFC 5546). */
export type Method = "PUBLISH" | "REQUEST" | "CANCEL";

export interface CalendarOptions {
  method: Method;
  /** Name under which a subscriber sees it. */
  name?: string;
  /** How often subscribers should ask again. */
  refreshSeconds?: number;
  /** Address that stands for the organizer, whose own stays private. */
  organizerEmail?: string | undefined;
  /** The one person who is invited. */
  attendee?: { name: string; email: string };
}

type Library = typeof import("ical-generator");

/** iCalendar text (RFC 5545) of the entries, each in the time zone of its event. */
export async function writeCalendar(entries: CalendarEntry[], options: CalendarOptions): Promise<string> {
  const [library, { tzlib_get_ical_block: block }, { TZDate, tzOffset }] = await Promise.all([
    import("ical-generator"),
    import("timezones-ical-library"),
    import("@date-fns/tz"),
  ]);
  const calendar = library.default({
    prodId: { company: "convene", product: "calendar", language: "EN" },
    method: library.ICalCalendarMethod[options.method],
    ...(options.name ? { name: options.name } : {}),
    ...(options.refreshSeconds ? { ttl: options.refreshSeconds } : {}),
  });
  const blocks = new Map<string, string>();
  for (const entry of entries) {
    const zone = entry.timezone;
    if (!blocks.has(zone)) blocks.set(zone, zone.includes("/") ? ownBlock(zone, block(zone)) : "");
    const [start, end] = [new Date(entry.starts_at), new Date(entry.ends_at)];
    const isFound = [start, end].every((instant) =>
      findsInstant(blocks.get(zone) ?? "", instant.getTime(), tzOffset(zone, instant) * 60_000)
    );
    calendar.createEvent({
      ...facts(library, entry),
      ...people(library, entry, options),
      // What cannot be said in the zone is said in UTC.
      start: isFound ? new TZDate(start.getTime(), zone) : start,
      end: isFound ? new TZDate(end.getTime(), zone) : end,
      timezone: isFound ? zone : null,
    });
  }
  calendar.timezone({ name: null, generator: (zone) => blocks.get(zone) ?? null });
  // Every line ends so (RFC 5545, 3.1); the library leaves it out after the last.
  return `${calendar}\r\n`;
}

/** What of an entry does not depend on who reads it. */
function facts({ ICalEventStatus }: Library, entry: CalendarEntry): Omit<ICalEventData, "start"> {
  const statuses = {
    confirmed: ICalEventStatus.CONFIRMED,
    tentative: ICalEventStatus.TENTATIVE,
    cancelled: ICalEventStatus.CANCELLED,
  };
  return {
    id: `${entry.kind}-${entry.id}@convene`,
    sequence: entry.sequence,
    // Not the present: an unchanged calendar stays the same text, and so does a letter that is tried again.
    stamp: new Date(entry.changed_at),
    summary: printable(entry.title),
    location: printable(entry.location) || null,
    description: entry.kind === "booking" ? printable(entry.provider_name) || null : null,
    status: statuses[entry.status],
  };
}

function people(
  { ICalAttendeeRole, ICalAttendeeStatus }: Library,
  entry: CalendarEntry,
  { organizerEmail, attendee }: CalendarOptions,
): Pick<ICalEventData, "organizer" | "attendees"> {
  const organizer = organizerEmail &&
    { name: printable(entry.provider_name) || "Convene", email: organizerEmail };
  const invited: ICalAttendeeData | undefined = attendee && {
    name: printable(attendee.name) || attendee.email,
    email: attendee.email,
    // They have booked, so no answer is asked of them.
    rsvp: false,
    status: ICalAttendeeStatus.ACCEPTED,
    role: ICalAttendeeRole.REQ,
  };
  return { ...(organizer ? { organizer } : {}), ...(invited ? { attendees: [invited] } : {}) };
}

/** The library answers for an alias of a zone with the zone's own name; the block must have the one that entries use. */
function ownBlock(zone: string, [block]: string[] | string): string {
  return block?.replace(/^TZID:.*$/m, `TZID:${zone}`) ?? "";
}

/** Without the control characters that iCalendar has no way to write. */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- they are what is looked for
  return text.replace(/[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]/g, "");
}
