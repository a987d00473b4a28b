import type { Availability, NewException, NewWindow, Rules, Window } from "../_shared/domain/availability.ts";
import { type BookingRules, type Day, weekdays } from "./availability_schemas.ts";

type Dated = Day & { date: string };

/** What the document and its additions can say of open hours. */
export interface Pattern {
  weeklyPattern?: Partial<Record<string, Day>> | undefined;
  monthlyPattern?: Record<string, Day> | undefined;
  customDates?: Dated[] | undefined;
}

/** The windows of a pattern, each with its place in it; undefined when there is none. */
export function toWindows({ weeklyPattern, monthlyPattern, customDates }: Pattern): NewWindow[] | undefined {
  if (!weeklyPattern && !monthlyPattern && !customDates) return undefined;
  return [
    ...weekdays.flatMap((name, i) =>
      dayWindows(weeklyPattern?.[name], `weeklyPattern.${name}`).map((window) => ({
        weekday: i + 1,
        ...window,
      }))
    ),
    ...Object.entries(monthlyPattern ?? {}).flatMap(([day, windows]) =>
      dayWindows(windows, `monthlyPattern.${day}`).map((window) => ({ month_day: Number(day), ...window }))
    ),
    ...(customDates ?? []).flatMap((date, i) =>
      dayWindows(date, `customDates.${i}`).map((window) => ({ on_date: date.date, ...window }))
    ),
  ];
}

export function toExceptions(dates: Dated[] | undefined): NewException[] | undefined {
  return dates?.map((date, i) => ({ on_date: date.date, windows: dayWindows(date, `dateExceptions.${i}`) }));
}

function dayWindows(day: Day | undefined, place: string): NewException["windows"] {
  return (day?.slots ?? []).map(({ startTime, endTime, slotDuration }, i) => ({
    name: `${place}.slots.${i}`,
    opens: startTime,
    closes: endTime,
    slot_minutes: slotDuration,
    is_enabled: day?.enabled ?? true,
  }));
}

const toMinutes = (hours: number) => Math.round(hours * 60);

/** The rules that are named: hours become minutes. */
export function toRules(
  rules: { [Name in keyof BookingRules]?: BookingRules[Name] | undefined } = {},
): Partial<Rules> {
  const { minBookingNotice, cancellationDeadline } = rules;
  const named: { [Name in keyof Rules]: Rules[Name] | undefined } = {
    min_notice_minutes: minBookingNotice === undefined ? undefined : toMinutes(minBookingNotice),
    max_advance_days: rules.maxAdvanceBooking,
    cancellation_deadline_minutes: cancellationDeadline
      ? toMinutes(cancellationDeadline)
      : cancellationDeadline,
    buffer_before_minutes: rules.bufferBefore,
    buffer_after_minutes: rules.bufferAfter,
    slot_step_minutes: rules.slotStep,
    daily_limit: rules.dailyLimit,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

export function presentRules(rules: Rules): BookingRules {
  return {
    minBookingNotice: rules.min_notice_minutes / 60,
    maxAdvanceBooking: rules.max_advance_days,
    cancellationDeadline: rules.cancellation_deadline_minutes === null
      ? null
      : rules.cancellation_deadline_minutes / 60,
    bufferBefore: rules.buffer_before_minutes,
    bufferAfter: rules.buffer_after_minutes,
    slotStep: rules.slot_step_minutes,
    dailyLimit: rules.daily_limit,
  };
}

/** The pattern of a schedule's type and its exceptions, in the document's shape. */
export function presentPattern({ kind, windows, exceptions }: Availability) {
  const weeklyPattern = kind === "weekly"
    ? Object.fromEntries(
      weekdays.map((name, i) => [name, presentDay(windows.filter(({ weekday }) => weekday === i + 1))]),
    )
    : {};
  const monthlyPattern = byDay(windows, ({ month_day }) => month_day);
  const dates = byDay(windows, ({ on_date }) => on_date);
  const customDates = kind === "custom" ? Object.entries(dates).map(([date, day]) => ({ date, ...day })) : [];
  return {
    weeklyPattern,
    monthlyPattern,
    customDates,
    workingHours: { weekly: weeklyPattern, monthly: monthlyPattern, custom: dates }[kind],
    dateExceptions: exceptions.map((date) => ({ date, ...(dates[date] ?? presentDay([])) })),
  };
}

function byDay(windows: Window[], dayOf: (window: Window) => number | string | undefined) {
  const days = new Set(windows.map(dayOf).filter((day) => day !== undefined));
  return Object.fromEntries(
    [...days].map((day) => [String(day), presentDay(windows.filter((window) => dayOf(window) === day))]),
  );
}

/** A day is enabled when any of its windows is; it shows those that are as it is. */
function presentDay(windows: Window[]) {
  const enabled = windows.some((window) => window.is_enabled);
  return {
    enabled,
    slots: windows.filter((window) => window.is_enabled === enabled).map((window) => ({
      startTime: window.opens,
      endTime: window.closes,
      slotDuration: window.slot_minutes,
    })),
  };
}
