import { z } from "@hono/zod-openapi";
import { toUtcText } from "../http/times.ts";
import type { Runtime } from "../runtime.ts";
import type { Delivery } from "../domain/outbox.ts";
import { answersWith, VendorError, vendorFetch } from "./vendor.ts";

/** What a CRM of our contract answers to a notification. */
const Taken = z.object({ status: z.literal("success") });

/** Tells a CRM of bookings. */
export interface Crm {
  /** @throws {VendorError} when the CRM did not take it */
  notify(delivery: Delivery): Promise<void>;
}

/** The configured CRM, or null. It speaks `POST /api/notify` of the CRM contract, ours or another. */
export function crm(runtime: Runtime): Crm | null {
  const { crm } = runtime.config;
  if (!crm) return null;
  return {
    async notify(delivery) {
      const { ok, status, body } = await vendorFetch(runtime, "crm", `${crm.url}/api/notify`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${crm.token}`,
          "content-type": "application/json",
          "idempotency-key": `delivery-${delivery.id}`,
        },
        body: JSON.stringify(notification(delivery)),
      });
      if (!ok) throw new VendorError("crm", `answered ${status}`, status);
      if (!answersWith(Taken, body)) {
        throw new VendorError("crm", "answered something else than its contract");
      }
    },
  };
}

/** The document's fields; status, version and change are additions by which repeated and late messages are told. */
function notification({ key, event, version, payload, context }: Delivery) {
  const { attendee } = context;
  return {
    booking_id: key,
    user: {
      id: payload.attendee_id,
      email: attendee?.email ?? "",
      name: attendee?.name ?? "",
      phone: attendee?.phone ?? "",
    },
    event: {
      id: payload.event_id,
      title: payload.title,
      type: payload.kind,
      start_datetime: toUtcText(payload.starts_at),
      location: payload.location ?? "",
    },
    facilitator_id: payload.provider_id,
    booking_date: payload.booked_at ? toUtcText(payload.booked_at) : null,
    notes: context.notes ?? "",
    booking_status: payload.status,
    version,
    change: event,
  };
}
