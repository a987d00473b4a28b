import assert from "node:assert/strict";
import {
  anonymousClient,
  daysAhead,
  makeEvent,
  makePerson,
  makeProvider,
  type Person,
} from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
let provider: Person;
Deno.test.beforeAll(async () => {
  stack = await testStack();
  provider = await makeProvider(stack);
});
Deno.test.afterAll(() => stack.close());

const book = (person: Person, eventId: string, args: { notes?: string; allow_hold?: boolean } = {}) =>
  person.client.rpc("book_event", { event_id: eventId, ...args });

const seats = async (eventId: string) => {
  const { data } = await anonymousClient(stack).from("event_listings").select("seats_left, seats_taken")
    .eq("id", eventId).single();
  return data;
};

const lapse = (bookingId: string) =>
  stack.database.query("update public.bookings set expires_at = now() - interval '1 second' where id = $1", [
    bookingId,
  ]);

Deno.test("book_event() confirms a free seat at once and freezes price and policy", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider, { price_minor: 2500 });
  const { data } = await book(person, event.id, { notes: "First time" });
  assert.ok(data);
  assert.equal(data.status, "confirmed");
  assert.equal(data.payment_status, "due");
  assert.equal(data.expires_at, null);
  assert.deepEqual([data.price_minor, data.currency, data.notes], [2500, "USD", "First time"]);
  assert.equal(Date.parse(event.starts_at) - Date.parse(data.free_cancellation_until), 24 * 3_600_000);
});

Deno.test("book_event() counts the seat", async () => {
  const event = await makeEvent(provider, { capacity: 2 });
  await book(await makePerson(stack), event.id);
  assert.deepEqual(await seats(event.id), { seats_left: 1, seats_taken: 1 });
});

for (
  const [code, status, prepare] of [
    ["EVENT_NOT_FOUND", 404, () => Promise.resolve(crypto.randomUUID())],
    ["EVENT_FULL", 409, async () => {
      const event = await makeEvent(provider, { capacity: 1 });
      await book(await makePerson(stack), event.id);
      return event.id;
    }],
    ["EVENT_CANCELLED", 409, async () => {
      const event = await makeEvent(provider);
      await provider.client.rpc("cancel_event", { event_id: event.id });
      return event.id;
    }],
    ["EVENT_STARTED", 409, async () => {
      const event = await makeEvent(provider);
      await stack.database.query("update public.events set starts_at = now() where id = $1", [event.id]);
      return event.id;
    }],
  ] as const
) {
  Deno.test(`book_event() raises ${code} and leaves no booking`, async () => {
    const person = await makePerson(stack);
    const { error, status: answered } = await book(person, await prepare());
    assert.equal(error?.message, code);
    assert.equal(answered, status);
    assert.deepEqual((await person.client.from("bookings").select()).data, []);
  });
}

Deno.test("book_event() raises ALREADY_BOOKED rather than EVENT_FULL to who has the last seat", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider, { capacity: 1 });
  await book(person, event.id);
  assert.equal((await book(person, event.id)).error?.message, "ALREADY_BOOKED");
});

Deno.test("book_event() refuses notes of 2001 characters and names the field", async () => {
  const { error, status } = await book(await makePerson(stack), (await makeEvent(provider)).id, {
    notes: "n".repeat(2001),
  });
  assert.equal(status, 400);
  assert.equal(error?.message, "INVALID_INPUT");
  assert.equal(JSON.parse(error?.details ?? "").field, "notes");
});

Deno.test("book_event() is not for visitors", async () => {
  const event = await makeEvent(provider);
  const { error, status } = await anonymousClient(stack).rpc("book_event", { event_id: event.id });
  assert.ok(error);
  assert.ok([401, 403, 404].includes(status), String(status));
  assert.deepEqual(await seats(event.id), { seats_left: 10, seats_taken: 0 });
});

Deno.test("book_event() holds the seat of a prepaid event for 15 minutes", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(await makeProvider(stack), {
    payment_mode: "prepaid",
    price_minor: 900,
    capacity: 1,
  });
  const { data } = await book(person, event.id);
  assert.equal(data?.status, "held");
  const minutes = (Date.parse(data?.expires_at ?? "") - Date.now()) / 60_000;
  assert.ok(minutes > 14 && minutes <= 15.1, String(minutes));
  assert.equal((await book(await makePerson(stack), event.id)).error?.message, "EVENT_FULL");
});

Deno.test("book_event() confirms a prepaid event that costs nothing", async () => {
  const event = await makeEvent(provider, { payment_mode: "prepaid", price_minor: 0 });
  assert.equal((await book(await makePerson(stack), event.id)).data?.status, "confirmed");
});

Deno.test("book_event() refuses to hold when the caller cannot lead to a payment", async () => {
  const event = await makeEvent(provider, { payment_mode: "prepaid", price_minor: 900 });
  const { error } = await book(await makePerson(stack), event.id, { allow_hold: false });
  assert.equal(error?.message, "PREPAYMENT_REQUIRED");
});

Deno.test("a lapsed hold counts as free in lists at once, and gives its seat to the next", async () => {
  const event = await makeEvent(await makeProvider(stack), {
    payment_mode: "prepaid",
    price_minor: 900,
    capacity: 1,
  });
  const late = await book(await makePerson(stack), event.id);
  await lapse(late.data?.id ?? "");
  assert.deepEqual(await seats(event.id), { seats_left: 1, seats_taken: 0 });
  assert.equal((await book(await makePerson(stack), event.id)).data?.status, "held");
  const [row] = await stack.database.query("select status, expires_at from public.bookings where id = $1", [
    late.data?.id,
  ]);
  assert.deepEqual(row, { status: "expired", expires_at: null });
});

Deno.test("the sweep frees lapsed holds, and only those", async () => {
  const event = await makeEvent(await makeProvider(stack), { payment_mode: "prepaid", price_minor: 900 });
  const [lapsed, held] = [
    await book(await makePerson(stack), event.id),
    await book(await makePerson(stack), event.id),
  ];
  await lapse(lapsed.data?.id ?? "");
  await stack.runWorker();
  const rows = await stack.database.query(
    "select id, status from public.bookings where event_id = $1 order by status",
    [event.id],
  );
  assert.deepEqual(rows, [{ id: lapsed.data?.id, status: "expired" }, { id: held.data?.id, status: "held" }]);
});

Deno.test("one person holds at most one unpaid seat with a provider and three in all", async () => {
  const person = await makePerson(stack);
  const prepaid = { payment_mode: "prepaid", price_minor: 900 };
  const providers = [];
  for (let i = 0; i < 4; i++) providers.push(await makeProvider(stack));
  const outcomes = [];
  for (const each of providers) {
    outcomes.push((await book(person, (await makeEvent(each, prepaid)).id)).error?.message);
  }
  assert.deepEqual(outcomes, [undefined, undefined, undefined, "TOO_MANY_HOLDS"]);

  const other = await makePerson(stack);
  const [first] = providers;
  assert.ok(first);
  assert.equal((await book(other, (await makeEvent(first, prepaid)).id)).error, null);
  const { error, status } = await book(other, (await makeEvent(first, prepaid)).id);
  assert.deepEqual([error?.message, status], ["TOO_MANY_HOLDS", 429]);
});

Deno.test("after ten lapsed holds in a day a person can hold no more", async () => {
  const person = await makePerson(stack);
  const host = await makeProvider(stack);
  for (let i = 0; i < 10; i++) {
    const event = await makeEvent(host, {
      payment_mode: "prepaid",
      price_minor: 900,
      starts_at: daysAhead(5),
    });
    const { data, error } = await book(person, event.id);
    assert.equal(error, null);
    await lapse(data?.id ?? "");
  }
  const event = await makeEvent(host, { payment_mode: "prepaid", price_minor: 900 });
  const { error } = await book(person, event.id);
  const { retry_after_seconds } = JSON.parse(error?.details ?? "{}");
  assert.equal(error?.message, "TOO_MANY_HOLDS");
  assert.ok(retry_after_seconds > 80_000 && retry_after_seconds <= 86_400, String(retry_after_seconds));
});

Deno.test("events.seats_taken equals the live bookings of every event", async () => {
  const wrong = await stack.database.query(
    `select e.id from public.events as e
     where e.seats_taken <> (select count(*) from public.bookings as b where b.event_id = e.id and b.is_live)`,
  );
  assert.deepEqual(wrong, []);
});
