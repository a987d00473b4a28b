/**
 * A language tag that Intl takes: this one, or English. The database takes some that Intl refuses, and nothing should
 * stay untold for that.
 */
export function knownLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? "en";
  } catch {
    return "en";
  }
}

/** A time zone that Intl knows: this one, or UTC. */
export function knownZone(timeZone: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return timeZone;
  } catch {
    return "UTC";
  }
}
