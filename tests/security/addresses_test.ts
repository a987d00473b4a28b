import assert from "node:assert/strict";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack({ auth: { generousLimits: false } })));
Deno.test.afterAll(() => stack.close());

/** Signs up through the sessions function, as a client at this address: the platform tells the function. */
async function signUp(address: string, headers: Record<string, string> = {}): Promise<number> {
  const request = new Request(`${stack.url}/functions/v1/sessions/api/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({
      email: `${crypto.randomUUID()}@example.com`,
      password: "password123",
      name: "Jane",
    }),
  });
  const response = await stack.functions.fetch(request, address);
  await response.body?.cancel();
  return response.status;
}

const count = (statuses: number[], status: number) => statuses.filter((each) => each === status).length;

/** Ten at a time: a hundred password hashes at once keep one process from answering the first within its timeout. */
async function hundredSignUps(addressOf: (n: number) => string): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < 100; n += 10) {
    statuses.push(...await Promise.all(Array.from({ length: 10 }, (_, i) => signUp(addressOf(n + i)))));
  }
  return statuses;
}

Deno.test("100 sign-ups from 100 addresses through a function pass the limits of Supabase Auth", async () => {
  const statuses = await hundredSignUps((n) => `192.0.2.${n + 1}`);
  assert.equal(count(statuses, 201), 100, String(statuses));
});

Deno.test("100 sign-ups from one address do not: Auth's burst of 30 passes, the rest gets 429", async () => {
  const statuses = await hundredSignUps(() => "198.51.100.7");
  assert.equal(count(statuses, 201) + count(statuses, 429), 100, String(statuses));
  assert.ok(count(statuses, 201) >= 30 && count(statuses, 201) <= 40, `${count(statuses, 201)} passed`);
});

Deno.test("a client that writes X-Forwarded-For or the platform's header itself is still counted as one", async () => {
  const spoofed = (n: number) => ({
    "x-forwarded-for": `203.0.113.${n}, 198.51.100.8`,
    "cf-connecting-ip": `203.0.113.${n}`,
    "sb-forwarded-for": `203.0.113.${n}`,
  });
  const statuses = await Promise.all(
    Array.from({ length: 60 }, (_, n) => signUp("198.51.100.8", spoofed(n))),
  );
  assert.ok(count(statuses, 429) >= 20, `${count(statuses, 429)} refused`);
});

Deno.test("Sb-Forwarded-For counts only from who has the secret key", async () => {
  const signIn = async (key: string, address: string) => {
    const response = await fetch(`${stack.url}/auth/v1/otp`, {
      method: "POST",
      headers: { apikey: key, "content-type": "application/json", "sb-forwarded-for": address },
      body: JSON.stringify({ email: `${crypto.randomUUID()}@example.com` }),
    });
    await response.body?.cancel();
    return response.status;
  };
  const { publishableKey, secretKey } = stack.keys;
  const all = (key: string) =>
    Promise.all(Array.from({ length: 50 }, (_, n) => signIn(key, `192.0.2.${n + 1}`)));
  assert.equal(count(await all(secretKey), 200), 50);
  assert.ok(count(await all(publishableKey), 429) >= 10);
});
