import type { Language } from "../language.ts";

export const en: Language = {
  greeting: (name) => name ? `Hello ${name},` : "Hello,",
  formerMember: "a former member",
  labels: {
    when: "When",
    where: "Where",
    price: "Price",
    before: "Before",
    notes: "Notes",
    seats: "Seats taken",
    until: "Held until",
    reason: "Reason",
  },
  free: "free of charge",
  online: "online; your booking shows the link from 15 minutes before the start",
  eventOnline: "online; signed in, you see the link at the event",
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
      body: ({ title, provider, canceller }) =>
        ({
          attendee: `You have cancelled your booking of “${title}” with ${provider}.`,
          provider: `Your booking of “${title}” was cancelled by ${provider}.`,
          event: `“${title}” with ${provider} is cancelled, and your booking with it.`,
          other: `Your booking of “${title}” with ${provider} is cancelled.`,
        })[canceller],
    },
    "booking.cancelled provider": {
      subject: ({ title, attendee }) => `Booking by ${attendee} cancelled: ${title}`,
      body: ({ title, attendee, canceller }) =>
        canceller === "attendee"
          ? `The booking of “${title}” was cancelled by ${attendee}.`
          : `The booking of “${title}” by ${attendee} is cancelled.`,
    },
    "booking.rescheduled attendee": {
      subject: ({ title }) => `New time: ${title}`,
      body: ({ title, provider }) =>
        `${provider} has moved “${title}”. Your seat is kept; if the new time does not suit you, you can cancel free ` +
        "of charge until it begins.",
    },
    "booking.updated attendee": {
      subject: ({ title }) => `New place: ${title}`,
      body: ({ title, provider }) =>
        `${provider} has changed where “${title}” takes place. Your seat is kept.`,
    },
    "booking.reminder attendee": {
      subject: ({ title }) => `Reminder: ${title}`,
      body: ({ title, provider }) =>
        `“${title}” with ${provider} begins soon. If you cannot come, please cancel, so that somebody else can.`,
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
    "time.reminder attendee": {
      subject: ({ title }) => `Reminder: ${title}`,
      body: ({ title, provider }) =>
        `“${title}” with ${provider} begins soon. If you cannot come, please cancel, so that ${provider} knows.`,
    },
    "time.reminder provider": {
      subject: ({ title }) => `Reminder: ${title}`,
      body: ({ title, attendee }) => `“${title}” with ${attendee} begins soon.`,
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
    "booking.offered attendee": {
      subject: ({ title }) => `A place for you: ${title}`,
      body: ({ title, provider }) =>
        `A place at “${title}” with ${provider} has become free, and it is held for you. Book it in time, or it goes to the next in line.`,
    },
    "waiting.closed attendee": {
      subject: ({ title }) => `Cancelled: ${title}`,
      body: ({ title, provider }) =>
        `“${title}” with ${provider}, for which you are on the waiting list, does not take place. There is nothing for you to do.`,
    },
    "recording.shared attendee": {
      subject: ({ title }) => `Recording: ${title}`,
      body: ({ title, provider }) =>
        `${provider} shares the recording of “${title}” with you. Your booking has the link and says until when.`,
    },
    "event.cancelled provider": {
      subject: ({ title }) => `Your event was cancelled: ${title}`,
      body: ({ title }) => `“${title}” was cancelled by an administrator. Everybody booked has been told.`,
    },
    "event.reminder provider": {
      subject: ({ title }) => `Reminder: ${title}`,
      body: ({ title }) => `Your event “${title}” begins soon.`,
    },
  },
  notices: {
    untitled: "One-to-one session",
    "booking.created provider": {
      title: "New booking",
      message: ({ title, when }) => `Somebody has booked “${title}”${on(when)}.`,
    },
    "booking.cancelled attendee": {
      title: "Booking cancelled",
      message: ({ title, when }) => `Your booking of “${title}”${on(when)} is cancelled.`,
    },
    "booking.cancelled provider": {
      title: "Booking cancelled",
      message: ({ title, when }) => `A booking of “${title}”${on(when)} is cancelled.`,
    },
    "booking.rescheduled attendee": {
      title: "New time",
      message: ({ title, when }) =>
        `“${title}” has a new time${when ? `: ${when}` : ""}. Your place is kept.`,
    },
    "booking.updated attendee": {
      title: "New place",
      message: ({ title, when }) => `“${title}”${on(when)} takes place somewhere else now.`,
    },
    "booking.expired attendee": {
      title: "Booking expired",
      message: ({ title }) => `Your place at “${title}” is not held any longer.`,
    },
    "booking.offered attendee": {
      title: "A place for you",
      message: ({ title, when }) =>
        `“${title}”${on(when)} has become free and is held for you. Book it before the time is up.`,
    },
    "waiting.closed attendee": {
      title: "Waiting list closed",
      message: ({ title, when }) =>
        `“${title}”${on(when)}, for which you are on the waiting list, does not take place.`,
    },
    "event.cancelled provider": {
      title: "Event cancelled",
      message: ({ title, when }) => `“${title}”${on(when)} was cancelled by an administrator.`,
    },
    "review.created provider": {
      title: "New review",
      message: ({ title, rating }) => `“${title}” was given ${rating} of 5.`,
    },
    "review.answered attendee": {
      title: "Answer to your review",
      message: ({ title }) => `Your review of “${title}” has an answer.`,
    },
    "booking.confirmed attendee": {
      title: "Booking confirmed",
      message: ({ title, when }) => `Your booking of “${title}”${on(when)} is confirmed.`,
    },
    "booking.confirmed provider": {
      title: "New booking",
      message: ({ title, when }) => `Somebody has booked “${title}”${on(when)}.`,
    },
    "booking.rescheduled provider": {
      title: "New time",
      message: ({ title, when }) => `A booking of “${title}” has a new time${when ? `: ${when}` : ""}.`,
    },
    "payment.failed attendee": {
      title: "Payment failed",
      message: ({ title }) => `The payment of “${title}” failed. Your place is held a little longer.`,
    },
    "payment.returned attendee": {
      title: "Not booked, and refunded",
      message: ({ title }) => `Your payment of “${title}” came too late, and all of it is returned.`,
    },
    "payment.returned provider": {
      title: "Payment returned",
      message: ({ title }) =>
        `A payment of “${title}” came too late and is returned. There is nothing to do.`,
    },
    "payment.refunded attendee": {
      title: "Refund",
      message: ({ title }) => `A refund for “${title}” is on its way to you.`,
    },
    "refund.failed attendee": {
      title: "Refund failed",
      message: ({ title }) => `The refund for “${title}” did not reach you. We look after it.`,
    },
    "recording.shared attendee": {
      title: "Recording",
      message: ({ title }) => `The recording of “${title}” is there for you.`,
    },
    "webhook.disabled provider": {
      title: "Webhook disabled",
      message: () =>
        "Your webhook took nothing for days and is disabled. Nothing is lost: enable it and replay.",
    },
    other: {
      title: "News",
      message: ({ title }) => `There is news about “${title}”.`,
    },
  },
};

const on = (when: string) => when && ` on ${when}`;
