import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { makePerson, type Person } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { bookHour, hourAhead, makeOpenProvider } from "../../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const call = (method: string, path: string, person?: Person, body?: unknown) =>
  contract(stack, "consulting")(method, path, {
    token: person?.token,
    ...(body === undefined ? {} : { body }),
  });

const wanted = (provider: Person) => {
  const { starts_at: startTime, ends_at: endTime } = hourAhead(7);
  return { specialistId: provider.id, startTime, endTime };
};

Deno.test("a taken time is waited for, offered when it is free, and booked as any other", async () => {
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 7500 }, { name: "Dr. Jane Doe" });
  const [holder, person] = [await makePerson(stack), await makePerson(stack)];
  const { id } = await bookHour(holder, provider.id);

  const joined = await call("POST", "/waiting-list", person, wanted(provider));
  assert.equal(joined.status, 200, JSON.stringify(joined.body));
  const { _id, createdAt, startsAt, endsAt, ...entry } = joined.body.data;
  assert.deepEqual(entry, {
    specialistId: provider.id,
    specialistName: "Dr. Jane Doe",
    serviceId: null,
    status: "waiting",
    position: 1,
    bookingId: null,
    offerExpiresAt: null,
  });
  assert.deepEqual([Date.parse(startsAt), Date.parse(endsAt)], Object.values(hourAhead(7)).map(Date.parse));
  assert.ok(Date.parse(createdAt) <= Date.now() + 1000);

  assert.equal((await call("DELETE", `/bookings/${id}`, holder)).status, 200);
  const { body: list } = await call("GET", "/waiting-list", person);
  const [offer] = list.data.entries;
  assert.deepEqual([offer._id, offer.status, offer.position], [_id, "offered", null]);
  const stranger = await call("POST", "/bookings", await makePerson(stack), wanted(provider));
  assert.deepEqual([stranger.status, stranger.body.code], [409, "SLOT_NOT_AVAILABLE"]);

  const { body: booked } = await call("POST", "/bookings", person, wanted(provider));
  assert.deepEqual(
    [booked.data._id, booked.data.status, booked.data.sessionPrice, booked.data.expiresAt],
    [offer.bookingId, "pending", 75, offer.offerExpiresAt],
  );
});

Deno.test("an offer is declined, and the entry is over", async () => {
  const provider = await makeOpenProvider(stack);
  const [holder, person] = [await makePerson(stack), await makePerson(stack)];
  const { id } = await bookHour(holder, provider.id);
  const { body: { data: entry } } = await call("POST", "/waiting-list", person, wanted(provider));
  await call("DELETE", `/bookings/${id}`, holder);
  const { status, body } = await call("DELETE", `/waiting-list/${entry._id}`, person);
  assert.deepEqual([status, body.data.status], [200, "declined"]);
  assert.deepEqual((await call("GET", "/waiting-list", person)).body.data.entries, []);
  assert.equal((await call("POST", "/bookings", await makePerson(stack), wanted(provider))).status, 200);
});

Deno.test("who need not or may not wait is told why, in the document's shape", async () => {
  const provider = await makeOpenProvider(stack);
  const person = await makePerson(stack);
  const free = await call("POST", "/waiting-list", person, wanted(provider));
  assert.deepEqual([free.status, free.body.success, free.body.code], [409, false, "STILL_AVAILABLE"]);
  assert.equal((await call("POST", "/waiting-list", person, {})).status, 400);
  assert.equal((await call("POST", "/waiting-list", undefined, wanted(provider))).status, 401);
  const unknown = await call("POST", "/waiting-list", person, { slotId: crypto.randomUUID() });
  assert.deepEqual([unknown.status, unknown.body.code], [404, "NOT_FOUND"]);
  const missing = await call("DELETE", `/waiting-list/${crypto.randomUUID()}`, person);
  assert.deepEqual([missing.status, missing.body.code], [404, "NOT_FOUND"]);
});
