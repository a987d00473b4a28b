import type { CrmDashboard, CrmFigures, CrmRecord, CrmStatusChange } from "../_shared/domain/crm_records.ts";
import { toUtcText } from "../_shared/http/times.ts";

export function presentRecord(record: CrmRecord) {
  return {
    id: record.id,
    booking_id: record.booking_id,
    user: {
      id: record.user_id,
      email: record.user_email,
      name: record.user_name,
      phone: record.user_phone,
    },
    event: { id: record.event_id, title: record.event_title, type: record.event_kind },
    facilitator_id: record.provider_id,
    received_at: toUtcText(record.received_at),
    status: record.booking_status,
    crm_status: record.crm_status,
  };
}

/** The whole of what was told, and the history of the status; more than the document shows. */
export function presentWholeRecord(record: CrmRecord & { status_history: CrmStatusChange[] }) {
  const presented = presentRecord(record);
  return {
    ...presented,
    event: {
      ...presented.event,
      start_datetime: record.starts_at && toUtcText(record.starts_at),
      location: record.event_location,
    },
    booking_date: record.booked_at && toUtcText(record.booked_at),
    notes: record.notes,
    source: record.source,
    status_history: record.status_history.map((change) => ({
      old_status: change.old_status,
      new_status: change.new_status,
      notes: change.notes,
      changed_by: change.changed_by,
      changed_at: toUtcText(change.changed_at),
    })),
  };
}

export function presentProviderRecord(record: CrmRecord) {
  const { user: { phone: _, ...user }, facilitator_id: __, status: ___, ...presented } = presentRecord(
    record,
  );
  return { ...presented, user, status: record.booking_status };
}

export function presentStatistics(figures: CrmFigures) {
  return {
    total_bookings: figures.bookings,
    session_bookings: figures.sessions,
    retreat_bookings: figures.retreats,
    recent_bookings: figures.recent,
    unique_users: figures.users,
    unique_events: figures.events,
  };
}

export function presentDashboard(facilitatorId: string, dashboard: CrmDashboard, now: Date) {
  const { recent_bookings: recent, ...statistics } = presentStatistics(dashboard.figures);
  return {
    facilitator_id: facilitatorId,
    summary: { ...statistics, recent_bookings_count: recent },
    popular_events: dashboard.popular_events.map((event) => ({
      event_id: event.event_id,
      event_title: event.event_title,
      event_type: event.event_kind,
      booking_count: event.bookings,
    })),
    recent_bookings: dashboard.recent_records.map((record) => ({
      id: record.id,
      booking_id: record.booking_id,
      user: { id: record.user_id, name: record.user_name, email: record.user_email },
      event: { id: record.event_id, title: record.event_title },
      received_at: toUtcText(record.received_at),
    })),
    booking_trends: {
      sessions_vs_retreats: { sessions: dashboard.figures.sessions, retreats: dashboard.figures.retreats },
    },
    generated_at: toUtcText(now.toISOString()),
  };
}
