import type { Db } from "../_shared/domain/db.ts";
import { planMeeting, settleMeeting } from "../_shared/domain/meeting_tasks.ts";
import { meetingVendor } from "../_shared/integrations/meetings/meetings.ts";
import type { MeetingVendor, VendorMeeting } from "../_shared/integrations/meetings/port.ts";
import { withinOneTimeout } from "../_shared/integrations/vendor.ts";
import type { Runtime } from "../_shared/runtime.ts";

/**
 * Brings a booking's meeting at its vendor into line with the booking as it is now, whatever the delivery told of it.
 *
 * @throws {VendorError} when the vendor did not do it
 */
export async function deliverMeeting(
  runtime: Runtime,
  db: Db,
  bookingId: string,
): Promise<"delivered" | "skipped"> {
  const task = await planMeeting(db, bookingId, runtime.config.meetings.kind);
  if (task.action === "none") return "delivered";
  const vendor = meetingVendor(withinOneTimeout(runtime), task.kind);
  if (!vendor) return "skipped";
  await settleMeeting(db, bookingId, task, await perform(vendor, task));
  return "delivered";
}

async function perform(
  vendor: MeetingVendor,
  task: Exclude<Awaited<ReturnType<typeof planMeeting>>, { action: "none" }>,
): Promise<VendorMeeting | undefined> {
  switch (task.action) {
    case "create":
      return await vendor.create(task.meeting);
    case "move":
      return void await vendor.move(task.externalId, task.meeting);
    case "close":
      return void await vendor.close(task.externalId);
    case "remove":
      return void await vendor.remove(task.externalId);
  }
}
