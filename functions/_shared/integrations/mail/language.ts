import { de } from "./languages/de.ts";
import { en } from "./languages/en.ts";
import { es } from "./languages/es.ts";
import { fr } from "./languages/fr.ts";

/** A domain event and who reads of it. */
export type LetterName =
  | "booking.created attendee"
  | "booking.created provider"
  | "booking.cancelled attendee"
  | "booking.cancelled provider"
  | "booking.confirmed attendee"
  | "booking.confirmed provider"
  | "booking.rescheduled attendee"
  | "booking.updated attendee"
  | "booking.reminder attendee"
  | "booking.offered attendee"
  | "waiting.closed attendee"
  | "time.rescheduled attendee"
  | "time.rescheduled provider"
  | "time.reminder attendee"
  | "time.reminder provider"
  | "payment.returned attendee"
  | "payment.returned provider"
  | "payment.refunded attendee"
  | "recording.shared attendee"
  | "event.cancelled provider"
  | "event.reminder provider";

/** What letters speak of; names are never empty. */
export interface LetterFacts {
  title: string;
  attendee: string;
  provider: string;
  /** What goes back to the payer, as money is written there. */
  refund: string;
  /** Who ended a booking: one of its two people, the event that was cancelled, or an administrator. */
  canceller: "attendee" | "provider" | "event" | "other";
}

/** A domain event and as what its recipient hears of it, in the app. */
export type NoticeName =
  | "booking.created provider"
  | "booking.cancelled attendee"
  | "booking.cancelled provider"
  | "booking.rescheduled attendee"
  | "booking.updated attendee"
  | "booking.expired attendee"
  | "booking.offered attendee"
  | "waiting.closed attendee"
  | "booking.confirmed attendee"
  | "booking.confirmed provider"
  | "booking.rescheduled provider"
  | "payment.failed attendee"
  | "payment.returned attendee"
  | "payment.returned provider"
  | "payment.refunded attendee"
  | "refund.failed attendee"
  | "recording.shared attendee"
  | "event.cancelled provider"
  | "review.created provider"
  | "review.answered attendee"
  | "webhook.disabled provider";

/** What notices speak of. */
export interface NoticeFacts {
  /** What was booked; a neutral word where it has no title. */
  title: string;
  /** When it is, in the recipient's language and zone; empty when unknown. */
  when: string;
  /** Of a review. */
  rating: number;
}

/** What the app says of one event: a headline and a sentence. */
export interface Notice {
  title: string;
  message(facts: NoticeFacts): string;
}

/** Everything that our e-mails and the app's notices say, in one language. */
export interface Language {
  greeting(name: string): string;
  /** Stands for the name of a person whose account is gone. */
  formerMember: string;
  labels: Record<"when" | "where" | "price" | "before" | "notes" | "seats" | "until" | "reason", string>;
  free: string;
  /** Where one-to-one time takes place, as its link opens shortly before. */
  online: string;
  /** Where an event with a link takes place: the link is shown to those who have a seat, at the event. */
  eventOnline: string;
  letters: Record<LetterName, { subject(facts: LetterFacts): string; body(facts: LetterFacts): string }>;
  notices: Record<NoticeName, Notice> & {
    /** Stands for what has no title of its own. */
    untitled: string;
    /** Of an event that this version has no words for. */
    other: Notice;
  };
}

const languages: Record<string, Language> = { de, en, es, fr };

/** The language of a BCP 47 tag, or English. */
export function languageOf(locale: string): Language {
  return languages[locale.split("-")[0] ?? ""] ?? en;
}
