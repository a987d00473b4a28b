import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { listProviderCrmRecords, readCrmDashboard } from "../../_shared/domain/crm_records.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonResponse, lazySchema, pathIds } from "../../_shared/http/openapi.ts";
import { exactHeader, Pagination, presentPagination, toPageQuery } from "../../_shared/http/pagination.ts";
import { serviceRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { presentDashboard, presentProviderRecord, presentStatistics } from "../present.ts";
import { BookingStatus, CrmStatus, DateTime, EventType, Id, PageQuery, Record, User } from "../schemas.ts";

const tags = ["Facilitators"];
const FacilitatorPath = pathIds({ facilitator_id: "PROVIDER_NOT_FOUND" });

const Figures = lazily(() =>
  z.object({
    total_bookings: z.int().openapi({ description: "Without cancelled and expired ones, as all figures" }),
    session_bookings: z.int(),
    retreat_bookings: z.int(),
    unique_users: z.int(),
    unique_events: z.int(),
  })
);

const bookingsRoute = createRoute({
  method: "get",
  path: "/api/facilitators/{facilitator_id}/bookings",
  operationId: "listProviderCrmRecords",
  tags,
  summary: "List a facilitator's bookings with statistics",
  description: "Latest first. The statistics are of all the facilitator's bookings, whatever the filters.",
  request: {
    params: FacilitatorPath,
    query: lazySchema(() =>
      PageQuery.extend({
        status: BookingStatus.optional(),
        event_type: EventType.optional(),
        crm_status: CrmStatus.optional(),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        z.object({
          facilitator_id: Id,
          bookings: z.array(
            Record().omit({ facilitator_id: true }).extend({ user: User().omit({ phone: true }) }),
          ),
          statistics: Figures().extend({
            recent_bookings: z.int().openapi({ description: "Received within 30 days" }),
          }),
          pagination: Pagination,
        }),
      "The bookings",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN", "PROVIDER_NOT_FOUND"),
  },
});

const dashboardRoute = createRoute({
  method: "get",
  path: "/api/facilitators/{facilitator_id}/dashboard",
  operationId: "readCrmDashboard",
  tags,
  summary: "Read a facilitator's dashboard",
  request: { params: FacilitatorPath },
  responses: {
    200: jsonResponse(
      () =>
        z.object({
          facilitator_id: Id,
          summary: Figures().extend({
            recent_bookings_count: z.int().openapi({ description: "Received within 30 days" }),
          }),
          popular_events: z.array(
            z.object({
              event_id: Id,
              event_title: z.string(),
              event_type: z.string(),
              booking_count: z.int(),
            }),
          ).openapi({ description: "The five most booked" }),
          recent_bookings: z.array(
            z.object({
              id: Id,
              booking_id: Id,
              user: z.object({ id: Id, name: z.string(), email: z.string() }),
              event: z.object({ id: Id, title: z.string() }),
              received_at: DateTime,
            }),
          ).openapi({ description: "The ten latest" }),
          booking_trends: z.object({
            sessions_vs_retreats: z.object({ sessions: z.int(), retreats: z.int() }),
          }),
          generated_at: DateTime,
        }),
      "The dashboard",
    ),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "PROVIDER_NOT_FOUND"),
  },
});

export function facilitatorRoutes(contract: Contract): void {
  const { runtime } = contract;
  const routes = serviceRoutes(contract, () => runtime.config.crmTokens);

  routes.add(bookingsRoute, async (c) => {
    const facilitatorId = c.req.valid("param").facilitator_id;
    const { status, event_type, crm_status, ...rest } = c.req.valid("query");
    const query = toPageQuery(rest);
    const filter = { bookingStatus: status, eventKind: event_type, crmStatus: crm_status };
    const { page, figures } = await listProviderCrmRecords(c.get("db"), facilitatorId, filter, query);
    return c.json(
      {
        facilitator_id: facilitatorId,
        bookings: page.items.map(presentProviderRecord),
        statistics: presentStatistics(figures),
        pagination: presentPagination(query, page),
      },
      200,
      exactHeader(page),
    );
  });

  routes.add(dashboardRoute, async (c) => {
    const facilitatorId = c.req.valid("param").facilitator_id;
    const dashboard = await readCrmDashboard(c.get("db"), facilitatorId);
    return c.json(presentDashboard(facilitatorId, dashboard, runtime.now()), 200);
  });
}
