import assert from "node:assert/strict";
import { Sessions } from "./support.ts";

let sessions: Sessions;
Deno.test.beforeAll(async () => void (sessions = await Sessions.start()));
Deno.test.afterAll(() => sessions.close());

const someEmail = () => `${crypto.randomUUID()}@example.com`;
const register = (body: unknown) => sessions.call("POST", "/api/auth/register", { body });

Deno.test("POST /api/auth/register answers 201 with a token and the user", async () => {
  const email = someEmail();
  const { status, body } = await register({ email, password: "password123", name: "John Doe" });
  assert.equal(status, 201);
  assert.deepEqual(Object.keys(body).sort(), ["access_token", "expires_in", "refresh_token", "user"]);
  assert.deepEqual({ ...body.user, id: "" }, { id: "", email, name: "John Doe", role: "user" });
  assert.equal(body.expires_in, 86_400);
  assert.equal((await sessions.call("GET", "/api/bookings/my", { token: body.access_token })).status, 200);
});

Deno.test("POST /api/auth/register makes a facilitator with bio and specialization", async () => {
  const { body } = await register({
    email: someEmail(),
    password: "password123",
    name: "John Doe",
    role: "facilitator",
    bio: "Teaches",
    specialization: "Mindfulness & Wellness",
  });
  assert.equal(body.user.role, "facilitator");
  const [provider] = await sessions.stack.database.query(
    "select display_name, bio, specialization from public.providers where id = $1",
    [body.user.id],
  );
  assert.deepEqual(provider, {
    display_name: "John Doe",
    bio: "Teaches",
    specialization: "Mindfulness & Wellness",
  });
});

Deno.test("POST /api/auth/register keeps what a facilitator writes out of the access token", async () => {
  const { body } = await register({
    email: someEmail(),
    password: "password123",
    name: "John Doe",
    role: "facilitator",
    bio: "b".repeat(9000),
  });
  assert.ok(body.access_token.length < 2000, `the token has ${body.access_token.length} characters`);
});

Deno.test("POST /api/auth/register answers 400 when the e-mail is registered, whatever its case", async () => {
  const { email } = await sessions.register("user");
  const { status, body } = await register({
    email: email.toUpperCase(),
    password: "password123",
    name: "Other",
  });
  assert.equal(status, 400);
  assert.deepEqual(body, { error: "Email already registered" });
});

Deno.test("POST /api/auth/register names each field that is wrong and makes no account", async () => {
  const { status, body } = await register({ email: "nobody", password: "", name: " ", role: "admin" });
  assert.equal(status, 400);
  for (const field of ["email", "password", "name", "role"]) {
    assert.match(body.error, new RegExp(`\\b${field} `));
  }
});

Deno.test("POST /api/auth/register answers 400 for a password that is too short", async () => {
  const { status, body } = await register({ email: someEmail(), password: "short", name: "Jane" });
  assert.equal(status, 400);
  assert.equal(body.error, "The password is too weak: password should be at least 8 characters");
});

Deno.test("POST /api/auth/login answers 200 with a token and the user", async () => {
  const member = await sessions.register("facilitator", "John Doe");
  const { status, body } = await sessions.call("POST", "/api/auth/login", {
    body: { email: member.email, password: "password123" },
  });
  assert.equal(status, 200);
  assert.deepEqual(body.user, { id: member.id, email: member.email, name: "John Doe", role: "facilitator" });
  assert.equal(
    (await sessions.call("GET", "/api/facilitator/sessions", { token: body.access_token })).status,
    200,
  );
});

Deno.test("POST /api/auth/login answers the same 401 for a wrong password and for an unknown e-mail", async () => {
  const { email } = await sessions.register("user");
  const login = (address: string) =>
    sessions.call("POST", "/api/auth/login", { body: { email: address, password: "wrong password" } });
  const [wrong, unknown] = [await login(email), await login(someEmail())];
  assert.equal(wrong.status, 401);
  assert.deepEqual(wrong.body, { error: "Invalid credentials" });
  assert.deepEqual([unknown.status, unknown.body], [wrong.status, wrong.body]);
});

Deno.test("POST /api/auth/google answers 400 when a documented field is missing", async () => {
  for (const field of ["google_id", "email", "name"]) {
    const body: Record<string, string> = { google_id: "1", email: someEmail(), name: "John", token: "x" };
    delete body[field];
    const answer = await sessions.call("POST", "/api/auth/google", { body });
    assert.equal(answer.status, 400);
    assert.match(answer.body.error, new RegExp(field));
  }
});

Deno.test("POST /api/auth/google answers 401 to the documented fields alone: they prove nothing", async () => {
  const { email } = await sessions.register("user");
  const { status, body } = await sessions.call("POST", "/api/auth/google", {
    body: { google_id: "12345", email, name: "Thief" },
  });
  assert.equal(status, 401);
  assert.deepEqual(Object.keys(body), ["error"]);
});
