import { AppError } from "../http/errors.ts";
import type { Page, PageQuery } from "../http/pagination.ts";
import { pageSlice } from "../http/pagination.ts";
import type { Json } from "../database.types.ts";
import { call, type Db, rowsOf } from "./db.ts";
import { toPage } from "./page.ts";

/** A stretch of local time; exactly one of the three says of which days. Times are HH:MM, 24:00 at the latest. */
export interface Window {
  /** 1 is Monday. */
  weekday?: number;
  month_day?: number;
  on_date?: string;
  opens: string;
  closes: string;
  slot_minutes: number;
  is_enabled: boolean;
}

/** Rules by the names of their columns; minutes and days as those say. Null where a rule may be absent. */
export interface Rules {
  min_notice_minutes: number;
  max_advance_days: number;
  cancellation_deadline_minutes: number | null;
  buffer_before_minutes: number;
  buffer_after_minutes: number;
  slot_step_minutes: number | null;
  daily_limit: number | null;
}

/** When a provider can be booked: a row of the view `availability`. */
export interface Availability extends Rules {
  id: string;
  provider_id: string;
  kind: "weekly" | "monthly" | "custom";
  timezone: string;
  is_active: boolean;
  windows: Window[];
  /** Dates whose windows are only those with that `on_date`. */
  exceptions: string[];
  created_at: string;
  updated_at: string;
}

/** A window as it is sent; `name` is how errors call it. */
export type NewWindow = Window & { name?: string };
export interface NewException {
  on_date: string;
  windows: Omit<NewWindow, "weekday" | "month_day" | "on_date">[];
}

/** A time with an id; `date`, `start_time` and `end_time` are in `timezone`. */
export interface OpenSlot {
  id: string;
  provider_id: string;
  provider_name: string;
  starts_at: string;
  ends_at: string;
  timezone: string;
  date: string;
  start_time: string;
  end_time: string;
  /** Null for an offering with its price on request. */
  price_minor: number | null;
  currency: string;
}

export interface CalendarSlot extends Omit<OpenSlot, "provider_id" | "provider_name" | "timezone"> {
  status: "available" | "booked" | "blocked";
}

export interface GeneratedSlot extends Omit<CalendarSlot, "status" | "price_minor" | "currency"> {
  status: string;
}

// What SQL returns as JSON has the shape that the commands' and the view's comments give.
const toAvailability = (row: unknown) => row as Availability;
const json = (value: unknown) => value as Json;

/** Says when the signed-in provider can be booked. @throws {AppError} NOT_A_PROVIDER, INVALID_INPUT, SCHEDULE_EXISTS */
export async function createAvailability(
  db: Db,
  { kind, timezone, windows, exceptions, rules }: {
    kind: string;
    timezone: string;
    windows: NewWindow[];
    exceptions: NewException[];
    rules: Partial<Rules>;
  },
): Promise<Availability> {
  return toAvailability(
    await call(db, "create_availability", {
      kind,
      timezone,
      windows: json(windows),
      exceptions: json(exceptions),
      rules: json(rules),
    }),
  );
}

/**
 * Changes what is given of the signed-in provider's schedule; windows and exceptions are replaced as a whole.
 *
 * @throws {AppError} NOT_A_PROVIDER, SCHEDULE_NOT_FOUND, INVALID_INPUT, SCHEDULE_EXISTS
 */
export async function updateAvailability(
  db: Db,
  scheduleId: string,
  { windows, exceptions, rules, isActive, timezone }: {
    windows?: NewWindow[] | undefined;
    exceptions?: NewException[] | undefined;
    rules: Partial<Rules>;
    isActive?: boolean | undefined;
    timezone?: string | undefined;
  },
): Promise<Availability> {
  return toAvailability(
    await call(db, "update_availability", {
      schedule_id: scheduleId,
      rules: json(rules),
      ...(windows ? { windows: json(windows) } : {}),
      ...(exceptions ? { exceptions: json(exceptions) } : {}),
      ...(isActive === undefined ? {} : { is_active: isActive }),
      ...(timezone ? { timezone } : {}),
    }),
  );
}

/**
 * A provider's schedule: the active one, or to themselves the latest.
 *
 * @throws {AppError} SCHEDULE_NOT_FOUND, also when there is no such provider
 */
export async function readAvailability(db: Db, providerId: string): Promise<Availability> {
  const row = await rowsOf(
    db.client.from("availability").select().eq("provider_id", providerId)
      .order("is_active", { ascending: false }).order("created_at", { ascending: false }).limit(1)
      .maybeSingle(),
  );
  if (!row) throw new AppError("SCHEDULE_NOT_FOUND");
  return toAvailability(row);
}

/**
 * Stores the times of the signed-in provider's schedule as slots; dates are of its zone, at most 92.
 *
 * @throws {AppError} NOT_A_PROVIDER, SCHEDULE_NOT_FOUND, SCHEDULE_NOT_ACTIVE, INVALID_INPUT
 */
export async function generateSlots(
  db: Db,
  scheduleId: string,
  { firstDate, lastDate, overwrite }: { firstDate: string; lastDate: string; overwrite: boolean },
): Promise<{ generated: number; slots: GeneratedSlot[] }> {
  const { generated, slots } = await call(db, "generate_slots", {
    schedule_id: scheduleId,
    first_date: firstDate,
    last_date: lastDate,
    overwrite,
  });
  return { generated: generated ?? 0, slots: (slots ?? []) as unknown as GeneratedSlot[] };
}

/** Which slots to list; dates are of the zone, which is the provider's by default. */
export interface SlotFilter {
  providerId?: string | undefined;
  firstDate?: string | undefined;
  lastDate?: string | undefined;
  timezone?: string | undefined;
  durationMinutes?: number | undefined;
  offeringId?: string | undefined;
}

/** Slots that can be booked at this moment, soonest first. @throws {AppError} INVALID_INPUT, OFFERING_NOT_FOUND */
export async function listSlots(db: Db, filter: SlotFilter, query: PageQuery): Promise<Page<OpenSlot>> {
  const { providerId, firstDate, lastDate, timezone, durationMinutes, offeringId } = filter;
  return toPage(
    await call(db, "list_slots", {
      ...pageSlice(query),
      ...(providerId ? { provider_id: providerId } : {}),
      ...(firstDate ? { first_date: firstDate } : {}),
      ...(lastDate ? { last_date: lastDate } : {}),
      ...(timezone ? { timezone } : {}),
      ...(durationMinutes ? { duration_minutes: durationMinutes } : {}),
      ...(offeringId ? { offering_id: offeringId } : {}),
    }),
  );
}

/** A provider's month; `slots` are in order. */
export interface CalendarMonth {
  provider_id: string;
  provider_name: string;
  timezone: string;
  slots: CalendarSlot[];
}

/**
 * What is free of a provider in the month of a date (default: this month), and what is not.
 *
 * @throws {AppError} PROVIDER_NOT_FOUND, OFFERING_NOT_FOUND, INVALID_INPUT
 */
export async function readCalendar(
  db: Db,
  providerId: string,
  { month, timezone, offeringId }: {
    month?: string | undefined;
    timezone?: string | undefined;
    offeringId?: string | undefined;
  },
): Promise<CalendarMonth> {
  // The generated types call every field of a composite nullable; the command fills all of them.
  return await call(db, "provider_calendar", {
    provider_id: providerId,
    ...(month ? { month } : {}),
    ...(timezone ? { timezone } : {}),
    ...(offeringId ? { offering_id: offeringId } : {}),
  }) as unknown as CalendarMonth;
}
