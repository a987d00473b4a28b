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
    until: "Gardée jusqu’au",
    reason: "Motif",
  },
  free: "gratuit",
  online: "en ligne ; votre réservation montre le lien dès 15 minutes avant le début",
  eventOnline: "en ligne ; une fois connecté, vous voyez le lien auprès de l’événement",
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
      body: ({ title, provider, canceller }) =>
        ({
          attendee: `Vous avez annulé votre réservation de « ${title} » avec ${provider}.`,
          provider: `Votre réservation de « ${title} » a été annulée par ${provider}.`,
          event: `« ${title} » avec ${provider} est annulé, ainsi que votre réservation.`,
          other: `Votre réservation de « ${title} » avec ${provider} est annulée.`,
        })[canceller],
    },
    "booking.cancelled provider": {
      subject: ({ title, attendee }) => `Réservation annulée de ${attendee} : ${title}`,
      body: ({ title, attendee, canceller }) =>
        canceller === "attendee"
          ? `La réservation de « ${title} » a été annulée par ${attendee}.`
          : `La réservation de « ${title} » par ${attendee} est annulée.`,
    },
    "booking.rescheduled attendee": {
      subject: ({ title }) => `Nouvel horaire : ${title}`,
      body: ({ title, provider }) =>
        `${provider} a déplacé « ${title} ». Votre place est conservée ; si le nouvel horaire ne vous convient pas, vous ` +
        "pouvez annuler sans frais jusqu’au début.",
    },
    "booking.updated attendee": {
      subject: ({ title }) => `Nouveau lieu : ${title}`,
      body: ({ title, provider }) =>
        `${provider} a changé le lieu de « ${title} ». Votre place est conservée.`,
    },
    "booking.reminder attendee": {
      subject: ({ title }) => `Rappel : ${title}`,
      body: ({ title, provider }) =>
        `« ${title} » avec ${provider} commence bientôt. Si vous ne pouvez pas venir, merci d’annuler, pour que quelqu’un ` +
        "d’autre profite de la place.",
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
    "time.reminder attendee": {
      subject: ({ title }) => `Rappel : ${title}`,
      body: ({ title, provider }) =>
        `« ${title} » avec ${provider} commence bientôt. Si vous ne pouvez pas venir, merci d’annuler, pour que ${provider} ` +
        "le sache.",
    },
    "time.reminder provider": {
      subject: ({ title }) => `Rappel : ${title}`,
      body: ({ title, attendee }) => `« ${title} » avec ${attendee} commence bientôt.`,
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
    "booking.offered attendee": {
      subject: ({ title }) => `Une place pour vous : ${title}`,
      body: ({ title, provider }) =>
        `Une place à « ${title} » avec ${provider} s’est libérée et vous est gardée. Réservez-la à temps, sinon elle ira à la personne suivante sur la liste d’attente.`,
    },
    "waiting.closed attendee": {
      subject: ({ title }) => `Annulé : ${title}`,
      body: ({ title, provider }) =>
        `« ${title} » avec ${provider}, dont vous attendez une place, n’aura pas lieu. Vous n’avez rien à faire.`,
    },
    "recording.shared attendee": {
      subject: ({ title }) => `Enregistrement : ${title}`,
      body: ({ title, provider }) =>
        `${provider} partage avec vous l’enregistrement de « ${title} ». Votre réservation a le lien et dit jusqu’à quand.`,
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
      message: ({ title, when }) => `Une réservation de « ${title} »${on(when)} est annulée.`,
    },
    "booking.rescheduled attendee": {
      title: "Nouvel horaire",
      message: ({ title, when }) =>
        `« ${title} » a un nouvel horaire${when ? ` : ${when}` : ""}. Votre place est conservée.`,
    },
    "booking.updated attendee": {
      title: "Nouveau lieu",
      message: ({ title, when }) => `« ${title} »${on(when)} aura lieu à un autre endroit.`,
    },
    "booking.expired attendee": {
      title: "Réservation expirée",
      message: ({ title }) => `Votre place à « ${title} » n’est plus gardée.`,
    },
    "booking.offered attendee": {
      title: "Une place pour vous",
      message: ({ title, when }) =>
        `« ${title} »${on(when)} s’est libéré et vous est gardé. Réservez à temps.`,
    },
    "waiting.closed attendee": {
      title: "Liste d’attente fermée",
      message: ({ title, when }) => `« ${title} »${on(when)}, dont vous attendez une place, n’aura pas lieu.`,
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
    "booking.confirmed attendee": {
      title: "Réservation confirmée",
      message: ({ title, when }) => `Votre réservation de « ${title} »${on(when)} est confirmée.`,
    },
    "booking.confirmed provider": {
      title: "Nouvelle réservation",
      message: ({ title, when }) => `Quelqu’un a réservé « ${title} »${on(when)}.`,
    },
    "booking.rescheduled provider": {
      title: "Nouvel horaire",
      message: ({ title, when }) =>
        `Une réservation de « ${title} » a un nouvel horaire${when ? ` : ${when}` : ""}.`,
    },
    "payment.failed attendee": {
      title: "Échec du paiement",
      message: ({ title }) =>
        `Le paiement de « ${title} » a échoué. Votre place reste réservée encore un peu.`,
    },
    "payment.returned attendee": {
      title: "Pas de réservation, remboursement",
      message: ({ title }) =>
        `Votre paiement de « ${title} » est arrivé trop tard et vous est entièrement rendu.`,
    },
    "payment.returned provider": {
      title: "Paiement rendu",
      message: ({ title }) =>
        `Un paiement de « ${title} » est arrivé trop tard et est rendu. Vous n’avez rien à faire.`,
    },
    "payment.refunded attendee": {
      title: "Remboursement",
      message: ({ title }) => `Un remboursement pour « ${title} » est en route vers vous.`,
    },
    "refund.failed attendee": {
      title: "Échec du remboursement",
      message: ({ title }) =>
        `Le remboursement pour « ${title} » ne vous est pas parvenu. Nous nous en occupons.`,
    },
    "recording.shared attendee": {
      title: "Enregistrement",
      message: ({ title }) => `L’enregistrement de « ${title} » est à votre disposition.`,
    },
    "webhook.disabled provider": {
      title: "Webhook désactivé",
      message: () =>
        "Votre webhook n’a rien accepté pendant des jours et est désactivé. Rien n’est perdu : réactivez-le et relancez les envois.",
    },
    other: {
      title: "Nouveautés",
      message: ({ title }) => `Il y a du nouveau pour « ${title} ».`,
    },
  },
};

const on = (when: string) => when && ` (${when})`;
