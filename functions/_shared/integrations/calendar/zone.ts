/** One half of a VTIMEZONE: when it begins each year (or once), and the offsets around that moment. */
interface Observance {
  /** Its first beginning as a local time; local times here are milliseconds as if they were UTC. */
  startsAt: number;
  fromMs: number;
  toMs: number;
  rule: { month: number; week: number; weekday: number } | null;
}

const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/**
 * Whether every calendar finds the instant again from its local time and this VTIMEZONE. Not when that time comes twice
 * as clocks are set back (RFC 5545 means the first, programs differ), nor when the block's rules differ from the zone's
 * own, as where those change from year to year.
 *
 * @param offsetMs the zone's true offset from UTC at that instant
 */
export function findsInstant(vtimezone: string, instantMs: number, offsetMs: number): boolean {
  const local = instantMs + offsetMs;
  const year = new Date(local).getUTCFullYear();
  const observances = readObservances(vtimezone);
  const onsets = observances.flatMap((observance) =>
    [year - 1, year, year + 1].flatMap((each) => onsetIn(observance, each)).map((onset) => ({
      ...observance,
      at: onset - observance.fromMs,
    }))
  );
  const current = onsets.filter(({ at }) => at <= instantMs).sort((a, b) => b.at - a.at)[0];
  if (!current || current.toMs !== offsetMs) return false;
  return !onsets.some(({ at, fromMs, toMs }) => {
    const repeatedMs = fromMs - toMs;
    return instantMs >= at - repeatedMs && instantMs < at + repeatedMs;
  });
}

function readObservances(vtimezone: string): Observance[] {
  const blocks = vtimezone.matchAll(/BEGIN:(STANDARD|DAYLIGHT)\r?\n(.*?)END:\1/gs);
  return [...blocks].map(([, , text = ""]) => {
    const rule = /^RRULE:FREQ=YEARLY;BYMONTH=(\d+);BYDAY=(-?\d)([A-Z]{2})\r?$/m.exec(text);
    return {
      startsAt: localTime(/^DTSTART:(\S+)/m.exec(text)?.[1] ?? ""),
      fromMs: offset(/^TZOFFSETFROM:(\S+)/m.exec(text)?.[1] ?? ""),
      toMs: offset(/^TZOFFSETTO:(\S+)/m.exec(text)?.[1] ?? ""),
      rule: rule && {
        month: Number(rule[1]) - 1,
        week: Number(rule[2]),
        weekday: weekdays.indexOf(rule[3] ?? ""),
      },
    };
  });
}

/** The local time at which an observance begins in a year; its only beginning, whatever the year, without a rule. */
function onsetIn({ startsAt, rule }: Observance, year: number): number[] {
  if (!rule) return [startsAt];
  const dayMs = 86_400_000;
  const timeOfDay = startsAt % dayMs;
  // From the first of the month on, or back from its last day.
  const edge = rule.week > 0 ? Date.UTC(year, rule.month, 1) : Date.UTC(year, rule.month + 1, 0);
  const toWeekday = rule.week > 0
    ? (rule.weekday - new Date(edge).getUTCDay() + 7) % 7
    : -((new Date(edge).getUTCDay() - rule.weekday + 7) % 7);
  const weeks = rule.week > 0 ? rule.week - 1 : rule.week + 1;
  const onset = edge + (toWeekday + weeks * 7) * dayMs + timeOfDay;
  return onset >= startsAt ? [onset] : [];
}

function localTime(text: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/.exec(text) ??
    [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

function offset(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(text) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
