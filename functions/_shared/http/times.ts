import { z } from "@hono/zod-openapi";

const form = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/i;
/** Whole seconds in UTC, on a day that every month has: as most are written, and an instant as it stands. */
const plain = /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;
const message = "must be a date and time such as 2030-01-15T09:00:00";

/**
 * A date-time of a contract that writes none of its zones: without one it means UTC, with one it is honoured. Becomes
 * an instant in ISO 8601.
 */
export const utcDateTime = z.string({ error: message }).transform((text, context) => {
  const instant = parseUtc(text);
  if (instant) return instant;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}).openapi({ type: "string", format: "date-time", example: "2030-01-15T09:00:00" });

/** An instant as such a contract writes it: UTC, to the second, without zone. */
export function toUtcText(instant: string): string {
  return new Date(instant).toISOString().slice(0, 19);
}

/** An instant in UTC, to the second, with its zone. */
export function toZonedUtcText(instant: string): string {
  return `${toUtcText(instant)}Z`;
}

function parseUtc(text: string): string | null {
  if (plain.test(text)) return `${text}.000Z`;
  const [, year, month, day, hour, minute, second = "00", zone = "Z"] = form.exec(text) ?? [];
  if (!year || !day || !hour) return null;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  if (Number.isNaN(date.getTime()) || Number(day) > lastDayOf(year, month)) return null;
  // Of other years ISO 8601 writes what neither PostgreSQL nor a client reads.
  const utcYear = date.getUTCFullYear();
  return utcYear >= 1 && utcYear <= 9999 ? date.toISOString() : null;
}

/** JavaScript rolls a 30th of February over; the last day of a month is the zeroth of the next. */
function lastDayOf(year: string, month = "01"): number {
  return new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}
