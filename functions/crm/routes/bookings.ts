import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { listCrmRecords, moveCrmStatus, readCrmRecord } from "../../_shared/domain/crm_records.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse, lazySchema } from "../../_shared/http/openapi.ts";
import { exactHeader, Pagination, presentPagination, toPageQuery } from "../../_shared/http/pagination.ts";
import { serviceRoutes } from "../../_shared/http/routes.ts";
import { toUtcText } from "../../_shared/http/times.ts";
import { errors } from "../errors.ts";
import { presentRecord, presentWholeRecord } from "../present.ts";
import {
  BookingPath,
  BookingStatus,
  CrmStatus,
  DateTime,
  Id,
  Name,
  Notes,
  PageQuery,
  Record,
} from "../schemas.ts";

const tags = ["Bookings"];

const Filters = lazily(() =>
  z.object({
    facilitator_id: Id.nullable(),
    event_id: Id.nullable(),
    user_id: Id.nullable(),
    status: z.string().nullable(),
    crm_status: z.string().nullable(),
  })
);

const listRoute = createRoute({
  method: "get",
  path: "/api/bookings",
  operationId: "listCrmRecords",
  tags,
  summary: "List all notifications",
  description: "Latest first; filters given together must all hold.",
  request: {
    query: lazySchema(() =>
      PageQuery.extend({
        facilitator_id: Id.optional(),
        event_id: Id.optional(),
        user_id: Id.optional(),
        status: BookingStatus.optional(),
        crm_status: CrmStatus.optional(),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        z.object({
          bookings: z.array(Record()),
          pagination: Pagination,
          filters_applied: Filters(),
          summary: z.object({
            total_notifications: z.int(),
            filtered_results: z.int().openapi({ description: "Counted up to 10000, as pagination.total" }),
          }),
        }),
      "The notifications",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

const StatusChange = lazily(() =>
  z.object({
    old_status: z.string(),
    new_status: z.string(),
    notes: z.string().nullable(),
    changed_by: z.string().nullable(),
    changed_at: DateTime,
  })
);

const readRoute = createRoute({
  method: "get",
  path: "/api/bookings/{booking_id}",
  operationId: "readCrmRecord",
  tags,
  summary: "Read the notification of a booking",
  request: { params: BookingPath },
  responses: {
    200: jsonResponse(
      () =>
        z.object({
          booking: Record().extend({
            event: Record().shape.event.extend({ start_datetime: DateTime.nullable(), location: z.string() }),
            booking_date: DateTime.nullable(),
            notes: z.string(),
            source: z.string(),
            status_history: z.array(StatusChange()).openapi({ description: "Oldest first" }),
          }),
        }),
      "The notification with the history of its CRM status",
    ),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "BOOKING_NOT_FOUND"),
  },
});

const statusRoute = createRoute({
  method: "put",
  path: "/api/bookings/{booking_id}/status",
  operationId: "moveCrmStatus",
  tags,
  summary: "Move the CRM status of a booking",
  description: "To any status from any; each move is kept with who, when and why.",
  request: {
    params: BookingPath,
    body: jsonBody(() =>
      z.object({
        crm_status: CrmStatus,
        notes: Notes.nullish().openapi({ example: "Called customer to confirm attendance" }),
        changed_by: Name.nullish().openapi({ description: "Addition: who moved it" }),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        z.object({
          message: z.string(),
          booking_id: Id,
          old_status: z.string(),
          new_status: z.string(),
          updated_at: DateTime,
        }),
      "The status is moved",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "BOOKING_NOT_FOUND",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

export function bookingRoutes(contract: Contract): void {
  const { runtime } = contract;
  const routes = serviceRoutes(contract, () => runtime.config.crmTokens);

  routes.add(listRoute, async (c) => {
    const { facilitator_id, event_id, user_id, status, crm_status, ...rest } = c.req.valid("query");
    const query = toPageQuery(rest);
    const page = await listCrmRecords(c.get("db"), {
      providerId: facilitator_id,
      eventId: event_id,
      userId: user_id,
      bookingStatus: status,
      crmStatus: crm_status,
    }, query);
    return c.json(
      {
        bookings: page.items.map(presentRecord),
        pagination: presentPagination(query, page),
        filters_applied: {
          facilitator_id: facilitator_id ?? null,
          event_id: event_id ?? null,
          user_id: user_id ?? null,
          status: status ?? null,
          crm_status: crm_status ?? null,
        },
        summary: { total_notifications: page.allRecords, filtered_results: page.total },
      },
      200,
      exactHeader(page),
    );
  });

  routes.add(readRoute, async (c) => {
    const record = await readCrmRecord(c.get("db"), c.req.valid("param").booking_id);
    return c.json({ booking: presentWholeRecord(record) }, 200);
  });

  routes.add(statusRoute, async (c) => {
    const bookingId = c.req.valid("param").booking_id;
    const { crm_status: crmStatus, notes, changed_by: changedBy } = c.req.valid("json");
    const change = await moveCrmStatus(c.get("db"), bookingId, {
      crmStatus,
      notes: notes ?? undefined,
      changedBy: changedBy ?? undefined,
    });
    return c.json({
      message: "Booking status updated successfully",
      booking_id: bookingId,
      old_status: change.old_status,
      new_status: change.new_status,
      updated_at: toUtcText(change.changed_at),
    }, 200);
  });
}
