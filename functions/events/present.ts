import type { Account, SignedIn } from "../_shared/domain/accounts.ts";
import type { BookingDetails, NewBooking } from "../_shared/domain/bookings.ts";
import type { EventListing } from "../_shared/domain/events.ts";
import { toMajorUnits } from "../_shared/domain/money.ts";
import type { Provider } from "../_shared/domain/providers.ts";
import { type Page, type PageQuery, presentPagination } from "../_shared/http/pagination.ts";
import { toUtcText } from "../_shared/http/times.ts";

/** The document's words for a booking's status; what is over stays confirmed. */
export function bookingStatus(status: string): "CONFIRMED" | "CANCELLED" | "PENDING" {
  if (status === "cancelled" || status === "expired") return "CANCELLED";
  return status === "held" || status === "pending_payment" ? "PENDING" : "CONFIRMED";
}

/** The domain's statuses behind a word of the document. */
export const statusesOf = {
  confirmed: ["confirmed", "completed", "no_show"],
  cancelled: ["cancelled", "expired"],
  pending: ["held", "pending_payment"],
};

const eventType = (kind: string) => kind === "retreat" ? "RETREAT" as const : "SESSION" as const;

function paymentStatus(status: string): "pending" | "paid" | "partly_refunded" | "refunded" | "none" {
  if (status === "due") return "pending";
  return status === "paid" || status === "partly_refunded" || status === "refunded" ? status : "none";
}

export function presentUser(account: Account) {
  return {
    id: account.id,
    email: account.email,
    first_name: account.givenName,
    last_name: account.familyName,
    phone: account.phone,
    created_at: toUtcText(account.createdAt),
    is_active: true,
  };
}

export function presentSignedIn({ accessToken, refreshToken, expiresIn, account }: SignedIn) {
  return {
    message: "Login successful",
    user: presentUser(account),
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_in: expiresIn,
  };
}

export function presentEvent(event: EventListing) {
  return {
    id: event.id,
    title: event.title,
    description: event.description,
    event_type: eventType(event.kind),
    facilitator: { id: event.provider_id, name: event.provider_name, bio: event.provider_bio ?? "" },
    start_datetime: toUtcText(event.starts_at),
    end_datetime: toUtcText(event.ends_at),
    location: event.location,
    virtual_link: event.virtual_link,
    max_participants: event.capacity,
    current_participants: event.seats_taken,
    available_spots: event.seats_left,
    price: toMajorUnits(event.price_minor, event.currency),
    status: event.status === "cancelled" ? "CANCELLED" as const : "ACTIVE" as const,
    requirements: event.requirements,
    is_full: event.seats_left <= 0,
    created_at: toUtcText(event.created_at),
  };
}

export function presentEvents(query: PageQuery, page: Page<EventListing>) {
  return { events: page.items.map(presentEvent), pagination: presentPagination(query, page) };
}

export function presentBooking(booking: BookingDetails) {
  return {
    id: booking.id,
    user: {
      id: booking.attendee_id,
      email: booking.attendee_email ?? "",
      first_name: booking.attendee_given_name ?? "",
      last_name: booking.attendee_family_name ?? "",
    },
    event: {
      id: booking.event_id,
      title: booking.event_title,
      event_type: eventType(booking.event_kind),
      start_datetime: toUtcText(booking.starts_at),
    },
    booking_date: toUtcText(booking.created_at),
    status: bookingStatus(booking.status),
    notes: booking.notes,
    payment_status: paymentStatus(booking.payment_status),
    created_at: toUtcText(booking.created_at),
  };
}

export function presentNewBooking({ event, attendee, ...booking }: NewBooking) {
  return {
    id: booking.id,
    user: {
      id: attendee.id,
      email: attendee.contact?.email ?? "",
      first_name: attendee.given_name,
      last_name: attendee.family_name,
    },
    event: {
      id: event.id,
      title: event.title,
      event_type: eventType(event.kind),
      start_datetime: toUtcText(event.starts_at),
    },
    booking_date: toUtcText(booking.created_at),
    status: bookingStatus(booking.status),
    notes: booking.notes,
    payment_status: paymentStatus(booking.payment_status),
    created_at: toUtcText(booking.created_at),
  };
}

export function presentFacilitator(provider: Provider) {
  return {
    id: provider.id,
    name: provider.display_name,
    bio: provider.bio ?? "",
    specialization: provider.specialization,
  };
}
