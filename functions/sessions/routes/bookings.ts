import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { bookEvent, listMyBookings } from "../../_shared/domain/bookings.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse, listResponse } from "../../_shared/http/openapi.ts";
import { pageHeaders } from "../../_shared/http/pagination.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { presentMyBooking } from "../present.ts";
import { BookingStatus, DateTime, Id, ListQuery, Message } from "../schemas.ts";

const tags = ["Booking Management"];

const MyBooking = lazily(() =>
  z.object({
    id: Id,
    session: z.object({
      id: Id,
      title: z.string(),
      start_time: DateTime,
      end_time: DateTime,
      facilitator: z.string(),
    }),
    booking_status: BookingStatus,
    booking_date: DateTime,
    notes: z.string().nullable(),
  }).openapi("MyBooking")
);

const bookRoute = createRoute({
  method: "post",
  path: "/api/bookings",
  operationId: "bookEvent",
  tags,
  summary: "Book a session",
  description: "Confirmed at once; the facilitator hears of it live, both people by e-mail.",
  request: {
    body: jsonBody(() =>
      z.object({
        session_id: Id,
        notes: z.string().max(2000, "must have at most 2000 characters").nullish()
          .openapi({ example: "Optional booking notes" }),
      })
    ),
  },
  responses: {
    201: jsonResponse(() => Message().extend({ booking_id: Id }), "The booking is confirmed"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "EVENT_FULL",
      "ALREADY_BOOKED",
      "EVENT_CANCELLED",
      "EVENT_STARTED",
      "PREPAYMENT_REQUIRED",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "EVENT_NOT_FOUND",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

const myBookingsRoute = createRoute({
  method: "get",
  path: "/api/bookings/my",
  operationId: "listMyBookings",
  tags,
  summary: "List my bookings",
  description: "Latest first, whatever their status.",
  request: { query: ListQuery },
  responses: {
    200: listResponse(MyBooking, "The bookings"),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

export function bookingRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(bookRoute, async (c) => {
    const { session_id: eventId, notes } = c.req.valid("json");
    const booking = await bookEvent(c.get("db"), eventId, { notes: notes ?? undefined, allowHold: false });
    return c.json({ message: "Booking created successfully", booking_id: booking.id }, 201);
  });

  routes.add(myBookingsRoute, async (c) => {
    const query = c.req.valid("query");
    const page = await listMyBookings(c.get("db"), query);
    return c.json(page.items.map(presentMyBooking), 200, pageHeaders(c.req.url, query, page));
  });
}
