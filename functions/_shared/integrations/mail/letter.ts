import type { Delivery, Person } from "../../domain/outbox.ts";
import { toMajorUnits } from "../../domain/money.ts";
import { knownLocale, knownZone } from "../known_to_intl.ts";
import { type Language, languageOf, type LetterFacts, type LetterName } from "./language.ts";
import type { Mail } from "./mail.ts";

/**
 * The e-mail of a delivery in its recipient's language and time zone; null when this event has no letter for them, they
 * have no address, or it is a reminder that has become wrong.
 */
export function writeLetter(delivery: Delivery): Mail | null {
  const { context: { recipient, attendee, provider, notes, reason, entry } } = delivery;
  const isReminder = delivery.event.endsWith(".reminder");
  if (isReminder && !entry) return null;
  // Other letters tell what happened, a reminder tells what is.
  const payload = isReminder ? { ...delivery.payload, ...entry } : delivery.payload;
  const language = languageOf(recipient?.locale ?? "en");
  const letter = language.letters[nameOf(delivery)];
  if (!letter || !recipient?.email) return null;

  const facts = {
    title: payload.title,
    attendee: attendee?.name || language.formerMember,
    provider: provider?.name || language.formerMember,
    refund: formatPrice(
      { ...payload, price_minor: payload.refund_minor ?? payload.price_minor },
      recipient,
      language,
    ),
    canceller: cancellerOf(payload),
  };
  const zone = recipient.timezone ?? payload.timezone;
  const rows: [string, string][] = [
    [language.labels.when, formatSpan(payload.starts_at, payload.ends_at, recipient.locale, zone)],
  ];
  if (payload.previous_starts_at && payload.previous_ends_at) {
    const before = formatSpan(payload.previous_starts_at, payload.previous_ends_at, recipient.locale, zone);
    rows.push([language.labels.before, before]);
  }
  if (payload.expires_at) {
    const until = formatInstant(payload.expires_at, recipient.locale, zone);
    rows.unshift([language.labels.until, until]);
  }
  const place = placeOf(delivery, payload.location, language);
  if (place) rows.push([language.labels.where, place]);
  const isOfMoney = !isReminder && !["recording.shared", "waiting.closed"].includes(delivery.event);
  if (isOfMoney) rows.push([language.labels.price, formatPrice(payload, recipient, language)]);
  if (delivery.target === "provider" && notes) rows.push([language.labels.notes, notes]);
  if (reason) rows.push([language.labels.reason, reason]);
  if (delivery.event === "event.reminder" && entry) {
    rows.push([language.labels.seats, `${entry.seats_taken} / ${entry.capacity}`]);
  }

  return {
    to: recipient.email,
    subject: oneLine(letter.subject(facts)),
    ...layOut(language.greeting(recipient.name), letter.body(facts), rows),
    idempotencyKey: `delivery-${delivery.id}`,
  };
}

/** Titles and names may have line breaks; a mail whose subject has one is refused, at every try. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function cancellerOf({ cause, cancelled_by: by }: Delivery["payload"]): LetterFacts["canceller"] {
  if (cause === "event_cancelled") return "event";
  return by === "attendee" || by === "provider" ? by : "other";
}

/** One-to-one time has no seats, and either side moves it: it has letters of its own. */
const ownNames: Record<string, LetterName> = {
  "booking.created attendee": "booking.confirmed attendee",
  "booking.created provider": "booking.confirmed provider",
  "booking.rescheduled attendee": "time.rescheduled attendee",
  "booking.rescheduled provider": "time.rescheduled provider",
};

function nameOf({ event, target, payload }: Delivery): LetterName {
  const name = `${event} ${target}`;
  return (payload.kind === "one_to_one" && ownNames[name]) || name as LetterName;
}

const tellsOfTimeToCome = [
  "booking.created",
  "booking.confirmed",
  "booking.rescheduled",
  "booking.updated",
  "booking.reminder",
  "time.reminder",
];

/** A link is in no letter, which others may read: that of one-to-one time opens shortly before, an event's is shown there. */
function placeOf(delivery: Delivery, location: string | undefined, language: Language): string {
  const { event, target, payload, context } = delivery;
  if (!tellsOfTimeToCome.includes(event)) return location ?? "";
  if (payload.kind === "one_to_one") return location || language.online;
  if (!context.is_online || target !== "attendee") return location ?? "";
  return location && !saysOnline(location, language)
    ? `${location}; ${language.eventOnline}`
    : language.eventOnline;
}

/** Whether a location is no more than what the words about a link begin with. */
function saysOnline(location: string, { eventOnline }: Language): boolean {
  return ["online", eventOnline.split(";")[0]?.trim()].includes(location.trim().toLowerCase());
}

function formatSpan(startsAt: string, endsAt: string, locale: string, timeZone: string): string {
  return instants(locale, timeZone).formatRange(new Date(startsAt), new Date(endsAt));
}

function formatInstant(instant: string, locale: string, timeZone: string): string {
  return instants(locale, timeZone).format(new Date(instant));
}

function instants(locale: string, timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(knownLocale(locale), {
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone: knownZone(timeZone),
  });
}

function formatPrice(
  { price_minor: minor, currency }: Delivery["payload"],
  { locale }: Person,
  { free }: Language,
): string {
  if (minor === 0) return free;
  return new Intl.NumberFormat(knownLocale(locale), { style: "currency", currency }).format(
    toMajorUnits(minor, currency),
  );
}

function layOut(greeting: string, body: string, rows: [string, string][]): { text: string; html: string } {
  const text = [greeting, body, rows.map(([label, value]) => `${label}: ${value}`).join("\n")].join("\n\n");
  const cells = rows.map(([label, value]) =>
    `<tr><th align="left" valign="top">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`
  );
  const html = `<p>${escapeHtml(greeting)}</p><p>${escapeHtml(body)}</p><table cellpadding="4">${
    cells.join("")
  }</table>`;
  return { text, html };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll("\n", "<br>");
}
