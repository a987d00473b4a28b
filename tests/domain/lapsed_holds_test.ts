import assert from "node:assert/strict";
import { makeEvent, makePerson, type Person } from "../support/people.ts";
import { bookAndCheckOut, bookingOf, settle } from "../support/payments.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { bookHour, hourAhead, lapse, makeOpenProvider } from "../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

/** What takes a provider's time besides one-to-one bookings. */
const takers: [
  string,
  (provider: Person, time: { starts_at: string; ends_at: string }) => Promise<unknown>,
][] = [
  ["an event", (provider, time) => makeEvent(provider, time)],
  ["an event that moves there", async (provider, time) => {
    const { id } = await makeEvent(provider, hourAhead(20));
    const { error } = await provider.client.rpc("update_event", { event_id: id, ...time });
    assert.equal(error, null);
  }],
  ["time off", async (provider, time) => {
    assert.equal((await provider.client.rpc("block_time", time)).error, null);
  }],
];

for (const [what, take] of takers) {
  Deno.test(`a lapsed hold gives way to ${what}, a running one and a booking do not`, async () => {
    const provider = await makeOpenProvider(stack, { hourlyRateMinor: 5000 });
    const held = await bookHour(await makePerson(stack), provider.id, 7, 9);
    await assert.rejects(take(provider, hourAhead(7, 9)));
    assert.equal((await bookingOf(stack, held.id)).status, "held");

    await lapse(stack, held.id);
    await take(provider, hourAhead(7, 9));
    assert.equal((await bookingOf(stack, held.id)).status, "expired");
  });
}

Deno.test("time off over a lapsed hold whose payment is open takes the time, and Stripe cancels the payment", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 5000 });
  const { booking, intentId } = await bookAndCheckOut(stack, await makePerson(stack), provider.id, 7, 9);
  await lapse(stack, booking.id);
  assert.equal((await provider.client.rpc("block_time", hourAhead(7, 9))).error, null);
  await settle(stack);
  const response = await fetch(`${stack.stripe.credentials.baseUrl}/v1/payment_intents/${intentId}`, {
    headers: { authorization: `Bearer ${stack.stripe.credentials.secretKey}` },
  });
  assert.equal((await response.json()).status, "canceled");
  assert.equal((await bookingOf(stack, booking.id)).status, "expired");
});
