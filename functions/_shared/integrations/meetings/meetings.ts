import type { Runtime } from "../../runtime.ts";
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
