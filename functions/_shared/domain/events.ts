import type { Page, PageQuery } from "../http/pagination.ts";
import { pageSlice } from "../http/pagination.ts";
import { AppError } from "../http/errors.ts";
import { call, type Db, rowsOf, type Tables, type ViewRow } from "./db.ts";
import { toPage } from "./page.ts";

export type Event = Tables["events"]["Row"];
/** An event with its provider's name and the seats that are free. */
export type EventListing = ViewRow<"event_listings", "provider_bio" | "virtual_link">;

/** What can be said of an event; times are ISO 8601, the price is in major units of its currency. */
export interface EventFields {
  kind: string;
  title: string;
  description: string;
  starts_at: string;
  ends_at: string;
  capacity: number;
  price: number;
  timezone: string;
}

type Required = "kind" | "title" | "starts_at" | "ends_at";
export type NewEvent = Pick<EventFields, Required> & Partial<Omit<EventFields, Required>>;

/** Published events that have not begun, soonest first. */
export async function listOpenEvents(db: Db, query: PageQuery): Promise<Page<EventListing>> {
  return toPage(await call(db, "list_open_events", pageSlice(query)));
}

/** Which events to list; statuses are open (not begun), past, cancelled and any. */
export interface EventFilter {
  search?: string | undefined;
  kind?: string | undefined;
  providerId?: string | undefined;
  status: "open" | "past" | "cancelled" | "any";
}

/** Events that a filter leaves: best match first, else open ones soonest first and others latest first. */
export async function listEvents(
  db: Db,
  { search, kind, providerId, status }: EventFilter,
  query: PageQuery,
): Promise<Page<EventListing>> {
  return toPage(
    await call(db, "list_events", {
      ...pageSlice(query),
      status,
      ...(search ? { search } : {}),
      ...(kind ? { kind } : {}),
      ...(providerId ? { provider_id: providerId } : {}),
    }),
  );
}

/** One event. @throws {AppError} EVENT_NOT_FOUND */
export async function readEvent(db: Db, eventId: string): Promise<EventListing> {
  const row = await rowsOf(db.client.from("event_listings").select().eq("id", eventId).maybeSingle());
  if (!row) throw new AppError("EVENT_NOT_FOUND");
  return row as EventListing;
}

/** All events of the signed-in provider, latest first. @throws {AppError} NOT_A_PROVIDER */
export async function listMyEvents(db: Db, query: PageQuery): Promise<Page<EventListing>> {
  return toPage(await call(db, "list_my_events", pageSlice(query)));
}

/** Publishes an event. @throws {AppError} NOT_A_PROVIDER, INVALID_INPUT, PROVIDER_NOT_FREE */
export function publishEvent(db: Db, event: NewEvent): Promise<Event> {
  return call(db, "publish_event", event);
}

/**
 * Changes what is given; new times tell everybody booked, a new place who has a seat.
 *
 * @throws {AppError} NOT_A_PROVIDER, NOT_YOUR_EVENT, EVENT_NOT_FOUND, INVALID_INPUT, EVENT_CANCELLED, EVENT_STARTED,
 * CAPACITY_BELOW_BOOKINGS, PROVIDER_NOT_FREE
 */
export function updateEvent(db: Db, eventId: string, changes: Partial<EventFields>): Promise<Event> {
  return call(db, "update_event", { event_id: eventId, ...changes });
}

/**
 * Cancels an event with its bookings and tells everybody; those who booked read the reason.
 *
 * @throws {AppError} NOT_A_PROVIDER, NOT_YOUR_EVENT, EVENT_NOT_FOUND, EVENT_STARTED
 */
export function cancelEvent(db: Db, eventId: string, reason?: string): Promise<Event> {
  return call(db, "cancel_event", { event_id: eventId, ...(reason ? { reason } : {}) });
}
