import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { forgetInterval, otherCode, PhonePerson, somePhone } from "../../support/phones.ts";
import { codeOf } from "../../support/phones.ts";
import { type TestStack, testStack } from "../../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const send = (phone_number: unknown) =>
  contract(stack, "facilitator")("POST", "/api/auth/send-otp", { body: { phone_number } });
const verify = (phone_number: string, otp: unknown) =>
  contract(stack, "facilitator")("POST", "/api/auth/verify-otp", { body: { phone_number, otp } });

Deno.test("POST /api/auth/send-otp answers as documented, and the code arrives in the inbox", async () => {
  const phone = somePhone();
  const { status, body } = await send(phone);
  assert.equal(status, 200);
  assert.deepEqual(body, { success: true, message: "OTP sent successfully", phone_number: phone });
  assert.match(await codeOf(stack, phone), /^\d{6}$/);
});

Deno.test("POST /api/auth/send-otp takes a number as people write it and answers E.164", async () => {
  const phone = somePhone();
  const written = `${phone.slice(0, 3)} (${phone.slice(3, 6)}) ${phone.slice(6, 9)}-${phone.slice(9)}`;
  assert.equal((await send(written)).body.phone_number, phone);
  assert.equal((await verify(phone, await codeOf(stack, phone))).status, 200);
});

for (
  const [what, number] of [
    ["no number", "not a phone"],
    ["a number that is too short", "+1234567890"],
    ["a number without country", "015112345678"],
    ["a landline", "+49301234567"],
    ["another landline", "+442079460958"],
    ["a toll-free number", "+18005551234"],
    ["an extension", "+4915112345678 ext. 5"],
    ["nothing", ""],
    ["a number of JSON", 4915112345678],
    ["five hundred digits", `+${"4".repeat(500)}`],
  ] as const
) {
  Deno.test(`POST /api/auth/send-otp answers 400 to ${what}, and sends nothing`, async () => {
    const before = stack.inbox.list().length;
    const { status, body } = await send(number);
    assert.deepEqual([status, body.success, body.error], [400, false, "INVALID_INPUT"]);
    assert.equal(body.details[0].field, "phone_number");
    assert.equal(stack.inbox.list().length, before);
  });
}

Deno.test("POST /api/auth/verify-otp sends somebody new to the onboarding, with tokens and without facilitator", async () => {
  const person = new PhonePerson(stack);
  const { status, body } = await person.signIn();
  assert.equal(status, 200);
  assert.deepEqual(
    { ...body, access_token: "", refresh_token: "" },
    {
      success: true,
      is_new_user: true,
      redirect_to: "onboarding",
      access_token: "",
      refresh_token: "",
      expires_in: 86_400,
    },
  );
});

Deno.test("POST /api/auth/verify-otp sends a facilitator to the dashboard, with the profile", async () => {
  const person = new PhonePerson(stack);
  const facilitator = await person.onboard();
  await forgetInterval(stack, person.phone);
  const { body } = await person.signIn();
  assert.deepEqual([body.is_new_user, body.redirect_to], [false, "dashboard"]);
  assert.deepEqual(body.facilitator, facilitator);
});

Deno.test("who signed in but never finished the onboarding is sent there again", async () => {
  const person = new PhonePerson(stack);
  await person.signIn();
  await forgetInterval(stack, person.phone);
  const { body } = await person.signIn();
  assert.deepEqual([body.is_new_user, body.redirect_to], [true, "onboarding"]);
});

Deno.test("a profile exists only after a code was right", async () => {
  const person = new PhonePerson(stack);
  const profiles = () =>
    stack.database.query(
      "select 1 from public.profiles as p join auth.users as u on u.id = p.id where u.phone = $1",
      [person.phone.slice(1)],
    );
  await person.sendCode();
  await person.enterCode(otherCode(await codeOf(stack, person.phone)));
  assert.equal((await profiles()).length, 0);
  await person.enterCode();
  assert.equal((await profiles()).length, 1);
});

for (const otp of ["12345", "1234567", "12345a", "", 123456, null, "１２３４５６"]) {
  Deno.test(`POST /api/auth/verify-otp answers 400 to the code ${JSON.stringify(otp)} and counts no try`, async () => {
    const person = new PhonePerson(stack);
    await person.sendCode();
    for (let i = 0; i < 6; i++) assert.equal((await verify(person.phone, otp)).status, 400);
    assert.equal((await person.enterCode()).status, 200);
  });
}

Deno.test("a wrong code, a used one, another phone's and one for a number that got none are answered alike", async () => {
  const [one, other] = [new PhonePerson(stack), new PhonePerson(stack)];
  await Promise.all([one.sendCode(), other.sendCode()]);
  const [code, theirs] = [await codeOf(stack, one.phone), await codeOf(stack, other.phone)];
  const wrong = await one.enterCode(otherCode(code));
  const foreign = code === theirs ? wrong : await one.enterCode(theirs);
  const never = await verify(somePhone(), code);
  assert.equal((await one.enterCode(code)).status, 200);
  const used = await one.enterCode(code);
  for (const { status, body } of [wrong, foreign, never, used]) {
    assert.deepEqual([status, body], [401, {
      success: false,
      message: "The code is wrong or has expired",
      error: "INVALID_CODE",
    }]);
  }
});

Deno.test("a code ends after ten minutes", async () => {
  let now = new Date();
  await using late = await testStack({ now: () => now });
  const person = new PhonePerson(late);
  await person.sendCode();
  now = new Date(now.getTime() + 601_000);
  assert.equal((await person.enterCode()).status, 401);
});

Deno.test("POST /api/auth/send-otp answers the same for a known and an unknown number, sixth try included", async () => {
  const known = new PhonePerson(stack);
  await known.onboard();
  await forgetInterval(stack, known.phone);
  const unknown = new PhonePerson(stack);
  const story = async (person: PhonePerson) => {
    const answers = [await person.sendCode(), await person.sendCode()];
    const wrong = otherCode(await codeOf(stack, person.phone));
    for (let i = 0; i < 6; i++) answers.push(await person.enterCode(wrong));
    return answers.map(({ status, body }) => [status, { ...body, phone_number: "" }]);
  };
  const told = await story(known);
  assert.deepEqual(told, await story(unknown));
  assert.deepEqual(told.map(([status]) => status), [200, 429, 401, 401, 401, 401, 401, 429]);
});

Deno.test("GET /api/auth/session-status tells who is signed in, by token and by cookie alike", async () => {
  const person = new PhonePerson(stack);
  const call = contract(stack, "facilitator");
  assert.deepEqual((await call("GET", "/api/auth/session-status")).body, {
    success: true,
    authenticated: false,
    session: null,
    facilitator: null,
    redirect_to: null,
  });
  await person.signIn();
  const byCookie = (await person.call("GET", "/api/auth/session-status")).body;
  const byToken = (await call("GET", "/api/auth/session-status", { token: person.token })).body;
  assert.deepEqual([byCookie.authenticated, byCookie.redirect_to, byCookie.session.via], [
    true,
    "onboarding",
    "cookie",
  ]);
  assert.equal(byToken.session.via, "token");
  assert.equal(byCookie.session.user_id, byToken.session.user_id);
  const daysLeft = (Date.parse(byCookie.session.expires_at) - Date.now()) / 86_400_000;
  assert.ok(daysLeft > 6.99 && daysLeft <= 7, String(daysLeft));
});

Deno.test("GET /api/auth/session-status takes bad credentials for none", async () => {
  const call = contract(stack, "facilitator");
  for (const headers of [{ authorization: "Bearer nonsense" }, { cookie: "convene=nonsense" }]) {
    const { status, body } = await call("GET", "/api/auth/session-status", { headers });
    assert.deepEqual([status, body.authenticated], [200, false]);
  }
});

Deno.test("POST /api/auth/logout ends the session for cookie, token and refresh token", async () => {
  for (const by of ["cookie", "token"] as const) {
    const person = new PhonePerson(stack);
    await person.onboard();
    const copy = person.header;
    const call = contract(stack, "facilitator");
    const answer = by === "cookie"
      ? await person.call("POST", "/api/auth/logout")
      : await call("POST", "/api/auth/logout", { token: person.token });
    assert.deepEqual(answer.body, { success: true, message: "Logged out successfully" });
    assert.equal(person.cookies.size, by === "cookie" ? 0 : 1);
    for (const request of [{ token: person.token }, { headers: { cookie: copy } }]) {
      for (const path of ["/api/facilitator/profile", `/api/offerings/${crypto.randomUUID()}`]) {
        assert.equal((await call("GET", path, request)).status, 401, `${by} ${path}`);
      }
      assert.equal((await call("GET", "/api/auth/session-status", request)).body.authenticated, false, by);
    }
    const refreshed = await fetch(`${stack.url}/auth/v1/token?grant_type=refresh_token`, {
      method: "POST",
      headers: { apikey: stack.keys.publishableKey, "content-type": "application/json" },
      body: JSON.stringify({ refresh_token: person.refreshToken }),
    });
    await refreshed.body?.cancel();
    assert.equal(refreshed.status, 400, by);
  }
});

Deno.test("POST /api/auth/logout leaves the person's other sessions alone", async () => {
  const person = new PhonePerson(stack);
  await person.onboard();
  const first = person.token;
  await forgetInterval(stack, person.phone);
  await person.signIn();
  await person.call("POST", "/api/auth/logout");
  const { status } = await contract(stack, "facilitator")("GET", "/api/facilitator/profile", {
    token: first,
  });
  assert.equal(status, 200);
});

Deno.test("POST /api/auth/logout answers 200 to who is not signed in, also a second time", async () => {
  const person = new PhonePerson(stack);
  assert.equal((await person.call("POST", "/api/auth/logout")).status, 200);
  await person.signIn();
  const copy = person.header;
  for (let i = 0; i < 2; i++) {
    const { status, headers } = await contract(stack, "facilitator")("POST", "/api/auth/logout", {
      headers: { cookie: copy },
    });
    assert.equal(status, 200);
    assert.match(headers.getSetCookie().join(), /Max-Age=0/);
  }
});
