import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import {
  leaveWaitingList,
  listMyWaiting,
  waitForTime,
  type WaitingEntry,
  waitingStatuses,
} from "../../_shared/domain/waiting_list.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse, pathIds } from "../../_shared/http/openapi.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { toZonedUtcText } from "../../_shared/http/times.ts";
import { choosesTime, ChosenTime } from "../booking_schemas.ts";
import { errors } from "../errors.ts";
import { answer, Id, Instant, saidAnswer } from "../schemas.ts";

const tags = ["Waiting list"];

const Entry = lazily(() =>
  z.object({
    _id: Id,
    specialistId: Id,
    specialistName: z.string(),
    serviceId: Id.nullable(),
    startsAt: Instant,
    endsAt: Instant,
    status: z.enum(waitingStatuses),
    position: z.int().nullable().openapi({
      description: "In line, from 1; null when it is not waiting any more",
    }),
    bookingId: Id.nullable().openapi({ description: "The booking that is offered, or was taken" }),
    offerExpiresAt: Instant.nullable().openapi({ description: "Until when the offer is held" }),
    createdAt: Instant,
  }).openapi("WaitingEntry")
);

const wait = createRoute({
  method: "post",
  path: "/waiting-list",
  operationId: "waitForTime",
  tags,
  summary: "Wait for a slot that somebody has",
  description:
    "Addition. When the time becomes free it is held for the first in line: `POST /bookings` with the same slot or time " +
    "takes it, and whoever does not take it until `offerExpiresAt` loses it to the next. Waiting twice is waiting once.",
  request: {
    body: jsonBody(() =>
      z.object({
        slotId: Id.optional(),
        specialistId: Id.optional().openapi({ description: "Required without a slot" }),
        ...ChosenTime,
        serviceId: Id.optional(),
      }).superRefine(choosesTime("slotId"))
    ),
  },
  responses: {
    200: jsonResponse(() => saidAnswer(Entry()), "The place in line"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "PROVIDER_NOT_FOUND",
      "SLOT_NOT_FOUND",
      "OFFERING_NOT_FOUND",
      "SLOT_NOT_AVAILABLE",
      "STILL_AVAILABLE",
      "ALREADY_BOOKED",
      "TOO_MANY_WAITING",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

const list = createRoute({
  method: "get",
  path: "/waiting-list",
  operationId: "listMyWaiting",
  tags,
  summary: "List what I wait for",
  description: "Addition. One-to-one time only, what is waiting or offered, in the order of asking.",
  responses: {
    200: jsonResponse(() => answer(z.object({ entries: z.array(Entry()) })), "The entries"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

const leave = createRoute({
  method: "delete",
  path: "/waiting-list/{entryId}",
  operationId: "leaveWaitingList",
  tags,
  summary: "Stop waiting, or decline an offer",
  description: "Addition. An offer goes to the next in line.",
  request: { params: pathIds({ entryId: "WAITING_ENTRY_NOT_FOUND" }) },
  responses: {
    200: jsonResponse(() => saidAnswer(Entry()), "The entry as it ended"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "WAITING_ENTRY_NOT_FOUND"),
  },
});

export function waitingListRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(wait, async (c) => {
    const { slotId, specialistId: providerId, startTime: startsAt, endTime: endsAt, serviceId } = c.req.valid(
      "json",
    );
    const entry = await waitForTime(c.get("db"), { slotId, providerId, startsAt, endsAt }, serviceId);
    return c.json(
      { success: true as const, message: "You are on the waiting list", data: present(entry) },
      200,
    );
  });

  routes.add(list, async (c) => {
    const entries = await listMyWaiting(c.get("db"), c.get("actor").id);
    const ofTime = entries.filter(({ event_id }) => event_id === null);
    return c.json({ success: true as const, data: { entries: ofTime.map(present) } }, 200);
  });

  routes.add(leave, async (c) => {
    const entry = await leaveWaitingList(c.get("db"), c.req.valid("param").entryId);
    return c.json({ success: true as const, message: "You do not wait any more", data: present(entry) }, 200);
  });
}

function present(entry: WaitingEntry): z.output<ReturnType<typeof Entry>> {
  return {
    _id: entry.id,
    specialistId: entry.provider_id,
    specialistName: entry.provider_name,
    serviceId: entry.offering_id,
    startsAt: toZonedUtcText(entry.starts_at),
    endsAt: toZonedUtcText(entry.ends_at),
    // waiting_entries_status_known has these words.
    status: entry.status as z.output<ReturnType<typeof Entry>>["status"],
    position: entry.position,
    bookingId: entry.booking_id,
    offerExpiresAt: entry.offer_expires_at === null ? null : toZonedUtcText(entry.offer_expires_at),
    createdAt: toZonedUtcText(entry.created_at),
  };
}
