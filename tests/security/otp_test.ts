import assert from "node:assert/strict";
import { startInstance } from "../support/instance.ts";
import { codeOf, forgetInterval, otherCode, PhonePerson, somePhone } from "../support/phones.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

/** Calls the facilitator contract as a client at this address. */
async function post(at: TestStack, path: string, body: unknown, address: string) {
  const request = new Request(`${at.url}/functions/v1/facilitator${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const response = await at.functions.fetch(request, address);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Seconds of a window that ends in 2033, and not within a test. */
const endless = 1_000_000_000;

const send = (at: TestStack, phone: string, address = "192.0.2.1") =>
  post(at, "/api/auth/send-otp", { phone_number: phone }, address);
const verify = (at: TestStack, phone: string, otp: string, address = "192.0.2.1") =>
  post(at, "/api/auth/verify-otp", { phone_number: phone, otp }, address);

const count = (statuses: number[], status: number) => statuses.filter((each) => each === status).length;

Deno.test("of 10,000 wrong codes from 100 addresses five are tried, and the owner signs in with the next code", async () => {
  // Attackers are known by their addresses as well; here that limit is out of their way. And a hundred at once may wait.
  await using open = await testStack({
    env: { RATE_LIMIT_SIGN_IN: "1000000/60", DATABASE_TIMEOUT_MS: "60000" },
  });
  const owner = new PhonePerson(open);
  await owner.sendCode();
  const wrong = otherCode(await codeOf(open, owner.phone));
  const statuses: number[] = [];
  const attack = async (address: string) => {
    for (let i = 0; i < 100; i++) statuses.push((await verify(open, owner.phone, wrong, address)).status);
  };
  await Promise.all(Array.from({ length: 100 }, (_, n) => attack(`192.0.2.${n + 1}`)));
  assert.deepEqual([count(statuses, 401), count(statuses, 429)], [5, 9995]);
  assert.equal((await owner.enterCode()).status, 429, "the right code comes too late");
  await forgetInterval(open, owner.phone);
  assert.equal((await owner.signIn()).status, 200);
});

Deno.test("control: without the count, Auth alone would compare what is left to it", async () => {
  await using open = await testStack({ auth: { sms: { attemptsPerCode: 1_000_000 } } });
  const owner = new PhonePerson(open);
  await owner.sendCode();
  const wrong = otherCode(await codeOf(open, owner.phone));
  const tried = Array.from({ length: 20 }, () => verify(open, owner.phone, wrong));
  const ours = (await Promise.all(tried)).map(({ status }) => status);
  assert.equal(count(ours, 401), 5, "ours stops after five wherever Auth would");
  const direct = await fetch(`${open.url}/auth/v1/verify`, {
    method: "POST",
    headers: { apikey: open.keys.publishableKey, "content-type": "application/json" },
    body: JSON.stringify({ type: "sms", phone: owner.phone, token: await codeOf(open, owner.phone) }),
  });
  await direct.body?.cancel();
  assert.equal(direct.status, 200);
});

Deno.test("an address has its own number of tries, whatever phones it tries", async () => {
  await using strict = await testStack({ env: { RATE_LIMIT_SIGN_IN: `5/${endless}` } });
  const statuses = [];
  for (let i = 0; i < 7; i++) statuses.push((await verify(strict, somePhone(), "123456")).status);
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429]);
  assert.equal((await verify(strict, somePhone(), "123456", "192.0.2.2")).status, 401);
  const ipv6 = [];
  for (let i = 0; i < 6; i++) {
    ipv6.push((await verify(strict, somePhone(), "123456", `2001:db8:1:2::${i + 1}`)).status);
  }
  assert.equal(ipv6.at(-1), 429, "64 bits of IPv6 are one client's");
});

Deno.test("a second code within a minute is refused with the seconds to wait, whoever asks", async () => {
  const phone = somePhone();
  assert.equal((await send(stack, phone)).status, 200);
  const { status, body, headers } = await send(stack, phone, "192.0.2.2");
  assert.deepEqual([status, body.error], [429, "RATE_LIMITED"]);
  const wait = Number(headers.get("retry-after"));
  assert.ok(wait > 50 && wait <= 60, String(wait));
  assert.equal(stack.inbox.list(phone).length, 1);
});

Deno.test("of ten requests for a code at once one sends", async () => {
  const phone = somePhone();
  const statuses = (await Promise.all(Array.from({ length: 10 }, () => send(stack, phone))))
    .map(({ status }) => status);
  assert.deepEqual([count(statuses, 200), count(statuses, 429)], [1, 9]);
  assert.equal(stack.inbox.list(phone).length, 1);
});

Deno.test("a phone gets so many codes a day, an address sends so many", async () => {
  const env = {
    RATE_LIMIT_CODES_PHONE: `3/${endless}`,
    RATE_LIMIT_CODES_ADDRESS: `5/${endless}`,
    CODE_INTERVAL_SECONDS: "0",
  };
  await using strict = await testStack({ env, auth: { sms: { maxFrequencyMs: 0 } } });
  const phone = somePhone();
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await send(strict, phone, `192.0.2.${i + 1}`)).status);
  assert.deepEqual(statuses, [200, 200, 200, 429]);
  assert.equal(strict.inbox.list(phone).length, 3);
  const perAddress = [];
  for (let i = 0; i < 6; i++) perAddress.push((await send(strict, somePhone(), "198.51.100.1")).status);
  assert.deepEqual(perAddress, [200, 200, 200, 200, 200, 429]);
  const refused = await send(strict, phone, "192.0.2.9");
  assert.ok(Number(refused.headers.get("retry-after")) > 0);
});

Deno.test("a new code gives five tries, and the one before is over", async () => {
  const person = new PhonePerson(stack);
  await person.sendCode();
  const first = await codeOf(stack, person.phone);
  for (let i = 0; i < 5; i++) await person.enterCode(otherCode(first));
  await forgetInterval(stack, person.phone);
  await person.sendCode();
  const second = await codeOf(stack, person.phone);
  if (first !== second) assert.equal((await person.enterCode(first)).status, 401);
  for (let i = 0; i < 3; i++) assert.equal((await person.enterCode(otherCode(second))).status, 401);
  assert.equal((await person.enterCode(second)).status, 200);
});

/** What Supabase Auth answers when the vendor who sends SMS is down, or it is itself. */
const outages = {
  "the vendor of SMS refuses": () =>
    Response.json({ code: 422, error_code: "sms_send_failed", msg: "Error sending confirmation OTP" }, {
      status: 422,
    }),
  "Supabase Auth fails": () =>
    Response.json({ code: 500, error_code: "unexpected_failure", msg: "x" }, { status: 500 }),
  "Supabase Auth cannot be reached": () => new Response("bad gateway", { status: 502 }),
  "Supabase Auth answers nonsense": () => new Response("<html>It works!</html>", { status: 504 }),
};

for (const [what, answer] of Object.entries(outages)) {
  Deno.test(`while ${what}, a code is answered 503 and counts for nothing`, async () => {
    await using strict = await testStack({ env: { RATE_LIMIT_CODES_PHONE: `2/${endless}` } });
    let isDown = true;
    const instance = startInstance(strict, { RATE_LIMIT_CODES_PHONE: `2/${endless}` }, {
      project: ({ url }) => isDown && /\/auth\/v1\/(otp|verify)/.test(url) ? answer() : null,
    });
    const person = new PhonePerson({ ...strict, url: instance.url });
    for (let i = 0; i < 4; i++) {
      const { status, body, headers } = await person.sendCode();
      assert.deepEqual([status, body.error], [503, "TRY_AGAIN"]);
      assert.ok(Number(headers.get("retry-after")) > 0);
    }
    isDown = false;
    assert.equal((await person.sendCode()).status, 200, "neither interval nor quota was used up");
    const code = await codeOf(strict, person.phone);
    isDown = true;
    const tried = [];
    for (let i = 0; i < 6; i++) tried.push((await person.enterCode(code)).status);
    isDown = false;
    const after = (await person.enterCode(code)).status;
    if (what === "the vendor of SMS refuses") {
      assert.ok(tried.includes(401), "Auth said that the code is wrong");
    } else assert.deepEqual([count(tried, 503), after], [6, 200], "no try was used up");
    await instance.close();
  });
}

Deno.test("a code that could not be sent leaves the one before it good, with its tries", async () => {
  let isDown = false;
  const instance = startInstance(stack, {}, {
    project: ({ url }) => isDown && url.includes("/auth/v1/otp") ? new Response(null, { status: 502 }) : null,
  });
  const person = new PhonePerson({ ...stack, url: instance.url });
  await person.sendCode();
  const code = await codeOf(stack, person.phone);
  for (let i = 0; i < 4; i++) await person.enterCode(otherCode(code));
  await forgetInterval(stack, person.phone);
  isDown = true;
  assert.equal((await person.sendCode()).status, 503);
  assert.equal((await person.enterCode(otherCode(code))).status, 401);
  assert.equal((await person.enterCode(code)).status, 429, "four tries were made before, so one was left");
  await instance.close();
});

Deno.test("while the counters cannot be read, no code is sent and none is tried", async () => {
  const instance = startInstance(stack, {}, {
    project: ({ url }) => url.includes("/rest/v1/rpc/") ? new Response(null, { status: 503 }) : null,
  });
  const person = new PhonePerson({ ...stack, url: instance.url });
  assert.equal((await person.sendCode()).status, 503);
  assert.equal(stack.inbox.list(person.phone).length, 0);
  assert.equal((await person.enterCode("123456")).status, 503);
  await instance.close();
});

Deno.test("what counts codes names nobody, and goes when it has served", async () => {
  const phone = somePhone();
  await send(stack, phone, "203.0.113.77");
  const rows = await stack.database.query<{ name: string }>(
    "select phone_hash as name from private.phone_codes union all select bucket from private.rate_limits",
  );
  assert.ok(rows.length > 0 && rows.every(({ name }) => /^[\w+/=-]{43,44}$/.test(name)));
  await stack.database.script(`
    update private.phone_codes set sent_at = now() - interval '2 days';
    update private.rate_limits set window_start = window_start - interval '2 days';
    select private.prune();
  `);
  assert.deepEqual(await stack.database.query("select 1 from private.phone_codes"), []);
});

Deno.test("nothing of a code or a phone is in the log", async () => {
  const person = new PhonePerson(stack);
  await person.signIn();
  // Ids are random, and six digits of one may be those of a code.
  const log = stack.log.join("\n").replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "");
  for (const secret of [person.phone, await codeOf(stack, person.phone), person.token, person.refreshToken]) {
    assert.ok(!log.includes(secret));
  }
});
