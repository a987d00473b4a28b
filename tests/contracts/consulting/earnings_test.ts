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
  await contract(stack, "consulting")("PUT", `/specialists/${provider.id}`, {
    token: provider.token,
    body: { availability: { timezone: "Pacific/Kiritimati" } },
  });
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

  // Noon of yesterday in UTC is today's date on Kiritimati, 14 hours ahead.
  await stack.database.query(
    `update public.payments set paid_at = date_trunc('day', now(), 'UTC') - interval '12 hours' where provider_id = $1`,
    [provider.id],
  );
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
  const [paid] = await stack.database.query<{ on_date: string }>(
    "select distinct (paid_at at time zone 'UTC')::date + 1 as on_date from public.payments where provider_id = $1",
    [provider.id],
  );
  assert.deepEqual(dailyEarnings, [{ date: paid?.on_date, earnings: 212.5, bookings: 3 }]);
  const empty = await earnings(provider, provider.id, "?endDate=2020-01-01T00:00:00");
  assert.deepEqual([empty.body.data.period, empty.body.data.totalEarnings, empty.body.data.pendingPayouts], [
    "custom",
    0,
    127.5,
  ]);
});

Deno.test("earnings are of 366 days at most, given as dates or instants", async () => {
  const provider = await makeOpenProvider(stack);
  const answerTo = async (query: string) => {
    const { status, body } = await earnings(provider, provider.id, query);
    return [status, status === 200 ? body.data.period : body.details];
  };
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  assert.deepEqual(await answerTo("?startDate=2028-01-01&endDate=2028-12-31"), [200, "custom"]);
  assert.deepEqual(await answerTo("?startDate=2028-01-01T00:00:00Z&endDate=2029-01-01T00:00:01Z"), [
    400,
    { endDate: "must be within 366 days after the start" },
  ]);
  assert.deepEqual(await answerTo(`?startDate=${daysAgo(365)}`), [200, "custom"]);
  assert.deepEqual(await answerTo(`?startDate=${daysAgo(368)}`), [
    400,
    { startDate: "must be within 366 days before now, or come with an end" },
  ]);
  assert.deepEqual(await answerTo("?startDate=2030-01-02&endDate=2030-01-01"), [
    400,
    { endDate: "must be after the start" },
  ]);
  assert.equal((await provider.client.rpc("my_earnings")).error, null);
  for (const paid_from of ["infinity", "2000-01-01"]) {
    assert.equal((await provider.client.rpc("my_earnings", { paid_from })).error?.message, "INVALID_INPUT");
  }
});

Deno.test("a date in earnings counts from its start to its end", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 10_000 });
  const { booking } = await bookAndPay(stack, await makePerson(stack), provider.id);
  await stack.database.query(
    "update public.payments set paid_at = '2030-01-15T23:59:59Z' where booking_id = $1",
    [
      booking.id,
    ],
  );
  const bookingsOf = async (query: string) =>
    (await earnings(provider, provider.id, query)).body.data.totalBookings;
  assert.equal(await bookingsOf("?startDate=2030-01-15&endDate=2030-01-15"), 1);
  assert.equal(await bookingsOf("?startDate=2030-01-16&endDate=2030-01-17"), 0);
  assert.equal(await bookingsOf("?startDate=2030-01-01&endDate=2030-01-14"), 0);
  assert.equal(await bookingsOf("?endDate=2030-01-15T23:59:59Z"), 0);
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
