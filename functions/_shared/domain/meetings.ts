import { z } from "@hono/zod-openapi";
import { lazily } from "../lazily.ts";
import { call, type Db } from "./db.ts";

const Participant = lazily(() =>
  z.object({
    profile_id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    joined_at: z.string(),
    left_at: z.string().nullable(),
  })
);
const Note = lazily(() =>
  z.object({
    id: z.string(),
    author_id: z.string(),
    text: z.string(),
    is_public: z.boolean(),
    created_at: z.string(),
  })
);
export type MeetingNote = z.output<ReturnType<typeof Note>>;

const Details = lazily(() =>
  z.object({
    booking_id: z.string(),
    status: z.string(),
    kind: z.string().nullable(),
    meeting_id: z.string().nullable(),
    join_url: z.string().nullable(),
    opens_at: z.string(),
    closes_at: z.string(),
    starts_at: z.string(),
    ends_at: z.string(),
    started_at: z.string().nullable(),
    ended_at: z.string().nullable(),
    participants: z.array(Participant()),
    notes: z.array(Note()),
    has_recording: z.boolean(),
    recording_url: z.string().nullable(),
    recording_token: z.string().nullable(),
    recording_seconds: z.number().nullable(),
    recording_shared_until: z.string().nullable(),
    is_downloadable: z.boolean(),
    is_transcript_shared: z.boolean(),
  })
);
/** A one-to-one booking's meeting as one of its people sees it. */
export type MeetingDetails = z.output<ReturnType<typeof Details>>;

const Entry = lazily(() =>
  z.object({
    booking_id: z.string(),
    kind: z.enum(["jitsi", "daily", "zoom"]),
    external_id: z.string(),
    join_url: z.string(),
    role: z.enum(["provider", "attendee"]),
    profile_id: z.string(),
    name: z.string(),
    opens_at: z.string(),
    closes_at: z.string(),
    joined_at: z.string(),
  })
);
/** How one person gets into an open meeting. */
export type MeetingEntry = z.output<ReturnType<typeof Entry>>;

const Recording = lazily(() =>
  z.object({
    url: z.string(),
    transcript_url: z.string().nullable(),
    duration_seconds: z.number().nullable(),
    share_token: z.string().nullable(),
    shared_until: z.string().nullable(),
    is_downloadable: z.boolean(),
    is_transcript_shared: z.boolean(),
  })
);
/** A recording as its provider sees it. */
export type Recording = z.output<ReturnType<typeof Recording>>;

/** The meeting of a booking of the signed-in person. @throws {AppError} BOOKING_NOT_FOUND */
export async function readMeeting(db: Db, bookingId: string): Promise<MeetingDetails> {
  return Details().parse(await call(db, "read_meeting", { booking_id: bookingId }));
}

/** Notes that the signed-in person joins. @throws {AppError} BOOKING_NOT_FOUND, MEETING_NOT_OPEN */
export async function joinMeeting(db: Db, bookingId: string): Promise<MeetingEntry> {
  return Entry().parse(await call(db, "join_meeting", { booking_id: bookingId }));
}

/** Notes that the signed-in person left. @throws {AppError} BOOKING_NOT_FOUND, MEETING_NOT_JOINED */
export async function leaveMeeting(
  db: Db,
  bookingId: string,
): Promise<{ joined_at: string; left_at: string }> {
  const { joined_at, left_at } = await call(db, "leave_meeting", { booking_id: bookingId });
  return z.object({ joined_at: z.string(), left_at: z.string() }).parse({ joined_at, left_at });
}

/**
 * Ends the meeting for everybody, as its provider.
 *
 * @throws {AppError} NOT_THE_PROVIDER, BOOKING_NOT_FOUND, MEETING_NOT_OPEN
 */
export async function endMeeting(
  db: Db,
  bookingId: string,
): Promise<{ started_at: string | null; ended_at: string }> {
  const { started_at, ended_at } = await call(db, "end_meeting", { booking_id: bookingId });
  return z.object({ started_at: z.string().nullable(), ended_at: z.string() }).parse({
    started_at,
    ended_at,
  });
}

/**
 * Notes something on a booking of the signed-in person.
 *
 * @throws {AppError} BOOKING_NOT_FOUND, MEETING_NOT_OPEN, TOO_MANY_NOTES
 */
export async function addMeetingNote(
  db: Db,
  bookingId: string,
  { text, isPublic }: { text: string; isPublic: boolean },
): Promise<MeetingNote> {
  return Note().parse(
    await call(db, "add_meeting_note", { booking_id: bookingId, text, is_public: isPublic }),
  );
}

/**
 * Says where a recording lies, as the booking's provider.
 *
 * @throws {AppError} NOT_THE_PROVIDER, BOOKING_NOT_FOUND, MEETING_NOT_OPEN
 */
export async function addRecording(
  db: Db,
  bookingId: string,
  recording: { url: string; durationSeconds?: number | undefined; transcriptUrl?: string | undefined },
): Promise<Recording> {
  const { url, durationSeconds, transcriptUrl } = recording;
  return Recording().parse(
    await call(db, "add_recording", {
      booking_id: bookingId,
      url,
      ...(durationSeconds === undefined ? {} : { duration_seconds: durationSeconds }),
      ...(transcriptUrl === undefined ? {} : { transcript_url: transcriptUrl }),
    }),
  );
}

/**
 * Shares the recording with the attendee, as the booking's provider.
 *
 * @throws {AppError} NOT_THE_PROVIDER, BOOKING_NOT_FOUND, RECORDING_NOT_FOUND
 */
export async function shareRecording(
  db: Db,
  bookingId: string,
  options: { expiryDays: number; isDownloadable: boolean; includeTranscript: boolean },
): Promise<Recording & { share_token: string; shared_until: string }> {
  const row = await call(db, "share_recording", {
    booking_id: bookingId,
    expiry_days: options.expiryDays,
    is_downloadable: options.isDownloadable,
    include_transcript: options.includeTranscript,
  });
  return Recording().extend({ share_token: z.string(), shared_until: z.string() }).parse(row);
}

/** Where a shared recording lies, or its transcript. @throws {AppError} RECORDING_NOT_FOUND, RECORDING_EXPIRED */
export function openRecording(db: Db, token: string, part: "recording" | "transcript"): Promise<string> {
  return call(db, "open_recording", { token, is_transcript: part === "transcript" });
}
