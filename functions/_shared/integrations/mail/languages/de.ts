import type { Language } from "../language.ts";

export const de: Language = {
  greeting: (name) => name ? `Guten Tag ${name},` : "Guten Tag,",
  formerMember: "ein früheres Mitglied",
  labels: { when: "Wann", where: "Wo", price: "Preis", before: "Bisher", notes: "Anmerkungen" },
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
    "booking.confirmed attendee": {
      subject: ({ title }) => `Ihre Buchung: ${title}`,
      body: ({ title, provider }) => `Ihre Buchung von „${title}“ mit ${provider} ist bestätigt.`,
    },
    "booking.confirmed provider": {
      subject: ({ title, attendee }) => `Neue Buchung von ${attendee}: ${title}`,
      body: ({ title, attendee }) => `${attendee} hat „${title}“ gebucht.`,
    },
    "time.rescheduled attendee": {
      subject: ({ title }) => `Neuer Termin: ${title}`,
      body: ({ title, provider }) =>
        `„${title}“ mit ${provider} hat einen neuen Termin. Ihre Zahlung bleibt bestehen.`,
    },
    "time.rescheduled provider": {
      subject: ({ title }) => `Neuer Termin: ${title}`,
      body: ({ title, attendee }) => `Die Buchung von „${title}“ durch ${attendee} hat einen neuen Termin.`,
    },
    "payment.returned attendee": {
      subject: ({ title }) => `Nicht gebucht, Geld zurück: ${title}`,
      body: ({ title, provider, refund }) =>
        `Ihre Zahlung für „${title}“ mit ${provider} kam, als der Termin schon vergeben war. Sie erhalten alles zurück: ${refund}.`,
    },
    "payment.returned provider": {
      subject: ({ title }) => `Nicht gebucht: ${title}`,
      body: ({ title, attendee }) =>
        `Eine Zahlung von ${attendee} für „${title}“ kam zu spät und geht zurück. Für Sie ist nichts zu tun.`,
    },
    "payment.refunded attendee": {
      subject: ({ title }) => `Erstattung: ${title}`,
      body: ({ title, provider, refund }) =>
        `${refund} Ihrer Zahlung für „${title}“ mit ${provider} sind auf dem Weg zu Ihnen.`,
    },
    "event.cancelled provider": {
      subject: ({ title }) => `Ihre Veranstaltung wurde abgesagt: ${title}`,
      body: ({ title }) =>
        `„${title}“ wurde von der Verwaltung abgesagt. Alle Gebuchten sind benachrichtigt.`,
    },
  },
};
