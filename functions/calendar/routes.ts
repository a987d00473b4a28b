import { createRoute, z } from "@hono/zod-openapi";
import { readBookingEntry, readCalendarFeed } from "../_shared/domain/calendar.ts";
import { isDatabaseUp } from "../_shared/domain/health.ts";
import type { Contract } from "../_shared/http/contract.ts";
import { AppError, type ErrorCode } from "../_shared/http/errors.ts";
import { errorResponses, jsonResponse } from "../_shared/http/openapi.ts";
import { publicRoutes, userRoutes } from "../_shared/http/routes.ts";
import { writeCalendar } from "../_shared/integrations/calendar/calendar.ts";
import { senderAddress } from "../_shared/integrations/mail/mail.ts";
import { errors } from "../_shared/http/own_errors.ts";

const tags = ["Calendar"];

/** Subscribers that heed it ask again after so long. */
const refreshSeconds = 3600;

const calendarResponse = {
  description: "The calendar, in UTF-8",
  content: { "text/calendar": { schema: z.string().openapi({ example: "BEGIN:VCALENDAR\r\n..." }) } },
};

/** The name before `.ics`. What has not this form names nothing, so it is answered like an unknown one. */
function fileName(name: string, form: RegExp, options: { unknown: ErrorCode; example: string }) {
  return z.string().transform((file) => {
    const [, stem] = /^(.+)\.ics$/.exec(file) ?? [];
    if (!stem || !form.test(stem)) throw new AppError(options.unknown);
    return stem;
  }).openapi({ param: { name, in: "path" }, type: "string", example: options.example });
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const healthRoute = createRoute({
  method: "get",
  path: "/health",
  operationId: "health",
  tags,
  summary: "Check the health of the service",
  responses: {
    200: jsonResponse(() => z.object({ status: z.literal("healthy") }), "The service works"),
    503: jsonResponse(() => z.object({ status: z.literal("unhealthy") }), "The database does not answer"),
  },
});

const bookingRoute = createRoute({
  method: "get",
  path: "/bookings/{file}",
  operationId: "readBookingCalendar",
  tags,
  summary: "Download a booking as a calendar file",
  description:
    "`<booking id>.ics`. The attendee gets their seat, the provider the event, both of them one-to-one time; cancelled " +
    "ones as METHOD:CANCEL.",
  request: {
    params: z.object({
      file: fileName("file", uuid, {
        unknown: "BOOKING_NOT_FOUND",
        example: "0c6d9b0a-8f5e-4f0e-9d0c-2b6f1f6a3c11.ics",
      }),
    }),
  },
  responses: {
    200: calendarResponse,
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "BOOKING_NOT_FOUND"),
  },
});

const feedRoute = createRoute({
  method: "get",
  path: "/{file}",
  operationId: "readCalendarFeed",
  tags,
  summary: "Read a private calendar feed",
  description:
    "`<token>.ics`, for calendars that subscribe. Whoever has the token may read it, until it is revoked.",
  request: {
    params: z.object({
      file: fileName("file", /^[0-9a-f]{64}$/, { unknown: "NOT_FOUND", example: `${"0".repeat(64)}.ics` }),
    }),
  },
  responses: { 200: calendarResponse, ...errorResponses(errors, "NOT_FOUND") },
});

export function calendarRoutes(contract: Contract): void {
  const { runtime } = contract;
  const open = publicRoutes(contract);

  open.add(healthRoute, async (c) => {
    return await isDatabaseUp(runtime)
      ? c.json({ status: "healthy" as const }, 200)
      : c.json({ status: "unhealthy" as const }, 503);
  });

  userRoutes(contract).add(bookingRoute, async (c) => {
    const entry = await readBookingEntry(c.get("db"), c.req.valid("param").file);
    const text = await writeCalendar([entry], {
      method: entry.status === "cancelled" ? "CANCEL" : "PUBLISH",
      organizerEmail: senderAddress(runtime),
    });
    return c.body(text, 200, fileHeaders("attachment", "booking.ics"));
  });

  open.add(feedRoute, async (c) => {
    const entries = await readCalendarFeed(c.get("db"), c.req.valid("param").file);
    const text = await writeCalendar(entries, { method: "PUBLISH", name: "Convene", refreshSeconds });
    return c.body(text, 200, fileHeaders("inline", "convene.ics"));
  });
}

function fileHeaders(disposition: "attachment" | "inline", name: string): Record<string, string> {
  return {
    "Content-Type": "text/calendar; charset=utf-8",
    "Content-Disposition": `${disposition}; filename="${name}"`,
  };
}
