import { createRoute, z } from "@hono/zod-openapi";
import {
  addMeetingNote,
  endMeeting,
  joinMeeting,
  leaveMeeting,
  readMeeting,
} from "../../_shared/domain/meetings.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse } from "../../_shared/http/openapi.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { toZonedUtcText } from "../../_shared/http/times.ts";
import { errors } from "../errors.ts";
import { recordingLink } from "../recording_link.ts";
import { answer, Instant, saidAnswer } from "../schemas.ts";
import {
  BookingPath,
  Joined,
  presentNote,
  presentSession,
  Session,
  SessionNote,
} from "../session_schemas.ts";

const tags = ["Sessions"];
const person = ["INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN", "BOOKING_NOT_FOUND"] as const;

const readRoute = createRoute({
  method: "get",
  path: "/sessions/{bookingId}",
  operationId: "readMeeting",
  tags,
  summary: "Read the session of a booking",
  request: { params: BookingPath },
  responses: {
    200: jsonResponse(() => answer(Session()), "The session as the caller may see it"),
    ...errorResponses(errors, ...person),
  },
});

const noteRoute = createRoute({
  method: "post",
  path: "/sessions/{bookingId}/notes",
  operationId: "addMeetingNote",
  tags,
  summary: "Add notes to a session",
  description: "Public ones are for both people of the booking, others for their author alone.",
  request: {
    params: BookingPath,
    body: jsonBody(() =>
      z.object({
        notes: z.string().trim().min(1, "must not be empty").max(10_000).openapi({
          example: "Agreed on next steps",
        }),
        isPublic: z.boolean().default(false),
      })
    ),
  },
  responses: {
    200: jsonResponse(() => saidAnswer(SessionNote()), "The notes are saved"),
    ...errorResponses(errors, ...person, "MEETING_NOT_OPEN", "TOO_MANY_NOTES", "IDEMPOTENCY_KEY_REUSED"),
  },
});

const joinRoute = createRoute({
  method: "post",
  path: "/sessions/{bookingId}/join",
  operationId: "joinMeeting",
  tags,
  summary: "Join a session",
  description:
    "Addition. From 15 minutes before the start until 30 minutes after the end; the link is the caller's own.",
  request: { params: BookingPath },
  responses: {
    200: jsonResponse(() => saidAnswer(Joined()), "The caller has joined"),
    ...errorResponses(errors, ...person, "MEETING_NOT_OPEN", "TRY_AGAIN"),
  },
});

const leaveRoute = createRoute({
  method: "post",
  path: "/sessions/{bookingId}/leave",
  operationId: "leaveMeeting",
  tags,
  summary: "Leave a session",
  description: "Addition.",
  request: { params: BookingPath },
  responses: {
    200: jsonResponse(
      () => saidAnswer(z.object({ joinTime: Instant, leaveTime: Instant })),
      "The caller has left",
    ),
    ...errorResponses(errors, ...person, "MEETING_NOT_JOINED"),
  },
});

const endRoute = createRoute({
  method: "post",
  path: "/sessions/{bookingId}/end",
  operationId: "endMeeting",
  tags,
  summary: "End a session for everybody",
  description: "Addition. For the booking's specialist; nobody can join again.",
  request: { params: BookingPath },
  responses: {
    200: jsonResponse(
      () => saidAnswer(z.object({ actualStartTime: Instant.nullable(), actualEndTime: Instant })),
      "The session has ended",
    ),
    ...errorResponses(errors, ...person, "NOT_THE_PROVIDER", "MEETING_NOT_OPEN"),
  },
});

export function sessionRoutes(contract: Contract): void {
  const { runtime } = contract;
  const routes = userRoutes(contract);

  routes.add(readRoute, async (c) => {
    const meeting = await readMeeting(c.get("db"), c.req.valid("param").bookingId);
    return c.json({ success: true as const, data: presentSession(meeting, recordingLink(runtime)) }, 200);
  });

  routes.add(noteRoute, async (c) => {
    const { notes: text, isPublic } = c.req.valid("json");
    const note = await addMeetingNote(c.get("db"), c.req.valid("param").bookingId, { text, isPublic });
    return c.json({ success: true as const, message: "Notes saved", data: presentNote(note) }, 200);
  });

  routes.add(joinRoute, async (c) => {
    const entry = await joinMeeting(c.get("db"), c.req.valid("param").bookingId);
    const { linkForPerson } = await import("../../_shared/integrations/meetings/meetings.ts");
    const data = {
      bookingId: entry.booking_id,
      zoomMeetingId: entry.external_id,
      zoomLink: await linkForPerson(runtime, entry),
      role: entry.role === "provider" ? "specialist" as const : "customer" as const,
      joinTime: toZonedUtcText(entry.joined_at),
      closesAt: toZonedUtcText(entry.closes_at),
    };
    return c.json({ success: true as const, message: "Session joined", data }, 200);
  });

  routes.add(leaveRoute, async (c) => {
    const { joined_at, left_at } = await leaveMeeting(c.get("db"), c.req.valid("param").bookingId);
    const data = { joinTime: toZonedUtcText(joined_at), leaveTime: toZonedUtcText(left_at) };
    return c.json({ success: true as const, message: "Session left", data }, 200);
  });

  routes.add(endRoute, async (c) => {
    const { started_at, ended_at } = await endMeeting(c.get("db"), c.req.valid("param").bookingId);
    const data = {
      actualStartTime: started_at === null ? null : toZonedUtcText(started_at),
      actualEndTime: toZonedUtcText(ended_at),
    };
    return c.json({ success: true as const, message: "Session ended", data }, 200);
  });
}
