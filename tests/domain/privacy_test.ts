import assert from "node:assert/strict";
import { anonymousClient, makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { bookAndPay, settle } from "../support/payments.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { makeTimeBooking } from "../support/time_bookings.ts";
import { hourAhead, makeOpenProvider, openTimes } from "../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const rows = (text: string, ...parameters: unknown[]) => stack.database.query(text, parameters);
const book = (person: Person, eventId: string) =>
  person.client.rpc("book_event", { event_id: eventId, notes: "My knee" });

Deno.test("export_my_data() gives a person everything that is kept about them, and nobody else's", async () => {
  const provider = await makeProvider(stack);
  const person = await makePerson(stack, { name: "Jane Smith" });
  const event = await makeEvent(provider);
  const { data: booking } = await book(person, event.id);
  await book(await makePerson(stack), event.id);

  const { data } = await person.client.rpc("export_my_data");
  const copy = data as Record<string, Record<string, unknown> & Record<string, unknown>[]>;
  assert.equal(copy.profile?.name, "Jane Smith");
  assert.equal(copy.contact?.email, person.email);
  assert.deepEqual(copy.bookings?.map((row) => row.id), [booking?.id]);
  await stack.runWorker();
  const later = (await person.client.rpc("export_my_data")).data as typeof copy;
  assert.deepEqual(later?.crm_records?.map((row) => row.booking_id), [booking?.id]);
  for (const area of ["webhook_endpoints", "calendar_feed", "provider_profile"]) {
    assert.ok(area in later!, area);
  }
  const own = (await provider.client.rpc("export_my_data")).data as typeof copy;
  assert.deepEqual(own?.events?.map((row) => row.id), [event.id]);
  assert.equal(own?.notifications?.length, 2);
  assert.doesNotMatch(JSON.stringify(own), new RegExp(person.email));
});

/** A meeting with a note of each side, private and public, a recording, and times of the provider. */
async function meetingOf(provider: Person, attendee: Person): Promise<string> {
  const { id } = await makeTimeBooking(stack, { provider, attendee }, { startsInMinutes: 5 });
  await stack.runWorker();
  for (const [who, name] of [[provider, "provider"], [attendee, "attendee"]] as const) {
    for (const is_public of [false, true]) {
      const text = `${name}'s ${is_public ? "public" : "private"} note`;
      await who.client.rpc("add_meeting_note", { booking_id: id, text, is_public });
    }
    assert.equal((await who.client.rpc("join_meeting", { booking_id: id })).error, null);
  }
  await provider.client.rpc("add_recording", { booking_id: id, url: "https://example.com/recording" });
  await provider.client.rpc("share_recording", { booking_id: id, expiry_days: 30 });
  await openTimes(stack, provider.id);
  await rows(
    `insert into public.slots (provider_id, schedule_id, starts_at, ends_at)
     select provider_id, id, '2030-01-15T09:00Z', '2030-01-15T10:00Z'
     from public.availability_schedules where provider_id = $1`,
    provider.id,
  );
  const off = { starts_at: "2035-02-01T00:00:00Z", ends_at: "2035-02-02T00:00:00Z" };
  assert.equal((await provider.client.rpc("block_time", off)).error, null);
  return id;
}

Deno.test("export_my_data() has meetings and times, and nobody else's notes", async () => {
  const [provider, attendee] = [await makeProvider(stack), await makePerson(stack)];
  const id = await meetingOf(provider, attendee);
  const copyOf = async ({ client }: Person) =>
    // The type of the copy is jsonb: any tree.
    (await client.rpc("export_my_data")).data as Record<string, Record<string, unknown>[]>;
  const [theirs, own] = [await copyOf(attendee), await copyOf(provider)];

  const notes = ({ meeting_notes }: typeof own) => meeting_notes?.map(({ text }) => text);
  assert.deepEqual(notes(theirs), ["attendee's private note", "attendee's public note"]);
  assert.deepEqual(notes(own), ["provider's private note", "provider's public note"]);
  assert.doesNotMatch(JSON.stringify(theirs), /provider's \w+ note/);
  assert.doesNotMatch(JSON.stringify(own), /attendee's \w+ note/);
  for (const [copy, person] of [[theirs, attendee], [own, provider]] as const) {
    assert.deepEqual(copy.meetings_joined?.map((row) => [row.booking_id, row.profile_id]), [[id, person.id]]);
  }

  assert.deepEqual(own.recordings?.map((row) => [row.booking_id, row.url]), [[
    id,
    "https://example.com/recording",
  ]]);
  assert.doesNotMatch(JSON.stringify([own, theirs]), /share_token/);
  assert.equal((own.availability_schedules?.[0]?.windows as unknown[]).length, 7);
  assert.deepEqual(own.slots?.map((row) => Date.parse(String(row.starts_at))), [Date.UTC(2030, 0, 15, 9)]);
  assert.deepEqual(own.blocked_times?.map((row) => row.kind), ["time_off"]);
  for (const area of ["recordings", "availability_schedules", "slots", "blocked_times"]) {
    assert.deepEqual(theirs[area], [], area);
  }
});

Deno.test("every table that names a person is in the copy of their data, or it is said here why not", async () => {
  const elsewhere = {
    "public.profiles": "profile",
    "public.providers": "provider",
    "public.contacts": "contact",
    "public.bookings": "bookings and time_bookings",
    "public.meeting_participants": "meetings_joined",
    "public.provider_accounts": "payout_account",
    "public.provider_profiles": "provider_profile",
    "public.calendar_feeds": "calendar_feed, when; the address is a secret",
    "private.provider_time": "blocked_times; the rest follows from bookings and events",
    "private.ledger_entries": "follows from payments, refunds and transfers",
    "private.opening_checks": "what is still to be computed",
    "private.payables": "follows from payments",
    "private.receipt_counters": "a count",
  };
  const tables = await stack.database.query<{ name: string }>(
    `select distinct r.relnamespace::regnamespace || '.' || r.relname as name
     from pg_catalog.pg_constraint as c
     join pg_catalog.pg_class as r on r.oid = c.conrelid
     where c.contype = 'f' and c.confrelid in ('public.profiles'::regclass, 'public.providers'::regclass)`,
  );
  const { data } = await (await makeProvider(stack)).client.rpc("export_my_data");
  const copied = new Set(Object.keys(data as object).map((area) => `public.${area}`));
  const missing = tables.map(({ name }) => name).filter((name) => !copied.has(name) && !(name in elsewhere));
  assert.deepEqual(missing, []);
});

Deno.test("delete_my_account() leaves nothing of a meeting or of their times", async () => {
  const [provider, attendee] = [await makeProvider(stack), await makePerson(stack)];
  const id = await meetingOf(provider, attendee);
  await rows(
    "update public.bookings set during = tstzrange(now() - interval '2 hours', now() - interval '1 hour') where id = $1",
    id,
  );
  const notes = async () =>
    (await stack.database.query<{ text: string }>(
      "select text from public.meeting_notes where booking_id = $1 order by text",
      [id],
    )).map(({ text }) => text);

  assert.equal((await attendee.client.rpc("delete_my_account")).error, null);
  assert.deepEqual(await notes(), ["provider's private note", "provider's public note"]);
  assert.deepEqual(
    await rows("select share_token from private.meeting_recordings where booking_id = $1", id),
    [{ share_token: null }],
  );
  assert.equal((await provider.client.rpc("delete_my_account")).error, null);
  assert.deepEqual(await notes(), []);
  const left = await rows(
    `select
       (select count(*)::int from private.meeting_recordings where booking_id = $1) as recordings,
       (select count(*)::int from public.slots where provider_id = $2) as slots,
       (select count(*)::int from public.availability_schedules where provider_id = $2 and is_active) as schedules,
       (select count(*)::int from public.availability_windows as w
        join public.availability_schedules as s on s.id = w.schedule_id where s.provider_id = $2) as windows,
       (select count(*)::int from private.provider_time where provider_id = $2 and kind = 'time_off') as blocked`,
    id,
    provider.id,
  );
  assert.deepEqual(left, [{ recordings: 0, slots: 0, schedules: 0, windows: 0, blocked: 0 }]);
});

Deno.test("delete_my_account() leaves bookings without the person", async () => {
  const provider = await makeProvider(stack);
  const person = await makePerson(stack, { name: "Jane Smith" });
  const { data: booking } = await book(person, (await makeEvent(provider)).id);
  assert.equal((await person.client.rpc("delete_my_account")).error, null);

  const [kept] = await rows(
    "select status, notes, attendee_id from public.bookings where id = $1",
    booking?.id,
  );
  assert.deepEqual(kept, { status: "cancelled", notes: null, attendee_id: person.id });
  const [profile] = await rows(
    "select name, deleted_at is not null as deleted from public.profiles where id = $1",
    person.id,
  );
  assert.deepEqual(profile, { name: "", deleted: true });
  for (
    const table of [
      "public.contacts where profile_id",
      "public.notifications where recipient_id",
      "auth.users where id",
    ]
  ) {
    assert.deepEqual(await rows(`select 1 as found from ${table} = $1`, person.id), [], table);
  }
  const everything = await rows(
    "select to_jsonb(t)::text as row from private.audit_log as t where actor_id = $1",
    person.id,
  );
  assert.doesNotMatch(JSON.stringify(everything), new RegExp(person.email));
});

Deno.test("delete_my_account() leaves no word of why somebody moved, cancelled and wanted money back", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 5000 });
  const person = await makePerson(stack);
  const { booking } = await bookAndPay(stack, person, provider.id);
  const said = { booking_id: booking.id, reason: "A custody hearing" };
  const moved = await person.client.rpc("reschedule_booking", { ...said, ...hourAhead(8, 10) });
  assert.equal(moved.error, null);
  assert.equal((await person.client.rpc("cancel_booking", said)).error, null);
  await settle(stack);
  const tablesThatTell = async () => {
    const found: string[] = [];
    const tables = await stack.database.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name
       from pg_tables where schemaname in ('public', 'private') order by 1`,
    );
    for (const { name } of tables) {
      const [row] = await stack.database.query<{ told: boolean }>(
        `select exists (select from ${name} as t where t::text like '%custody%') as told`,
      );
      if (row?.told) found.push(name);
    }
    return found;
  };
  const before = await tablesThatTell();
  assert.ok(before.includes("public.bookings") && before.includes("public.refunds"), before.join());
  assert.equal((await person.client.rpc("delete_my_account")).error, null);
  assert.deepEqual(await tablesThatTell(), []);
});

Deno.test("delete_my_account() of a provider cancels their events and tells who booked", async () => {
  const provider = await makeProvider(stack, { name: "John Doe" });
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  await book(person, event.id);
  await provider.client.rpc("delete_my_account");
  const [row] = await rows("select status from public.events where id = $1", event.id);
  assert.deepEqual(row, { status: "cancelled" });
  await stack.runWorker();
  await stack.inbox.wait((message) =>
    message.to === person.email && message.subject?.startsWith("Cancelled") === true
  );
  const { data } = await anonymousClient(stack).from("providers").select("display_name, bio").eq(
    "id",
    provider.id,
  );
  assert.deepEqual(data, [{ display_name: "", bio: null }]);
});

Deno.test("a deleted person's token no longer works for commands, and they cannot sign in", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(await makeProvider(stack));
  await person.client.rpc("delete_my_account");
  assert.equal((await book(person, event.id)).error?.message, "SIGN_IN_REQUIRED");
  const { error } = await anonymousClient(stack).auth.signInWithPassword(person);
  assert.equal(error?.code, "invalid_credentials");
});

Deno.test("the e-mail of a deleted account can be used again, by a new person", async () => {
  const person = await makePerson(stack);
  await person.client.rpc("delete_my_account");
  const { data, error } = await anonymousClient(stack).auth.signUp({
    email: person.email,
    password: "another password",
  });
  assert.equal(error, null);
  assert.notEqual(data.user?.id, person.id);
});

Deno.test("delete_my_account() is refused while a paid booking is still to take place", async () => {
  const provider = await makeProvider(stack);
  const person = await makePerson(stack);
  const { data: booking } = await book(person, (await makeEvent(provider, { price_minor: 500 })).id);
  await rows("update public.bookings set payment_status = 'paid' where id = $1", booking?.id);
  for (const who of [person, provider]) {
    const { error, status } = await who.client.rpc("delete_my_account");
    assert.deepEqual([error?.message, status], ["MONEY_IN_FLIGHT", 409]);
  }
});
