const unitMs: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  "µs": 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** The longest that a duration of Go may be: 2^63 - 1 nanoseconds, some 292 years. */
const longestMs = 9_223_372_036_854;

/** Milliseconds of a duration as Go writes it (`90s`, `1h30m`), or null when it is none. */
export function parseDuration(text: string): number | null {
  if (!/^[+-]?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (unitMs[unit ?? ""] ?? 0);
  }
  if (total > longestMs) return null;
  return text.startsWith("-") ? -total : total;
}
