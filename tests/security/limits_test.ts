import assert from "node:assert/strict";
import type { Context } from "hono";
import { addressBucket } from "../../functions/_shared/http/client_address.ts";
import type { Env } from "../../functions/_shared/http/context.ts";
import { contract } from "../support/http.ts";
import { startInstance } from "../support/instance.ts";
import { makePerson } from "../support/people.ts";
import { hasRedis, type RedisRest, startRedisRest } from "../support/redis_rest.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { within } from "../support/time_limit.ts";

const isRedisHere = await hasRedis();
if (!isRedisHere) {
  // deno-lint-ignore no-console -- the reader of the tests' output should know
  console.log("Skipped without redis-server: the Upstash limiter is tested against a real Redis.");
}

const login = (stack: Pick<TestStack, "url">, email: string) =>
  contract(stack, "sessions")("POST", "/api/auth/login", { body: { email, password: "wrong password" } });

const someEmail = () => `${crypto.randomUUID()}@example.com`;

/** Tries to sign in as one person again and again; what the answers say, and when they were on their way. */
async function signInTimes(stack: TestStack, times: number) {
  const email = someEmail();
  const answers = [];
  for (let i = 0; i < times; i++) {
    const askedAt = Date.now();
    const answer = await login(stack, email);
    answers.push({ ...answer, askedAt, answeredAt: Date.now() });
  }
  return answers;
}

/** A clock that stands still, so that no window ends within a test. */
const stillClock = (at: Date) => () => at;

/** Five in a window that ends in 2033 and not within a test, whenever that runs. */
const five = { quota: "5/1000000000", windowEnd: 2_000_000_000 };

async function assertLimitOfFive(stack: TestStack) {
  const answers = await signInTimes(stack, 7);
  assert.deepEqual(answers.map(({ status }) => status), [401, 401, 401, 401, 401, 429, 429]);
  const header = (index: number, name: string) => Number(answers[index]?.headers.get(name));
  assert.deepEqual([0, 1, 4, 5].map((index) => header(index, "x-ratelimit-remaining")), [4, 3, 0, 0]);
  assert.equal(header(0, "x-ratelimit-limit"), 5);
  const [refused, last] = answers.slice(5);
  assert.ok(refused && last);
  assert.equal(header(5, "x-ratelimit-reset"), five.windowEnd);
  const secondsUntil = (ms: number) => Math.ceil(five.windowEnd - ms / 1000);
  const retryAfter = header(5, "retry-after");
  assert.ok(
    retryAfter <= secondsUntil(refused.askedAt) && retryAfter >= secondsUntil(refused.answeredAt),
    String(retryAfter),
  );
  assert.deepEqual(Object.keys(last.body), ["error"]);
  assert.equal((await login(stack, someEmail())).status, 401, "another person is not limited");
}

Deno.test("the database counts sign-ins per person, and its headers are right to the second", async () => {
  await using stack = await testStack({ env: { RATE_LIMIT_SIGN_IN: five.quota, CLIENT_IP_HEADER: "" } });
  await assertLimitOfFive(stack);
  const buckets = await stack.database.query<{ bucket: string }>("select bucket from private.rate_limits");
  assert.ok(
    buckets.length > 0 && buckets.every(({ bucket }) => /^[\w-]{43}$/.test(bucket)),
    "buckets name nobody",
  );
});

Deno.test("sign-ins are counted per address as well, whoever signs in", async () => {
  await using stack = await testStack({ env: { RATE_LIMIT_SIGN_IN: five.quota } });
  const statuses = [];
  for (let i = 0; i < 6; i++) statuses.push((await login(stack, someEmail())).status);
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
});

Deno.test("Google sign-ins are counted per person, though each has a token of its own", async () => {
  await using stack = await testStack({ env: { RATE_LIMIT_SIGN_IN: five.quota, CLIENT_IP_HEADER: "" } });
  const signIn = async (sub: string) => {
    const claims = { sub, email_verified: true, jti: crypto.randomUUID() };
    const token = `${btoa("{}")}.${btoa(JSON.stringify(claims))}.`;
    return (await contract(stack, "events")("POST", "/api/auth/google-login", { body: { token } })).status;
  };
  const statuses = [];
  for (let i = 0; i < 6; i++) statuses.push(await signIn("1"));
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
  assert.equal(await signIn("2"), 401, "another person is not limited");
});

Deno.test("memory counts every endpoint per user, with a new window after the old one", async () => {
  let now = new Date("2030-01-01T00:00:30Z");
  await using stack = await testStack({ env: { RATE_LIMIT_API: "3/60" }, now: () => now });
  const [person, other] = [await makePerson(stack), await makePerson(stack)];
  const tokenOf = (id: string) =>
    stack.tokens.sign({ sub: id, role: "authenticated", aud: "authenticated" }, 3600);
  const [token, otherToken] = [await tokenOf(person.id), await tokenOf(other.id)];
  const get = (bearer: string) => contract(stack, "sessions")("GET", "/api/bookings/my", { token: bearer });
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await get(token));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 429]);
  assert.equal(
    answers[3]?.headers.get("x-ratelimit-reset"),
    String(Date.parse("2030-01-01T00:01:00Z") / 1000),
  );
  assert.equal(answers[3]?.headers.get("retry-after"), "30");
  assert.equal((await get(otherToken)).status, 200);
  now = new Date("2030-01-01T00:01:00Z");
  assert.equal((await get(token)).status, 200);
});

Deno.test({
  name:
    "Upstash counts sign-ins through its own SDK on a real Redis, and sign-in is refused while it is away",
  ignore: !isRedisHere,
  fn: async () => {
    const redis: RedisRest = await startRedisRest();
    const env = {
      RATE_LIMIT_SIGN_IN: five.quota,
      CLIENT_IP_HEADER: "",
      UPSTASH_REDIS_REST_URL: redis.url,
      UPSTASH_REDIS_REST_TOKEN: redis.token,
    };
    const stack = await testStack({ env });
    await assertLimitOfFive(stack);
    assert.deepEqual(await stack.database.query("select 1 as counted from private.rate_limits"), []);

    const { token } = await makePerson(stack);
    const hurried = startInstance(stack, { ...env, DATABASE_TIMEOUT_MS: "2000" });
    for (const behaviour of ["refuse", "garbage", "hang"] as const) {
      redis.behave(behaviour);
      const { status, headers, body } = await within(3000, () => login(hurried, someEmail()));
      assert.equal(status, 503, `${behaviour}: ${JSON.stringify(body)}`);
      assert.ok(Number(headers.get("retry-after")) > 0);
      assert.equal(
        (await contract(hurried, "sessions")("GET", "/api/sessions", { token })).status,
        200,
        "the rest goes on",
      );
    }
    redis.behave("answer");
    assert.equal((await login(hurried, someEmail())).status, 401, "it comes back by itself");
    await hurried.close();
    await stack.close();
    await redis.close();
  },
});

Deno.test("a limit that may let pass does so when its store is down, and says so in the log", async () => {
  const { rateLimit } = await import("../../functions/_shared/http/rate_limit.ts");
  const { createRuntime } = await import("../../functions/_shared/runtime.ts");
  const warnings: unknown[] = [];
  const runtime = createRuntime(() => undefined, { now: stillClock(new Date()) });
  const limit = (whenDown: "allow" | "refuse") =>
    rateLimit(runtime, {
      name: "test",
      quota: { max: 1, windowSeconds: 1 },
      subject: () => "somebody",
      counter: { take: () => Promise.reject(new Error("down")) },
      whenDown,
    });
  const log = { warning: (...entry: unknown[]) => void warnings.push(entry) };
  // Of a request's context a limit sees no more than this while its store is down.
  const c = { get: () => log } as unknown as Context<Env>;
  await limit("allow")(c);
  await assert.rejects(async () => await limit("refuse")(c), { code: "TRY_AGAIN" });
  assert.equal(warnings.length, 2);
});

/** Asks the sessions function as a client at this address. */
async function askFrom(stack: TestStack, address: string, path: string, init: RequestInit = {}) {
  const response = await stack.functions.fetch(
    new Request(`${stack.url}/functions/v1/sessions${path}`, init),
    address,
  );
  await response.body?.cancel();
  return response.status;
}

Deno.test("an IPv6 address counts as its /64", () => {
  const buckets = {
    "192.0.2.1": "192.0.2.1",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "2001:0DB8:0001:0002::": "2001:db8:1:2::/64",
    "2001:db8::1": "2001:db8:0:0::/64",
    "::1": "0:0:0:0::/64",
    "1::ffff:192.0.2.1": "1:0:0:0::/64",
  };
  for (const [address, bucket] of Object.entries(buckets)) assert.equal(addressBucket(address), bucket);
});

Deno.test("who goes through the addresses of one /64 is counted as one, as a visitor and signing in", async () => {
  await using stack = await testStack({
    env: { RATE_LIMIT_API: "4/1000000000", RATE_LIMIT_SIGN_IN: "3/1000000000" },
  });
  const visit = (address: string) => askFrom(stack, address, "/health");
  const signIn = (address: string) =>
    askFrom(stack, address, "/api/auth/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: someEmail(), password: "wrong password" }),
    });
  const visits = [], signIns = [];
  for (let n = 1; n <= 5; n++) {
    visits.push(await visit(`2001:db8:0:1::${n}`));
    if (n < 5) signIns.push(await signIn(`2001:db8:0:2::${n}`));
  }
  assert.deepEqual(visits, [200, 200, 200, 200, 429]);
  assert.deepEqual(signIns, [401, 401, 401, 429]);
  assert.equal(await visit("2001:db8:0:3::1"), 200, "the next network is another");
});

Deno.test("an IPv4 address that is mapped into IPv6 counts as itself", async () => {
  await using stack = await testStack({ env: { RATE_LIMIT_API: "1/1000000000" } });
  const visit = (address: string) => askFrom(stack, address, "/health");
  assert.deepEqual(
    [await visit("::ffff:192.0.2.1"), await visit("::ffff:192.0.2.2"), await visit("192.0.2.1")],
    [200, 200, 429],
  );
});

Deno.test("what a gate refuses counts for its address, and who has a good token is not counted with it", async () => {
  await using stack = await testStack({ env: { RATE_LIMIT_API: "3/1000000000" } });
  const { token } = await makePerson(stack);
  const doors = [
    { contractName: "crm", method: "GET", path: "/api/bookings", good: stack.keys.workerToken },
    { contractName: "worker", method: "POST", path: "/run", good: stack.keys.workerToken },
    { contractName: "sessions", method: "GET", path: "/api/bookings/my", good: token },
  ];
  for (const { contractName, method, path, good } of doors) {
    const knock = (bearer?: string) => contract(stack, contractName)(method, path, { token: bearer });
    const guesses = [];
    for (let n = 0; n < 3; n++) guesses.push(await knock(n ? `guess-${n}` : undefined));
    const refused = await knock("guess-3");
    assert.deepEqual(guesses.map(({ status }) => status), [401, 401, 401], contractName);
    assert.equal(refused.status, 429, contractName);
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    for (let n = 0; n < 3; n++) assert.equal((await knock(good)).status, 200, contractName);
  }
});
