import { AppError } from "../../http/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { VendorError } from "../vendor.ts";
import { daily } from "./daily.ts";
import { jitsi } from "./jitsi.ts";
import type { MeetingVendor } from "./port.ts";
import { zoom } from "./zoom.ts";

export const meetingKinds = ["jitsi", "daily", "zoom"] as const;
export type MeetingKind = (typeof meetingKinds)[number];

const vendors: Record<MeetingKind, (runtime: Runtime) => MeetingVendor | null> = { jitsi, daily, zoom };

/** Where meetings of this kind take place; null when its vendor is not configured. */
export function meetingVendor(runtime: Runtime, kind: MeetingKind): MeetingVendor | null {
  return vendors[kind](runtime);
}

/** What a person needs to know to get a link of their own. */
interface Entry {
  kind: MeetingKind;
  external_id: string;
  join_url: string;
  role: "provider" | "attendee";
  profile_id: string;
  name: string;
  closes_at: string;
}

/** The link of one person into an open meeting. @throws {AppError} TRY_AGAIN when the vendor does not give one */
export async function linkForPerson(runtime: Runtime, entry: Entry): Promise<string> {
  const vendor = meetingVendor(runtime, entry.kind);
  if (!vendor) return entry.join_url;
  try {
    return await vendor.linkFor({ externalId: entry.external_id, joinUrl: entry.join_url }, {
      profileId: entry.profile_id,
      name: entry.name,
      isHost: entry.role === "provider",
      closesAt: new Date(entry.closes_at),
    });
  } catch (cause) {
    if (!(cause instanceof VendorError)) throw cause;
    throw new AppError("TRY_AGAIN", { cause, retryAfterSeconds: 2 });
  }
}
