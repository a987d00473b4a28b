import assert from "node:assert/strict";
import { makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { bookHour, hourAhead, lapse, makeOpenProvider } from "../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const offerOf = async (person: Person) => {
  const { data } = await person.client.from("waiting_list").select().eq("person_id", person.id)
    .eq("status", "offered").order("created_at", { ascending: false });
  return data?.[0]?.booking_id ?? "";
};
const cancel = async (person: Person, bookingId: string) => {
  assert.equal((await person.client.rpc("cancel_booking", { booking_id: bookingId })).error, null);
};
const problemOf = (error: { message: string; details: string } | null) => [
  error?.message,
  JSON.parse(error?.details || "{}"),
];

/** An hour of a provider that is offered to somebody who waited for it, as what they asked for. */
async function offeredHour(provider: Person, asked: { offering_id?: string } = {}) {
  const [holder, waiting] = [await makePerson(stack), await makePerson(stack)];
  const { id } = await bookHour(holder, provider.id);
  const hour = { provider_id: provider.id, ...hourAhead(7) };
  assert.equal((await waiting.client.rpc("wait_for_time", { ...hour, ...asked })).error, null);
  await cancel(holder, id);
  return { waiting, hour, bookingId: await offerOf(waiting) };
}

Deno.test("an offered seat that is paid on site is not paid before", async () => {
  const provider = await makeProvider(stack);
  const { id: event_id } = await makeEvent(provider, { capacity: 1, price_minor: 5000 });
  const [holder, waiting] = [await makePerson(stack), await makePerson(stack)];
  const { data: booking } = await holder.client.rpc("book_event", { event_id });
  await waiting.client.rpc("wait_for_event", { event_id });
  await cancel(holder, booking?.id ?? "");
  const { error } = await waiting.client.rpc("prepare_payment", {
    booking_id: await offerOf(waiting),
    amount_minor: 5000,
    currency: "USD",
  });
  assert.equal(error?.message, "NOTHING_TO_PAY");
  const { data: taken } = await waiting.client.rpc("book_event", { event_id });
  assert.deepEqual([taken?.status, taken?.payment_status], ["confirmed", "due"]);
});

Deno.test("an offer is of the time that was waited for: it cannot be moved, the booking that it becomes can", async () => {
  const provider = await makeOpenProvider(stack);
  const { waiting, hour, bookingId } = await offeredHour(provider);
  const move = (person: Person) =>
    person.client.rpc("reschedule_booking", { booking_id: bookingId, ...hourAhead(9, 15) });
  for (const person of [waiting, provider]) {
    assert.equal((await move(person)).error?.message, "BOOKING_NOT_MOVABLE");
  }
  assert.equal((await waiting.client.rpc("book_time", hour)).data?.status, "confirmed");
  assert.equal((await move(waiting)).error, null);
});

Deno.test("an offer is of the offering that was waited for, and taken as it is or not at all", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 1000 });
  const offering = async (price_minor: number) => {
    const [row] = await stack.database.query<{ id: string }>(
      `insert into public.offerings (provider_id, title, price_minor, currency, duration_minutes)
       values ($1, 'Hour', $2, 'USD', 60) returning id`,
      [provider.id, price_minor],
    );
    return row?.id ?? "";
  };
  const [free, dear] = [await offering(0), await offering(20_000)];
  const { waiting, hour } = await offeredHour(provider, { offering_id: free });
  const other = await waiting.client.rpc("book_time", { ...hour, offering_id: dear });
  assert.deepEqual(problemOf(other.error), [
    "INVALID_INPUT",
    [{ field: "offering_id", reason: "must be the one that was waited for" }],
  ]);
  const { data } = await waiting.client.rpc("book_time", hour);
  assert.deepEqual([data?.offering_id, data?.price_minor, data?.status], [free, 0, "confirmed"]);
});

Deno.test("offers that lapse are not counted as holds that somebody let lapse", async () => {
  const person = await makePerson(stack);
  for (let turn = 0; turn < 10; turn++) {
    const provider = await makeOpenProvider(stack, { hourlyRateMinor: 1000 });
    const holder = await makePerson(stack);
    const { id } = await bookHour(holder, provider.id);
    await person.client.rpc("wait_for_time", { provider_id: provider.id, ...hourAhead(7) });
    await cancel(holder, id);
    await lapse(stack, await offerOf(person));
  }
  await (await stack.runWorker()).body?.cancel();
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 1000 });
  assert.equal((await bookHour(person, provider.id)).status, "held");
});

Deno.test("who leaves is not offered what their own leaving frees", async () => {
  const provider = await makeOpenProvider(stack, { bufferMinutes: 15 });
  const person = await makePerson(stack);
  await bookHour(person, provider.id, 7, 9);
  const { error } = await person.client.rpc("wait_for_time", {
    provider_id: provider.id,
    ...hourAhead(7, 10),
  });
  assert.equal(error, null);
  assert.equal((await person.client.rpc("delete_my_account")).error, null);
  const left = await stack.database.query("select status from public.bookings where attendee_id = $1", [
    person.id,
  ]);
  assert.deepEqual(left, [{ status: "cancelled" }]);
});

Deno.test("nobody books or waits for a seat of their own event", async () => {
  const provider = await makeProvider(stack);
  const { id: event_id } = await makeEvent(provider, { capacity: 1 });
  for (const command of ["book_event", "wait_for_event"] as const) {
    const { error } = await provider.client.rpc(command, { event_id });
    assert.deepEqual(problemOf(error), [
      "INVALID_INPUT",
      { field: "event_id", reason: "must be somebody else's" },
    ]);
  }
});
