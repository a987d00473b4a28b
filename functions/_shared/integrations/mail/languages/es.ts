import type { Language } from "../language.ts";

export const es: Language = {
  greeting: (name) => name ? `Hola, ${name}:` : "Hola:",
  formerMember: "una persona que ya no es miembro",
  labels: {
    when: "Cuándo",
    where: "Dónde",
    price: "Precio",
    before: "Antes",
    notes: "Notas",
    seats: "Plazas ocupadas",
  },
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
    "booking.reminder attendee": {
      subject: ({ title }) => `Recordatorio: ${title}`,
      body: ({ title, provider }) =>
        `«${title}» con ${provider} empieza pronto. Si no puedes venir, cancela, por favor, para que otra persona aproveche ` +
        "la plaza.",
    },
    "event.cancelled provider": {
      subject: ({ title }) => `Tu evento se ha cancelado: ${title}`,
      body: ({ title }) =>
        `La administración ha cancelado «${title}». Hemos avisado a todas las personas con reserva.`,
    },
    "event.reminder provider": {
      subject: ({ title }) => `Recordatorio: ${title}`,
      body: ({ title }) => `Tu evento «${title}» empieza pronto.`,
    },
  },
};
