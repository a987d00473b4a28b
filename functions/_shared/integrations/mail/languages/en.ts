import type { Language } from "../language.ts";

export const en: Language = {
  greeting: (name) => name ? `Hello ${name},` : "Hello,",
  formerMember: "a former member",
  labels: { when: "When", where: "Where", price: "Price", before: "Before", notes: "Notes" },
  free: "free of charge",
  letters: {
    "booking.created attendee": {
      subject: ({ title }) => `Your booking: ${title}`,
      body: ({ title, provider }) => `Your seat at “${title}” with ${provider} is confirmed.`,
    },
    "booking.created provider": {
      subject: ({ title, attendee }) => `New booking by ${attendee}: ${title}`,
      body: ({ title, attendee }) => `${attendee} has booked a seat at “${title}”.`,
    },
    "booking.cancelled attendee": {
      subject: ({ title }) => `Cancelled: ${title}`,
      body: ({ title, provider }) => `Your booking of “${title}” with ${provider} is cancelled.`,
    },
    "booking.cancelled provider": {
      subject: ({ title, attendee }) => `Booking cancelled by ${attendee}: ${title}`,
      body: ({ title, attendee }) =>
        `The booking of “${title}” by ${attendee} is cancelled. The seat is free again.`,
    },
    "booking.rescheduled attendee": {
      subject: ({ title }) => `New time: ${title}`,
      body: ({ title, provider }) =>
        `${provider} has moved “${title}”. Your seat is kept; if the new time does not suit you, you can cancel free ` +
        "of charge until it begins.",
    },
    "booking.confirmed attendee": {
      subject: ({ title }) => `Your booking: ${title}`,
      body: ({ title, provider }) => `Your booking of “${title}” with ${provider} is confirmed.`,
    },
    "booking.confirmed provider": {
      subject: ({ title, attendee }) => `New booking by ${attendee}: ${title}`,
      body: ({ title, attendee }) => `${attendee} has booked “${title}”.`,
    },
    "time.rescheduled attendee": {
      subject: ({ title }) => `New time: ${title}`,
      body: ({ title, provider }) =>
        `“${title}” with ${provider} has a new time. What you have paid stays as it is.`,
    },
    "time.rescheduled provider": {
      subject: ({ title }) => `New time: ${title}`,
      body: ({ title, attendee }) => `The booking of “${title}” by ${attendee} has a new time.`,
    },
    "payment.returned attendee": {
      subject: ({ title }) => `Not booked, and refunded: ${title}`,
      body: ({ title, provider, refund }) =>
        `Your payment for “${title}” with ${provider} came when the time was taken by somebody else. We return all of it: ${refund}.`,
    },
    "payment.returned provider": {
      subject: ({ title }) => `Not booked: ${title}`,
      body: ({ title, attendee }) =>
        `A payment by ${attendee} for “${title}” came too late and is returned. There is nothing for you to do.`,
    },
    "payment.refunded attendee": {
      subject: ({ title }) => `Refund: ${title}`,
      body: ({ title, provider, refund }) =>
        `${refund} of your payment for “${title}” with ${provider} are on their way back to you.`,
    },
    "event.cancelled provider": {
      subject: ({ title }) => `Your event was cancelled: ${title}`,
      body: ({ title }) => `“${title}” was cancelled by an administrator. Everybody booked has been told.`,
    },
  },
};
