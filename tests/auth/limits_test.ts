import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { type Overrides, person, refusal, Stack, test, type TestAuth } from "./support.ts";

const stack = Stack.use({ generousLimits: false });

/** Starts an Auth whose buckets refill only when a test says so. */
async function start(settings: Overrides): Promise<TestAuth> {
  const auth = await stack.start(settings);
  auth.clock.stop();
  return auth;
}

/** Requests until the first that is refused; answers how many passed. */
async function countUntilLimited(request: () => Promise<Response>, atMost = 400): Promise<number> {
  for (let passed = 0; passed < atMost; passed++) {
    const answer = await request();
    const body = await answer.json().catch(() => ({}));
    if (answer.status !== 429) continue;
    assert.equal(body.error_code, "over_request_rate_limit");
    return passed;
  }
  return atMost;
}

function post(
  auth: TestAuth,
  path: string,
  body: unknown,
  headers: HeadersInit = {},
): () => Promise<Response> {
  return () => auth.fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

const wrongPassword = { email: "nobody@example.com", password: "wrong password" };

test("an address may burst thirty sign-ins, which GoTrue counts with the refreshes", async () => {
  const auth = await start({});
  assert.equal(await countUntilLimited(post(auth, "/token?grant_type=password", wrongPassword)), 30);
  const refresh = await auth.fetch("/token?grant_type=refresh_token", { method: "POST", body: "{}" });
  assert.equal(refresh.status, 429);
  await refresh.body?.cancel();
});

test("the bucket refills with the limit of config.toml per five minutes", async () => {
  const auth = await start({});
  await countUntilLimited(post(auth, "/token?grant_type=password", wrongPassword));
  // 150 in five minutes: one every two seconds.
  auth.clock.advance(10);
  assert.equal(await countUntilLimited(post(auth, "/token?grant_type=password", wrongPassword)), 5);
});

test("verifications are limited on their own", async () => {
  const auth = await start({});
  const verify = post(auth, "/verify", { type: "sms", phone: "15550001111", token: "123456" });
  assert.equal(await countUntilLimited(verify), 30);
  const link = await auth.fetch("/verify?type=signup&token=x");
  assert.equal(link.status, 429);
  await link.body?.cancel();
  assert.notEqual((await post(auth, "/otp", {})()).status, 429);
});

test("sign-ups, codes, recoveries and resends have a bucket each", async () => {
  const auth = await start({});
  const email = "nobody@example.com";
  assert.equal(await countUntilLimited(post(auth, "/signup", { email, password: "x" })), 30);
  assert.equal(await countUntilLimited(post(auth, "/otp", { email, create_user: false })), 30);
  assert.equal(await countUntilLimited(post(auth, "/recover", { email })), 30);
  assert.equal(await countUntilLimited(post(auth, "/resend", { email, type: "signup" })), 30);
});

test("the limit comes from the settings", async () => {
  const auth = await start({ limits: { burst: 3 } });
  assert.equal(await countUntilLimited(post(auth, "/token?grant_type=password", wrongPassword)), 3);
});

test("the secret key may name its user's address, and then each address has its own bucket", async () => {
  const auth = await start({});
  const as = (address: string) => () =>
    auth.fetch("/token?grant_type=password", {
      method: "POST",
      key: "secret",
      headers: { "sb-forwarded-for": address },
      body: JSON.stringify(wrongPassword),
    });
  assert.equal(await countUntilLimited(as("203.0.113.1, 10.0.0.1")), 30);
  assert.equal((await as("203.0.113.1")()).status, 429);
  assert.equal((await as("203.0.113.2")()).status, 400);
  assert.equal((await as("2001:DB8::1")()).status, 400);
});

test("supabase-js sends the forwarded address along", async () => {
  const auth = await start({ limits: { burst: 2 } });
  const server = (address: string) =>
    createClient(auth.url, auth.keys.secretKey, {
      auth: { persistSession: false, autoRefreshToken: false, storageKey: crypto.randomUUID() },
      global: { headers: { "Sb-Forwarded-For": address } },
    });
  const signIn = async (address: string) =>
    (await server(address).auth.signInWithPassword(wrongPassword)).error;
  for (let at = 0; at < 2; at++) assert.equal((await signIn("203.0.113.9"))?.status, 400);
  assert.deepEqual(refusal(await signIn("203.0.113.9")), [429, "over_request_rate_limit"]);
  assert.equal((await signIn("203.0.113.10"))?.status, 400);
});

for (
  const [who, key, settings, address] of [
    ["the publishable key", "publishable", {}, "203.0.113.7"],
    ["anybody while the setting is off", "secret", { forwardedForEnabled: false }, "203.0.113.7"],
    ["anybody with what is no address", "secret", {}, "unknown"],
  ] as const
) {
  test(`Sb-Forwarded-For is ignored from ${who}`, async () => {
    const auth = await start(settings);
    let at = 0;
    const request = () => {
      at += 1;
      return auth.fetch("/token?grant_type=password", {
        method: "POST",
        key,
        headers: { "sb-forwarded-for": address === "unknown" ? `unknown${at}` : `203.0.113.${at}` },
        body: JSON.stringify(wrongPassword),
      });
    };
    assert.equal(await countUntilLimited(request), 30);
  });
}

test("X-Forwarded-For changes nothing", async () => {
  const auth = await start({});
  let at = 0;
  const request = () => {
    at += 1;
    return post(auth, "/token?grant_type=password", wrongPassword, {
      "x-forwarded-for": `203.0.113.${at}`,
    })();
  };
  assert.equal(await countUntilLimited(request), 30);
});

test("a request whose address nobody knows is not limited, as in GoTrue", async () => {
  const auth = await start({ address: "" });
  assert.equal(await countUntilLimited(post(auth, "/token?grant_type=password", wrongPassword), 40), 40);
});

test("the project sends so many SMS an hour", async () => {
  const auth = await start({ limits: { smsPerHour: 2 } });
  const send = async () => (await auth.client().auth.signInWithOtp({ phone: person().phone })).error;
  assert.deepEqual([await send(), await send()], [null, null]);
  assert.deepEqual(refusal(await send()), [429, "over_sms_send_rate_limit"]);
  auth.clock.advance(3600);
  assert.equal(await send(), null);
});

test("a refused SMS leaves no user behind", async () => {
  const auth = await start({ limits: { smsPerHour: 0 } });
  const { phone } = person();
  await auth.client().auth.signInWithOtp({ phone });
  assert.deepEqual(
    await auth.database.query("select id from auth.users where phone = $1", [phone.slice(1)]),
    [],
  );
  assert.deepEqual(auth.inbox.list(phone), []);
});

test("mails are counted per hour while addresses need confirming", async () => {
  const auth = await start({ email: { autoConfirm: false }, limits: { emailsPerHour: 1 } });
  const send = async () => (await auth.client().auth.signUp(person())).error;
  const { email, password } = person();
  assert.equal((await auth.client().auth.signUp({ email, password })).error, null);
  assert.deepEqual(refusal(await send()), [429, "over_email_send_rate_limit"]);
  auth.clock.advance(3600);
  assert.equal(await send(), null);
});

test("generous limits let a developer work", async () => {
  const auth = await start({ generousLimits: true });
  assert.equal(await countUntilLimited(post(auth, "/token?grant_type=password", wrongPassword), 100), 100);
});
