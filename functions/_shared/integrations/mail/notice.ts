import type { Notification } from "../../domain/notifications.ts";
import { knownLocale, knownZone } from "../known_to_intl.ts";
import { languageOf, type NoticeName } from "./language.ts";

/** Whose language and zone a notice is told in. */
export interface Reader {
  /** BCP 47. */
  locale: string;
  /** IANA; null while unknown. */
  timezone: string | null;
}

/** A notification in its recipient's language, in their time zone or else in that of what it is about. */
export function writeNotice(
  { kind, data }: Notification,
  reader: Reader,
): { title: string; message: string } {
  const { notices } = languageOf(reader.locale);
  const notice = notices[`${kind} ${data.role ?? ""}` as NoticeName] ?? notices.other;
  const facts = {
    title: data.title ?? notices.untitled,
    when: data.starts_at ? formatInstant(data.starts_at, reader, data.timezone ?? "UTC") : "",
    rating: data.rating ?? 0,
  };
  return { title: notice.title, message: notice.message(facts) };
}

function formatInstant(instant: string, { locale, timezone }: Reader, otherZone: string): string {
  const timeZone = knownZone(timezone ?? otherZone);
  const format = new Intl.DateTimeFormat(knownLocale(locale), {
    dateStyle: "long",
    timeStyle: "short",
    timeZone,
  });
  return format.format(new Date(instant));
}
