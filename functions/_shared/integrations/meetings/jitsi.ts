import type { Runtime } from "../../runtime.ts";
import type { MeetingVendor } from "./port.ts";

/** Jitsi Meet: a room exists as soon as somebody opens its link, so there is nothing to make or to take back. */
export function jitsi({ config: { meetings } }: Runtime): MeetingVendor {
  return {
    create: ({ room }) => Promise.resolve({ externalId: room, joinUrl: `${meetings.jitsiUrl}/${room}` }),
    move: () => Promise.resolve(),
    close: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    linkFor: ({ joinUrl }, { name }) =>
      Promise.resolve(`${joinUrl}#userInfo.displayName=${encodeURIComponent(JSON.stringify(name))}`),
  };
}
