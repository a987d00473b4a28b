import { createRoute, z } from "@hono/zod-openapi";
import { addRecording, openRecording, shareRecording } from "../../_shared/domain/meetings.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse, lazySchema } from "../../_shared/http/openapi.ts";
import { publicRoutes, userRoutes } from "../../_shared/http/routes.ts";
import { toZonedUtcText } from "../../_shared/http/times.ts";
import { errors } from "../errors.ts";
import { recordingLink } from "../recording_link.ts";
import { Instant, saidAnswer } from "../schemas.ts";
import { BookingPath } from "../session_schemas.ts";

const tags = ["Sessions"];
const provider = [
  "INVALID_INPUT",
  "SIGN_IN_REQUIRED",
  "INVALID_TOKEN",
  "NOT_THE_PROVIDER",
  "BOOKING_NOT_FOUND",
  "IDEMPOTENCY_KEY_REUSED",
] as const;

const addRoute = createRoute({
  method: "post",
  path: "/sessions/{bookingId}/recording",
  operationId: "addRecording",
  tags,
  summary: "Say where a session's recording lies",
  description:
    "Addition. For the booking's specialist. Another one replaces it and ends what was shared of it.",
  request: {
    params: BookingPath,
    body: jsonBody(() =>
      z.object({
        recordingUrl: z.url({ protocol: /^https$/, error: "must be an https address" }).max(2000),
        duration: z.number().min(0).max(1440).optional().openapi({ description: "Minutes" }),
        transcriptUrl: z.url({ protocol: /^https$/, error: "must be an https address" }).max(2000).optional(),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () => saidAnswer(z.object({ recordingUrl: z.string(), recordingDuration: z.number().nullable() })),
      "The recording is known",
    ),
    ...errorResponses(errors, ...provider, "MEETING_NOT_OPEN"),
  },
});

const shareRoute = createRoute({
  method: "post",
  path: "/sessions/{bookingId}/recording/share",
  operationId: "shareRecording",
  tags,
  summary: "Share a session's recording with the customer",
  description: "For the booking's specialist. The link ends by itself, and when it is shared again.",
  request: {
    params: BookingPath,
    body: jsonBody(() =>
      z.object({
        expiryDays: z.int().min(1).max(365).openapi({ example: 30 }),
        downloadable: z.boolean().default(false),
        includeTranscript: z.boolean().default(false),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () => saidAnswer(z.object({ recordingUrl: z.string(), expiryDate: Instant })),
      "The recording is shared",
    ),
    ...errorResponses(errors, ...provider, "RECORDING_NOT_FOUND"),
  },
});

const token = z.string().regex(/^[0-9a-f]{64}$/, "must have 64 hexadecimal digits").openapi({
  example: "0".repeat(64),
});

const openRoutes = (["recording", "transcript"] as const).map((part) => ({
  part,
  route: createRoute({
    method: "get",
    path: part === "recording" ? "/recordings/{token}" : "/recordings/{token}/transcript",
    operationId: part === "recording" ? "openRecording" : "openTranscript",
    tags,
    summary: `Open a shared ${part}`,
    description:
      "Addition: what recordingUrl and transcriptUrl lead to. Whoever has the link may, until it ends.",
    request: { params: lazySchema(() => z.object({ token })) },
    responses: {
      302: { description: "Where it lies" },
      ...errorResponses(errors, "INVALID_INPUT", "RECORDING_NOT_FOUND", "RECORDING_EXPIRED"),
    },
  }),
}));

export function recordingRoutes(contract: Contract): void {
  const { runtime } = contract;
  const routes = userRoutes(contract);

  routes.add(addRoute, async (c) => {
    const { recordingUrl: url, duration, transcriptUrl } = c.req.valid("json");
    const durationSeconds = duration === undefined ? undefined : Math.round(duration * 60);
    const recording = await addRecording(c.get("db"), c.req.valid("param").bookingId, {
      url,
      durationSeconds,
      transcriptUrl,
    });
    const data = { recordingUrl: recording.url, recordingDuration: duration ?? null };
    return c.json({ success: true as const, message: "Recording saved", data }, 200);
  });

  routes.add(shareRoute, async (c) => {
    const { expiryDays, downloadable, includeTranscript } = c.req.valid("json");
    const recording = await shareRecording(c.get("db"), c.req.valid("param").bookingId, {
      expiryDays,
      isDownloadable: downloadable,
      includeTranscript,
    });
    const data = {
      recordingUrl: recordingLink(runtime)(recording.share_token),
      expiryDate: toZonedUtcText(recording.shared_until),
    };
    return c.json({ success: true as const, message: "Recording shared", data }, 200);
  });

  for (const { part, route } of openRoutes) {
    publicRoutes(contract).add(route, async (c) => {
      const url = await openRecording(c.get("db"), c.req.valid("param").token, part);
      c.header("Referrer-Policy", "no-referrer");
      return c.redirect(url, 302);
    });
  }
}
