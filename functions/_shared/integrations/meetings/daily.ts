import { z } from "@hono/zod-openapi";
import type { Runtime } from "../../runtime.ts";
import { readAnswer, VendorError, vendorFetch } from "../vendor.ts";
import type { MeetingVendor, PlannedMeeting } from "./port.ts";

const Room = z.object({ name: z.string(), url: z.url() });
const Token = z.object({ token: z.string() });

/**
 * Daily's rooms. A room opens and closes by itself (`nbf`, `exp`) and has a name that cannot be guessed, so its bare
 * link is enough; a meeting token adds the person's name, and to the provider the rights of an owner.
 */
export function daily(runtime: Runtime): MeetingVendor | null {
  const { daily } = runtime.config.meetings;
  if (!daily) return null;
  const ask = (method: string, path: string, body?: unknown) =>
    vendorFetch(runtime, "daily", `${daily.baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${daily.apiKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const remove = async (name: string) => {
    const { ok, status } = await ask("DELETE", roomPath(name));
    if (!ok && status !== 404) throw new VendorError("daily", `answered ${status}`, status);
  };
  return {
    async create(meeting) {
      let answer = await ask("POST", "/rooms", { name: meeting.room, ...settings(meeting) });
      // Daily refuses a name that it has; a try whose answer was lost left it, and setting it up again finds it.
      if (answer.status === 400) {
        const existing = await ask("POST", roomPath(meeting.room), settings(meeting));
        if (existing.ok) answer = existing;
      }
      const { name, url } = readAnswer("daily", Room, answer);
      return { externalId: name, joinUrl: url };
    },
    async move(name, meeting) {
      readAnswer("daily", Room, await ask("POST", roomPath(name), settings(meeting)));
    },
    close: remove,
    remove,
    async linkFor({ externalId, joinUrl }, { profileId, name, isHost, closesAt }) {
      const answer = await ask("POST", "/meeting-tokens", {
        properties: {
          room_name: externalId,
          user_id: profileId,
          user_name: name,
          is_owner: isHost,
          exp: seconds(closesAt),
        },
      });
      const link = new URL(joinUrl);
      link.searchParams.set("t", readAnswer("daily", Token, answer).token);
      return link.href;
    },
  };
}

function settings({ opensAt, closesAt }: PlannedMeeting) {
  return {
    privacy: "public",
    properties: { nbf: seconds(opensAt), exp: seconds(closesAt), eject_at_room_exp: true },
  };
}

function roomPath(name: string): string {
  return `/rooms/${encodeURIComponent(name)}`;
}

function seconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
