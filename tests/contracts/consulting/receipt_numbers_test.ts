import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { makePerson, makeProvider, type Person } from "../../support/people.ts";
import { bookAndPay } from "../../support/payments.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { makeOpenProvider, openTimes } from "../../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const hourlyRateMinor = 5000;

/** Pays an hour of a provider; answers its receipt as the provider reads it. */
async function receiptOf(provider: Person, days: number) {
  const { booking } = await bookAndPay(stack, await makePerson(stack), provider.id, days);
  const { data } = await provider.client.rpc("read_receipt", { booking_id: booking.id });
  assert.ok(data);
  const [year, serial] = String(data.receipt_number).split("-").slice(1).map(Number);
  return { year, serial, timezone: data.seller_timezone };
}

async function nameZone(provider: Person, timezone: string): Promise<void> {
  const { status } = await contract(stack, "consulting")("PUT", `/specialists/${provider.id}`, {
    token: provider.token,
    body: { availability: { timezone } },
  });
  assert.equal(status, 200);
}

/** The year of a receipt that is paid at noon (UTC) of the last day of 2026. */
async function lastNoonOf2026(provider: Person): Promise<number | undefined> {
  const [row] = await stack.database.query<{ year: number }>(
    "select private.receipt_year(p, '2026-12-31 12:00Z') as year from public.providers as p where p.id = $1",
    [provider.id],
  );
  return row?.year;
}

Deno.test("a receipt is of the seller's zone: named with PUT /specialists, else their schedule's, else their profile's", async () => {
  const provider = await makeProvider(stack);
  await provider.client.from("profiles").update({ timezone: "Pacific/Kiritimati" }).eq("id", provider.id);
  assert.equal(await lastNoonOf2026(provider), 2027);
  await openTimes(stack, provider.id, { hourlyRateMinor, timezone: "Asia/Tokyo" });
  assert.equal(await lastNoonOf2026(provider), 2026);
  assert.equal((await receiptOf(provider, 7)).timezone, "Asia/Tokyo");
  await nameZone(provider, "Pacific/Auckland");
  assert.equal(await lastNoonOf2026(provider), 2027);
  assert.equal((await receiptOf(provider, 8)).timezone, "Pacific/Auckland");
});

Deno.test("receipts count on within a year of the seller, and a new year begins with 1", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor });
  const [first, second] = [await receiptOf(provider, 7), await receiptOf(provider, 8)];
  assert.deepEqual([first.serial, second.serial], [1, 2]);
  // As if those two had been paid last year.
  await stack.database.query(
    "update public.payments set receipt_year = receipt_year - 1 where provider_id = $1",
    [
      provider.id,
    ],
  );
  await stack.database.query("update private.receipt_counters set year = year - 1 where provider_id = $1", [
    provider.id,
  ]);
  const [third, fourth] = [await receiptOf(provider, 9), await receiptOf(provider, 10)];
  assert.deepEqual([third.serial, fourth.serial], [1, 2]);
  const counters = await stack.database.query(
    "select last_serial from private.receipt_counters where provider_id = $1 order by year",
    [provider.id],
  );
  assert.deepEqual(counters, [{ last_serial: 2 }, { last_serial: 2 }]);
});
