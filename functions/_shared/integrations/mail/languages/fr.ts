import type { Language } from "../language.ts";

export const fr: Language = {
  greeting: (name) => name ? `Bonjour ${name},` : "Bonjour,",
  formerMember: "un ancien membre",
  labels: { when: "Quand", where: "Où", price: "Prix", before: "Avant", notes: "Remarques" },
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
    "booking.confirmed attendee": {
      subject: ({ title }) => `Votre réservation : ${title}`,
      body: ({ title, provider }) => `Votre réservation de « ${title} » avec ${provider} est confirmée.`,
    },
    "booking.confirmed provider": {
      subject: ({ title, attendee }) => `Nouvelle réservation de ${attendee} : ${title}`,
      body: ({ title, attendee }) => `${attendee} a réservé « ${title} ».`,
    },
    "time.rescheduled attendee": {
      subject: ({ title }) => `Nouvel horaire : ${title}`,
      body: ({ title, provider }) =>
        `« ${title} » avec ${provider} a un nouvel horaire. Votre paiement reste valable.`,
    },
    "time.rescheduled provider": {
      subject: ({ title }) => `Nouvel horaire : ${title}`,
      body: ({ title, attendee }) => `La réservation de « ${title} » par ${attendee} a un nouvel horaire.`,
    },
    "payment.returned attendee": {
      subject: ({ title }) => `Non réservé, remboursé : ${title}`,
      body: ({ title, provider, refund }) =>
        `Votre paiement pour « ${title} » avec ${provider} est arrivé quand l’horaire était déjà pris. Nous vous rendons tout : ${refund}.`,
    },
    "payment.returned provider": {
      subject: ({ title }) => `Non réservé : ${title}`,
      body: ({ title, attendee }) =>
        `Un paiement de ${attendee} pour « ${title} » est arrivé trop tard et lui est rendu. Vous n’avez rien à faire.`,
    },
    "payment.refunded attendee": {
      subject: ({ title }) => `Remboursement : ${title}`,
      body: ({ title, provider, refund }) =>
        `${refund} de votre paiement pour « ${title} » avec ${provider} vous reviennent.`,
    },
    "event.cancelled provider": {
      subject: ({ title }) => `Votre événement a été annulé : ${title}`,
      body: ({ title }) =>
        `« ${title} » a été annulé par l’administration. Toutes les personnes inscrites sont prévenues.`,
    },
  },
};
