import assert from "node:assert/strict";
import { accessToken, codeIn, linkIn, person, refusal, signUp, Stack, test } from "./support.ts";

const stack = Stack.use();
const admin = () => stack.auth.admin().auth.admin;

test("an administrator creates a user with everything at once", async () => {
  const { email, phone, password, name } = person();
  const { data, error } = await admin().createUser({
    email,
    phone,
    password,
    email_confirm: true,
    phone_confirm: true,
    user_metadata: { name },
    app_metadata: { plan: "gold" },
  });
  assert.equal(error, null);
  const { user } = data;
  assert.deepEqual([user?.email, user?.phone], [email, phone.slice(1)]);
  assert.ok(user?.email_confirmed_at && user.phone_confirmed_at && user.confirmed_at);
  assert.deepEqual(user.app_metadata, { provider: "email", providers: ["email", "phone"], plan: "gold" });
  assert.deepEqual(user.user_metadata, { name, email_verified: true });
  assert.deepEqual(user.identities?.map(({ provider }) => provider).sort(), ["email", "phone"]);
  assert.equal((await stack.auth.client().auth.signInWithPassword({ email, password })).error, null);
  assert.equal((await stack.auth.client().auth.signInWithPassword({ phone, password })).error, null);
});

test("a user without confirmation cannot sign in yet", async () => {
  const { email, password } = person();
  const { data } = await admin().createUser({ email, password });
  assert.equal(data.user?.email_confirmed_at, undefined);
  const { error } = await stack.auth.client().auth.signInWithPassword({ email, password });
  assert.deepEqual(refusal(error), [400, "email_not_confirmed"]);
});

test("an id and a bcrypt hash are taken over", async () => {
  const { email } = person();
  const id = crypto.randomUUID();
  const password_hash = "$2a$04$aYkOC12SBW/87nxhqfDGruOqXZCtR8EBInteBnzAjWYi.A2.xI7/C";
  const { data } = await admin().createUser({ id, email, email_confirm: true, password_hash });
  assert.equal(data.user?.id, id);
  const { error } = await stack.auth.client().auth.signInWithPassword({ email, password: "password123" });
  assert.equal(error, null);
});

test("a user needs an address or a number, neither of them taken", async () => {
  const { email, phone } = person();
  await admin().createUser({ email, phone });
  assert.deepEqual(refusal((await admin().createUser({ password: "password123" })).error), [
    400,
    "validation_failed",
  ]);
  assert.deepEqual(refusal((await admin().createUser({ email })).error), [422, "email_exists"]);
  assert.deepEqual(refusal((await admin().createUser({ phone })).error), [422, "phone_exists"]);
});

test("of six simultaneous creations of one user one succeeds", async () => {
  const { email } = person();
  const answers = await Promise.all(Array.from({ length: 6 }, () => admin().createUser({ email })));
  assert.equal(answers.filter(({ error }) => !error).length, 1);
  assert.deepEqual(
    new Set(answers.flatMap(({ error }) => error ? [error.code] : [])),
    new Set(["email_exists"]),
  );
});

test("users are listed newest first, in pages with total and links", async () => {
  for (let at = 0; at < 3; at++) await signUp(stack.auth);
  const { data } = await admin().listUsers({ page: 1, perPage: 2 });
  assert.equal(data.users.length, 2);
  const [newest, older] = data.users.map(({ created_at }) => Date.parse(created_at));
  assert.ok(newest! >= older!);
  assert.ok(
    "total" in data && data.total >= 3 && data.nextPage === 2 && data.lastPage === Math.ceil(data.total / 2),
  );
  const second = await admin().listUsers({ page: 2, perPage: 2 });
  assert.ok(!second.data.users.some(({ id }) => data.users.some((user) => user.id === id)));
  const beyond = await admin().listUsers({ page: 999_999_999, perPage: 50 });
  assert.deepEqual(beyond.data.users, []);
});

test("page numbers that are none are refused", async () => {
  for (const query of ["page=x", "per_page=-1", "page=99999999999999999999"]) {
    const answer = await stack.auth.fetch(`/admin/users?${query}`, { key: "secret" });
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).error_code, "validation_failed");
  }
});

test("a user is read and changed by id", async () => {
  const { user, email } = await signUp(stack.auth);
  assert.equal((await admin().getUserById(user.id)).data.user?.email, email);
  const next = person();
  const { data } = await admin().updateUserById(user.id, {
    email: next.email,
    phone: next.phone,
    password: next.password,
    phone_confirm: true,
    user_metadata: { name: next.name },
    app_metadata: { plan: "gold", provider: null },
  });
  assert.deepEqual([data.user?.email, data.user?.phone], [next.email, next.phone.slice(1)]);
  assert.equal(data.user?.user_metadata.name, next.name);
  assert.deepEqual(data.user?.app_metadata, { providers: ["email"], plan: "gold" });
  const { email: nextEmail, password } = next;
  assert.equal(
    (await stack.auth.client().auth.signInWithPassword({ email: nextEmail, password })).error,
    null,
  );
});

test("a password that an administrator sets ends every session", async () => {
  const { client, user } = await signUp(stack.auth);
  const token = await accessToken(client);
  await admin().updateUserById(user.id, { password: "set by somebody else" });
  const { error } = await client.auth.getUser(token);
  assert.equal(error?.name, "AuthSessionMissingError");
});

test("a ban has a duration as Go writes it", async () => {
  const { user } = await signUp(stack.auth);
  const { data } = await admin().updateUserById(user.id, { ban_duration: "1h30m" });
  const until = Date.parse((data.user as { banned_until?: string } | null)?.banned_until ?? "");
  assert.ok(Math.abs(until - Date.now() - 5_400_000) < 5000);
  for (const ban_duration of ["forever", "1", "1d", "99999999999999h"]) {
    assert.deepEqual(refusal((await admin().updateUserById(user.id, { ban_duration })).error), [
      400,
      "validation_failed",
    ]);
  }
});

test("an address or number of somebody else is refused", async () => {
  const [{ user }, { email }] = [await signUp(stack.auth), await signUp(stack.auth)];
  assert.deepEqual(refusal((await admin().updateUserById(user.id, { email })).error), [422, "email_exists"]);
});

test("a deleted user is gone with sessions and identities", async () => {
  const { user } = await signUp(stack.auth);
  assert.equal((await admin().deleteUser(user.id)).error, null);
  assert.deepEqual(refusal((await admin().getUserById(user.id)).error), [404, "user_not_found"]);
  for (const table of ["sessions", "identities", "refresh_tokens"]) {
    const rows = await stack.auth.database.query(`select from auth.${table} where user_id = $1`, [user.id]);
    assert.deepEqual(rows, []);
  }
});

test("a softly deleted user keeps the row without anything personal, and the address is free", async () => {
  const { user, email } = await signUp(stack.auth);
  assert.equal((await admin().deleteUser(user.id, true)).error, null);
  const { data } = await admin().getUserById(user.id);
  assert.ok(data.user && "deleted_at" in data.user);
  assert.doesNotMatch(JSON.stringify(data.user), new RegExp(email));
  const { error } = await stack.auth.client().auth.signUp({ email, password: "again and again" });
  assert.equal(error, null);
});

test("ids that are none, and unknown ones, are not found", async () => {
  const answer = await stack.auth.fetch("/admin/users/nobody", { key: "secret" });
  assert.deepEqual([answer.status, (await answer.json()).error_code], [404, "validation_failed"]);
  assert.deepEqual(refusal((await admin().updateUserById(crypto.randomUUID(), {})).error), [
    404,
    "user_not_found",
  ]);
});

test("a generated link and its code sign in without a mail", async () => {
  const { email } = await signUp(stack.auth);
  const { data, error } = await admin().generateLink({ type: "magiclink", email });
  assert.equal(error, null);
  const { action_link, email_otp, hashed_token } = data.properties!;
  assert.equal(new URL(action_link).searchParams.get("token"), hashed_token);
  assert.deepEqual(stack.auth.inbox.list(email), []);
  const { data: verified } = await stack.auth.client().auth.verifyOtp({
    email,
    token: email_otp,
    type: "magiclink",
  });
  assert.ok(verified.session);
  assert.deepEqual(refusal((await admin().generateLink({ type: "recovery", email: person().email })).error), [
    404,
    "user_not_found",
  ]);
});

test("an invited user comes in by the mail and sets a password", async () => {
  const { email, password, name } = person();
  const { data } = await admin().inviteUserByEmail(email, { data: { name } });
  assert.ok(data.user?.invited_at);
  const { text } = await stack.auth.inbox.wait(({ to }) => to === email);
  assert.equal(new URL(linkIn(text)).searchParams.get("type"), "invite");
  const client = stack.auth.client();
  assert.equal((await client.auth.verifyOtp({ email, token: codeIn(text), type: "invite" })).error, null);
  assert.equal((await client.auth.updateUser({ password })).error, null);
  assert.equal((await client.auth.signInWithPassword({ email, password })).error, null);
  assert.deepEqual(refusal((await admin().inviteUserByEmail(email)).error), [422, "email_exists"]);
});

test("of four simultaneous invitations of one address one succeeds", async () => {
  const { email } = person();
  const answers = await Promise.all(Array.from({ length: 4 }, () => admin().inviteUserByEmail(email)));
  const codes = answers.map(({ error }) => error?.code);
  assert.ok(codes.includes(undefined));
  assert.deepEqual(new Set([...codes, "email_exists"]), new Set([undefined, "email_exists"]));
});

test("a role that no column holds is refused", async () => {
  const { email } = person();
  assert.deepEqual(refusal((await admin().createUser({ email, role: "r".repeat(256) })).error), [
    400,
    "validation_failed",
  ]);
});

const adminRequests: [string, string][] = [
  ["GET", "/admin/users"],
  ["POST", "/admin/users"],
  ["GET", `/admin/users/${crypto.randomUUID()}`],
  ["PUT", `/admin/users/${crypto.randomUUID()}`],
  ["DELETE", `/admin/users/${crypto.randomUUID()}`],
  ["POST", "/admin/generate_link"],
  ["POST", "/invite"],
];

test("nobody but the secret key administers", async () => {
  const { client } = await signUp(stack.auth);
  const { publishableKey, secretKey } = stack.auth.keys;
  const callers: { key: "publishable" | "secret"; bearer: string | null; expected: [number, string] }[] = [
    { key: "publishable", bearer: null, expected: [401, "no_authorization"] },
    { key: "publishable", bearer: publishableKey, expected: [403, "not_admin"] },
    { key: "publishable", bearer: secretKey, expected: [403, "bad_jwt"] },
    { key: "publishable", bearer: await accessToken(client), expected: [403, "not_admin"] },
    { key: "secret", bearer: await accessToken(client), expected: [403, "not_admin"] },
    { key: "secret", bearer: publishableKey, expected: [403, "not_admin"] },
    { key: "secret", bearer: "sb_forged", expected: [403, "bad_jwt"] },
  ];
  for (const { key, bearer, expected } of callers) {
    for (const [method, path] of adminRequests) {
      const headers = new Headers(bearer ? { authorization: `Bearer ${bearer}` } : {});
      const body = method === "GET" ? null : JSON.stringify({ email: person().email });
      const answer = await stack.auth.fetch(path, { method, key, headers, body });
      assert.deepEqual(
        [answer.status, (await answer.json()).error_code],
        expected,
        `${method} ${path} as ${key}`,
      );
    }
  }
});

test("the secret key administers without a bearer token too", async () => {
  const answer = await stack.auth.fetch("/admin/users", { key: "secret" });
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
});
