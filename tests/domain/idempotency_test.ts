import assert from "node:assert/strict";
import { makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
let provider: Person;
Deno.test.beforeAll(async () => {
  stack = await testStack();
  provider = await makeProvider(stack);
});
Deno.test.afterAll(() => stack.close());

const book = (person: Person, eventId: string, key: string, notes?: string) =>
  person.client.rpc("book_event", { event_id: eventId, ...(notes === undefined ? {} : { notes }) })
    .setHeader("Idempotency-Key", key);

const count = async (person: Person) => (await person.client.from("bookings").select("id")).data?.length;

Deno.test("a supabase-js caller's repeated key gives the first answer and books once", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  const key = crypto.randomUUID();
  const [first, second] = [await book(person, event.id, key), await book(person, event.id, key)];
  assert.equal(first.error, null);
  assert.deepEqual(second.data, first.data);
  assert.equal(await count(person), 1);
});

Deno.test("a repeated key gives the first answer even after the row has changed", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  const key = crypto.randomUUID();
  const first = await book(person, event.id, key);
  await person.client.rpc("cancel_booking", { booking_id: first.data?.id ?? "" });
  assert.equal((await book(person, event.id, key)).data?.status, "confirmed");
  assert.equal(await count(person), 1);
});

Deno.test("a key with other arguments answers 422", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  const key = crypto.randomUUID();
  await book(person, event.id, key);
  const { error, status } = await book(person, event.id, key, "changed");
  assert.deepEqual([error?.message, status], ["IDEMPOTENCY_KEY_REUSED", 422]);
});

Deno.test("a key of a call that failed can be used again", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider, { capacity: 1 });
  const rival = await makePerson(stack);
  const taken = await book(rival, event.id, crypto.randomUUID());
  const key = crypto.randomUUID();
  assert.equal((await book(person, event.id, key)).error?.message, "EVENT_FULL");
  await rival.client.rpc("cancel_booking", { booking_id: taken.data?.id ?? "" });
  assert.equal((await book(person, event.id, key)).error, null);
});

Deno.test("a key belongs to its command", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  const key = crypto.randomUUID();
  const { data } = await book(person, event.id, key);
  const { error } = await person.client.rpc("cancel_booking", { booking_id: data?.id ?? "" })
    .setHeader("Idempotency-Key", key);
  assert.equal(error, null);
});

Deno.test("a key holds for 24 hours", async () => {
  const person = await makePerson(stack);
  const [one, two] = [await makeEvent(provider), await makeEvent(provider)];
  const key = crypto.randomUUID();
  await book(person, one.id, key);
  await stack.database.query(
    "update private.idempotency_keys set created_at = now() - interval '25 hours' where key = $1",
    [key],
  );
  assert.equal((await book(person, two.id, key)).error, null);
  assert.equal(await count(person), 2);
});

Deno.test("a key of 256 characters answers 400", async () => {
  const person = await makePerson(stack);
  const { status } = await book(person, (await makeEvent(provider)).id, "k".repeat(256));
  assert.equal(status, 400);
});

Deno.test("deleting an account with events and a key uses the key for the outermost command only", async () => {
  const host = await makeProvider(stack);
  await makeEvent(host);
  await makeEvent(host);
  const { error } = await host.client.rpc("delete_my_account").setHeader(
    "Idempotency-Key",
    crypto.randomUUID(),
  );
  assert.equal(error, null);
});
