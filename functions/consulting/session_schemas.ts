import { z } from "@hono/zod-openapi";
import { lazily } from "../_shared/lazily.ts";
import type { MeetingDetails, MeetingNote } from "../_shared/domain/meetings.ts";
import { lazySchema } from "../_shared/http/openapi.ts";
import { toZonedUtcText } from "../_shared/http/times.ts";
import { Id, Instant } from "./schemas.ts";

export const BookingPath = lazySchema(() => z.object({ bookingId: Id }));

const Note = lazily(() =>
  z.object({
    _id: Id,
    authorId: Id,
    notes: z.string(),
    isPublic: z.boolean(),
    createdAt: Instant,
  }).openapi("SessionNote")
);

export const Session = lazily(() =>
  z.object({
    _id: Id.openapi({ description: "The booking's id: a booking has one session" }),
    bookingId: Id,
    zoomMeetingId: z.string().nullable().openapi({
      description:
        "The meeting's id at its vendor; other vendors' than Zoom's while the meeting is open only",
    }),
    zoomLink: z.string().nullable().openapi({
      description: "Addition: the link, from 15 minutes before the start until 30 minutes after the end",
    }),
    provider: z.string().nullable().openapi({
      description: "Addition: jitsi, daily or zoom; null before the meeting is made",
    }),
    scheduledStartTime: Instant,
    actualStartTime: Instant.nullable(),
    actualEndTime: Instant.nullable(),
    duration: z.number().openapi({
      description: "Minutes: as long as it took, as booked until it has ended",
    }),
    participants: z.array(z.object({
      name: z.string(),
      email: z.string().nullable().openapi({ description: "For the specialist; of oneself for everybody" }),
      joinTime: Instant,
      leaveTime: Instant.nullable(),
    })),
    hasRecording: z.boolean().openapi({ description: "For the customer: whether one is shared" }),
    recordingUrl: z.string().nullable(),
    recordingDuration: z.number().nullable().openapi({ description: "Minutes" }),
    recordingExpiryDate: Instant.nullable(),
    recordingDownloadable: z.boolean().openapi({ description: "Addition" }),
    transcriptUrl: z.string().nullable().openapi({ description: "Addition: shared with the recording" }),
    screenshare: z.boolean().openapi({
      description: "Whether screens can be shared: every vendor's meetings allow it",
    }),
    sessionNotes: z.string().openapi({ description: "The notes that the caller may read, oldest first" }),
    notes: z.array(Note()).openapi({ description: "Addition: the same one by one" }),
  }).openapi("Session")
);

export { Note as SessionNote };

export const Joined = lazily(() =>
  z.object({
    bookingId: Id,
    zoomMeetingId: z.string(),
    zoomLink: z.string(),
    role: z.enum(["specialist", "customer"]),
    joinTime: Instant,
    closesAt: Instant,
  }).openapi("JoinedSession")
);

export function presentNote({ id, author_id, text, is_public, created_at }: MeetingNote) {
  return {
    _id: id,
    authorId: author_id,
    notes: text,
    isPublic: is_public,
    createdAt: toZonedUtcText(created_at),
  };
}

/** A shared link of ours; the recording's own address for its specialist until it is shared. */
export function presentSession(
  meeting: MeetingDetails,
  linkOf: (token: string, part?: "transcript") => string,
): z.output<ReturnType<typeof Session>> {
  const { recording_token: token, recording_seconds: seconds, started_at, ended_at } = meeting;
  const [from, to] = started_at && ended_at ? [started_at, ended_at] : [meeting.starts_at, meeting.ends_at];
  return {
    _id: meeting.booking_id,
    bookingId: meeting.booking_id,
    zoomMeetingId: meeting.meeting_id,
    zoomLink: meeting.join_url,
    provider: meeting.kind,
    scheduledStartTime: toZonedUtcText(meeting.starts_at),
    actualStartTime: nullable(started_at),
    actualEndTime: nullable(ended_at),
    duration: Math.round((Date.parse(to) - Date.parse(from)) / 60_000),
    participants: meeting.participants.map(({ name, email, joined_at, left_at }) => ({
      name: name ?? "",
      email,
      joinTime: toZonedUtcText(joined_at),
      leaveTime: nullable(left_at),
    })),
    hasRecording: meeting.has_recording,
    recordingUrl: token ? linkOf(token) : meeting.recording_url,
    recordingDuration: seconds === null ? null : Math.round(seconds / 0.6) / 100,
    recordingExpiryDate: nullable(meeting.recording_shared_until),
    recordingDownloadable: meeting.is_downloadable,
    transcriptUrl: token && meeting.is_transcript_shared ? linkOf(token, "transcript") : null,
    screenshare: meeting.kind !== null,
    sessionNotes: meeting.notes.map(({ text }) => text).join("\n\n"),
    notes: meeting.notes.map(presentNote),
  };
}

function nullable(instant: string | null): string | null {
  return instant === null ? null : toZonedUtcText(instant);
}
