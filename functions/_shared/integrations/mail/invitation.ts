import type { Delivery } from "../../domain/outbox.ts";
import { type Method, writeCalendar } from "../calendar/calendar.ts";
import type { MailAttachment } from "./mail.ts";

/** What each letter does to its reader's calendar. Others, such as a single seat freed at an event, change no entry. */
const methods: Record<string, Method> = {
  "booking.created attendee": "REQUEST",
  "booking.created provider": "REQUEST",
  "booking.confirmed attendee": "REQUEST",
  "booking.confirmed provider": "REQUEST",
  "booking.rescheduled attendee": "REQUEST",
  "booking.updated attendee": "REQUEST",
  "booking.cancelled attendee": "CANCEL",
  "event.cancelled provider": "CANCEL",
};

/** One-to-one time is the provider's entry too: it moves and ends with its booking. */
const methodsOfTime: Record<string, Method> = {
  ...methods,
  "booking.rescheduled provider": "REQUEST",
  "booking.cancelled provider": "CANCEL",
};

/**
 * The calendar file that comes with a letter: the recipient's entry as it is now, or none when there is nothing to put
 * into a calendar or to take out of it.
 *
 * @param organizerEmail the address in whose name invitations come
 */
export async function writeInvitation(
  delivery: Delivery,
  organizerEmail: string | undefined,
): Promise<MailAttachment[]> {
  const { context: { entry, recipient }, event, target, payload } = delivery;
  const method = (payload.kind === "one_to_one" ? methodsOfTime : methods)[`${event} ${target}`];
  if (!method || !entry || !recipient?.email) return [];
  // No letter would take an unpaid hold out again when it lapses.
  if (entry.status === "tentative") return [];
  // A booking that was cancelled before its first letter went out: the next letter says so.
  if ((method === "CANCEL") !== (entry.status === "cancelled")) return [];
  const text = await writeCalendar([entry], {
    method,
    organizerEmail,
    attendee: { name: recipient.name, email: recipient.email },
  });
  return [{
    filename: method === "CANCEL" ? "cancelled.ics" : "invitation.ics",
    content_type: `text/calendar; charset=utf-8; method=${method}`,
    content: base64(text),
  }];
}

/** Of the text's UTF-8. Hosted Supabase's Deno has no `toBase64` yet. */
function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
