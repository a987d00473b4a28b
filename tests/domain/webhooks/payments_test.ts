import assert from "node:assert/strict";
import { makePerson, type Person } from "../../support/people.ts";
import { bookAndCheckOut, bookAndPay, paymentOf, settle } from "../../support/payments.ts";
import { bookHour, hourAhead, lapse, makeOpenProvider, moveToPast } from "../../support/times.ts";
import { everything, WebhookWorld } from "./support.ts";

let world: WebhookWorld;
Deno.test.beforeAll(async () => void (world = await WebhookWorld.open()));
Deno.test.afterAll(() => world.close());

/** Somebody with an hourly rate of 75 dollars, whose endpoint hears of everything. */
async function subscriber(): Promise<Person> {
  const provider = await makeOpenProvider(world.stack, { hourlyRateMinor: 7500 });
  const { error } = await provider.client.rpc("create_webhook_endpoint", {
    url: world.receiver.url,
    events: everything,
  });
  assert.equal(error, null);
  return provider;
}

/** What the endpoint was told of a booking, in order. */
async function toldOf(bookingId: string) {
  await settle(world.stack);
  await world.run();
  return world.receiver.requests.filter(({ body }) => body.data.booking_id === bookingId).map(({ body }) =>
    body
  );
}

const gistOf = (messages: { type: string; data: Record<string, unknown> }[]) =>
  messages.map(({ type, data }) => [type, data.status, data.payment_status]);

Deno.test("time that is paid is told of as created, confirmed and paid, with the payment and no event", async () => {
  const [provider, person] = [await subscriber(), await makePerson(world.stack)];
  const { booking } = await bookAndPay(world.stack, person, provider.id);
  const told = await toldOf(booking.id);
  assert.deepEqual(gistOf(told), [
    ["booking.created", "held", "due"],
    ["booking.confirmed", "confirmed", "paid"],
    ["payment.succeeded", "confirmed", "paid"],
  ]);
  assert.equal(told[0].data.cause, "held");
  const { version, booked_at: _, starts_at, ends_at, ...paid } = told[2].data;
  assert.equal(version, told[1].data.version);
  const hour = hourAhead(7);
  assert.deepEqual([starts_at, ends_at].map(Date.parse), [hour.starts_at, hour.ends_at].map(Date.parse));
  assert.deepEqual(paid, {
    booking_id: booking.id,
    attendee_id: person.id,
    provider_id: provider.id,
    payment_id: (await paymentOf(world.stack, booking.id)).id,
    status: "confirmed",
    payment_status: "paid",
    price_minor: 7500,
    amount_minor: 7500,
    currency: "USD",
    kind: "one_to_one",
    location: "",
    title: told[0].data.title,
    timezone: "UTC",
  });
});

Deno.test("what is refunded is told with the payment, the refund and its amount, in part and to the end", async () => {
  const [provider, person] = [await subscriber(), await makePerson(world.stack)];
  const { booking } = await bookAndPay(world.stack, person, provider.id);
  const { id: payment_id } = await paymentOf(world.stack, booking.id);
  await provider.client.rpc("request_refund", { payment_id, amount_minor: 2500 });
  await settle(world.stack);
  await provider.client.rpc("cancel_booking", { booking_id: booking.id });
  const told = await toldOf(booking.id);
  assert.deepEqual(gistOf(told).slice(3), [
    ["payment.refunded", "confirmed", "partly_refunded"],
    ["booking.cancelled", "cancelled", "partly_refunded"],
    ["payment.refunded", "cancelled", "refunded"],
  ]);
  const refunds = told.filter(({ type }) => type === "payment.refunded").map(({ data }) => data);
  assert.deepEqual(refunds.map((data) => [data.payment_id, data.refund_minor]), [
    [payment_id, 2500],
    [payment_id, 5000],
  ]);
  assert.equal(new Set(refunds.map(({ refund_id }) => refund_id)).size, 2);
});

Deno.test("a hold that lapses is told of as expired", async () => {
  const [provider, person] = [await subscriber(), await makePerson(world.stack)];
  const booking = await bookHour(person, provider.id);
  await lapse(world.stack, booking.id);
  assert.deepEqual(gistOf(await toldOf(booking.id)), [
    ["booking.created", "held", "due"],
    ["booking.expired", "expired", "none"],
  ]);
});

Deno.test("a payment that comes too late is told of as paid, and as given back", async () => {
  const [provider, person] = [await subscriber(), await makePerson(world.stack)];
  const { booking, intentId } = await bookAndCheckOut(world.stack, person, provider.id);
  await lapse(world.stack, booking.id);
  await bookHour(await makePerson(world.stack), provider.id);
  world.stack.stripe.pay(intentId);
  assert.deepEqual(gistOf(await toldOf(booking.id)), [
    ["booking.created", "held", "due"],
    ["booking.expired", "expired", "none"],
    ["payment.succeeded", "expired", "paid"],
    ["payment.refunded", "expired", "refunded"],
  ]);
});

Deno.test("an attendee who did not come is told of", async () => {
  const [provider, person] = [await subscriber(), await makePerson(world.stack)];
  const { booking } = await bookAndPay(world.stack, person, provider.id);
  await moveToPast(world.stack, booking.id, 0);
  assert.equal((await provider.client.rpc("mark_no_show", { booking_id: booking.id })).error, null);
  const told = await toldOf(booking.id);
  assert.deepEqual(gistOf(told).at(-1), ["booking.no_show", "no_show", "paid"]);
});
