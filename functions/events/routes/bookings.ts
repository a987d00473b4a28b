import { createRoute, z } from "@hono/zod-openapi";
import {
  bookEventWithDetails,
  cancelBooking,
  listMyBookings,
  readBooking,
} from "../../_shared/domain/bookings.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import {
  errorResponses,
  jsonBody,
  jsonResponse,
  lazySchema,
  optionalJsonBody,
  wordOf,
} from "../../_shared/http/openapi.ts";
import { exactHeader, Pagination, presentPagination, toPageQuery } from "../../_shared/http/pagination.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { toUtcText } from "../../_shared/http/times.ts";
import { isDeliveredNow } from "../../_shared/http/wake_worker.ts";
import { errors } from "../errors.ts";
import { bookingStatus, presentBooking, presentNewBooking, statusesOf } from "../present.ts";
import { Booking, BookingPath, DateTime, Id, Message, PageQuery } from "../schemas.ts";

const tags = ["Bookings"];

const bookRoute = createRoute({
  method: "post",
  path: "/api/bookings",
  operationId: "bookEvent",
  tags,
  summary: "Book an event",
  description:
    "Confirmed at once. `crm_notified` tells whether the CRM took the booking within a second; otherwise it hears of it later.",
  request: {
    body: jsonBody(() =>
      z.object({
        event_id: Id,
        notes: z.string().max(2000, "must have at most 2000 characters").nullish()
          .openapi({ example: "Looking forward to this session" }),
      })
    ),
  },
  responses: {
    201: jsonResponse(
      () => Message().extend({ booking: Booking(), crm_notified: z.boolean() }),
      "The booking is confirmed",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "EVENT_NOT_FOUND",
      "EVENT_FULL",
      "ALREADY_BOOKED",
      "EVENT_CANCELLED",
      "EVENT_STARTED",
      "PREPAYMENT_REQUIRED",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/api/bookings",
  operationId: "listMyBookings",
  tags,
  summary: "List my bookings",
  description: "Latest first.",
  request: {
    query: lazySchema(() =>
      PageQuery.extend({
        status: wordOf(["confirmed", "cancelled", "pending"]).optional(),
        upcoming: wordOf(["true", "false"]).default("false").openapi({
          type: "boolean",
          description: "Only of events that are not cancelled and have not begun",
        }),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () => z.object({ bookings: z.array(Booking()), pagination: Pagination }),
      "The bookings",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/api/bookings/{booking_id}",
  operationId: "readBooking",
  tags,
  summary: "Read one of my bookings",
  request: { params: BookingPath },
  responses: {
    200: jsonResponse(() => z.object({ booking: Booking() }), "The booking"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "BOOKING_NOT_FOUND"),
  },
});

const cancelRoute = createRoute({
  method: "put",
  path: "/api/bookings/{booking_id}/cancel",
  operationId: "cancelBooking",
  tags,
  summary: "Cancel one of my bookings",
  description:
    "Until the event begins; the seat is free at once. Addition: a reason, which the facilitator reads. The body may be " +
    "left out.",
  request: {
    params: BookingPath,
    body: optionalJsonBody(() =>
      z.object({
        reason: z.string().max(2000, "must have at most 2000 characters").nullish()
          .openapi({ example: "I am ill" }),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () => Message().extend({ booking: z.object({ id: Id, status: z.string(), updated_at: DateTime }) }),
      "The booking is cancelled",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "BOOKING_NOT_FOUND",
      "BOOKING_NOT_CANCELLABLE",
      "EVENT_STARTED",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

export function bookingRoutes(contract: Contract): void {
  const { runtime } = contract;
  const routes = userRoutes(contract);

  routes.add(bookRoute, async (c) => {
    const { event_id: eventId, notes } = c.req.valid("json");
    const options = { notes: notes ?? undefined, allowHold: false };
    const booking = await bookEventWithDetails(c.get("db"), eventId, options);
    const { crm, crmWaitMs } = runtime.config;
    const isNotified = crm !== null &&
      await isDeliveredNow(runtime, { key: booking.id, destination: "crm", withinMs: crmWaitMs });
    return c.json({
      message: "Booking created successfully",
      booking: presentNewBooking(booking),
      crm_notified: isNotified,
    }, 201);
  });

  routes.add(listRoute, async (c) => {
    const { status, upcoming, ...rest } = c.req.valid("query");
    const query = toPageQuery(rest);
    const page = await listMyBookings(c.get("db"), query, {
      statuses: status && statusesOf[status],
      upcomingOnly: upcoming === "true",
    });
    return c.json(
      {
        bookings: page.items.map(presentBooking),
        pagination: presentPagination(query, page),
      },
      200,
      exactHeader(page),
    );
  });

  routes.add(readRoute, async (c) => {
    const booking = await readBooking(c.get("db"), c.req.valid("param").booking_id);
    return c.json({ booking: presentBooking(booking) }, 200);
  });

  routes.add(cancelRoute, async (c) => {
    const { reason } = c.req.valid("json") ?? {};
    const booking = await cancelBooking(
      c.get("db"),
      c.req.valid("param").booking_id,
      reason ?? undefined,
    );
    return c.json({
      message: "Booking cancelled successfully",
      booking: {
        id: booking.id,
        status: bookingStatus(booking.status),
        updated_at: toUtcText(booking.updated_at),
      },
    }, 200);
  });
}
