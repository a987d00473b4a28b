import { createRoute, z } from "@hono/zod-openapi";
import { listEvents, readEvent } from "../../_shared/domain/events.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonResponse, lazySchema, wordOf } from "../../_shared/http/openapi.ts";
import { exactHeader, toPageQuery } from "../../_shared/http/pagination.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { presentEvent, presentEvents } from "../present.ts";
import { Event, EventPage, EventPath, Id, PageQuery } from "../schemas.ts";

const tags = ["Events"];

/** The document's statuses of the query, and the domain's behind them. */
const statuses = { active: "open", cancelled: "cancelled", completed: "past", all: "any" } as const;

const listRoute = createRoute({
  method: "get",
  path: "/api/events",
  operationId: "listEvents",
  tags,
  summary: "List events",
  description:
    "Active events have not begun and come soonest first. `search` looks for words in title and description, " +
    "best match first, and for titles written alike when no word matches.",
  request: {
    query: lazySchema(() =>
      PageQuery.extend({
        type: wordOf(["session", "retreat"]).optional(),
        facilitator_id: Id.optional(),
        status: wordOf(["active", "cancelled", "completed", "all"]).default("active"),
        search: z.string().max(200, "must have at most 200 characters").optional(),
      })
    ),
  },
  responses: {
    200: jsonResponse(EventPage, "The events"),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

const typesRoute = createRoute({
  method: "get",
  path: "/api/events/types",
  operationId: "listEventTypes",
  tags,
  summary: "List the types of events",
  responses: {
    200: jsonResponse(
      () => z.object({ event_types: z.array(z.object({ key: z.string(), value: z.int() })) }),
      "The types",
    ),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/api/events/{event_id}",
  operationId: "readEvent",
  tags,
  summary: "Read one event",
  request: { params: EventPath },
  responses: {
    200: jsonResponse(() => z.object({ event: Event() }), "The event"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "EVENT_NOT_FOUND"),
  },
});

export function eventRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(listRoute, async (c) => {
    const { type: kind, facilitator_id: providerId, status, search, ...rest } = c.req.valid("query");
    const query = toPageQuery(rest);
    const filter = { kind, providerId, search, status: statuses[status] };
    const page = await listEvents(c.get("db"), filter, query);
    return c.json(presentEvents(query, page), 200, exactHeader(page));
  });

  routes.add(typesRoute, (c) => {
    return c.json({ event_types: [{ key: "SESSION", value: 1 }, { key: "RETREAT", value: 2 }] }, 200);
  });

  routes.add(readRoute, async (c) => {
    const event = await readEvent(c.get("db"), c.req.valid("param").event_id);
    return c.json({ event: presentEvent(event) }, 200);
  });
}
