/** Instants that opening hours are tried at, in milliseconds: every clock of the world is changed at such a one. */
const grainMs = 5 * 60_000;

/** A window of the day in minutes since midnight, and the length of its times. */
export interface Window {
  opens: number;
  closes: number;
  slot: number;
}

/** What a zone's clocks show, by the runtime's own time zone database. */
export interface Clock {
  zone: string;
  /** Instants at which the clocks are changed. */
  changes: number[];
  /** The reading as milliseconds of UTC. */
  reading(atMs: number): number;
  text(atMs: number): string;
}

const dayMs = 86_400_000;
const clocks = new Map<string, Clock>();

/** A zone's clock for a year and a month around it. */
export function clockOf(zone: string, year = 2027): Clock {
  let clock = clocks.get(zone);
  if (!clock) {
    clocks.set(zone, clock = createClock(zone, Date.UTC(year - 1, 11, 1), Date.UTC(year + 1, 1, 1)));
  }
  return clock;
}

/** Asks the runtime once a day, and between two days that differ every five minutes. */
function createClock(zone: string, fromMs: number, toMs: number): Clock {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const offsetAt = (atMs: number) => Date.parse(`${format.format(atMs).replace(" ", "T")}Z`) - atMs;
  const changes: number[] = [];
  const offsets = [offsetAt(fromMs)];
  for (let day = fromMs; day < toMs; day += dayMs) {
    const next = offsetAt(day + dayMs);
    if (next === offsets.at(-1)) continue;
    let at = day;
    while (offsetAt(at) !== next) at += grainMs;
    changes.push(at);
    offsets.push(next);
  }
  const reading = (atMs: number) =>
    atMs + (offsets[changes.filter((change) => change <= atMs).length] ?? NaN);
  return {
    zone,
    changes,
    reading,
    text: (atMs) => new Date(reading(atMs)).toISOString().slice(0, 16).replace("T", " "),
  };
}

export const minutesOfDay = (readingMs: number) => (readingMs % dayMs) / 60_000;

/**
 * The times that windows of every day offer, by looking at the clock every five minutes: from the first instant of a
 * window's day at which the clock shows it open, in steps of a slot, those through which it shows it open all the time.
 */
export function modelTimes(
  clock: Clock,
  windows: Window[],
  fromMs: number,
  toMs: number,
): [number, number][] {
  const times: [number, number][] = [];
  for (const { opens, closes, slot } of windows) {
    const lengthMs = slot * 60_000;
    // The instants of each date at which the clock shows this window open.
    const open = new Map<number, Set<number>>();
    for (let at = fromMs - dayMs; at < toMs + dayMs; at += grainMs) {
      const reading = clock.reading(at);
      const minutes = minutesOfDay(reading);
      if (minutes < opens || minutes >= closes) continue;
      const date = Math.floor(reading / dayMs);
      open.get(date)?.add(at) ?? open.set(date, new Set([at]));
    }
    for (const instants of open.values()) {
      const first = Math.min(...instants);
      const last = Math.max(...instants) + grainMs;
      for (let start = first; start + lengthMs <= last; start += lengthMs) {
        if (start < fromMs || start >= toMs) continue;
        let isOpen = true;
        for (let at = start; at < start + lengthMs; at += grainMs) isOpen &&= instants.has(at);
        if (isOpen) times.push([start, start + lengthMs]);
      }
    }
  }
  return times.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}
