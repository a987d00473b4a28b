import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { cancelEvent, listOpenEvents, publishEvent, updateEvent } from "../../_shared/domain/events.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import {
  errorResponses,
  jsonBody,
  jsonResponse,
  listResponse,
  optionalJsonBody,
} from "../../_shared/http/openapi.ts";
import { pageHeaders } from "../../_shared/http/pagination.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { toEventFields } from "../event_fields.ts";
import { errors } from "../errors.ts";
import { presentSession } from "../present.ts";
import { DateTime, Id, ListQuery, Message, SessionFields, SessionPath, text } from "../schemas.ts";

const tags = ["Session Management"];

const Session = lazily(() =>
  z.object({
    id: Id,
    title: z.string(),
    description: z.string(),
    facilitator: z.string().openapi({ description: "Name of the facilitator" }),
    session_type: z.string().openapi({ enum: ["session", "retreat"] }),
    start_time: DateTime,
    end_time: DateTime,
    capacity: z.int(),
    price: z.number(),
    available_spots: z.int(),
  }).openapi("Session")
);

const listRoute = createRoute({
  method: "get",
  path: "/api/sessions",
  operationId: "listOpenEvents",
  tags,
  summary: "List the sessions that can be booked",
  description: "Active sessions that have not begun, soonest first.",
  request: { query: ListQuery },
  responses: {
    200: listResponse(Session, "The sessions"),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

const createSessionRoute = createRoute({
  method: "post",
  path: "/api/sessions",
  operationId: "publishEvent",
  tags,
  summary: "Create a session or retreat",
  request: {
    body: jsonBody(() => SessionFields().partial({ description: true, capacity: true, price: true })),
  },
  responses: {
    201: jsonResponse(() => Message().extend({ session_id: Id }), "The session is published"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "PROVIDER_NOT_FREE",
      "SIGN_IN_REQUIRED",
      "NOT_A_PROVIDER",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

const updateRoute = createRoute({
  method: "put",
  path: "/api/sessions/{session_id}",
  operationId: "updateEvent",
  tags,
  summary: "Change what is given of a session",
  description: "New times tell everybody booked, and let them cancel freely until the new start.",
  request: { params: SessionPath, body: jsonBody(() => SessionFields().partial()) },
  responses: {
    200: jsonResponse(Message, "The session is changed"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "CAPACITY_BELOW_BOOKINGS",
      "EVENT_CANCELLED",
      "EVENT_STARTED",
      "PROVIDER_NOT_FREE",
      "SIGN_IN_REQUIRED",
      "NOT_A_PROVIDER",
      "NOT_YOUR_EVENT",
      "EVENT_NOT_FOUND",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

const cancelErrors = [
  "EVENT_STARTED",
  "SIGN_IN_REQUIRED",
  "NOT_A_PROVIDER",
  "NOT_YOUR_EVENT",
  "EVENT_NOT_FOUND",
] as const;

const cancelRoute = createRoute({
  method: "post",
  path: "/api/sessions/{session_id}/cancel",
  operationId: "cancelEvent",
  tags,
  summary: "Cancel a session and all its bookings",
  description:
    "Everybody who booked or waits is told. Addition: a reason, which those who booked read. The body may be left out.",
  request: {
    params: SessionPath,
    body: optionalJsonBody(() =>
      z.object({ reason: text(2000).nullish().openapi({ example: "The room is closed" }) })
    ),
  },
  responses: {
    200: jsonResponse(Message, "The session is cancelled"),
    ...errorResponses(errors, "INVALID_INPUT", ...cancelErrors, "IDEMPOTENCY_KEY_REUSED"),
  },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/api/facilitator/sessions/{session_id}",
  operationId: "deleteEvent",
  tags,
  summary: "Cancel a session and all its bookings",
  description:
    "Does the same as `POST /api/sessions/{session_id}/cancel`, without a reason; nothing is deleted.",
  request: { params: SessionPath },
  responses: {
    200: jsonResponse(Message, "The session is cancelled"),
    ...errorResponses(errors, ...cancelErrors),
  },
});

export function sessionRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(listRoute, async (c) => {
    const query = c.req.valid("query");
    const page = await listOpenEvents(c.get("db"), query);
    return c.json(page.items.map(presentSession), 200, pageHeaders(c.req.url, query, page));
  });

  routes.add(createSessionRoute, async (c) => {
    const { title, session_type, start_time, end_time, ...rest } = c.req.valid("json");
    const event = await publishEvent(c.get("db"), {
      title,
      kind: session_type,
      starts_at: start_time,
      ends_at: end_time,
      ...toEventFields(rest),
    });
    return c.json({ message: "Session created successfully", session_id: event.id }, 201);
  });

  routes.add(updateRoute, async (c) => {
    await updateEvent(c.get("db"), c.req.valid("param").session_id, toEventFields(c.req.valid("json")));
    return c.json({ message: "Session updated successfully" }, 200);
  });

  const cancelled = { message: "Session cancelled successfully" };

  routes.add(cancelRoute, async (c) => {
    const { reason } = c.req.valid("json") ?? {};
    await cancelEvent(c.get("db"), c.req.valid("param").session_id, reason ?? undefined);
    return c.json(cancelled, 200);
  });

  routes.add(deleteRoute, async (c) => {
    await cancelEvent(c.get("db"), c.req.valid("param").session_id);
    return c.json(cancelled, 200);
  });
}
