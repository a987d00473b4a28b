import assert from "node:assert/strict";
import { makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { bookHour, hourAhead, lapse, makeOpenProvider, type Times } from "../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const makePeople = (count: number, on = stack) =>
  Promise.all(Array.from({ length: count }, () => makePerson(on)));

/** The booking, or the code of the error. */
const book = async (person: Person, eventId: string) => {
  const { data, error } = await person.client.rpc("book_event", { event_id: eventId });
  return data ?? error.message;
};

/** The entry, or the code of the error. */
const waitForSeat = async (person: Person, eventId: string) => {
  const { data, error } = await person.client.rpc("wait_for_event", { event_id: eventId });
  return data ?? error.message;
};

const waitForHour = async (person: Person, providerId: string, days = 7, hour = 9) => {
  const { data, error } = await person.client.rpc("wait_for_time", {
    provider_id: providerId,
    ...hourAhead(days, hour),
  });
  return data ?? error.message;
};

const entriesOf = async (person: Person) => {
  const { data } = await person.client.from("waiting_list").select().eq("person_id", person.id).order(
    "created_at",
  );
  return data ?? [];
};
const statusOf = async (person: Person) => (await entriesOf(person)).map(({ status }) => status).join();
const cancel = async (person: Person, bookingId: string | null | undefined) => {
  const { error } = await person.client.rpc("cancel_booking", { booking_id: bookingId ?? "" });
  assert.equal(error, null);
};

/** A full event of one seat: who has it, and others in line. */
async function fullEvent(waiting: number, event: Parameters<typeof makeEvent>[1] = {}, on = stack) {
  const provider = await makeProvider(on);
  const { id } = await makeEvent(provider, { capacity: 1, ...event });
  const [holder, ...line] = await makePeople(waiting + 1, on);
  assert.ok(holder);
  const booking = await book(holder, id);
  assert.ok(typeof booking === "object");
  for (const person of line) assert.equal(typeof await waitForSeat(person, id), "object");
  return { id, provider, holder, booking, line };
}

/** An hour of a provider that somebody has, and others in line for it. */
async function takenHour(waiting: number, times: Times = {}) {
  const provider = await makeOpenProvider(stack, times);
  const [holder, ...line] = await makePeople(waiting + 1);
  assert.ok(holder);
  const booking = await bookHour(holder, provider.id);
  for (const person of line) assert.equal(typeof await waitForHour(person, provider.id), "object");
  return { provider, holder, booking, line };
}

Deno.test("a seat that becomes free is held for the first in line, and for nobody else", async () => {
  const { id, holder, booking, line: [first, second] } = await fullEvent(2);
  assert.ok(first && second);
  const places = async (person: Person) => (await entriesOf(person)).map(({ position }) => position);
  assert.deepEqual([await places(first), await places(second)], [[1], [2]]);

  await cancel(holder, booking.id);
  const [offer] = await entriesOf(first);
  assert.equal(offer?.status, "offered");
  const hours = (Date.parse(offer.offer_expires_at ?? "") - Date.now()) / 3_600_000;
  assert.ok(hours > 11.9 && hours <= 12.01, String(hours));
  const { data: held } = await first.client.from("bookings").select().eq("id", offer.booking_id ?? "");
  assert.deepEqual(held?.map((row) => [row.status, row.expires_at]), [["held", offer.offer_expires_at]]);

  assert.equal(await book(second, id), "EVENT_FULL");
  assert.equal(await book(await makePerson(stack), id), "EVENT_FULL");
  const taken = await book(first, id);
  assert.ok(typeof taken === "object");
  assert.deepEqual([taken.id, taken.status, taken.expires_at], [offer.booking_id, "confirmed", null]);
  assert.deepEqual([await statusOf(first), await places(second)], ["taken", [1]]);
});

Deno.test("an offer that lapses or is declined goes to the next in line, and its entry is over", async () => {
  const { id, holder, booking, line: [late, shy, leaver, last] } = await fullEvent(4);
  assert.ok(late && shy && leaver && last);
  await cancel(holder, booking.id);
  await lapse(stack, (await entriesOf(late))[0]?.booking_id ?? "");
  await (await stack.runWorker()).body?.cancel();
  assert.deepEqual([await statusOf(late), await statusOf(shy)], ["lapsed", "offered"]);

  await cancel(shy, (await entriesOf(shy))[0]?.booking_id);
  assert.deepEqual([await statusOf(shy), await statusOf(leaver)], ["declined", "offered"]);

  const [entry] = await entriesOf(leaver);
  const { data: left } = await leaver.client.rpc("leave_waiting_list", { entry_id: entry?.id ?? "" });
  assert.equal(left?.status, "declined");
  assert.equal(await statusOf(last), "offered");

  assert.equal(await book(late, id), "EVENT_FULL");
  assert.equal(typeof await waitForSeat(late, id), "object");
  assert.equal(await statusOf(late), "lapsed,waiting", "one may wait again, at the end");
});

Deno.test("a lapsed offer is not sold past the line by whoever books before the sweep", async () => {
  const { id, holder, booking, line: [late, next] } = await fullEvent(2);
  assert.ok(late && next);
  await cancel(holder, booking.id);
  await lapse(stack, (await entriesOf(late))[0]?.booking_id ?? "");
  assert.equal(await book(await makePerson(stack), id), "EVENT_FULL");
  assert.equal(await statusOf(next), "waiting", "what was refused changed nothing");
  const booked = await book(next, id);
  assert.equal(typeof booked === "object" && booked.status, "confirmed");
  assert.deepEqual([await statusOf(late), await statusOf(next)], ["lapsed", "taken"]);
});

Deno.test("who leaves the line is offered nothing, and nobody takes another out of it", async () => {
  const { holder, booking, line: [first, second] } = await fullEvent(2);
  assert.ok(first && second);
  const [entry] = await entriesOf(first);
  const leave = (person: Person) => person.client.rpc("leave_waiting_list", { entry_id: entry?.id ?? "" });
  assert.equal((await leave(second)).error?.message, "WAITING_ENTRY_NOT_FOUND");
  for (let turn = 0; turn < 2; turn++) assert.equal((await leave(first)).data?.status, "left");
  await cancel(holder, booking.id);
  assert.deepEqual([await statusOf(first), await statusOf(second)], ["left", "offered"]);
});

Deno.test("wait_for_event() is for full events ahead, once per person, and twenty at once", async () => {
  const provider = await makeProvider(stack);
  const person = await makePerson(stack);
  assert.equal(await waitForSeat(person, crypto.randomUUID()), "EVENT_NOT_FOUND");
  assert.equal(await waitForSeat(person, (await makeEvent(provider)).id), "STILL_AVAILABLE");
  const { id, holder } = await fullEvent(0);
  assert.equal(await waitForSeat(holder, id), "ALREADY_BOOKED");
  const [once, twice] = [await waitForSeat(person, id), await waitForSeat(person, id)];
  assert.ok(typeof once === "object" && typeof twice === "object");
  assert.equal(once.id, twice.id);

  await stack.database.query(
    `insert into public.waiting_entries (person_id, provider_id, during)
     select $1, $2, tstzrange(now() + make_interval(days => n), now() + make_interval(days => n, hours => 1))
     from generate_series(1, 19) as n`,
    [person.id, provider.id],
  );
  const other = await fullEvent(0);
  assert.equal(await waitForSeat(person, other.id), "TOO_MANY_WAITING");

  await stack.database.query(
    "update public.events set starts_at = now() - interval '1 minute' where id = $1",
    [other.id],
  );
  assert.equal(await waitForSeat(await makePerson(stack), other.id), "EVENT_STARTED");
});

Deno.test("more seats are offered to as many, and a cancelled event closes its line", async () => {
  const { id, provider, line } = await fullEvent(3);
  const statuses = () => Promise.all(line.map(statusOf));
  assert.equal((await provider.client.rpc("update_event", { event_id: id, capacity: 3 })).error, null);
  assert.deepEqual(await statuses(), ["offered", "offered", "waiting"]);
  assert.equal((await provider.client.rpc("cancel_event", { event_id: id })).error, null);
  assert.deepEqual(await statuses(), ["declined", "declined", "closed"]);
});

Deno.test("an offer of what must be paid first stays held until it is paid, however often it is booked", async () => {
  const { id, holder, booking, line: [first] } = await fullEvent(1, {
    price_minor: 900,
    payment_mode: "prepaid",
  });
  assert.ok(first);
  await cancel(holder, booking.id);
  const [offer] = await entriesOf(first);
  for (let turn = 0; turn < 2; turn++) {
    const held = await book(first, id);
    assert.ok(typeof held === "object");
    assert.deepEqual([held.id, held.status, held.expires_at], [
      offer?.booking_id,
      "held",
      offer?.offer_expires_at,
    ]);
  }
  const { data: other } = await first.client.rpc("book_event", {
    event_id: (await fullEvent(0, { capacity: 2, price_minor: 900, payment_mode: "prepaid" })).id,
  });
  assert.equal(other?.status, "held", "an offer does not count as one of their own holds");
});

Deno.test("time that becomes free is held for the first in line at its price, and for nobody else", async () => {
  const { provider, holder, booking, line: [first, second] } = await takenHour(2);
  assert.ok(first && second);
  await cancel(holder, booking.id);
  const [offer] = await entriesOf(first);
  assert.deepEqual([offer?.status, offer?.starts_at && Date.parse(offer.starts_at)], [
    "offered",
    Date.parse(hourAhead(7).starts_at),
  ]);
  const bookIt = async (person: Person) => {
    const { data, error } = await person.client.rpc("book_time", {
      provider_id: provider.id,
      ...hourAhead(7),
    });
    return data ?? error.message;
  };
  assert.equal(await bookIt(second), "SLOT_NOT_AVAILABLE");
  const taken = await bookIt(first);
  assert.ok(typeof taken === "object");
  assert.deepEqual([taken.id, taken.status], [offer?.booking_id, "confirmed"]);
  assert.equal(await statusOf(second), "waiting");
});

Deno.test("a booking that moves, or holds that lapse, free time for the line as well", async () => {
  const { provider, holder, booking, line: [first] } = await takenHour(1, { hourlyRateMinor: 4000 });
  assert.ok(first);
  const moved = await holder.client.rpc("reschedule_booking", {
    booking_id: booking.id,
    ...hourAhead(7, 11),
  });
  assert.equal(moved.error, null);
  const [offer] = await entriesOf(first);
  const { data: held } = await first.client.from("bookings").select().eq("id", offer?.booking_id ?? "");
  assert.deepEqual(held?.map((row) => [row.status, row.payment_status, row.price_minor]), [[
    "held",
    "due",
    4000,
  ]]);

  const next = await makePerson(stack);
  assert.equal(typeof await waitForHour(next, provider.id, 7, 11), "object");
  await lapse(stack, booking.id);
  await (await stack.runWorker()).body?.cancel();
  assert.equal(await statusOf(next), "offered");
});

Deno.test("wait_for_time() is for time that somebody else has, and says why it is not", async () => {
  const { provider, holder, booking } = await takenHour(0);
  const person = await makePerson(stack);
  assert.equal(await waitForHour(person, provider.id, 7, 10), "STILL_AVAILABLE");
  assert.equal(await waitForHour(holder, provider.id), "ALREADY_BOOKED");
  assert.equal(await waitForHour(person, provider.id, -1), "INVALID_INPUT");
  assert.equal(await waitForHour(person, crypto.randomUUID()), "PROVIDER_NOT_FOUND");
  assert.equal(await waitForHour(provider, provider.id), "INVALID_INPUT");
  await provider.client.rpc("block_time", hourAhead(8));
  assert.equal(await waitForHour(person, provider.id, 8), "SLOT_NOT_AVAILABLE");
  assert.equal(
    await waitForHour(await makePerson(stack), (await makeProvider(stack)).id),
    "SLOT_NOT_AVAILABLE",
  );
  assert.equal(typeof await waitForHour(person, provider.id), "object");
  assert.equal(booking.status, "confirmed");
});

Deno.test("what something else than a booking frees is offered by the sweep", async () => {
  const { provider, holder, booking, line: [first] } = await takenHour(1);
  assert.ok(first);
  // Time off that comes while somebody is booked covers the hour when they leave.
  await stack.database.query(
    `insert into private.provider_time (provider_id, kind, during, live)
     values ($1, 'time_off', tstzrange($2::text::timestamptz, $3::text::timestamptz), false)`,
    [provider.id, hourAhead(7).starts_at, hourAhead(7).ends_at],
  );
  const setTimeOff = (live: boolean) =>
    stack.database.query(
      `update private.provider_time set live = $2::text::boolean where provider_id = $1 and kind = 'time_off'`,
      [provider.id, String(live)],
    );
  await stack.database.transaction(async (sql) => {
    await sql.query("update private.provider_time set live = false where booking_id = $1", [booking.id]);
    await sql.query(
      "update private.provider_time set live = true where kind = 'time_off' and provider_id = $1",
      [
        provider.id,
      ],
    );
  });
  await cancel(holder, booking.id);
  assert.equal(await statusOf(first), "waiting");
  await setTimeOff(false);
  const longAgo = "update public.waiting_entries set checked_at = now() - interval '2 minutes'";
  await stack.database.query(`${longAgo} where person_id = $1`, [first.id]);
  await (await stack.runWorker()).body?.cancel();
  assert.equal(await statusOf(first), "offered");
});

Deno.test("who is offered a place hears of it in their language, with the time until which it is held", async () => {
  const provider = await makeProvider(stack, { name: "Ada Host" });
  const { id } = await makeEvent(provider, { capacity: 1, title: "Bread" });
  const holder = await makePerson(stack);
  const person = await makePerson(stack, { locale: "de", timezone: "Europe/Berlin", name: "Jo" });
  const booking = await book(holder, id);
  assert.ok(typeof booking === "object");
  await waitForSeat(person, id);
  await cancel(holder, booking.id);
  await (await stack.runWorker()).body?.cancel();
  const letter = await stack.inbox.wait((message) => message.to === person.email);
  assert.equal(letter.subject, "Ein Platz für Sie: Bread");
  const [offer] = await entriesOf(person);
  const clock = new Intl.DateTimeFormat("de", {
    hour: "numeric",
    minute: "2-digit",
    timeZone: "Europe/Berlin",
  }).format(new Date(offer?.offer_expires_at ?? ""));
  assert.match(letter.text ?? "", new RegExp(`Gehalten bis: .*${clock}`));
  const { data: notices } = await person.client.from("notifications").select("kind");
  assert.deepEqual(notices, [{ kind: "booking.offered" }]);
});

const noticesOf = async (person: Person) => {
  const { data } = await person.client.from("notifications").select("kind, subject_id, data").order(
    "created_at",
  );
  return data ?? [];
};

Deno.test("everybody in line hears once that the event is cancelled, by letter and in the app", async () => {
  const provider = await makeProvider(stack, { name: "John Doe" });
  const { id } = await makeEvent(provider, { capacity: 1, title: "Bread", location: "Hall" });
  const [holder, offered] = await makePeople(2);
  const german = await makePerson(stack, { locale: "de", name: "Jo" });
  const line = [offered!, await makePerson(stack, { name: "Jane Smith" }), german];
  const booking = await book(holder!, id);
  assert.ok(typeof booking === "object");
  for (const person of line) assert.equal(typeof await waitForSeat(person, id), "object");
  await cancel(holder!, booking.id);
  const { error } = await provider.client.rpc("cancel_event", { event_id: id, reason: "The oven is broken" });
  assert.equal(error, null);
  await (await stack.runWorker()).body?.cancel();
  await stack.database.query("update public.waiting_entries set checked_at = now() - interval '2 minutes'");
  await (await stack.runWorker()).body?.cancel();

  for (const person of line.slice(1)) {
    const [entry] = await entriesOf(person);
    assert.deepEqual((await noticesOf(person)).map(({ kind, subject_id }) => [kind, subject_id]), [
      ["waiting.closed", entry?.id],
    ]);
    assert.equal(entry?.status, "closed");
    assert.equal(stack.inbox.list(person.email).length, 1);
  }
  const [notice] = await noticesOf(german);
  assert.equal((notice?.data as { event_id: string }).event_id, id);
  const [letter] = stack.inbox.list(line[1]!.email);
  assert.equal(letter?.subject, "Cancelled: Bread");
  const [greeting, sentence, rows] = (letter?.text ?? "").split("\n\n");
  assert.deepEqual([greeting, sentence], [
    "Hello Jane Smith,",
    "“Bread” with John Doe, for which you are on the waiting list, does not take place. There is nothing for you to do.",
  ]);
  assert.match(rows ?? "", /^When: .*\nWhere: Hall$/);
  assert.equal(stack.inbox.list(german.email)[0]?.subject, "Abgesagt: Bread");
  const kinds = (await noticesOf(offered!)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["booking.offered", "booking.cancelled"], "an offer ends as a booking does");
});

Deno.test("who waits for an event that began hears nothing", async () => {
  const { id, line: [first] } = await fullEvent(1);
  assert.ok(first);
  await stack.database.query(
    "update public.events set starts_at = now() - interval '1 minute' where id = $1",
    [id],
  );
  await stack.database.query("update public.waiting_entries set checked_at = now() - interval '2 minutes'");
  await (await stack.runWorker()).body?.cancel();
  assert.equal(await statusOf(first), "closed");
  assert.deepEqual(await noticesOf(first), []);
});

Deno.test("a fault in the waiting list does not keep anybody from cancelling, and the sweep makes it good", async () => {
  const own = await testStack();
  try {
    const { id, holder, booking, line: [first] } = await fullEvent(1, {}, own);
    assert.ok(first);
    const [original] = await own.database.query<{ source: string }>(
      "select pg_get_functiondef('private.offer'::regproc) as source",
    );
    await own.database.script(`
      create or replace function private.offer(entry public.waiting_entries, booking public.bookings) returns void
      language plpgsql set search_path = '' as $$ begin raise 'broken'; end; $$`);
    await cancel(holder, booking.id);
    assert.equal(await statusOf(first), "waiting");
    await own.database.script(original?.source ?? "");
    await own.database.query("update public.waiting_entries set checked_at = now() - interval '2 minutes'");
    await (await own.runWorker()).body?.cancel();
    assert.equal(await statusOf(first), "offered");
    assert.equal(typeof await book(first, id), "object");
  } finally {
    await own.close();
  }
});

Deno.test("a person's entries are theirs and the provider's to see, exported, and gone with the account", async () => {
  const { id, provider, holder, line: [first, second] } = await fullEvent(2);
  assert.ok(first && second);
  const seenBy = async (person: Person) => {
    const { data } = await person.client.from("waiting_entries").select("person_id").eq("event_id", id).order(
      "place",
    );
    return data?.map((row) => row.person_id);
  };
  assert.deepEqual(await seenBy(first), [first.id]);
  assert.deepEqual(await seenBy(holder), []);
  assert.deepEqual(await seenBy(provider), [first.id, second.id]);

  const { data } = await first.client.rpc("export_my_data");
  const exported = data as { waiting_entries: { event_id: string; position: number }[] };
  assert.deepEqual(exported.waiting_entries.map((row) => [row.event_id, row.position]), [[id, 1]]);
  assert.equal((await first.client.rpc("delete_my_account")).error, null);
  assert.deepEqual(await seenBy(provider), [second.id]);
});

Deno.test("a provider who leaves offers none of the time that they free", async () => {
  const { provider, line: [first] } = await takenHour(1);
  assert.ok(first);
  assert.equal((await provider.client.rpc("delete_my_account")).error, null);
  assert.equal(await statusOf(first), "closed");
  const { data } = await first.client.from("bookings").select("id");
  assert.deepEqual(data, []);
  assert.deepEqual((await noticesOf(first)).map(({ kind }) => kind), ["waiting.closed"]);
  await (await stack.runWorker()).body?.cancel();
  const letter = await stack.inbox.wait((message) => message.to === first.email);
  assert.equal(letter.subject, "Cancelled: One-to-one session");
});
