import assert from "node:assert/strict";
import { dateAhead, everyDay, makeAvailability } from "../../support/availability.ts";
import { contract } from "../../support/http.ts";
import { makePerson, makeProvider } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";

let stack: TestStack;
let call: ReturnType<typeof contract>;
Deno.test.beforeAll(async () => {
  stack = await testStack();
  call = contract(stack, "consulting");
});
Deno.test.afterAll(() => stack.close());

Deno.test("a list of slots counts those among the first 2,000, and says so in a header", async () => {
  const specialist = await makeProvider(stack);
  const { id } = await makeAvailability(specialist, {
    windows: everyDay({ opens: "00:00", closes: "24:00", slot_minutes: 30 }),
    rules: { min_notice_minutes: 0 },
  });
  const slotsUpTo = async (endDate: string) => {
    const { status } = await call("POST", `/availability/${id}/generate-slots`, {
      token: specialist.token,
      body: { startDate: dateAhead(1), endDate },
    });
    assert.equal(status, 200);
    const period = `startDate=${dateAhead(1)}&endDate=${endDate}`;
    const { headers, body } = await call(
      "GET",
      `/availability/slots?specialistId=${specialist.id}&${period}&limit=100`,
    );
    const { total, hasNext } = body.pagination;
    return { total, hasNext, exact: headers.get("X-Total-Count-Exact") };
  };

  const perDay = 48;
  assert.deepEqual(await slotsUpTo(dateAhead(3)), { total: 3 * perDay, hasNext: true, exact: "true" });
  assert.deepEqual(await slotsUpTo(dateAhead(50)), { total: 2000, hasNext: true, exact: "false" });
});

Deno.test("every list says whether its total is exact", async () => {
  const specialist = await makeProvider(stack);
  const customer = await makePerson(stack);
  for (
    const path of [
      "/bookings",
      "/payments/history",
      "/notifications",
      "/specialists",
      `/reviews/specialist/${specialist.id}`,
      `/availability/slots?specialistId=${specialist.id}`,
    ]
  ) {
    const { status, headers } = await call("GET", path, { token: customer.token });
    assert.deepEqual([path, status, headers.get("X-Total-Count-Exact")], [path, 200, "true"]);
  }
});
