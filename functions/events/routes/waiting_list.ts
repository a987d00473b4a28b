import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import {
  leaveWaitingList,
  listMyWaiting,
  waitForEvent,
  type WaitingEntry,
  waitingStatuses,
} from "../../_shared/domain/waiting_list.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonResponse, pathIds } from "../../_shared/http/openapi.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { toUtcText } from "../../_shared/http/times.ts";
import { errors } from "../errors.ts";
import { DateTime, EventPath, Id, Message } from "../schemas.ts";

const tags = ["Waiting list"];

const Entry = lazily(() =>
  z.object({
    id: Id,
    event_id: Id.nullable().openapi({ description: "null of one-to-one time, which the consulting API has" }),
    event_title: z.string().nullable(),
    start_time: DateTime,
    status: z.enum(waitingStatuses),
    position: z.int().nullable().openapi({
      description: "In line, from 1; null when it is not waiting any more",
    }),
    booking_id: Id.nullable().openapi({ description: "The booking that is offered, or was taken" }),
    offer_expires_at: DateTime.nullable().openapi({ description: "Until when the offer is held" }),
  }).openapi("WaitingEntry")
);

const wait = createRoute({
  method: "post",
  path: "/api/events/{event_id}/waiting-list",
  operationId: "waitForEvent",
  tags,
  summary: "Wait for a seat at a full event",
  description:
    "Addition. When a seat becomes free it is held for the first in line: `POST /api/bookings` takes it, and whoever does " +
    "not take it until `offer_expires_at` loses it to the next. Waiting twice is waiting once.",
  request: { params: EventPath },
  responses: {
    201: jsonResponse(() => Message().extend({ entry: Entry() }), "The place in line"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "EVENT_NOT_FOUND",
      "EVENT_CANCELLED",
      "EVENT_STARTED",
      "ALREADY_BOOKED",
      "STILL_AVAILABLE",
      "TOO_MANY_WAITING",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

const list = createRoute({
  method: "get",
  path: "/api/waiting-list",
  operationId: "listMyWaiting",
  tags,
  summary: "List the events I wait for",
  description: "Addition. What is waiting or offered, in the order of asking.",
  responses: {
    200: jsonResponse(() => z.object({ entries: z.array(Entry()) }), "The entries"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

const leave = createRoute({
  method: "delete",
  path: "/api/waiting-list/{entry_id}",
  operationId: "leaveWaitingList",
  tags,
  summary: "Stop waiting, or decline an offer",
  description: "Addition. An offer goes to the next in line.",
  request: {
    params: pathIds({ entry_id: "WAITING_ENTRY_NOT_FOUND" }),
  },
  responses: {
    200: jsonResponse(() => Message().extend({ entry: Entry() }), "The entry as it ended"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "WAITING_ENTRY_NOT_FOUND"),
  },
});

export function waitingListRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(wait, async (c) => {
    const entry = await waitForEvent(c.get("db"), c.req.valid("param").event_id);
    return c.json({ message: "You are on the waiting list", entry: present(entry) }, 201);
  });

  routes.add(list, async (c) => {
    const entries = await listMyWaiting(c.get("db"), c.get("actor").id);
    return c.json({ entries: entries.filter(({ event_id }) => event_id !== null).map(present) }, 200);
  });

  routes.add(leave, async (c) => {
    const entry = await leaveWaitingList(c.get("db"), c.req.valid("param").entry_id);
    return c.json({ message: "You do not wait any more", entry: present(entry) }, 200);
  });
}

function present(entry: WaitingEntry): z.output<ReturnType<typeof Entry>> {
  return {
    id: entry.id,
    event_id: entry.event_id,
    event_title: entry.title,
    start_time: toUtcText(entry.starts_at),
    // waiting_entries_status_known has these words.
    status: entry.status as z.output<ReturnType<typeof Entry>>["status"],
    position: entry.position,
    booking_id: entry.booking_id,
    offer_expires_at: entry.offer_expires_at === null ? null : toUtcText(entry.offer_expires_at),
  };
}
