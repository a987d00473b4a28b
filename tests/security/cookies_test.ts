import assert from "node:assert/strict";
import { contract } from "../support/http.ts";
import { codeOf, PhonePerson } from "../support/phones.ts";
import { type TestStack, testStack } from "../support/stack.ts";

const app = "https://app.example.com";
const evil = "https://evil.example";

let stack: TestStack;
let person: PhonePerson;
Deno.test.beforeAll(async () => {
  stack = await testStack({ env: { CORS_ORIGINS: `${app},https://other.example.com` } });
  person = new PhonePerson(stack);
  await person.onboard();
});
Deno.test.afterAll(() => stack.close());

const call = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
  contract(stack, "facilitator")(method, path, { headers, body });
const withCookie = (headers: Record<string, string> = {}) => ({ cookie: person.header, ...headers });

/** What browsers say of where a request comes from. */
const foreign: Record<string, Record<string, string>> = {
  "another website": { origin: evil, "sec-fetch-site": "cross-site" },
  "another website, from an old browser": { origin: evil },
  "a sandboxed frame": { origin: "null", "sec-fetch-site": "cross-site" },
  "a subdomain that nobody listed": { origin: "https://x.app.example.com", "sec-fetch-site": "same-site" },
  "the app's name under another scheme": { origin: "http://app.example.com" },
  "a name that begins like the app's": { origin: "https://app.example.com.evil.example" },
  "a page that hides its origin": { "sec-fetch-site": "cross-site" },
};
const trusted: Record<string, () => Record<string, string>> = {
  "the app": () => ({ origin: app, "sec-fetch-site": "same-site" }),
  "our own origin": () => ({ origin: stack.url }),
  "a page behind the same name, through its proxy": () => ({
    origin: "https://proxied.example",
    "sec-fetch-site": "same-origin",
  }),
  "a program that is no browser": () => ({}),
};

for (const [who, headers] of Object.entries(foreign)) {
  Deno.test(`${who} changes nothing with the cookie: 403`, async () => {
    for (
      const [method, path, body] of [
        ["PUT", "/api/facilitator/profile", { name: "Evil" }],
        ["PUT", "/api/facilitator/profile/section", { section: "basic_info", data: { age: 1 } }],
        ["POST", "/api/auth/complete-onboarding", { name: "Evil" }],
        ["POST", "/api/auth/logout", undefined],
      ] as const
    ) {
      const answer = await call(method, path, withCookie(headers), body);
      assert.deepEqual([answer.status, answer.body.error], [403, "ORIGIN_NOT_ALLOWED"], path);
      assert.deepEqual(answer.headers.getSetCookie(), []);
    }
    const { body } = await call("GET", "/api/facilitator/profile", withCookie());
    assert.equal(body.profile.name, "John Doe");
  });
}

for (const [who, headers] of Object.entries(trusted)) {
  Deno.test(`${who} changes the profile with the cookie`, async () => {
    const { status } = await call("PUT", "/api/facilitator/profile", withCookie(headers()), {
      name: "John Doe",
    });
    assert.equal(status, 200);
  });
}

Deno.test("a token needs no origin: nothing but the app itself can send it", async () => {
  const { status } = await call("PUT", "/api/facilitator/profile", {
    authorization: `Bearer ${person.token}`,
    ...foreign["another website"],
  }, { name: "John Doe" });
  assert.equal(status, 200);
});

Deno.test("another website cannot sign its visitor in: it gets no cookie set", async () => {
  for (const headers of Object.values(foreign)) {
    const visitor = new PhonePerson(stack);
    await visitor.sendCode();
    const answer = await call("POST", "/api/auth/verify-otp", headers, {
      phone_number: visitor.phone,
      otp: await codeOf(stack, visitor.phone),
    });
    assert.deepEqual(answer.headers.getSetCookie(), []);
    const allowed = answer.headers.get("access-control-allow-origin");
    assert.equal(allowed, null, "and cannot read the tokens either");
  }
});

Deno.test("a form of another website reaches no route: bodies must be JSON", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    const { status } = await call(
      "POST",
      "/api/auth/verify-otp",
      { "content-type": type },
      '{"otp": "123456"}',
    );
    assert.ok(status === 415 || status === 400, `${type}: ${status}`);
  }
});

Deno.test("answers may be read with cookies by listed origins alone, each named", async () => {
  for (
    const [origin, allowed] of [[app, app], ["https://other.example.com", "https://other.example.com"], [
      evil,
      null,
    ]]
  ) {
    const answer = await call("GET", "/api/facilitator/profile", withCookie({ origin: origin ?? "" }));
    const preflight = await call("OPTIONS", "/api/facilitator/profile", {
      origin: origin ?? "",
      "access-control-request-method": "PUT",
      "access-control-request-headers": "content-type",
    });
    for (const { headers } of [answer, preflight]) {
      assert.equal(headers.get("access-control-allow-origin"), allowed);
      assert.match(headers.get("vary") ?? "", /Origin/i);
    }
    assert.equal(answer.headers.get("access-control-allow-credentials"), allowed ? "true" : null);
    if (allowed) assert.equal(preflight.headers.get("access-control-allow-credentials"), "true");
  }
});

Deno.test("without CORS_ORIGINS any origin may read, and none with cookies", async () => {
  await using open = await testStack();
  const owner = new PhonePerson(open);
  const headers = { origin: app };
  await owner.sendCode();
  const otp = await codeOf(open, owner.phone);
  const answer = await contract(open, "facilitator")("POST", "/api/auth/verify-otp", {
    headers,
    body: { phone_number: owner.phone, otp },
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  assert.equal(answer.headers.get("access-control-allow-credentials"), null);
  assert.deepEqual(answer.headers.getSetCookie(), []);
});

Deno.test("contracts without cookies allow no credentials", async () => {
  const sessions = contract(stack, "sessions");
  const { headers } = await sessions("GET", "/api/sessions", { headers: { origin: app } });
  assert.equal(headers.get("access-control-allow-origin"), app);
  assert.equal(headers.get("access-control-allow-credentials"), null);
});
