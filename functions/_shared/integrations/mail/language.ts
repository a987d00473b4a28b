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
  | "time.rescheduled attendee"
  | "time.rescheduled provider"
  | "payment.returned attendee"
  | "payment.returned provider"
  | "payment.refunded attendee"
  | "event.cancelled provider";

/** What letters speak of; names are never empty. */
export interface LetterFacts {
  title: string;
  attendee: string;
  provider: string;
  /** What goes back to the payer, as money is written there. */
  refund: string;
}

/** Everything that our e-mails say, in one language. */
export interface Language {
  greeting(name: string): string;
  /** Stands for the name of a person whose account is gone. */
  formerMember: string;
  labels: Record<"when" | "where" | "price" | "before" | "notes", string>;
  free: string;
  letters: Record<LetterName, { subject(facts: LetterFacts): string; body(facts: LetterFacts): string }>;
}

const languages: Record<string, Language> = { de, en, es, fr };

/** The language of a BCP 47 tag, or English. */
export function languageOf(locale: string): Language {
  return languages[locale.split("-")[0] ?? ""] ?? en;
}
