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
    until: "Gehalten bis",
    reason: "Begründung",
  },
  free: "kostenlos",
  online: "online; Ihre Buchung zeigt den Link ab 15 Minuten vor Beginn",
  eventOnline: "online; angemeldet sehen Sie den Link bei der Veranstaltung",
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
      body: ({ title, provider, canceller }) =>
        ({
          attendee: `Sie haben Ihre Buchung von „${title}“ mit ${provider} storniert.`,
          provider: `Ihre Buchung von „${title}“ wurde durch ${provider} storniert.`,
          event: `„${title}“ mit ${provider} ist abgesagt und damit auch Ihre Buchung.`,
          other: `Ihre Buchung von „${title}“ mit ${provider} ist storniert.`,
        })[canceller],
    },
    "booking.cancelled provider": {
      subject: ({ title, attendee }) => `Buchung von ${attendee} storniert: ${title}`,
      body: ({ title, attendee, canceller }) =>
        canceller === "attendee"
          ? `Die Buchung von „${title}“ wurde durch ${attendee} storniert.`
          : `Die Buchung von „${title}“ durch ${attendee} ist storniert.`,
    },
    "booking.rescheduled attendee": {
      subject: ({ title }) => `Neuer Termin: ${title}`,
      body: ({ title, provider }) =>
        `${provider} hat „${title}“ verlegt. Ihr Platz bleibt erhalten; passt der neue Termin nicht, können Sie bis zum ` +
        "Beginn kostenlos stornieren.",
    },
    "booking.updated attendee": {
      subject: ({ title }) => `Neuer Ort: ${title}`,
      body: ({ title, provider }) =>
        `${provider} hat den Ort von „${title}“ geändert. Ihr Platz bleibt erhalten.`,
    },
    "booking.reminder attendee": {
      subject: ({ title }) => `Erinnerung: ${title}`,
      body: ({ title, provider }) =>
        `„${title}“ mit ${provider} beginnt bald. Falls Sie nicht kommen können, stornieren Sie bitte, damit jemand anderes ` +
        "den Platz bekommt.",
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
    "time.reminder attendee": {
      subject: ({ title }) => `Erinnerung: ${title}`,
      body: ({ title, provider }) =>
        `„${title}“ mit ${provider} beginnt bald. Falls Sie nicht kommen können, stornieren Sie bitte, damit ${provider} ` +
        "es weiß.",
    },
    "time.reminder provider": {
      subject: ({ title }) => `Erinnerung: ${title}`,
      body: ({ title, attendee }) => `„${title}“ mit ${attendee} beginnt bald.`,
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
    "booking.offered attendee": {
      subject: ({ title }) => `Ein Platz für Sie: ${title}`,
      body: ({ title, provider }) =>
        `Bei „${title}“ mit ${provider} ist ein Platz frei geworden; er wird für Sie gehalten. Buchen Sie ihn rechtzeitig, sonst geht er an die nächste Person auf der Warteliste.`,
    },
    "waiting.closed attendee": {
      subject: ({ title }) => `Abgesagt: ${title}`,
      body: ({ title, provider }) =>
        `„${title}“ mit ${provider} findet nicht statt; Sie stehen dafür auf der Warteliste. Sie brauchen nichts zu tun.`,
    },
    "recording.shared attendee": {
      subject: ({ title }) => `Aufzeichnung: ${title}`,
      body: ({ title, provider }) =>
        `${provider} teilt die Aufzeichnung von „${title}“ mit Ihnen. Link und Frist stehen bei Ihrer Buchung.`,
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
  notices: {
    untitled: "Einzelgespräch",
    "booking.created provider": {
      title: "Neue Buchung",
      message: ({ title, when }) => `„${title}“${on(when)} wurde gebucht.`,
    },
    "booking.cancelled attendee": {
      title: "Buchung storniert",
      message: ({ title, when }) => `Ihre Buchung von „${title}“${on(when)} ist storniert.`,
    },
    "booking.cancelled provider": {
      title: "Buchung storniert",
      message: ({ title, when }) => `Eine Buchung von „${title}“${on(when)} ist storniert.`,
    },
    "booking.rescheduled attendee": {
      title: "Neuer Termin",
      message: ({ title, when }) =>
        `„${title}“ hat einen neuen Termin${when ? `: ${when}` : ""}. Ihr Platz bleibt erhalten.`,
    },
    "booking.updated attendee": {
      title: "Neuer Ort",
      message: ({ title, when }) => `„${title}“${on(when)} findet jetzt an einem anderen Ort statt.`,
    },
    "booking.expired attendee": {
      title: "Buchung verfallen",
      message: ({ title }) => `Ihr Platz bei „${title}“ wird nicht länger gehalten.`,
    },
    "booking.offered attendee": {
      title: "Ein Platz für Sie",
      message: ({ title, when }) =>
        `„${title}“${on(when)} ist frei geworden und wird für Sie gehalten. Buchen Sie rechtzeitig.`,
    },
    "waiting.closed attendee": {
      title: "Warteliste geschlossen",
      message: ({ title, when }) =>
        `„${title}“${on(when)} findet nicht statt; Sie stehen dafür auf der Warteliste.`,
    },
    "event.cancelled provider": {
      title: "Veranstaltung abgesagt",
      message: ({ title, when }) => `„${title}“${on(when)} wurde von der Verwaltung abgesagt.`,
    },
    "review.created provider": {
      title: "Neue Bewertung",
      message: ({ title, rating }) => `„${title}“ wurde mit ${rating} von 5 bewertet.`,
    },
    "review.answered attendee": {
      title: "Antwort auf Ihre Bewertung",
      message: ({ title }) => `Auf Ihre Bewertung von „${title}“ wurde geantwortet.`,
    },
    "booking.confirmed attendee": {
      title: "Buchung bestätigt",
      message: ({ title, when }) => `Ihre Buchung von „${title}“${on(when)} ist bestätigt.`,
    },
    "booking.confirmed provider": {
      title: "Neue Buchung",
      message: ({ title, when }) => `Jemand hat „${title}“${on(when)} gebucht.`,
    },
    "booking.rescheduled provider": {
      title: "Neuer Termin",
      message: ({ title, when }) =>
        `Eine Buchung von „${title}“ hat einen neuen Termin${when ? `: ${when}` : ""}.`,
    },
    "payment.failed attendee": {
      title: "Zahlung fehlgeschlagen",
      message: ({ title }) =>
        `Die Zahlung für „${title}“ ist fehlgeschlagen. Ihr Platz bleibt noch kurz reserviert.`,
    },
    "payment.returned attendee": {
      title: "Nicht gebucht, Geld zurück",
      message: ({ title }) => `Ihre Zahlung für „${title}“ kam zu spät und geht ganz zurück.`,
    },
    "payment.returned provider": {
      title: "Zahlung zurückgegeben",
      message: ({ title }) =>
        `Eine Zahlung für „${title}“ kam zu spät und geht zurück. Für Sie ist nichts zu tun.`,
    },
    "payment.refunded attendee": {
      title: "Erstattung",
      message: ({ title }) => `Eine Erstattung für „${title}“ ist auf dem Weg zu Ihnen.`,
    },
    "refund.failed attendee": {
      title: "Erstattung fehlgeschlagen",
      message: ({ title }) => `Die Erstattung für „${title}“ kam nicht an. Wir kümmern uns darum.`,
    },
    "recording.shared attendee": {
      title: "Aufzeichnung",
      message: ({ title }) => `Die Aufzeichnung von „${title}“ steht für Sie bereit.`,
    },
    "webhook.disabled provider": {
      title: "Webhook abgeschaltet",
      message: () =>
        "Ihr Webhook hat tagelang nichts angenommen und ist abgeschaltet. Nichts ist verloren: schalten Sie ihn ein und lassen Sie nachliefern.",
    },
    other: {
      title: "Neuigkeiten",
      message: ({ title }) => `Es gibt Neues zu „${title}“.`,
    },
  },
};

const on = (when: string) => when && ` am ${when}`;
