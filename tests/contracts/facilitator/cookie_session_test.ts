import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { startInstance } from "../../support/instance.ts";
import { PhonePerson } from "../../support/phones.ts";
import { type TestStack, testStack } from "../../support/stack.ts";

const startedAt = Date.now();
let now = new Date(startedAt);
let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack({ now: () => now })));
Deno.test.afterAll(() => stack.close());

const later = (seconds: number) => void (now = new Date(now.getTime() + seconds * 1000));
const day = 24 * 3600;
const profile = (person: PhonePerson) => person.call("GET", "/api/facilitator/profile");
const profileWith = (cookie: string, url = stack.url) =>
  contract({ url }, "facilitator")("GET", "/api/facilitator/profile", { headers: { cookie } });

async function onboarded(): Promise<PhonePerson> {
  const person = new PhonePerson(stack);
  await person.onboard();
  return person;
}

/** Signs in at an instance of the functions and answers its Set-Cookie headers. */
async function signInAt(env: Record<string, string>): Promise<string[]> {
  const instance = startInstance(stack, env);
  const person = new PhonePerson({ ...stack, url: instance.url });
  const { headers } = await person.signIn();
  await instance.close();
  return headers.getSetCookie();
}

Deno.test("verify-otp sets a cookie of seven days that scripts cannot read", async () => {
  const [cookie = "", ...others] = await signInAt({});
  assert.match(cookie, /^convene=[\w.-]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
  assert.deepEqual(others, []);
});

Deno.test("off loopback the cookie is Secure and bound to its host", async () => {
  const [cookie = ""] = await signInAt({ SUPABASE_URL: "https://project.example.com" });
  assert.match(
    cookie,
    /^__Host-convene=[\w.-]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
});

Deno.test("for apps on other sites it is SameSite=None, Secure and Partitioned", async () => {
  const [cookie = ""] = await signInAt({ COOKIE_SAME_SITE: "none" });
  assert.match(cookie, /^__Host-convene=[\w.-]+;.*; Secure; SameSite=None; Partitioned$/);
});

Deno.test("the cookie tells its bearer nothing: neither token is in it, plain or encoded", async () => {
  const person = new PhonePerson(stack);
  await person.signIn();
  const parts = person.header.replace("convene=", "").split(".");
  assert.equal(parts.length, 5);
  for (const part of [person.header, ...parts.map((part) => atob(part.replace(/[-_]/g, "A")))]) {
    assert.ok(!part.includes(person.token) && !part.includes(person.refreshToken));
  }
});

Deno.test("only an answer that signed in, renewed or signed out sets a cookie", async () => {
  const person = await onboarded();
  const answers = [
    await profile(person),
    await person.call("GET", "/api/auth/session-status"),
    await person.call("PUT", "/api/facilitator/profile", { body: { name: "Jane" } }),
    await person.sendCode(),
    await person.enterCode("000000"),
    await profileWith("convene=nonsense"),
  ];
  assert.deepEqual(answers.map(({ headers }) => headers.getSetCookie().length), [0, 0, 0, 0, 0, 0]);
});

Deno.test("a session is renewed silently shortly before its token expires, and lives on for days", async () => {
  const person = await onboarded();
  const first = person.header;
  later(day - 61);
  assert.equal((await profile(person)).headers.getSetCookie().length, 0);
  for (let days = 0; days < 10; days++) {
    later(day - 30);
    const { status, headers } = await profile(person);
    assert.deepEqual([status, headers.getSetCookie().length], [200, 1], `day ${days}`);
  }
  assert.notEqual(person.header, first);
});

Deno.test("a renewal reaches the browser with an error as well", async () => {
  const person = await onboarded();
  later(day);
  const { status, headers } = await person.call("PUT", "/api/facilitator/profile/section", {
    body: { section: "nothing", data: {} },
  });
  assert.deepEqual([status, headers.getSetCookie().length], [400, 1]);
});

Deno.test("a session ends seven days after its last renewal", async () => {
  const person = await onboarded();
  later(7 * day - 60);
  assert.equal((await profile(person)).status, 200);
  const cookie = person.header;
  later(7 * day + 1);
  const { status, headers } = await profileWith(cookie);
  assert.deepEqual([status, headers.getSetCookie()], [401, []]);
});

Deno.test("ten requests with one cookie at the moment of its renewal are all answered, and every cookie works on", async () => {
  const person = await onboarded();
  later(day);
  const answers = await Promise.all(Array.from({ length: 10 }, () => profileWith(person.header)));
  assert.deepEqual(answers.map(({ status }) => status), Array(10).fill(200));
  for (const { headers } of answers) {
    const [cookie = ""] = headers.getSetCookie();
    assert.equal((await profileWith(cookie.split(";")[0] ?? "")).status, 200);
  }
});

Deno.test("two instances that renew one cookie at the same moment do not log the person out", async () => {
  const person = await onboarded();
  const instances = [
    startInstance(stack, {}, { now: () => now }),
    startInstance(stack, {}, { now: () => now }),
  ];
  later(day);
  const answers = await Promise.all(instances.map(({ url }) => profileWith(person.header, url)));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200]);
  const renewed = answers.map(({ headers }) => headers.getSetCookie()[0]?.split(";")[0] ?? "");
  for (let days = 0; days < 2; days++) {
    later(day);
    for (const cookie of renewed) assert.equal((await profileWith(cookie)).status, 200, cookie);
  }
  await Promise.all(instances.map((instance) => instance.close()));
});

Deno.test("control: without a renewal to share, a refresh token that comes again too late is refused", async () => {
  const person = await onboarded();
  const first = person.header;
  later(day);
  await profile(person);
  later(day);
  await profile(person);
  const { status, headers } = await profileWith(first);
  assert.deepEqual([status, headers.getSetCookie()], [401, []], "and the browser's cookie is left alone");
});

Deno.test("a cookie that was changed, cut, or sealed by a stranger is refused", async () => {
  const person = await onboarded();
  const value = person.cookies.get("convene") ?? "";
  const at = value.length - 30;
  const changed = value.slice(0, at) + (value[at] === "A" ? "B" : "A") + value.slice(at + 1);
  const [header = "", ...rest] = value.split(".");
  const unsealed = `${btoa('{"alg":"none"}').replaceAll("=", "")}.${rest.join(".")}`;
  const [stranger = ""] = await signInAt({
    COOKIE_KEY: "a stranger's key of more than thirty-two characters",
  });
  for (
    const cookie of [
      `convene=${changed}`,
      `convene=${value.slice(0, -10)}`,
      `convene=${value.slice(0, value.length / 2)}`,
      `convene=${header}`,
      `convene=${unsealed}`,
      `convene=${person.token}`,
      "convene=",
      "convene.0=a; convene.1=b",
      `convene.1=${value}`,
      stranger.split(";")[0] ?? "",
    ]
  ) {
    assert.equal((await profileWith(cookie)).status, 401, cookie.slice(0, 60));
  }
  assert.equal((await profileWith(`other=1; convene=${value}; more=2`)).status, 200);
});

Deno.test("while a key is rotated, cookies of the old and the new one are good; afterwards only of the new", async () => {
  const [first, second] = [
    "the first key which is going to be retired",
    "the second key which replaces the first",
  ];
  const cookieAt = async (keys: string) => {
    const instance = startInstance(stack, { COOKIE_KEY: keys }, { now: () => now });
    const person = new PhonePerson({ ...stack, url: instance.url });
    await person.onboard();
    await instance.close();
    return person.header;
  };
  const [old, fresh] = [await cookieAt(first), await cookieAt(`${second}, ${first}`)];
  const statuses = async (keys: string) => {
    const instance = startInstance(stack, { COOKIE_KEY: keys }, { now: () => now });
    const answers = [await profileWith(old, instance.url), await profileWith(fresh, instance.url)];
    await instance.close();
    return answers.map(({ status }) => status);
  };
  assert.deepEqual(await statuses(`${second},${first}`), [200, 200]);
  assert.deepEqual(await statuses(second), [401, 200]);
  assert.deepEqual(await statuses(first), [200, 401]);
});

/** Makes the person's access token so many characters longer from the next renewal on. */
async function fattenToken(person: PhonePerson, characters: number): Promise<void> {
  await stack.database.query(
    "update auth.users set raw_user_meta_data = jsonb_build_object('filler', repeat('x', $2)) where phone = $1",
    [person.phone.slice(1), characters],
  );
}

Deno.test("a session larger than a cookie goes into several, and back into one", async () => {
  const person = await onboarded();
  await fattenToken(person, 6000);
  later(day);
  const { headers } = await profile(person);
  const cookies = headers.getSetCookie();
  assert.ok(cookies.length >= 4, String(cookies.length));
  assert.ok(cookies.every((cookie) => cookie.length <= 4096));
  assert.deepEqual([...person.cookies.keys()].slice(0, 2), ["convene.0", "convene.1"]);
  assert.equal((await profile(person)).status, 200);
  const [{ name = "" } = {}] = [{ name: [...person.cookies.keys()].at(-1) }];
  const withoutLast = person.header.replace(new RegExp(`; ${name}=[^;]*`), "");
  assert.equal((await profileWith(withoutLast)).status, 401, "a part alone is nothing");

  await fattenToken(person, 0);
  later(day);
  assert.equal((await profile(person)).status, 200);
  assert.deepEqual([...person.cookies.keys()], ["convene"]);

  await fattenToken(person, 6000);
  later(day);
  await profile(person);
  assert.ok(person.cookies.size > 1);
  await person.call("POST", "/api/auth/logout");
  assert.equal(person.cookies.size, 0, "signing out removes every part");
});

Deno.test("while Supabase Auth is away a session goes on as long as its token; then the answer is 503", async () => {
  const person = await onboarded();
  const instance = startInstance(stack, {}, {
    now: () => now,
    project: ({ url }) => url.includes("/auth/v1/token") ? new Response(null, { status: 502 }) : null,
  });
  const read = async () => {
    const { status, headers } = await profileWith(person.header, instance.url);
    return [status, headers.getSetCookie().length];
  };
  later(day - 30);
  assert.deepEqual(await read(), [200, 0]);
  later(60);
  assert.deepEqual(await read(), [503, 0]);
  assert.equal((await profile(person)).status, 200, "when it is back, the same cookie is renewed");
  await instance.close();
});

Deno.test("a bearer token counts before a cookie, and an API key is no token", async () => {
  const [one, other] = [await onboarded(), await onboarded()];
  const idWith = async (token: string) => (await one.call("GET", "/api/facilitator/profile", { token })).body;
  assert.equal((await idWith(other.token)).profile.phone_number, other.phone);
  assert.equal((await idWith(stack.keys.publishableKey)).profile.phone_number, one.phone);
  assert.equal((await idWith("nonsense")).error, "INVALID_TOKEN");
});

Deno.test("cookies open no other contract", async () => {
  const person = await onboarded();
  const { status } = await contract(stack, "sessions")("GET", "/api/bookings/my", {
    headers: { cookie: person.header },
  });
  assert.equal(status, 401);
});

Deno.test("without COOKIE_KEY nobody signs in, nothing is sent, and tokens still work", async () => {
  const person = await onboarded();
  const instance = startInstance(stack, { COOKIE_KEY: "" }, { now: () => now });
  const call = contract(instance, "facilitator");
  const before = stack.inbox.list().length;
  const { status, body } = await call("POST", "/api/auth/send-otp", { body: { phone_number: person.phone } });
  assert.deepEqual([status, body.error], [503, "SIGN_IN_NOT_CONFIGURED"]);
  assert.equal(stack.inbox.list().length, before);
  assert.equal((await call("GET", "/api/facilitator/profile", { token: person.token })).status, 200);
  await instance.close();
});
