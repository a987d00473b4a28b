import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { makePerson, makeProvider, type Person } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { makeTimeBooking, type TimeBooking } from "../../support/time_bookings.ts";

let stack: TestStack;
let call: ReturnType<typeof contract>;
let attendee: Person;
Deno.test.beforeAll(async () => {
  stack = await testStack({ env: { JITSI_BASE_URL: "https://meet.example.com" } });
  call = contract(stack, "consulting");
  attendee = await makePerson(stack, { name: "Jane Smith" });
});
Deno.test.afterAll(() => stack.close());

async function ready(startsInMinutes = 5): Promise<TimeBooking> {
  const provider = await makeProvider(stack, { name: "John Doe" });
  const booking = await makeTimeBooking(stack, { attendee, provider }, { startsInMinutes });
  await stack.runWorker();
  return booking;
}

const read = ({ id }: TimeBooking, { token }: Person) => call("GET", `/sessions/${id}`, { token });
const post = ({ id }: TimeBooking, { token }: Person, action: string, body?: unknown) =>
  call("POST", `/sessions/${id}/${action}`, { token, ...(body === undefined ? {} : { body }) });

Deno.test("GET /sessions/{bookingId} answers the session in the document's words", async () => {
  const booking = await ready();
  await post(booking, booking.attendee, "join");
  const { status, body } = await read(booking, booking.provider);
  assert.equal(status, 200);
  assert.equal(body.success, true);
  const { scheduledStartTime, actualStartTime, participants, zoomMeetingId, zoomLink, ...rest } = body.data;
  assert.ok(Math.abs(Date.parse(scheduledStartTime) - Date.now() - 300_000) < 60_000);
  assert.ok(Date.parse(actualStartTime) <= Date.now());
  assert.match(zoomMeetingId, /^convene-[0-9a-f]{32}$/);
  assert.equal(zoomLink, `https://meet.example.com/${zoomMeetingId}`);
  assert.deepEqual(participants, [{
    name: "Jane Smith",
    email: attendee.email,
    joinTime: participants[0].joinTime,
    leaveTime: null,
  }]);
  assert.deepEqual(rest, {
    _id: booking.id,
    bookingId: booking.id,
    provider: "jitsi",
    actualEndTime: null,
    duration: 60,
    hasRecording: false,
    recordingUrl: null,
    recordingDuration: null,
    recordingExpiryDate: null,
    recordingDownloadable: false,
    transcriptUrl: null,
    screenshare: true,
    sessionNotes: "",
    notes: [],
  });
});

Deno.test("before it opens a session tells neither link nor room, and joining is refused with the time", async () => {
  const booking = await ready(60);
  const { body } = await read(booking, attendee);
  assert.deepEqual([body.data.zoomLink, body.data.zoomMeetingId], [null, null]);
  const refused = await post(booking, attendee, "join");
  assert.equal(refused.status, 409);
  assert.equal(refused.body.code, "CONFLICT");
  assert.match(refused.body.details.meeting, /^opens at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

Deno.test("POST /sessions/{bookingId}/join answers a link with the person's name; leave and end close it", async () => {
  const booking = await ready();
  const joined = await post(booking, attendee, "join");
  assert.equal(joined.status, 200);
  assert.equal(joined.body.data.role, "customer");
  assert.match(decodeURIComponent(joined.body.data.zoomLink), /#userInfo\.displayName="Jane Smith"$/);
  const left = await post(booking, attendee, "leave");
  assert.ok(Date.parse(left.body.data.leaveTime) >= Date.parse(left.body.data.joinTime));
  const forbidden = await post(booking, attendee, "end");
  assert.deepEqual([forbidden.status, forbidden.body.code], [403, "FORBIDDEN"]);
  const ended = await post(booking, booking.provider, "end");
  assert.equal(ended.status, 200);
  assert.ok(ended.body.data.actualEndTime);
  const late = await post(booking, attendee, "join");
  assert.deepEqual([late.status, late.body.details.meeting], [409, "has ended"]);
});

Deno.test("POST /sessions/{bookingId}/notes saves notes, private unless said otherwise", async () => {
  const booking = await ready();
  const saved = await post(booking, attendee, "notes", { notes: "Only for me" });
  assert.equal(saved.status, 200);
  assert.equal(saved.body.message, "Notes saved");
  assert.equal(saved.body.data.isPublic, false);
  await post(booking, booking.provider, "notes", { notes: "Next steps", isPublic: true });
  assert.equal((await read(booking, attendee)).body.data.sessionNotes, "Only for me\n\nNext steps");
  assert.equal((await read(booking, booking.provider)).body.data.sessionNotes, "Next steps");
});

Deno.test("POST /sessions/{bookingId}/notes answers 400 in the document's form to bad notes", async () => {
  const booking = await ready();
  for (const body of [{}, { notes: "" }, { notes: "  " }, { notes: "x".repeat(10_001) }, { notes: 1 }]) {
    const answer = await post(booking, attendee, "notes", body);
    assert.deepEqual([answer.status, answer.body.code, answer.body.statusCode], [
      400,
      "VALIDATION_ERROR",
      400,
    ]);
    assert.ok(answer.body.details.notes);
  }
});

Deno.test("POST /sessions/{bookingId}/recording/share gives the customer a link that ends", async () => {
  const booking = await ready();
  const recordingUrl = "https://example.com/recording?of=it";
  const added = await post(booking, booking.provider, "recording", { recordingUrl, duration: 42.5 });
  assert.equal(added.status, 200);
  assert.equal((await read(booking, attendee)).body.data.recordingUrl, null);

  const shared = await post(booking, booking.provider, "recording/share", {
    expiryDays: 30,
    downloadable: true,
    includeTranscript: true,
  });
  assert.equal(shared.status, 200);
  assert.equal(shared.body.message, "Recording shared");
  assert.ok(Math.abs(Date.parse(shared.body.data.expiryDate) - Date.now() - 30 * 86_400_000) < 60_000);
  await stack.runWorker();
  const mail = await stack.inbox.wait(({ to, subject }) =>
    to === attendee.email && subject === "Recording: One-to-one session"
  );
  assert.match(mail.text, /John Doe shares the recording/);
  assert.doesNotMatch(mail.text, /https:|Price/);
  const { body: { data: { notifications: [notice] } } } = await call("GET", "/notifications?type=recording", {
    token: attendee.token,
  });
  assert.equal(notice.actionUrl, `/bookings/${booking.id}`);
  const { data } = (await read(booking, attendee)).body;
  assert.deepEqual(
    [
      data.hasRecording,
      data.recordingUrl,
      data.recordingDuration,
      data.recordingDownloadable,
      data.transcriptUrl,
    ],
    [true, shared.body.data.recordingUrl, 42.5, true, null],
  );

  const opened = await fetch(data.recordingUrl, { redirect: "manual" });
  await opened.body?.cancel();
  assert.equal(opened.status, 302);
  assert.equal(opened.headers.get("location"), recordingUrl);
  await stack.database.query(
    "update private.meeting_recordings set shared_until = now() where booking_id = $1",
    [
      booking.id,
    ],
  );
  const expired = await fetch(data.recordingUrl, { redirect: "manual" });
  assert.equal(expired.status, 410);
  assert.equal((await expired.json()).code, "RECORDING_EXPIRED");
});

Deno.test("recordings answer 400 to what they cannot be, 403 to the customer, 404 when there is none", async () => {
  const booking = await ready();
  const share = { expiryDays: 30, downloadable: false, includeTranscript: false };
  assert.equal((await post(booking, booking.provider, "recording/share", share)).status, 404);
  for (const recordingUrl of ["http://example.com", "javascript:alert(1)", "nowhere"]) {
    assert.equal((await post(booking, booking.provider, "recording", { recordingUrl })).status, 400);
  }
  for (const expiryDays of [0, 366, 1.5, "many"]) {
    const answer = await post(booking, booking.provider, "recording/share", { ...share, expiryDays });
    assert.deepEqual([answer.status, Object.keys(answer.body.details)], [400, ["expiryDays"]]);
  }
  const recordingUrl = "https://example.com/a";
  assert.equal((await post(booking, attendee, "recording", { recordingUrl })).status, 403);
  assert.equal((await post(booking, attendee, "recording/share", share)).status, 403);
  const unknown = await call("GET", `/recordings/${"0".repeat(64)}`);
  assert.deepEqual([unknown.status, unknown.body.code], [404, "NOT_FOUND"]);
});

Deno.test("a stranger's answer is that of a booking that does not exist", async () => {
  const [booking, stranger] = [await ready(), await makePerson(stack)];
  const nothing = { ...booking, id: crypto.randomUUID() };
  const body = { notes: "x", recordingUrl: "https://example.com/a", expiryDays: 1 };
  for (const action of ["join", "leave", "end", "notes", "recording", "recording/share"]) {
    const given = ["join", "leave", "end"].includes(action) ? undefined : body;
    const [foreign, missing] = [
      await post(booking, stranger, action, given),
      await post(nothing, stranger, action, given),
    ];
    assert.deepEqual([foreign.status, foreign.body], [404, missing.body], action);
  }
  assert.deepEqual((await read(booking, stranger)).body, (await read(nothing, stranger)).body);
});
