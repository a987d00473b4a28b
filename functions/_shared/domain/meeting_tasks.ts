import { z } from "@hono/zod-openapi";
import { meetingKinds } from "../integrations/meetings/meetings.ts";
import type { PlannedMeeting, VendorMeeting } from "../integrations/meetings/port.ts";
import { call, type Db } from "./db.ts";

const Row = z.object({
  kind: z.enum(meetingKinds),
  is_retry: z.boolean(),
  room: z.string(),
  external_id: z.string().nullable(),
  title: z.string(),
  starts_at: z.string(),
  ends_at: z.string(),
  opens_at: z.string(),
  closes_at: z.string(),
});
const Planned = z.discriminatedUnion("action", [
  z.object({ action: z.literal("none") }),
  Row.extend({ action: z.literal("create") }),
  Row.extend({ action: z.enum(["move", "close", "remove"]), external_id: z.string() }),
]);

interface Work {
  kind: (typeof meetingKinds)[number];
  meeting: PlannedMeeting;
  /** The row that the database planned, to settle it with. */
  planned: z.output<typeof Planned>;
}

/** What is to be done at the vendor for one booking. */
export type MeetingTask =
  | { action: "none" }
  | Work & { action: "create" }
  | Work & { action: "move" | "close" | "remove"; externalId: string };

/** What is to be done at the vendor for a booking as it is now; a new meeting is of `kind`. For the service. */
export async function planMeeting(db: Db, bookingId: string, kind: string): Promise<MeetingTask> {
  const planned = Planned.parse(await call(db, "plan_meeting", { booking_id: bookingId, kind }));
  if (planned.action === "none") return planned;
  const work = {
    kind: planned.kind,
    planned,
    meeting: {
      room: planned.room,
      title: planned.title,
      startsAt: new Date(planned.starts_at),
      endsAt: new Date(planned.ends_at),
      opensAt: new Date(planned.opens_at),
      closesAt: new Date(planned.closes_at),
      isRetry: planned.is_retry,
    },
  };
  return planned.action === "create"
    ? { ...work, action: planned.action }
    : { ...work, action: planned.action, externalId: planned.external_id };
}

/** Notes that a task was done, and what the vendor made. For the service. */
export async function settleMeeting(
  db: Db,
  bookingId: string,
  task: Exclude<MeetingTask, { action: "none" }>,
  made: VendorMeeting | undefined,
): Promise<void> {
  await call(db, "settle_meeting", {
    booking_id: bookingId,
    task: { ...task.planned },
    ...(made ? { external_id: made.externalId, join_url: made.joinUrl } : {}),
  });
}
