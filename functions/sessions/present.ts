import type { Account, SignedIn } from "../_shared/domain/accounts.ts";
import type { BookingDetails, Dashboard } from "../_shared/domain/bookings.ts";
import type { EventListing } from "../_shared/domain/events.ts";
import { toMajorUnits } from "../_shared/domain/money.ts";
import { toUtcText } from "../_shared/http/times.ts";

const roleOf = ({ isProvider }: Account) => isProvider ? "facilitator" as const : "user" as const;

/** The document's words are confirmed and cancelled; an unpaid hold, which it cannot make, is neither. */
function bookingStatus(status: string): "confirmed" | "cancelled" | "pending" {
  if (status === "cancelled" || status === "expired") return "cancelled";
  return status === "held" || status === "pending_payment" ? "pending" : "confirmed";
}

/** The document's word for an event's status. */
const sessionStatus = (status: string) => status === "cancelled" ? "cancelled" as const : "active" as const;

export function presentSignedIn({ accessToken, refreshToken, expiresIn, account }: SignedIn) {
  return {
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_in: expiresIn,
    user: { id: account.id, email: account.email, name: account.name, role: roleOf(account) },
  };
}

export function presentSession(event: EventListing) {
  return {
    id: event.id,
    title: event.title,
    description: event.description,
    facilitator: event.provider_name,
    session_type: event.kind,
    start_time: toUtcText(event.starts_at),
    end_time: toUtcText(event.ends_at),
    capacity: event.capacity,
    price: toMajorUnits(event.price_minor, event.currency),
    available_spots: event.seats_left,
  };
}

export function presentOwnSession(event: EventListing) {
  const { facilitator: _, ...session } = presentSession(event);
  return {
    ...session,
    status: sessionStatus(event.status),
    bookings_count: event.seats_taken,
    created_at: toUtcText(event.created_at),
  };
}

export function presentMyBooking(booking: BookingDetails) {
  return {
    id: booking.id,
    session: {
      id: booking.event_id,
      title: booking.event_title,
      start_time: toUtcText(booking.starts_at),
      end_time: toUtcText(booking.ends_at),
      facilitator: booking.provider_name,
    },
    booking_status: bookingStatus(booking.status),
    booking_date: toUtcText(booking.created_at),
    notes: booking.notes,
  };
}

export function presentSessionBooking(booking: BookingDetails) {
  return {
    id: booking.id,
    user: { id: booking.attendee_id, name: booking.attendee_name ?? "", email: booking.attendee_email ?? "" },
    booking_status: bookingStatus(booking.status),
    booking_date: toUtcText(booking.created_at),
    notes: booking.notes,
  };
}

export function presentProviderBooking(booking: BookingDetails) {
  return {
    ...presentSessionBooking(booking),
    session: { id: booking.event_id, title: booking.event_title, start_time: toUtcText(booking.starts_at) },
  };
}

export function presentDashboard(dashboard: Dashboard) {
  return {
    metrics: {
      total_sessions: dashboard.eventsTotal,
      active_sessions: dashboard.eventsPublished,
      total_bookings: dashboard.bookingsTotal,
      total_revenue: toMajorUnits(dashboard.revenueMinor, dashboard.currency),
      upcoming_sessions: dashboard.eventsUpcoming,
    },
    recent_bookings: dashboard.recentBookings.map((booking) => ({
      id: booking.id,
      user: { name: booking.attendee_name ?? "", email: booking.attendee_email ?? "" },
      session: { title: booking.event_title, start_time: toUtcText(booking.starts_at) },
      booking_date: toUtcText(booking.created_at),
      status: bookingStatus(booking.status),
    })),
  };
}
