import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { makePerson, type Person } from "../../support/people.ts";
import { bookAndPay, onboard, paymentOf, settle } from "../../support/payments.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { hourAhead, makeOpenProvider, moveToPast } from "../../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const earnings = (person: Person | undefined, id: string, query = "") =>
  contract(stack, "consulting")("GET", `/specialists/${id}/earnings${query}`, { token: person?.token });

Deno.test("earnings are what was paid, after fee and refunds, by service and by day of the specialist", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 10_000 });
  const person = await makePerson(stack);
  await stack.database.query("update public.profiles set timezone = 'Pacific/Kiritimati' where id = $1", [
    provider.id,
  ]);
  const [done, refunded] = [
    await bookAndPay(stack, person, provider.id, 7, 9),
    await bookAndPay(stack, person, provider.id, 8, 9),
  ];
  await bookAndPay(stack, await makePerson(stack), provider.id, 9, 9);
  const unpaid = await makePerson(stack);
  await unpaid.client.rpc("book_time", { provider_id: provider.id, ...hourAhead(10) });
  const payment = await paymentOf(stack, refunded.booking.id);
  await provider.client.rpc("request_refund", { payment_id: payment.id, amount_minor: 5000 });
  await moveToPast(stack, done.booking.id, 30);
  await onboard(stack, provider);
  await settle(stack);

  const { status, body } = await earnings(provider, provider.id);
  assert.equal(status, 200);
  const { dailyEarnings, ...data } = body.data;
  assert.deepEqual(data, {
    period: "month",
    totalEarnings: 212.5,
    totalBookings: 3,
    completedSessions: 1,
    pendingPayouts: 127.5,
    averageSessionValue: 70.83,
    currency: "USD",
    byService: [{ serviceId: null, serviceTitle: "One-to-one session", bookings: 3, earnings: 212.5 }],
  });
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Pacific/Kiritimati" }).format(new Date());
  assert.deepEqual(dailyEarnings, [{ date: today, earnings: 212.5, bookings: 3 }]);
  const empty = await earnings(provider, provider.id, "?endDate=2020-01-01T00:00:00");
  assert.deepEqual([empty.body.data.period, empty.body.data.totalEarnings, empty.body.data.pendingPayouts], [
    "custom",
    0,
    127.5,
  ]);
});

Deno.test("nobody reads another's earnings", async () => {
  const [provider, other] = [await makeOpenProvider(stack), await makeOpenProvider(stack)];
  const person = await makePerson(stack);
  for (const [who, id] of [[other, provider.id], [person, provider.id], [person, person.id]] as const) {
    const { status, body } = await earnings(who, id);
    assert.deepEqual([status, body.code], [403, "FORBIDDEN"]);
  }
  assert.equal((await earnings(undefined, provider.id)).status, 401);
  assert.equal((await earnings(provider, provider.id, "?period=decade")).status, 400);
});
