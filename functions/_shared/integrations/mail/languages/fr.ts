import type { Language } from "../language.ts";

export const fr: Language = {
  greeting: (name) => name ? `Bonjour ${name},` : "Bonjour,",
  formerMember: "un ancien membre",
  labels: {
    when: "Quand",
    where: "Où",
    price: "Prix",
    before: "Avant",
    notes: "Remarques",
    seats: "Places prises",
  },
  free: "gratuit",
  letters: {
    "booking.created attendee": {
      subject: ({ title }) => `Votre réservation : ${title}`,
      body: ({ title, provider }) => `Votre place à « ${title} » avec ${provider} est confirmée.`,
    },
    "booking.created provider": {
      subject: ({ title, attendee }) => `Nouvelle réservation de ${attendee} : ${title}`,
      body: ({ title, attendee }) => `${attendee} a réservé une place à « ${title} ».`,
    },
    "booking.cancelled attendee": {
      subject: ({ title }) => `Annulé : ${title}`,
      body: ({ title, provider }) => `Votre réservation de « ${title} » avec ${provider} est annulée.`,
    },
    "booking.cancelled provider": {
      subject: ({ title, attendee }) => `Réservation annulée de ${attendee} : ${title}`,
      body: ({ title, attendee }) =>
        `La réservation de « ${title} » par ${attendee} est annulée. La place est de nouveau libre.`,
    },
    "booking.rescheduled attendee": {
      subject: ({ title }) => `Nouvel horaire : ${title}`,
      body: ({ title, provider }) =>
        `${provider} a déplacé « ${title} ». Votre place est conservée ; si le nouvel horaire ne vous convient pas, vous ` +
        "pouvez annuler sans frais jusqu’au début.",
    },
    "booking.reminder attendee": {
      subject: ({ title }) => `Rappel : ${title}`,
      body: ({ title, provider }) =>
        `« ${title} » avec ${provider} commence bientôt. Si vous ne pouvez pas venir, merci d’annuler, pour que quelqu’un ` +
        "d’autre profite de la place.",
    },
    "event.cancelled provider": {
      subject: ({ title }) => `Votre événement a été annulé : ${title}`,
      body: ({ title }) =>
        `« ${title} » a été annulé par l’administration. Toutes les personnes inscrites sont prévenues.`,
    },
    "event.reminder provider": {
      subject: ({ title }) => `Rappel : ${title}`,
      body: ({ title }) => `Votre événement « ${title} » commence bientôt.`,
    },
  },
  notices: {
    untitled: "Séance individuelle",
    "booking.created provider": {
      title: "Nouvelle réservation",
      message: ({ title, when }) => `« ${title} »${on(when)} vient d’être réservé.`,
    },
    "booking.cancelled attendee": {
      title: "Réservation annulée",
      message: ({ title, when }) => `Votre réservation de « ${title} »${on(when)} est annulée.`,
    },
    "booking.cancelled provider": {
      title: "Réservation annulée",
      message: ({ title, when }) =>
        `Une réservation de « ${title} »${on(when)} est annulée. La place est de nouveau libre.`,
    },
    "booking.rescheduled attendee": {
      title: "Nouvel horaire",
      message: ({ title, when }) =>
        `« ${title} » a un nouvel horaire${when ? ` : ${when}` : ""}. Votre place est conservée.`,
    },
    "booking.expired attendee": {
      title: "Réservation expirée",
      message: ({ title }) => `Votre place à « ${title} » n’a pas été payée à temps et est de nouveau libre.`,
    },
    "event.cancelled provider": {
      title: "Événement annulé",
      message: ({ title, when }) => `« ${title} »${on(when)} a été annulé par l’administration.`,
    },
    "review.created provider": {
      title: "Nouvel avis",
      message: ({ title, rating }) => `« ${title} » a reçu la note de ${rating} sur 5.`,
    },
    "review.answered attendee": {
      title: "Réponse à votre avis",
      message: ({ title }) => `Votre avis sur « ${title} » a reçu une réponse.`,
    },
    other: {
      title: "Nouveautés",
      message: ({ title }) => `Il y a du nouveau pour « ${title} ».`,
    },
  },
};

const on = (when: string) => when && ` (${when})`;
