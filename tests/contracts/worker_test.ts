import assert from "node:assert/strict";
import { contract } from "../support/http.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

Deno.test("POST /deliver names each field that is not valid", async () => {
  const { status, body } = await contract(stack, "worker")("POST", "/deliver", {
    token: stack.keys.workerToken,
    body: { key: "7", destination: "crm", within_ms: -1 },
  });
  assert.equal(status, 400);
  assert.equal(body.code, "INVALID_INPUT");
  for (const field of ["key", "within_ms"]) assert.match(body.error, new RegExp(`\\b${field} `));
  assert.doesNotMatch(body.error, /destination/);
});
