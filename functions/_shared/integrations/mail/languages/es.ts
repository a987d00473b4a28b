import type { Language } from "../language.ts";

export const es: Language = {
  greeting: (name) => name ? `Hola, ${name}:` : "Hola:",
  formerMember: "una persona que ya no es miembro",
  labels: { when: "Cuándo", where: "Dónde", price: "Precio", before: "Antes", notes: "Notas" },
  free: "gratis",
  letters: {
    "booking.created attendee": {
      subject: ({ title }) => `Tu reserva: ${title}`,
      body: ({ title, provider }) => `Tu plaza en «${title}» con ${provider} está confirmada.`,
    },
    "booking.created provider": {
      subject: ({ title, attendee }) => `Nueva reserva de ${attendee}: ${title}`,
      body: ({ title, attendee }) => `${attendee} ha reservado una plaza en «${title}».`,
    },
    "booking.cancelled attendee": {
      subject: ({ title }) => `Cancelado: ${title}`,
      body: ({ title, provider }) => `Tu reserva de «${title}» con ${provider} se ha cancelado.`,
    },
    "booking.cancelled provider": {
      subject: ({ title, attendee }) => `Reserva cancelada de ${attendee}: ${title}`,
      body: ({ title, attendee }) =>
        `La reserva de «${title}» de ${attendee} se ha cancelado. La plaza vuelve a estar libre.`,
    },
    "booking.rescheduled attendee": {
      subject: ({ title }) => `Nuevo horario: ${title}`,
      body: ({ title, provider }) =>
        `${provider} ha cambiado la fecha de «${title}». Conservas tu plaza; si no te viene bien, puedes cancelar gratis ` +
        "hasta que empiece.",
    },
    "booking.confirmed attendee": {
      subject: ({ title }) => `Su reserva: ${title}`,
      body: ({ title, provider }) => `Su reserva de «${title}» con ${provider} está confirmada.`,
    },
    "booking.confirmed provider": {
      subject: ({ title, attendee }) => `Nueva reserva de ${attendee}: ${title}`,
      body: ({ title, attendee }) => `${attendee} ha reservado «${title}».`,
    },
    "time.rescheduled attendee": {
      subject: ({ title }) => `Nuevo horario: ${title}`,
      body: ({ title, provider }) =>
        `«${title}» con ${provider} tiene un nuevo horario. Su pago se mantiene.`,
    },
    "time.rescheduled provider": {
      subject: ({ title }) => `Nuevo horario: ${title}`,
      body: ({ title, attendee }) => `La reserva de «${title}» de ${attendee} tiene un nuevo horario.`,
    },
    "payment.returned attendee": {
      subject: ({ title }) => `Sin reserva, con reembolso: ${title}`,
      body: ({ title, provider, refund }) =>
        `Su pago por «${title}» con ${provider} llegó cuando el horario ya era de otra persona. Le devolvemos todo: ${refund}.`,
    },
    "payment.returned provider": {
      subject: ({ title }) => `Sin reserva: ${title}`,
      body: ({ title, attendee }) =>
        `Un pago de ${attendee} por «${title}» llegó tarde y se devuelve. No tiene que hacer nada.`,
    },
    "payment.refunded attendee": {
      subject: ({ title }) => `Reembolso: ${title}`,
      body: ({ title, provider, refund }) =>
        `${refund} de su pago por «${title}» con ${provider} van de vuelta hacia usted.`,
    },
    "event.cancelled provider": {
      subject: ({ title }) => `Tu evento se ha cancelado: ${title}`,
      body: ({ title }) =>
        `La administración ha cancelado «${title}». Hemos avisado a todas las personas con reserva.`,
    },
  },
};
