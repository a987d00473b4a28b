import type { Language } from "../language.ts";

export const de: Language = {
  greeting: (name) => name ? `Guten Tag ${name},` : "Guten Tag,",
  formerMember: "ein früheres Mitglied",
  labels: {
    when: "Wann",
    where: "Wo",
    price: "Preis",
    before: "Bisher",
    notes: "Anmerkungen",
    seats: "Belegte Plätze",
  },
  free: "kostenlos",
  letters: {
    "booking.created attendee": {
      subject: ({ title }) => `Ihre Buchung: ${title}`,
      body: ({ title, provider }) => `Ihr Platz bei „${title}“ mit ${provider} ist bestätigt.`,
    },
    "booking.created provider": {
      subject: ({ title, attendee }) => `Neue Buchung von ${attendee}: ${title}`,
      body: ({ title, attendee }) => `${attendee} hat einen Platz bei „${title}“ gebucht.`,
    },
    "booking.cancelled attendee": {
      subject: ({ title }) => `Abgesagt: ${title}`,
      body: ({ title, provider }) => `Ihre Buchung von „${title}“ mit ${provider} ist storniert.`,
    },
    "booking.cancelled provider": {
      subject: ({ title, attendee }) => `Buchung von ${attendee} storniert: ${title}`,
      body: ({ title, attendee }) =>
        `Die Buchung von „${title}“ durch ${attendee} ist storniert. Der Platz ist wieder frei.`,
    },
    "booking.rescheduled attendee": {
      subject: ({ title }) => `Neuer Termin: ${title}`,
      body: ({ title, provider }) =>
        `${provider} hat „${title}“ verlegt. Ihr Platz bleibt erhalten; passt der neue Termin nicht, können Sie bis zum ` +
        "Beginn kostenlos stornieren.",
    },
    "booking.reminder attendee": {
      subject: ({ title }) => `Erinnerung: ${title}`,
      body: ({ title, provider }) =>
        `„${title}“ mit ${provider} beginnt bald. Falls Sie nicht kommen können, stornieren Sie bitte, damit jemand anderes ` +
        "den Platz bekommt.",
    },
    "event.cancelled provider": {
      subject: ({ title }) => `Ihre Veranstaltung wurde abgesagt: ${title}`,
      body: ({ title }) =>
        `„${title}“ wurde von der Verwaltung abgesagt. Alle Gebuchten sind benachrichtigt.`,
    },
    "event.reminder provider": {
      subject: ({ title }) => `Erinnerung: ${title}`,
      body: ({ title }) => `Ihre Veranstaltung „${title}“ beginnt bald.`,
    },
  },
};
