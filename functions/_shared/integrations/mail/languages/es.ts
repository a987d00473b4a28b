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
    until: "Reservado hasta",
    reason: "Motivo",
  },
  free: "gratis",
  online: "en línea; tu reserva muestra el enlace desde 15 minutos antes del comienzo",
  eventOnline: "en línea; con tu sesión iniciada verás el enlace en el evento",
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
      body: ({ title, provider, canceller }) =>
        ({
          attendee: `Has cancelado tu reserva de «${title}» con ${provider}.`,
          provider: `Tu reserva de «${title}» ha sido cancelada por ${provider}.`,
          event: `«${title}» con ${provider} se ha cancelado y, con ello, tu reserva.`,
          other: `Tu reserva de «${title}» con ${provider} se ha cancelado.`,
        })[canceller],
    },
    "booking.cancelled provider": {
      subject: ({ title, attendee }) => `Reserva cancelada de ${attendee}: ${title}`,
      body: ({ title, attendee, canceller }) =>
        canceller === "attendee"
          ? `La reserva de «${title}» ha sido cancelada por ${attendee}.`
          : `La reserva de «${title}» de ${attendee} se ha cancelado.`,
    },
    "booking.rescheduled attendee": {
      subject: ({ title }) => `Nuevo horario: ${title}`,
      body: ({ title, provider }) =>
        `${provider} ha cambiado la fecha de «${title}». Conservas tu plaza; si no te viene bien, puedes cancelar gratis ` +
        "hasta que empiece.",
    },
    "booking.updated attendee": {
      subject: ({ title }) => `Nuevo lugar: ${title}`,
      body: ({ title, provider }) => `${provider} ha cambiado el lugar de «${title}». Conservas tu plaza.`,
    },
    "booking.reminder attendee": {
      subject: ({ title }) => `Recordatorio: ${title}`,
      body: ({ title, provider }) =>
        `«${title}» con ${provider} empieza pronto. Si no puedes venir, cancela, por favor, para que otra persona aproveche ` +
        "la plaza.",
    },
    "booking.confirmed attendee": {
      subject: ({ title }) => `Tu reserva: ${title}`,
      body: ({ title, provider }) => `Tu reserva de «${title}» con ${provider} está confirmada.`,
    },
    "booking.confirmed provider": {
      subject: ({ title, attendee }) => `Nueva reserva de ${attendee}: ${title}`,
      body: ({ title, attendee }) => `${attendee} ha reservado «${title}».`,
    },
    "time.rescheduled attendee": {
      subject: ({ title }) => `Nuevo horario: ${title}`,
      body: ({ title, provider }) =>
        `«${title}» con ${provider} tiene un nuevo horario. Tu pago se mantiene.`,
    },
    "time.rescheduled provider": {
      subject: ({ title }) => `Nuevo horario: ${title}`,
      body: ({ title, attendee }) => `La reserva de «${title}» de ${attendee} tiene un nuevo horario.`,
    },
    "time.reminder attendee": {
      subject: ({ title }) => `Recordatorio: ${title}`,
      body: ({ title, provider }) =>
        `«${title}» con ${provider} empieza pronto. Si no puedes venir, cancela, por favor, para que ${provider} lo sepa.`,
    },
    "time.reminder provider": {
      subject: ({ title }) => `Recordatorio: ${title}`,
      body: ({ title, attendee }) => `«${title}» con ${attendee} empieza pronto.`,
    },
    "payment.returned attendee": {
      subject: ({ title }) => `Sin reserva, con reembolso: ${title}`,
      body: ({ title, provider, refund }) =>
        `Tu pago por «${title}» con ${provider} llegó cuando el horario ya era de otra persona. Te devolvemos todo: ${refund}.`,
    },
    "payment.returned provider": {
      subject: ({ title }) => `Sin reserva: ${title}`,
      body: ({ title, attendee }) =>
        `Un pago de ${attendee} por «${title}» llegó tarde y se devuelve. No tienes que hacer nada.`,
    },
    "payment.refunded attendee": {
      subject: ({ title }) => `Reembolso: ${title}`,
      body: ({ title, provider, refund }) =>
        `${refund} de tu pago por «${title}» con ${provider} van de vuelta hacia ti.`,
    },
    "booking.offered attendee": {
      subject: ({ title }) => `Una plaza para ti: ${title}`,
      body: ({ title, provider }) =>
        `Ha quedado libre una plaza en «${title}» con ${provider} y te la guardamos. Resérvala a tiempo o pasará a la siguiente persona de la lista de espera.`,
    },
    "waiting.closed attendee": {
      subject: ({ title }) => `Cancelado: ${title}`,
      body: ({ title, provider }) =>
        `«${title}» con ${provider}, para lo que estás en la lista de espera, no tendrá lugar. No tienes que hacer nada.`,
    },
    "recording.shared attendee": {
      subject: ({ title }) => `Grabación: ${title}`,
      body: ({ title, provider }) =>
        `${provider} comparte contigo la grabación de «${title}». Tu reserva tiene el enlace y dice hasta cuándo vale.`,
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
  notices: {
    untitled: "Sesión individual",
    "booking.created provider": {
      title: "Nueva reserva",
      message: ({ title, when }) => `Alguien ha reservado «${title}»${on(when)}.`,
    },
    "booking.cancelled attendee": {
      title: "Reserva cancelada",
      message: ({ title, when }) => `Tu reserva de «${title}»${on(when)} se ha cancelado.`,
    },
    "booking.cancelled provider": {
      title: "Reserva cancelada",
      message: ({ title, when }) => `Se ha cancelado una reserva de «${title}»${on(when)}.`,
    },
    "booking.rescheduled attendee": {
      title: "Nuevo horario",
      message: ({ title, when }) =>
        `«${title}» tiene un nuevo horario${when ? `: ${when}` : ""}. Conservas tu plaza.`,
    },
    "booking.updated attendee": {
      title: "Nuevo lugar",
      message: ({ title, when }) => `«${title}»${on(when)} tendrá lugar en otro sitio.`,
    },
    "booking.expired attendee": {
      title: "Reserva caducada",
      message: ({ title }) => `Tu plaza en «${title}» ya no está guardada.`,
    },
    "booking.offered attendee": {
      title: "Una plaza para ti",
      message: ({ title, when }) =>
        `«${title}»${on(when)} ha quedado libre y te la guardamos. Resérvala a tiempo.`,
    },
    "waiting.closed attendee": {
      title: "Lista de espera cerrada",
      message: ({ title, when }) =>
        `«${title}»${on(when)}, para lo que estás en la lista de espera, no tendrá lugar.`,
    },
    "event.cancelled provider": {
      title: "Evento cancelado",
      message: ({ title, when }) => `La administración ha cancelado «${title}»${on(when)}.`,
    },
    "review.created provider": {
      title: "Nueva valoración",
      message: ({ title, rating }) => `«${title}» ha recibido ${rating} de 5.`,
    },
    "review.answered attendee": {
      title: "Respuesta a tu valoración",
      message: ({ title }) => `Han respondido a tu valoración de «${title}».`,
    },
    "booking.confirmed attendee": {
      title: "Reserva confirmada",
      message: ({ title, when }) => `Tu reserva de «${title}»${on(when)} está confirmada.`,
    },
    "booking.confirmed provider": {
      title: "Nueva reserva",
      message: ({ title, when }) => `Alguien ha reservado «${title}»${on(when)}.`,
    },
    "booking.rescheduled provider": {
      title: "Nuevo horario",
      message: ({ title, when }) =>
        `Una reserva de «${title}» tiene un nuevo horario${when ? `: ${when}` : ""}.`,
    },
    "payment.failed attendee": {
      title: "Pago fallido",
      message: ({ title }) => `El pago de «${title}» ha fallado. Tu plaza sigue reservada un poco más.`,
    },
    "payment.returned attendee": {
      title: "Sin reserva, con reembolso",
      message: ({ title }) => `Tu pago de «${title}» llegó tarde y se devuelve por completo.`,
    },
    "payment.returned provider": {
      title: "Pago devuelto",
      message: ({ title }) => `Un pago de «${title}» llegó tarde y se devuelve. No tienes que hacer nada.`,
    },
    "payment.refunded attendee": {
      title: "Reembolso",
      message: ({ title }) => `Un reembolso por «${title}» va de camino hacia ti.`,
    },
    "refund.failed attendee": {
      title: "Reembolso fallido",
      message: ({ title }) => `El reembolso por «${title}» no te ha llegado. Nos ocupamos de ello.`,
    },
    "recording.shared attendee": {
      title: "Grabación",
      message: ({ title }) => `La grabación de «${title}» está a tu disposición.`,
    },
    "webhook.disabled provider": {
      title: "Webhook desactivado",
      message: () =>
        "Tu webhook no aceptó nada durante días y está desactivado. No se ha perdido nada: actívalo y repite los envíos.",
    },
    other: {
      title: "Novedades",
      message: ({ title }) => `Hay novedades sobre «${title}».`,
    },
  },
};

const on = (when: string) => when && ` (${when})`;
