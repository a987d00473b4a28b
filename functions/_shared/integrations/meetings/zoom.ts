import { z } from "@hono/zod-openapi";
import type { Runtime } from "../../runtime.ts";
import { readAnswer, VendorError, vendorFetch } from "../vendor.ts";
import type { MeetingVendor, PlannedMeeting, VendorMeeting } from "./port.ts";
import { forgetZoomToken, zoomToken } from "./zoom_token.ts";

const Meeting = z.object({ id: z.union([z.number(), z.string()]), join_url: z.url() });
const MeetingPage = z.object({
  meetings: z.array(Meeting.extend({ agenda: z.string().optional() })),
  next_page_token: z.string().optional(),
});
const Problem = z.object({ code: z.number() });

/** Zoom's code for deleting a meeting that has ended: there is nothing left to take back. */
const endedAlready = 3007;
/** Zoom names meetings itself, so a lost answer is looked for among so many pages of those to come. */
const maxPages = 20;

type Answer = Awaited<ReturnType<typeof vendorFetch>>;

/** Zoom meetings of the account's own user. People may join 15 minutes before the start without a host. */
export function zoom(runtime: Runtime): MeetingVendor | null {
  const { zoom } = runtime.config.meetings;
  if (!zoom) return null;

  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const send = async () =>
      await vendorFetch(runtime, "zoom", `${zoom!.baseUrl}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await zoomToken(runtime, zoom!)}`,
          "content-type": "application/json",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const answer = await send();
    if (answer.status !== 401) return answer;
    forgetZoomToken(runtime);
    return await send();
  }

  async function find(room: string): Promise<VendorMeeting | undefined> {
    let next = "";
    for (let page = 0; page < maxPages; page++) {
      const query = new URLSearchParams({
        type: "upcoming",
        page_size: "50",
        ...(next ? { next_page_token: next } : {}),
      });
      const { meetings, next_page_token = "" } = readAnswer(
        "zoom",
        MeetingPage,
        await ask("GET", `/users/me/meetings?${query}`),
      );
      const found = meetings.find(({ agenda }) => agenda?.includes(room));
      if (found) return vendorMeeting(found);
      if (!next_page_token) return undefined;
      next = next_page_token;
    }
    return undefined;
  }

  const end = async (id: string) => {
    const { ok, status } = await ask("PUT", `${meetingPath(id)}/status`, { action: "end" });
    // 400 and 404: it is not in progress, or not there any more.
    if (!ok && status !== 400 && status !== 404) throw new VendorError("zoom", `answered ${status}`, status);
  };

  return {
    async create(meeting) {
      const found = meeting.isRetry ? await find(meeting.room) : undefined;
      if (found) {
        await this.move(found.externalId, meeting);
        return found;
      }
      const answer = await ask("POST", "/users/me/meetings", {
        ...times(meeting),
        topic: meeting.title.slice(0, 200),
        agenda: `Reference ${meeting.room}`,
        type: 2,
        settings: {
          join_before_host: true,
          jbh_time: 15,
          waiting_room: false,
          meeting_authentication: false,
        },
      });
      return vendorMeeting(readAnswer("zoom", Meeting, answer));
    },
    async move(id, meeting) {
      const { ok, status } = await ask("PATCH", meetingPath(id), times(meeting));
      if (!ok) throw new VendorError("zoom", `answered ${status}`, status);
    },
    close: end,
    async remove(id) {
      let answer = await ask("DELETE", meetingPath(id));
      if (answer.status === 400 && codeOf(answer) !== endedAlready) {
        // Zoom deletes no meeting that somebody is in.
        await end(id);
        answer = await ask("DELETE", meetingPath(id));
      }
      if (answer.ok || answer.status === 404 || codeOf(answer) === endedAlready) return;
      throw new VendorError("zoom", `answered ${answer.status}`, answer.status);
    },
    linkFor: ({ joinUrl }) => Promise.resolve(joinUrl),
  };
}

function times({ startsAt, endsAt }: PlannedMeeting) {
  return {
    start_time: startsAt.toISOString().replace(/\.\d+Z$/, "Z"),
    duration: Math.ceil((endsAt.getTime() - startsAt.getTime()) / 60_000),
    timezone: "UTC",
  };
}

function vendorMeeting({ id, join_url }: z.output<typeof Meeting>): VendorMeeting {
  return { externalId: String(id), joinUrl: join_url };
}

function meetingPath(id: string): string {
  return `/meetings/${encodeURIComponent(id)}`;
}

function codeOf({ body }: Answer): number | undefined {
  try {
    return Problem.safeParse(JSON.parse(body)).data?.code;
  } catch {
    return undefined;
  }
}
