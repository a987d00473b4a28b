import assert from "node:assert/strict";
import { contract } from "../support/http.ts";
import { makeEvent, makePerson, makeProvider } from "../support/people.ts";
import { testStack } from "../support/stack.ts";
import { isWithoutServer } from "../support/template.ts";

Deno.test({
  name: "64 people booking the last 10 seats over HTTP: 10 get 201, 54 the document's fully booked",
  ignore: isWithoutServer("64 people at once need more than one session."),
  fn: async () => {
    await using stack = await testStack({ env: { DATABASE_TIMEOUT_MS: "60000" } });
    const event = await makeEvent(await makeProvider(stack), { capacity: 10 });
    const people = await Promise.all(Array.from({ length: 64 }, () => makePerson(stack)));
    const book = contract(stack, "sessions");
    const answers = await Promise.all(
      people.map(({ token }) => book("POST", "/api/bookings", { token, body: { session_id: event.id } })),
    );
    const booked = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 400);
    assert.deepEqual([booked.length, refused.length], [10, 54]);
    for (const { body } of refused) assert.deepEqual(body, { error: "Session is fully booked" });
  },
});
