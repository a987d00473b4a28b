import assert from "node:assert/strict";
import { z } from "@hono/zod-openapi";
import { inputReader } from "../../functions/_shared/http/request_input.ts";
import { hostFunctions } from "../../local/functions.ts";
import { contract } from "../support/http.ts";
import { makePerson, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";

interface Operation {
  function: string;
  method: string;
  /** Below the function's base URL, with an id for every parameter. */
  path: string;
  gate: "public" | "user" | "service";
}

let stack: TestStack;
let person: Person;
let operations: Operation[];
Deno.test.beforeAll(async () => {
  stack = await testStack();
  person = await makePerson(stack);
  operations = (await Promise.all(stack.functions.names.map(readOperations))).flat();
});
Deno.test.afterAll(() => stack.close());

async function readOperations(name: string): Promise<Operation[]> {
  const { body } = await contract(stack, name)("GET", "/openapi.json");
  return Object.entries<Record<string, { security?: Record<string, unknown>[] }>>(body.paths).flatMap((
    [path, methods],
  ) =>
    Object.entries(methods).map(([method, { security }]) => ({
      function: name,
      method: method.toUpperCase(),
      path: path.replace(`/${name}`, "").replaceAll(/\{\w+\}/g, crypto.randomUUID()),
      gate: gateOf(security),
    } as const))
  );
}

/** An empty requirement among them says that none must be met. */
function gateOf(security: Record<string, unknown>[] | undefined): Operation["gate"] {
  if (!security || security.some((each) => Object.keys(each).length === 0)) return "public";
  return security.some((each) => "user" in each) ? "user" : "service";
}

const call = ({ function: name, method, path }: Operation, token?: string) =>
  contract(stack, name)(method, path, { token, ...(method === "GET" ? {} : { body: {} }) });

/** Tokens that nobody may enter with, whatever the gate. */
async function badTokens(): Promise<Record<string, string | undefined>> {
  const claims = { sub: person.id, role: "authenticated", aud: "authenticated" };
  const good = await stack.tokens.sign(claims, 60);
  const [header = "", payload = "", signature = ""] = good.split(".");
  const b64 = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  return {
    "no token": undefined,
    "nonsense": "nonsense",
    "an expired token": await stack.tokens.sign({ ...claims, iat: 1_700_000_000 }, 60),
    "a token without signature": `${header}.${payload}.`,
    "alg none": `${b64({ alg: "none" })}.${payload}.`,
    "another's payload under this signature": `${header}.${
      b64({ ...claims, exp: 9_999_999_999 })
    }.${signature}`,
    "a token of another audience": await stack.tokens.sign({ ...claims, aud: "other" }, 60),
    "a token without user": await stack.tokens.sign({ role: "authenticated", aud: "authenticated" }, 60),
    "the publishable key": stack.keys.publishableKey,
    "the secret key": stack.keys.secretKey,
  };
}

Deno.test("every function tells its operations", () => {
  assert.deepEqual(
    [...new Set(operations.map((operation) => operation.function))].sort(),
    [...stack.functions.names].sort(),
  );
  assert.ok(operations.length >= 17);
});

Deno.test("every operation behind a gate answers 401 without a good token", async () => {
  for (const [kind, token] of Object.entries(await badTokens())) {
    for (const operation of operations.filter(({ gate }) => gate !== "public")) {
      const { status, headers } = await call(operation, token);
      assert.equal(status, 401, `${operation.method} ${operation.path} with ${kind}`);
      assert.equal(headers.get("www-authenticate"), "Bearer");
    }
  }
});

Deno.test("no operation for servers lets a user in, and none for users lets a server's token in", async () => {
  for (const operation of operations) {
    if (operation.gate === "service") assert.equal((await call(operation, person.token)).status, 401);
    if (operation.gate === "user") assert.equal((await call(operation, stack.keys.workerToken)).status, 401);
  }
});

Deno.test("no operation answers 500 to an empty body, signed in or not", async () => {
  for (const operation of operations) {
    for (const token of [undefined, person.token]) {
      const { status } = await call(operation, token);
      assert.ok(status < 500, `${operation.method} ${operation.path}: ${status}`);
    }
  }
});

Deno.test("every operation has an id, a summary, and a description for each answer", async () => {
  for (const name of stack.functions.names) {
    const { body } = await contract(stack, name)("GET", "/openapi.json");
    const ids = new Set<string>();
    for (const methods of Object.values<Record<string, Record<string, unknown>>>(body.paths)) {
      for (const operation of Object.values(methods)) {
        assert.ok(operation.summary && operation.operationId && operation.responses);
        assert.ok(!ids.has(String(operation.operationId)), String(operation.operationId));
        ids.add(String(operation.operationId));
      }
    }
  }
});

Deno.test("a function without configuration answers 500 in its shape and says nothing of what is missing", async () => {
  const log: string[] = [];
  const functions = hostFunctions({}, { write: (line) => void log.push(line) });
  const response = await functions.fetch(
    new Request("http://127.0.0.1/functions/v1/sessions/api/sessions", {
      headers: { authorization: "Bearer x" },
    }),
    "127.0.0.1",
  );
  assert.equal(response.status, 500);
  assert.deepEqual(await response.json(), { error: "Something went wrong on our side" });
  assert.match(log.join("\n"), /SUPABASE_URL/);
});

Deno.test("a route that takes what nothing would check cannot be registered", () => {
  const schema = z.object({});
  inputReader({ query: schema, params: schema, body: { content: { "application/json": { schema } } } });
  assert.throws(() => inputReader({ headers: schema }), /headers/);
  assert.throws(
    () => inputReader({ body: { content: { "multipart/form-data": { schema } } } }),
    /multipart\/form-data/,
  );
});
