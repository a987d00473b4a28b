import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { listProviderBookings, readDashboard } from "../../_shared/domain/bookings.ts";
import { listMyEvents } from "../../_shared/domain/events.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonResponse, listResponse } from "../../_shared/http/openapi.ts";
import { pageHeaders } from "../../_shared/http/pagination.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import {
  presentDashboard,
  presentOwnSession,
  presentProviderBooking,
  presentSessionBooking,
} from "../present.ts";
import { BookingStatus, DateTime, Id, ListQuery, SessionPath } from "../schemas.ts";

const tags = ["Facilitator Dashboard"];
const Attendee = lazily(() => z.object({ id: Id, name: z.string(), email: z.string() }));

const SessionBooking = lazily(() =>
  z.object({
    id: Id,
    user: Attendee(),
    booking_status: BookingStatus,
    booking_date: DateTime,
    notes: z.string().nullable(),
  }).openapi("SessionBooking")
);

const ProviderBooking = lazily(() =>
  SessionBooking().extend({
    session: z.object({ id: Id, title: z.string(), start_time: DateTime }),
  }).openapi("FacilitatorBooking")
);

const OwnSession = lazily(() =>
  z.object({
    id: Id,
    title: z.string(),
    description: z.string(),
    session_type: z.string().openapi({ enum: ["session", "retreat"] }),
    start_time: DateTime,
    end_time: DateTime,
    capacity: z.int(),
    price: z.number(),
    status: z.enum(["active", "cancelled"]),
    bookings_count: z.int(),
    available_spots: z.int(),
    created_at: DateTime,
  }).openapi("OwnSession")
);

const Dashboard = lazily(() =>
  z.object({
    metrics: z.object({
      total_sessions: z.int(),
      active_sessions: z.int(),
      total_bookings: z.int().openapi({ description: "Confirmed and completed" }),
      total_revenue: z.number().openapi({ description: "Value of the confirmed and completed bookings" }),
      upcoming_sessions: z.int(),
    }),
    recent_bookings: z.array(z.object({
      id: Id,
      user: Attendee().omit({ id: true }),
      session: z.object({ title: z.string(), start_time: DateTime }),
      booking_date: DateTime,
      status: BookingStatus,
    })),
  }).openapi("Dashboard")
);

const facilitatorErrors = errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "NOT_A_PROVIDER");
const listErrors = errorResponses(
  errors,
  "INVALID_INPUT",
  "SIGN_IN_REQUIRED",
  "INVALID_TOKEN",
  "NOT_A_PROVIDER",
);

const dashboardRoute = createRoute({
  method: "get",
  path: "/api/facilitator/dashboard",
  operationId: "readDashboard",
  tags,
  summary: "Read the facilitator's dashboard",
  responses: { 200: jsonResponse(Dashboard, "Figures and the last ten bookings"), ...facilitatorErrors },
});

const sessionsRoute = createRoute({
  method: "get",
  path: "/api/facilitator/sessions",
  operationId: "listMyEvents",
  tags,
  summary: "List my sessions",
  description: "Latest first, whatever their status.",
  request: { query: ListQuery },
  responses: { 200: listResponse(OwnSession, "The sessions"), ...listErrors },
});

const sessionBookingsRoute = createRoute({
  method: "get",
  path: "/api/facilitator/sessions/{session_id}/bookings",
  operationId: "listEventBookings",
  tags,
  summary: "List the bookings of one of my sessions",
  request: { params: SessionPath, query: ListQuery },
  responses: {
    200: listResponse(SessionBooking, "The bookings"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "NOT_A_PROVIDER",
      "NOT_YOUR_EVENT",
      "EVENT_NOT_FOUND",
    ),
  },
});

const bookingsRoute = createRoute({
  method: "get",
  path: "/api/facilitator/bookings",
  operationId: "listProviderBookings",
  tags: ["Booking Management"],
  summary: "List the bookings of all my sessions",
  request: { query: ListQuery },
  responses: { 200: listResponse(ProviderBooking, "The bookings"), ...listErrors },
});

export function facilitatorRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(dashboardRoute, async (c) => c.json(presentDashboard(await readDashboard(c.get("db"))), 200));

  routes.add(sessionsRoute, async (c) => {
    const query = c.req.valid("query");
    const page = await listMyEvents(c.get("db"), query);
    return c.json(page.items.map(presentOwnSession), 200, pageHeaders(c.req.url, query, page));
  });

  routes.add(sessionBookingsRoute, async (c) => {
    const query = c.req.valid("query");
    const page = await listProviderBookings(c.get("db"), query, c.req.valid("param").session_id);
    return c.json(page.items.map(presentSessionBooking), 200, pageHeaders(c.req.url, query, page));
  });

  routes.add(bookingsRoute, async (c) => {
    const query = c.req.valid("query");
    const page = await listProviderBookings(c.get("db"), query);
    return c.json(page.items.map(presentProviderBooking), 200, pageHeaders(c.req.url, query, page));
  });
}
