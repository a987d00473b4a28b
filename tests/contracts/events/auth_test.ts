import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { startInstance } from "../../support/instance.ts";
import { type OpenIdIssuer, startIssuer } from "../../support/issuer.ts";
import { Events, password } from "./support.ts";

let events: Events;
let google: OpenIdIssuer;
Deno.test.beforeAll(async () => {
  google = await startIssuer();
  events = await Events.start({ auth: { google: google.config } });
});
Deno.test.afterAll(async () => {
  await events.close();
  await google.close();
});

Deno.test("POST /api/auth/register answers 201 with the user as written", async () => {
  const email = `${crypto.randomUUID()}@example.com`;
  const { status, body } = await events.register({ email, first_name: "Ana María", last_name: "de la Cruz" });
  assert.equal(status, 201);
  assert.equal(body.message, "User registered successfully");
  const { id, created_at, ...user } = body.user;
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.deepEqual(user, {
    email,
    first_name: "Ana María",
    last_name: "de la Cruz",
    phone: "+12025550123",
    is_active: true,
  });
});

Deno.test("a phone number given at registration signs nobody in", async () => {
  const { body: { user } } = await events.register({ phone: "+12025550199" });
  const rows = await events.stack.database.query<{ phone: string | null }>(
    "select phone from auth.users where id = $1",
    [user.id],
  );
  assert.ok(!rows[0]?.phone);
});

Deno.test("POST /api/auth/register answers 409 for an address that is taken", async () => {
  const { body: { user } } = await events.register();
  const { status, body } = await events.register({ email: user.email.toUpperCase() });
  assert.deepEqual([status, body], [409, { error: "Email already registered" }]);
});

Deno.test("POST /api/auth/register answers 400 naming the field that is wrong", async () => {
  for (
    const [field, value] of [
      ["email", "nobody"],
      ["password", ""],
      ["first_name", " "],
      ["last_name", undefined],
      ["phone", "12345"],
      ["phone", "+0123456789"],
    ] as const
  ) {
    const { status, body } = await events.register({ [field]: value });
    assert.equal(status, 400, field);
    assert.match(body.error, new RegExp(field));
  }
});

Deno.test("POST /api/auth/login answers tokens and the user", async () => {
  const { body: { user } } = await events.register();
  const { status, body } = await events.call("POST", "/api/auth/login", {
    body: { email: user.email, password },
  });
  assert.equal(status, 200);
  assert.equal(body.message, "Login successful");
  assert.deepEqual(body.user, user);
  assert.ok(body.access_token && body.refresh_token);
});

Deno.test("POST /api/auth/login answers 401 alike for a wrong password and an unknown address", async () => {
  const { body: { user } } = await events.register();
  const wrong = await events.call("POST", "/api/auth/login", {
    body: { email: user.email, password: "not it" },
  });
  const unknown = await events.call("POST", "/api/auth/login", {
    body: { email: "nobody@example.com", password },
  });
  assert.deepEqual([wrong.status, wrong.body], [401, { error: "Invalid credentials" }]);
  assert.deepEqual([unknown.status, unknown.body], [wrong.status, wrong.body]);
});

Deno.test("GET /api/auth/profile answers the signed-in person, also one from the sessions contract", async () => {
  const member = await events.member({ first_name: "Jane", last_name: "Smith" });
  const own = await events.call("GET", "/api/auth/profile", { token: member.token });
  assert.equal(own.status, 200);
  assert.deepEqual([own.body.user.first_name, own.body.user.last_name], ["Jane", "Smith"]);

  const { body } = await contract(events.stack, "sessions")("POST", "/api/auth/register", {
    body: { email: `${crypto.randomUUID()}@example.com`, password, name: "Mary Ann Smith" },
  });
  const other = await events.call("GET", "/api/auth/profile", { token: body.access_token });
  assert.deepEqual(
    [other.body.user.first_name, other.body.user.last_name, other.body.user.phone],
    ["Mary Ann", "Smith", null],
  );
});

Deno.test("POST /api/auth/refresh takes the refresh token as bearer or in the body", async () => {
  const member = await events.member();
  for (
    const call of [{ token: member.refreshToken }, { body: { refresh_token: member.refreshToken } }]
  ) {
    const { status, body } = await events.call("POST", "/api/auth/refresh", call);
    assert.equal(status, 200);
    const profile = await events.call("GET", "/api/auth/profile", { token: body.access_token });
    assert.equal(profile.body.user.id, member.id);
  }
});

Deno.test("a refresh token in the body counts, whatever access token comes in the header", async () => {
  const member = await events.member();
  for (const token of [member.token, "expired"]) {
    const { status, body } = await events.call("POST", "/api/auth/refresh", {
      token,
      body: { refresh_token: member.refreshToken },
    });
    assert.equal(status, 200);
    assert.ok(body.access_token);
  }
  const { status } = await events.call("POST", "/api/auth/refresh", {
    token: member.refreshToken,
    body: { refresh_token: "nonsense" },
  });
  assert.equal(status, 401);
});

Deno.test("a client that keeps its first refresh token, as the document has it, goes on for ever", async () => {
  const member = await events.member();
  for (let turn = 0; turn < 4; turn++) {
    // Beyond the time in which a token may be used twice.
    await events.stack.database.query(
      "update auth.refresh_tokens set updated_at = updated_at - interval '1 hour', created_at = created_at - interval '1 hour' where user_id = $1",
      [member.id],
    );
    const { status } = await events.call("POST", "/api/auth/refresh", { token: member.refreshToken });
    assert.equal(status, 200, `turn ${turn}`);
  }
});

Deno.test("POST /api/auth/refresh answers 401 to an access token, to nonsense and to nothing", async () => {
  const member = await events.member();
  for (const call of [{ token: member.token }, { token: "nonsense" }, {}, { body: {} }]) {
    const { status, body } = await events.call("POST", "/api/auth/refresh", call);
    assert.equal(status, 401);
    const words = call.token ? /^The refresh token is not valid/ : /^Authentication is required$/;
    assert.match(body.error, words);
  }
});

Deno.test("the token of a deleted account is nobody's any more", async () => {
  const member = await events.member();
  const deleted = await fetch(`${events.stack.url}/rest/v1/rpc/delete_my_account`, {
    method: "POST",
    headers: {
      apikey: events.stack.keys.publishableKey,
      authorization: `Bearer ${member.token}`,
      "content-type": "application/json",
    },
    body: "{}",
  });
  await deleted.body?.cancel();
  assert.ok(deleted.ok);
  const { status, body } = await events.call("GET", "/api/auth/profile", { token: member.token });
  assert.equal(status, 401);
  assert.deepEqual(Object.keys(body), ["error"]);
});

Deno.test("a refresh token opens no route of a user", async () => {
  const member = await events.member();
  assert.equal((await events.call("GET", "/api/auth/profile", { token: member.refreshToken })).status, 401);
});

Deno.test("POST /api/auth/google-login signs in with Google's ID token, and again with the next", async () => {
  const [sub, email] = [crypto.randomUUID(), `${crypto.randomUUID()}@example.com`];
  const login = async (claims: Record<string, unknown> = {}) => {
    const token = await google.sign({ sub, email, email_verified: true, name: "John Doe", ...claims });
    return await events.call("POST", "/api/auth/google-login", { body: { token } });
  };
  const first = await login();
  assert.equal(first.status, 200);
  assert.deepEqual([first.body.user.first_name, first.body.user.last_name, first.body.user.email], [
    "John",
    "Doe",
    email,
  ]);
  assert.equal((await login()).body.user.id, first.body.user.id);
  assert.equal((await login({ email_verified: false })).status, 401);
  assert.equal((await login({ aud: "another application" })).status, 401);
});

Deno.test("POST /api/auth/google-login answers 401 to a token that is not Google's", async () => {
  const odd = [{ sub: 7 }, { sub: { a: 1 } }, { email: 7 }].map((claims) =>
    `${btoa("{}")}.${btoa(JSON.stringify({ email_verified: true, ...claims }))}.`
  );
  for (const token of ["nonsense", ...odd, (await events.member()).token]) {
    const { status } = await events.call("POST", "/api/auth/google-login", { body: { token } });
    assert.equal(status, 401);
  }
});

for (
  const [trouble, answer] of [
    ["cannot be reached", () => Promise.reject(new TypeError("connection refused"))],
    ["is down", () => new Response(null, { status: 502 })],
  ] as const
) {
  Deno.test(`POST /api/auth/google-login answers 503, to try again, while Supabase Auth ${trouble}`, async () => {
    const project = (request: Request) => request.url.includes("/auth/v1/token") ? answer() : null;
    const instance = startInstance(events.stack, {}, { project });
    const email = `${crypto.randomUUID()}@example.com`;
    const token = await google.sign({ sub: crypto.randomUUID(), email, email_verified: true });
    const { status } = await contract(instance, "events")("POST", "/api/auth/google-login", {
      body: { token },
    });
    assert.equal(status, 503);
    await instance.close();
  });
}
