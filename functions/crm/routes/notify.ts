import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { notifyCrm } from "../../_shared/domain/crm_records.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse } from "../../_shared/http/openapi.ts";
import { serviceRoutes } from "../../_shared/http/routes.ts";
import { utcDateTime } from "../../_shared/http/times.ts";
import { errors } from "../errors.ts";
import { EventType, Id, Name, Notes, User } from "../schemas.ts";

const Notification = lazily(() =>
  z.object({
    booking_id: Id,
    user: User().partial({ email: true, name: true, phone: true }),
    event: z.object({
      id: Id,
      title: Name.optional(),
      type: EventType,
      start_datetime: utcDateTime.nullish(),
      location: z.string().max(500, "must have at most 500 characters").optional(),
    }),
    facilitator_id: Id,
    booking_date: utcDateTime.nullish(),
    notes: Notes.nullish(),
    source: z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/, "must be a name such as convene").default(
      "convene",
    )
      .openapi({ description: "Addition: the system that the booking is of" }),
    booking_status: z.string().max(50).optional().openapi({
      description:
        "Addition: cancelled, expired, completed or no_show; anything else means that the booking stands",
    }),
    version: z.int().min(0).max(2_147_483_647).optional().openapi({
      description:
        "Addition: rises with every change of the booking; what is older than what is known is ignored",
    }),
  })
);

const notifyRoute = createRoute({
  method: "post",
  path: "/api/notify",
  operationId: "notifyCrm",
  tags: ["Notifications"],
  summary: "Tell of a booking",
  description:
    "Once per booking and source: the same booking again, with a new status or other facts, brings its record up to date.",
  request: { body: jsonBody(Notification) },
  responses: {
    200: jsonResponse(
      () => z.object({ message: z.string(), notification_id: Id, status: z.literal("success") }),
      "The record is as told",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN", "CRM_RECORD_DIFFERS"),
  },
});

/** The CRM's word for what became of a booking. */
function recordStatus(status: string | undefined): string {
  const ended = ["completed", "no_show", "cancelled", "expired"];
  return status && ended.includes(status.toLowerCase()) ? status.toLowerCase() : "received";
}

export function notifyRoutes(contract: Contract): void {
  const { runtime } = contract;
  serviceRoutes(contract, () => runtime.config.crmTokens).add(notifyRoute, async (c) => {
    const { user, event, ...notification } = c.req.valid("json");
    const record = await notifyCrm(c.get("db"), {
      source: notification.source,
      booking_id: notification.booking_id,
      version: notification.version ?? 0,
      booking_status: recordStatus(notification.booking_status),
      user_id: user.id,
      user_name: user.name ?? "",
      user_email: user.email ?? "",
      user_phone: user.phone ?? "",
      event_id: event.id,
      event_title: event.title ?? "",
      event_kind: event.type,
      event_location: event.location ?? "",
      // The generated types know no null for arguments; SQL takes it.
      starts_at: (event.start_datetime ?? null) as string,
      provider_id: notification.facilitator_id,
      booked_at: (notification.booking_date ?? null) as string,
      notes: notification.notes ?? "",
    });
    return c.json({
      message: "Booking notification received successfully",
      notification_id: record.id,
      status: "success" as const,
    }, 200);
  });
}
