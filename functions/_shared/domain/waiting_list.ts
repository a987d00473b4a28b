import { call, type Db, rowsOf, type ViewRow } from "./db.ts";
import { bounds, type ChosenTime } from "./time_bookings.ts";

/** What can become of a place in line. */
export const waitingStatuses = [
  "waiting",
  "offered",
  "taken",
  "declined",
  "lapsed",
  "left",
  "closed",
] as const;

/** What somebody waits for; while it is offered, `booking_id` is held for them until `offer_expires_at`. */
export type WaitingEntry = ViewRow<
  "waiting_list",
  "event_id" | "title" | "offering_id" | "position" | "booking_id" | "offer_expires_at"
>;

/**
 * Puts the signed-in person on the waiting list of a full event.
 *
 * @throws {AppError} EVENT_NOT_FOUND, EVENT_CANCELLED, EVENT_STARTED, ALREADY_BOOKED, STILL_AVAILABLE, TOO_MANY_WAITING
 */
export async function waitForEvent(db: Db, eventId: string): Promise<WaitingEntry> {
  return await call(db, "wait_for_event", { event_id: eventId }) as WaitingEntry;
}

/**
 * Puts the signed-in person on the waiting list of one-to-one time that somebody has.
 *
 * @throws {AppError} PROVIDER_NOT_FOUND, SLOT_NOT_FOUND, OFFERING_NOT_FOUND, ALREADY_BOOKED, STILL_AVAILABLE,
 * SLOT_NOT_AVAILABLE, TOO_MANY_WAITING, INVALID_INPUT
 */
export async function waitForTime(db: Db, time: ChosenTime, offeringId?: string): Promise<WaitingEntry> {
  return await call(db, "wait_for_time", {
    ...bounds(time),
    ...(time.providerId ? { provider_id: time.providerId } : {}),
    ...(offeringId ? { offering_id: offeringId } : {}),
  }) as WaitingEntry;
}

/** Takes the signed-in person off a waiting list, and declines its offer. @throws {AppError} WAITING_ENTRY_NOT_FOUND */
export async function leaveWaitingList(db: Db, entryId: string): Promise<WaitingEntry> {
  return await call(db, "leave_waiting_list", { entry_id: entryId }) as WaitingEntry;
}

/** What this person waits for at the moment, in the order in which they asked; at most 20. */
export async function listMyWaiting(db: Db, personId: string): Promise<WaitingEntry[]> {
  const rows = await rowsOf(
    db.client.from("waiting_list").select()
      .eq("person_id", personId)
      .in("status", ["waiting", "offered"])
      .order("created_at"),
  );
  return rows as WaitingEntry[];
}
