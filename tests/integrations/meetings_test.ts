import assert from "node:assert/strict";
import { meetingVendor } from "../../functions/_shared/integrations/meetings/meetings.ts";
import { VendorError, withinOneTimeout } from "../../functions/_shared/integrations/vendor.ts";
import { createRuntime } from "../../functions/_shared/runtime.ts";
import { type Asked, type Vendor, vendor } from "../support/vendor.ts";

const meeting = {
  room: "convene-0123",
  title: "Career advice",
  startsAt: new Date("2030-01-15T07:00:00Z"),
  endsAt: new Date("2030-01-15T07:50:00Z"),
  opensAt: new Date("2030-01-15T06:45:00Z"),
  closesAt: new Date("2030-01-15T08:20:00Z"),
  isRetry: false,
};
const [opens, closes] = [Date.UTC(2030, 0, 15, 6, 45) / 1000, Date.UTC(2030, 0, 15, 8, 20) / 1000];
const joiner = {
  profileId: crypto.randomUUID(),
  name: "Jane Smith",
  isHost: true,
  closesAt: meeting.closesAt,
};

function open(kind: "jitsi" | "daily" | "zoom", env: Record<string, string>, now = () => new Date()) {
  const settings: Record<string, string> = { SUPABASE_URL: "http://127.0.0.1:1", ...env };
  const found = meetingVendor(createRuntime((name) => settings[name], { now }), kind);
  assert.ok(found);
  return found;
}

const steps = ({ asked }: Vendor) => asked.map(({ method, path }) => `${method} ${path}`);

Deno.test("vendors that need an account are not there without one", () => {
  const runtime = createRuntime((name) => ({ SUPABASE_URL: "http://127.0.0.1:1" })[name]);
  assert.equal(meetingVendor(runtime, "daily"), null);
  assert.equal(meetingVendor(runtime, "zoom"), null);
});

Deno.test("Jitsi: the room is the link, and a person's link carries their name", async () => {
  const jitsi = open("jitsi", { JITSI_BASE_URL: "https://meet.example.com/" });
  const made = await jitsi.create(meeting);
  assert.deepEqual(made, { externalId: "convene-0123", joinUrl: "https://meet.example.com/convene-0123" });
  const link = await jitsi.linkFor(made, { ...joiner, name: 'J "x" & #' });
  assert.equal(new URL(link).pathname, "/convene-0123");
  assert.equal(decodeURIComponent(new URL(link).hash), `#userInfo.displayName="J \\"x\\" & #"`);
});

const daily = (peer: Vendor) =>
  open("daily", { DAILY_API_KEY: "daily-key", DAILY_BASE_URL: `${peer.url}/v1` });
const room = { name: meeting.room, url: `https://example.daily.co/${meeting.room}` };

Deno.test("Daily: a room opens and closes by itself, with our name and key", async () => {
  await using peer = vendor(() => Response.json(room));
  const made = await daily(peer).create(meeting);
  assert.deepEqual(made, { externalId: room.name, joinUrl: room.url });
  assert.deepEqual(steps(peer), ["POST /v1/rooms"]);
  assert.equal(peer.asked[0]?.headers.get("authorization"), "Bearer daily-key");
  assert.deepEqual(peer.asked[0]?.body, {
    name: meeting.room,
    privacy: "public",
    properties: { nbf: opens, exp: closes, eject_at_room_exp: true },
  });
});

Deno.test("Daily: creating again after a lost answer finds the room and sets it up", async () => {
  await using peer = vendor(({ path }) =>
    path === "/v1/rooms"
      ? Response.json({ error: "invalid-request-error", info: "a room has this name already" }, {
        status: 400,
      })
      : Response.json(room)
  );
  assert.equal((await daily(peer).create(meeting)).joinUrl, room.url);
  assert.deepEqual(steps(peer), ["POST /v1/rooms", `POST /v1/rooms/${room.name}`]);
});

Deno.test("Daily: what it refuses for another reason stays refused", async () => {
  await using peer = vendor(({ path }) => Response.json({}, { status: path === "/v1/rooms" ? 400 : 404 }));
  await assert.rejects(
    daily(peer).create(meeting),
    (error) => error instanceof VendorError && error.status === 400 && error.isFinal,
  );
});

Deno.test("Daily: a moved meeting's room gets the new window; an ended one is deleted, once or twice", async () => {
  let isThere = true;
  await using peer = vendor(({ method }) => {
    if (method !== "DELETE") return Response.json(room);
    const answer = isThere
      ? Response.json({ deleted: true })
      : Response.json({ error: "not-found" }, { status: 404 });
    isThere = false;
    return answer;
  });
  const vendorOfRooms = daily(peer);
  await vendorOfRooms.move(room.name, { ...meeting, opensAt: new Date("2030-01-16T06:45:00Z") });
  assert.equal(peer.asked[0]?.body.properties.nbf, opens + 86_400);
  await vendorOfRooms.close(room.name);
  await vendorOfRooms.remove(room.name);
  assert.deepEqual(steps(peer).slice(1), [`DELETE /v1/rooms/${room.name}`, `DELETE /v1/rooms/${room.name}`]);
});

Deno.test("Daily: a person's link has a token with name, rights and end", async () => {
  await using peer = vendor(() => Response.json({ token: "the.token" }));
  const link = await daily(peer).linkFor({ externalId: room.name, joinUrl: room.url }, joiner);
  assert.equal(link, `${room.url}?t=the.token`);
  assert.equal(peer.asked[0]?.path, "/v1/meeting-tokens");
  assert.deepEqual(peer.asked[0]?.body, {
    properties: {
      room_name: room.name,
      user_id: joiner.profileId,
      user_name: "Jane Smith",
      is_owner: true,
      exp: closes,
    },
  });
});

/** Zoom as far as we use it: the token and whatever the test answers to the rest. */
function zoomPeer(answer: (asked: Asked) => Response | Promise<Response>): Vendor {
  let tokens = 0;
  return vendor((asked) =>
    asked.path === "/oauth/token"
      ? Response.json({ access_token: `token-${++tokens}`, token_type: "bearer", expires_in: 3600 })
      : answer(asked)
  );
}

const zoomSettings = (peer: Vendor) => ({
  ZOOM_ACCOUNT_ID: "account",
  ZOOM_CLIENT_ID: "client",
  ZOOM_CLIENT_SECRET: "secret",
  ZOOM_BASE_URL: `${peer.url}/v2`,
  ZOOM_AUTH_BASE_URL: peer.url,
});
const zoom = (peer: Vendor, now?: () => Date) => open("zoom", zoomSettings(peer), now);
const zoomMeeting = { id: 85746065432, join_url: "https://us02web.zoom.us/j/85746065432?pwd=abc" };

Deno.test("Zoom: the account's own credentials become a token, which is used until it ends", async () => {
  await using peer = zoomPeer(() => Response.json(zoomMeeting, { status: 201 }));
  let now = new Date("2030-01-01T00:00:00Z");
  const vendorOfMeetings = zoom(peer, () => now);
  await vendorOfMeetings.create(meeting);
  await vendorOfMeetings.create(meeting);
  const [grant, ...rest] = peer.asked;
  assert.equal(grant?.headers.get("authorization"), `Basic ${btoa("client:secret")}`);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(grant?.body)), {
    grant_type: "account_credentials",
    account_id: "account",
  });
  assert.deepEqual(rest.map(({ headers }) => headers.get("authorization")), [
    "Bearer token-1",
    "Bearer token-1",
  ]);
  now = new Date("2030-01-01T01:00:00Z");
  await vendorOfMeetings.create(meeting);
  assert.equal(peer.asked.at(-1)?.headers.get("authorization"), "Bearer token-2");
});

Deno.test("Zoom: a meeting is made in UTC and lets people in 15 minutes before, without a host", async () => {
  await using peer = zoomPeer(() => Response.json(zoomMeeting, { status: 201 }));
  const made = await zoom(peer).create(meeting);
  assert.deepEqual(made, { externalId: "85746065432", joinUrl: zoomMeeting.join_url });
  assert.deepEqual(peer.asked[1]?.body, {
    topic: "Career advice",
    agenda: "Reference convene-0123",
    type: 2,
    start_time: "2030-01-15T07:00:00Z",
    duration: 50,
    timezone: "UTC",
    settings: { join_before_host: true, jbh_time: 15, waiting_room: false, meeting_authentication: false },
  });
});

Deno.test("Zoom: creating again after a lost answer finds the meeting, on whichever page it is", async () => {
  await using peer = zoomPeer(({ method, path }) => {
    if (method === "PATCH") return new Response(null, { status: 204 });
    const isSecond = path.includes("next_page_token=more");
    return Response.json({
      next_page_token: isSecond ? "" : "more",
      meetings: isSecond
        ? [{ ...zoomMeeting, agenda: "Reference convene-0123" }]
        : [{ ...zoomMeeting, id: 1 }],
    });
  });
  const made = await zoom(peer).create({ ...meeting, isRetry: true });
  assert.equal(made.externalId, "85746065432");
  assert.deepEqual(peer.asked.map(({ method }) => method), ["POST", "GET", "GET", "PATCH"]);
});

Deno.test("Zoom: a token that it takes back is replaced, once", async () => {
  await using peer = zoomPeer(({ headers }) =>
    headers.get("authorization") === "Bearer token-1"
      ? Response.json({ code: 124 }, { status: 401 })
      : new Response(null, { status: 204 })
  );
  await zoom(peer).move("1", meeting);
  assert.deepEqual(steps(peer), [
    "POST /oauth/token",
    "PATCH /v2/meetings/1",
    "POST /oauth/token",
    "PATCH /v2/meetings/1",
  ]);
  await using refusing = zoomPeer(() => Response.json({ code: 124 }, { status: 401 }));
  await assert.rejects(zoom(refusing).move("1", meeting), VendorError);
  assert.equal(refusing.asked.length, 4);
});

Deno.test("Zoom: a meeting that somebody is in is ended before it is deleted", async () => {
  let isRunning = true;
  await using peer = zoomPeer(({ method }) => {
    if (method === "PUT") isRunning = false;
    return method === "DELETE" && isRunning
      ? Response.json({ code: 3002 }, { status: 400 })
      : new Response(null, { status: 204 });
  });
  await zoom(peer).remove("1");
  assert.deepEqual(steps(peer).slice(1), [
    "DELETE /v2/meetings/1",
    "PUT /v2/meetings/1/status",
    "DELETE /v2/meetings/1",
  ]);
  assert.deepEqual(peer.asked[2]?.body, { action: "end" });
});

Deno.test("Zoom: taking back what is gone or over already is done", async () => {
  for (const [status, code] of [[404, 3001], [400, 3007]]) {
    await using peer = zoomPeer(() => Response.json({ code }, { status: status! }));
    await zoom(peer).remove("1");
    await zoom(peer).close("1");
  }
});

Deno.test("Zoom: all calls of one delivery together take no longer than a vendor may", async () => {
  await using peer = zoomPeer(async () => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    return Response.json({ next_page_token: "more", meetings: [] });
  });
  const settings: Record<string, string> = {
    SUPABASE_URL: "http://127.0.0.1:1",
    VENDOR_TIMEOUT_MS: "2500",
    ...zoomSettings(peer),
  };
  const runtime = withinOneTimeout(createRuntime((name) => settings[name]));
  const creating = meetingVendor(runtime, "zoom")?.create({ ...meeting, isRetry: true });
  await assert.rejects(creating ?? Promise.resolve(), /did not answer in time/);
  assert.ok(peer.asked.length > 3, "no single call was late");
});

Deno.test("a vendor that answers something else than its API made nothing", async () => {
  await using peer = zoomPeer(() => new Response("<html>It works!</html>"));
  await assert.rejects(zoom(peer).create(meeting), VendorError);
  await assert.rejects(daily(peer).create(meeting), VendorError);
});
