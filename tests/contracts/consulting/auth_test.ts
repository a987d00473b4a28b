import assert from "node:assert/strict";
import { anonymousClient } from "../../support/people.ts";
import { People, refusal, refused } from "./people_support.ts";

let people: People;
Deno.test.beforeAll(async () => void (people = await People.start()));
Deno.test.afterAll(() => people.close());

const password = "password123";
const signUp = (account: Record<string, unknown> = {}) =>
  people.call("POST", "/auth/signup", {
    body: {
      name: "John Doe",
      email: `${crypto.randomUUID()}@example.com`,
      password,
      userType: "customer",
      isSpecialist: false,
      membership: "free",
      ...account,
    },
  });

Deno.test("POST /auth/signup answers with a token that works at once", async () => {
  const email = `${crypto.randomUUID()}@example.com`;
  const { status, body } = await signUp({ email });
  assert.equal(status, 200);
  const { token, refresh_token, expires_in, user: { id, ...user }, ...rest } = body;
  assert.deepEqual(rest, { success: true });
  assert.deepEqual(user, { name: "John Doe", email, userType: "customer" });
  assert.ok(refresh_token && expires_in > 0);
  assert.equal((await people.call("GET", "/notifications", { token })).status, 200);
  const { data } = await anonymousClient(people.stack).auth.refreshSession({ refresh_token });
  assert.equal(data.user?.id, id);
});

Deno.test("POST /auth/signup makes a specialist of who says so in either word", async () => {
  for (
    const said of [
      { userType: "specialist", isSpecialist: true },
      { userType: "specialist", isSpecialist: undefined },
      { userType: undefined, isSpecialist: true },
    ]
  ) {
    const { status, body } = await signUp(said);
    assert.deepEqual([status, body.user.userType], [200, "specialist"]);
    assert.equal((await people.call("GET", `/specialists/${body.user.id}`)).body.data.name, "John Doe");
  }
});

Deno.test("POST /auth/signup grants nobody a paid membership, and supabase-js neither", async () => {
  const { body } = await signUp({ membership: "pro" });
  const stored = () =>
    people.stack.database.query("select membership from public.profiles where id = $1", [body.user.id]);
  assert.deepEqual(await stored(), [{ membership: "free" }]);
  const client = anonymousClient(people.stack);
  await client.auth.setSession({ access_token: body.token, refresh_token: body.refresh_token });
  const { error } = await client.from("profiles").update({ membership: "pro" }).eq("id", body.user.id);
  assert.equal(error?.code, "42501");
  assert.deepEqual(await stored(), [{ membership: "free" }]);
});

Deno.test("POST /auth/signup answers 400 with the field that is wrong", async () => {
  for (
    const [field, account] of [
      ["isSpecialist", { userType: "customer", isSpecialist: true }],
      ["userType", { userType: "admin" }],
      ["membership", { membership: "gold" }],
      ["email", { email: "john" }],
      ["name", { name: " " }],
      ["password", { password: undefined }],
    ] as const
  ) {
    const { status, body } = await signUp(account);
    assert.deepEqual([status, body.code, Object.keys(body.details)], [400, "VALIDATION_ERROR", [field]]);
  }
});

Deno.test("POST /auth/signup answers 409 CONFLICT for an e-mail address that is taken", async () => {
  const email = `${crypto.randomUUID()}@example.com`;
  await signUp({ email });
  assert.deepEqual(refusal(await signUp({ email: email.toUpperCase() })), refused(409, "CONFLICT"));
});

Deno.test("POST /auth/login answers as the sign-up does, and 401 the same whether the account exists", async () => {
  const { body: { user } } = await signUp({ userType: "specialist", isSpecialist: true });
  const logIn = (body: unknown) => people.call("POST", "/auth/login", { body });
  const { status, body } = await logIn({ email: user.email, password });
  assert.deepEqual([status, body.success, body.user], [200, true, user]);
  assert.equal((await people.call("GET", "/notifications", { token: body.token })).status, 200);
  const wrong = await logIn({ email: user.email, password: "wrong" });
  const unknown = await logIn({ email: "nobody@example.com", password });
  assert.deepEqual(refusal(wrong), refused(401, "UNAUTHORIZED"));
  assert.deepEqual(wrong.body, unknown.body);
});
