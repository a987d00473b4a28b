import assert from "node:assert/strict";
import { anonymousClient, makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { makeTimeBooking, moveTimeBooking, setStatus } from "../support/time_bookings.ts";
import { type Vendor, vendor } from "../support/vendor.ts";

let stack: TestStack;
let daily: Vendor;
let answer: (method: string, body: { name?: string }) => Response;
let provider: Person;
let attendee: Person;
let stranger: Person;

const room = (name = "room") => Response.json({ name, url: `https://example.daily.co/${name}` });

Deno.test.beforeAll(async () => {
  daily = vendor(({ method, body }) => answer(method, body));
  stack = await testStack({
    env: { MEETINGS: "daily", DAILY_API_KEY: "key", DAILY_BASE_URL: daily.url },
  });
  provider = await makeProvider(stack, { name: "John Doe" });
  [attendee, stranger] = [await makePerson(stack, { name: "Jane Smith" }), await makeProvider(stack)];
});
Deno.test.beforeEach(() => {
  answer = (_method, { name }) => room(name);
  daily.asked.length = 0;
});
Deno.test.afterAll(async () => {
  await stack.close();
  await daily[Symbol.asyncDispose]();
});

/** Everybody has one calendar only, so each booking has people of its own where times could meet. */
async function someBooking(options: Parameters<typeof makeTimeBooking>[2] = {}) {
  return await makeTimeBooking(
    stack,
    { attendee, provider: await makeProvider(stack, { name: "John Doe" }) },
    options,
  );
}

const asked = () => daily.asked.map(({ method }) => method);
const errorOf = ({ error }: { error: { message: string } | null }) => error?.message;

async function run() {
  assert.equal((await stack.runWorker()).status, 200);
}

async function ready(options: Parameters<typeof makeTimeBooking>[2] = { startsInMinutes: 5 }) {
  const booking = await someBooking(options);
  await run();
  return booking;
}

async function linkOf(person: Person, id: string) {
  const { data, error } = await person.client.from("booking_meetings").select().eq("booking_id", id)
    .maybeSingle();
  assert.equal(error, null);
  return data;
}

Deno.test("a confirmed one-to-one booking gets a meeting, once", async () => {
  const booking = await ready();
  await stack.database.query(
    "update private.deliveries set status = 'pending', settled_at = null, due_at = now() where key = $1 and destination = 'meeting'",
    [booking.id],
  );
  await run();
  assert.deepEqual(asked(), ["POST"]);
  assert.match(daily.asked[0]?.body.name, /^convene-[0-9a-f]{32}$/);
});

Deno.test("a seat at an event gets none: events have a link of their own", async () => {
  const event = await makeEvent(provider);
  const { data: booking } = await attendee.client.rpc("book_event", { event_id: event.id });
  await run();
  assert.deepEqual(asked(), []);
  assert.equal(
    errorOf(await attendee.client.rpc("join_meeting", { booking_id: booking!.id })),
    "BOOKING_NOT_FOUND",
  );
});

Deno.test("a held booking has no meeting and no link; once it is paid it has", async () => {
  const booking = await someBooking({ status: "held", startsInMinutes: 5, priceMinor: 5000 });
  await run();
  assert.deepEqual(asked(), []);
  assert.equal((await linkOf(attendee, booking.id))?.join_url, null);
  assert.equal(
    errorOf(await attendee.client.rpc("join_meeting", { booking_id: booking.id })),
    "MEETING_NOT_OPEN",
  );
  await setStatus(stack, booking.id, "confirmed");
  await run();
  assert.deepEqual(asked(), ["POST"]);
  assert.match(
    (await linkOf(attendee, booking.id))?.join_url ?? "",
    /^https:\/\/example\.daily\.co\/convene-/,
  );
});

Deno.test("the link is there from 15 minutes before the start until 30 minutes after the end", async () => {
  const booking = await ready({ startsInMinutes: 16, minutes: 60 });
  for (const [startsInMinutes, isOpen] of [[16, false], [14, true], [-89, true], [-91, false]] as const) {
    await moveTimeBooking(stack, booking.id, startsInMinutes);
    for (const person of [booking.attendee, booking.provider]) {
      assert.equal(
        typeof (await linkOf(person, booking.id))?.join_url === "string",
        isOpen,
        `${startsInMinutes}`,
      );
      const { error } = await person.client.rpc("join_meeting", { booking_id: booking.id });
      assert.equal(error?.message, isOpen ? undefined : "MEETING_NOT_OPEN");
    }
  }
});

Deno.test("whoever may not know the meeting finds no booking", async () => {
  const { id } = await ready();
  const calls = [
    stranger.client.rpc("join_meeting", { booking_id: id }),
    stranger.client.rpc("leave_meeting", { booking_id: id }),
    stranger.client.rpc("end_meeting", { booking_id: id }),
    stranger.client.rpc("read_meeting", { booking_id: id }),
    stranger.client.rpc("add_meeting_note", { booking_id: id, text: "x" }),
    stranger.client.rpc("add_recording", { booking_id: id, url: "https://example.com" }),
    stranger.client.rpc("share_recording", { booking_id: id, expiry_days: 1 }),
  ];
  for (const call of calls) assert.equal(errorOf(await call), "BOOKING_NOT_FOUND");
  assert.equal(await linkOf(stranger, id), null);
  for (const table of ["meetings", "meeting_participants", "meeting_notes"] as const) {
    assert.deepEqual((await stranger.client.from(table).select().eq("booking_id", id)).data, []);
  }
});

Deno.test("joining is noted once however often, leaving ends it, coming back begins anew", async () => {
  const booking = await ready();
  const { client } = booking.attendee;
  const args = { booking_id: booking.id };
  assert.equal(errorOf(await client.rpc("leave_meeting", args)), "MEETING_NOT_JOINED");
  const first = await client.rpc("join_meeting", args);
  assert.equal(first.data?.role, "attendee");
  assert.equal((await client.rpc("join_meeting", args)).data?.joined_at, first.data?.joined_at);
  const left = await client.rpc("leave_meeting", args);
  assert.ok(left.data?.left_at);
  assert.equal((await client.rpc("leave_meeting", args)).data?.left_at, left.data?.left_at);
  await client.rpc("join_meeting", args);
  const { data } = await client.from("meeting_participants").select().eq("booking_id", booking.id).order(
    "joined_at",
  );
  assert.deepEqual(data?.map(({ left_at }) => left_at === null), [false, true]);
});

Deno.test("only the provider ends a meeting; then nobody is in it, and its room is gone", async () => {
  const booking = await ready();
  const args = { booking_id: booking.id };
  await booking.attendee.client.rpc("join_meeting", args);
  assert.equal(errorOf(await booking.attendee.client.rpc("end_meeting", args)), "NOT_THE_PROVIDER");
  const ended = await booking.provider.client.rpc("end_meeting", args);
  assert.ok(ended.data?.ended_at);
  assert.equal((await booking.provider.client.rpc("end_meeting", args)).data?.ended_at, ended.data.ended_at);
  assert.equal(errorOf(await booking.attendee.client.rpc("join_meeting", args)), "MEETING_NOT_OPEN");
  const { data } = await booking.attendee.client.from("meeting_participants").select().eq(
    "booking_id",
    booking.id,
  );
  assert.deepEqual(data?.map(({ left_at }) => left_at), [ended.data.ended_at]);
  await run();
  await run();
  assert.deepEqual(asked(), ["POST", "DELETE"]);
});

Deno.test("a meeting that nobody ended has ended once its booking is completed", async () => {
  const booking = await ready({ startsInMinutes: -10, minutes: 30 });
  await booking.attendee.client.rpc("join_meeting", { booking_id: booking.id });
  const { data: left } = await booking.attendee.client.rpc("leave_meeting", { booking_id: booking.id });
  await setStatus(stack, booking.id, "completed");
  await run();
  const { data } = await booking.attendee.client.from("meetings").select().eq("booking_id", booking.id)
    .single();
  assert.equal(data?.ended_at, left?.left_at);
});

Deno.test("a moved booking's room moves with it", async () => {
  const booking = await ready({ startsInMinutes: 600 });
  const before = daily.asked[0]?.body.properties.nbf;
  await moveTimeBooking(stack, booking.id, 1200);
  await run();
  assert.deepEqual(asked(), ["POST", "POST"]);
  assert.ok(Math.abs(daily.asked[1]?.body.properties.nbf - before - 36_000) < 60);
  assert.match(daily.asked[1]?.path ?? "", /^\/rooms\/convene-/);
});

Deno.test("a cancelled booking's room is deleted, and its link is gone at once", async () => {
  const booking = await ready();
  await setStatus(stack, booking.id, "cancelled");
  assert.equal((await linkOf(booking.attendee, booking.id))?.join_url, null);
  await run();
  assert.deepEqual(asked(), ["POST", "DELETE"]);
});

Deno.test("a vendor that was down makes the meeting later, under the same name", async () => {
  answer = () => new Response("down", { status: 503 });
  const booking = await ready();
  assert.equal(
    errorOf(await attendee.client.rpc("join_meeting", { booking_id: booking.id })),
    "MEETING_NOT_OPEN",
  );
  answer = (_method, { name }) => room(name);
  await stack.database.query("update private.deliveries set due_at = now() where key = $1", [booking.id]);
  await run();
  assert.equal(new Set(daily.asked.map(({ body }) => body.name)).size, 1);
  assert.equal((await attendee.client.rpc("join_meeting", { booking_id: booking.id })).error, null);
});

Deno.test("a booking that was cancelled before its meeting was made never gets one", async () => {
  const booking = await someBooking();
  await setStatus(stack, booking.id, "cancelled");
  await run();
  assert.deepEqual(asked(), []);
});

Deno.test("private notes are their author's, public ones both people's", async () => {
  const { id, attendee, provider } = await ready();
  await attendee.client.rpc("add_meeting_note", { booking_id: id, text: "mine" });
  await provider.client.rpc("add_meeting_note", { booking_id: id, text: "yours too", is_public: true });
  const notesOf = async (person: Person) => {
    const { data } = await person.client.rpc("read_meeting", { booking_id: id });
    const rows = await person.client.from("meeting_notes").select("text").eq("booking_id", id).order(
      "created_at",
    );
    const told = (data?.notes as { text: string }[]).map(({ text }) => text);
    assert.deepEqual(rows.data?.map(({ text }) => text), told);
    return told;
  };
  assert.deepEqual(await notesOf(attendee), ["mine", "yours too"]);
  assert.deepEqual(await notesOf(provider), ["yours too"]);
});

Deno.test("a note is a text of at most 10000 characters on a booking that stands", async () => {
  const { id } = await ready();
  for (const text of ["", " \n", "x".repeat(10_001)]) {
    assert.equal(
      errorOf(await attendee.client.rpc("add_meeting_note", { booking_id: id, text })),
      "INVALID_INPUT",
    );
  }
  await setStatus(stack, id, "cancelled");
  assert.equal(
    errorOf(await attendee.client.rpc("add_meeting_note", { booking_id: id, text: "x" })),
    "MEETING_NOT_OPEN",
  );
});

Deno.test("an account's notes go with it, and the other's stay", async () => {
  const leaver = await makePerson(stack);
  const { id, provider } = await makeTimeBooking(stack, {
    attendee: leaver,
    provider: await makeProvider(stack),
  });
  for (const is_public of [true, false]) {
    await leaver.client.rpc("add_meeting_note", { booking_id: id, text: "x", is_public });
  }
  await provider.client.rpc("add_meeting_note", { booking_id: id, text: "y" });
  await stack.database.query("update public.profiles set deleted_at = now() where id = $1", [leaver.id]);
  const rows = await stack.database.query("select text from public.meeting_notes where booking_id = $1", [
    id,
  ]);
  assert.deepEqual(rows, [{ text: "y" }]);
});

Deno.test("a recording is its provider's until it is shared, then the attendee has a link that ends", async () => {
  const { id, attendee, provider } = await ready();
  const url = "https://example.com/recording";
  const open = (token: string) => anonymousClient(stack).rpc("open_recording", { token });
  const seen = async (person: Person) => (await person.client.rpc("read_meeting", { booking_id: id })).data;
  const share = (days: number) =>
    provider.client.rpc("share_recording", { booking_id: id, expiry_days: days });

  assert.equal(errorOf(await share(1)), "RECORDING_NOT_FOUND");
  assert.equal((await provider.client.rpc("add_recording", { booking_id: id, url })).error, null);
  assert.deepEqual([(await seen(provider))?.recording_url, (await seen(attendee))?.has_recording], [
    url,
    false,
  ]);

  const token = (await share(30)).data?.share_token ?? "";
  assert.match(token, /^[0-9a-f]{64}$/);
  assert.deepEqual([(await seen(attendee))?.recording_token, (await seen(attendee))?.recording_url], [
    token,
    null,
  ]);
  assert.equal((await open(token)).data, url);

  const again = (await share(30)).data?.share_token ?? "";
  assert.equal(errorOf(await open(token)), "RECORDING_NOT_FOUND");
  await stack.database.query(
    "update private.meeting_recordings set shared_until = now() where booking_id = $1",
    [id],
  );
  assert.equal(errorOf(await open(again)), "RECORDING_EXPIRED");
  assert.deepEqual([(await seen(attendee))?.has_recording, (await seen(attendee))?.recording_token], [
    false,
    null,
  ]);
});

Deno.test("a transcript is opened only when it was shared with the recording", async () => {
  const { id, provider } = await ready();
  const [url, transcript_url] = ["https://example.com/a", "https://example.com/b"];
  await provider.client.rpc("add_recording", { booking_id: id, url, transcript_url });
  for (const include_transcript of [false, true]) {
    const { data } = await provider.client.rpc("share_recording", {
      booking_id: id,
      expiry_days: 1,
      include_transcript,
    });
    const opened = await anonymousClient(stack).rpc("open_recording", {
      token: data!.share_token!,
      is_transcript: true,
    });
    assert.equal(opened.data, include_transcript ? transcript_url : null);
  }
});

Deno.test("recordings lie at https addresses, are shared for 1 to 365 days, and by the provider alone", async () => {
  const { id, attendee, provider } = await ready();
  for (
    const url of [
      "http://example.com",
      "javascript:alert(1)",
      "https://",
      "https://a@example.com",
      "https://x y",
    ]
  ) {
    assert.equal(
      errorOf(await provider.client.rpc("add_recording", { booking_id: id, url })),
      "INVALID_INPUT",
      url,
    );
  }
  const url = "https://example.com/a";
  assert.equal(
    errorOf(await attendee.client.rpc("add_recording", { booking_id: id, url })),
    "NOT_THE_PROVIDER",
  );
  await provider.client.rpc("add_recording", { booking_id: id, url });
  for (const expiry_days of [0, 366]) {
    const shared = await provider.client.rpc("share_recording", { booking_id: id, expiry_days });
    assert.equal(errorOf(shared), "INVALID_INPUT");
  }
  const shared = await attendee.client.rpc("share_recording", { booking_id: id, expiry_days: 1 });
  assert.equal(errorOf(shared), "NOT_THE_PROVIDER");
});

Deno.test("the e-mail of the attendee is for the provider, the provider's is for themselves", async () => {
  const { id, attendee, provider } = await ready();
  for (const person of [attendee, provider]) await person.client.rpc("join_meeting", { booking_id: id });
  const emailsOf = async (person: Person) => {
    const { data } = await person.client.rpc("read_meeting", { booking_id: id });
    return (data?.participants as { email: string | null }[]).map(({ email }) => email);
  };
  assert.deepEqual(await emailsOf(provider), [attendee.email, provider.email]);
  assert.deepEqual(await emailsOf(attendee), [attendee.email, null]);
});

Deno.test("an attendee who joined the meeting is no no-show; one who came to a former time only may be", async () => {
  const noShow = async ({ id, provider }: { id: string; provider: Person }) => {
    const { data, error } = await provider.client.rpc("mark_no_show", { booking_id: id });
    return data?.status ?? [error?.message, JSON.parse(error?.details ?? "{}").has_joined];
  };
  const [there, gone, absent, moved, stayed] = [
    await ready({ startsInMinutes: -5 }),
    await ready({ startsInMinutes: -5 }),
    await ready({ startsInMinutes: -5 }),
    await ready({ startsInMinutes: -5 }),
    await ready({ startsInMinutes: -5 }),
  ];
  for (const { id, attendee } of [there, gone, moved, stayed]) {
    assert.equal((await attendee.client.rpc("join_meeting", { booking_id: id })).error, null);
  }
  for (const { id, attendee } of [gone, moved]) {
    await attendee.client.rpc("leave_meeting", { booking_id: id });
  }
  await absent.provider.client.rpc("join_meeting", { booking_id: absent.id });
  for (const { id } of [moved, stayed]) {
    await stack.database.query(
      `update public.meeting_participants
       set joined_at = joined_at - interval '1 day', left_at = left_at - interval '1 day' where booking_id = $1`,
      [id],
    );
  }
  for (const booking of [there, gone, stayed]) {
    assert.deepEqual(await noShow(booking), ["NO_SHOW_NOT_ALLOWED", true]);
  }
  for (const booking of [absent, moved]) assert.equal(await noShow(booking), "no_show");
  assert.equal(typeof (await linkOf(there.attendee, there.id))?.join_url, "string");
});
