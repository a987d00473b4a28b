import assert from "node:assert/strict";
import { accessToken, person, signUp, Stack, test } from "./support.ts";

const stack = Stack.use();

const bodyPaths = [
  ["POST", "/signup"],
  ["POST", "/otp"],
  ["POST", "/magiclink"],
  ["POST", "/recover"],
  ["POST", "/resend"],
  ["POST", "/verify"],
  ["POST", "/token?grant_type=password"],
  ["POST", "/token?grant_type=refresh_token"],
  ["POST", "/token?grant_type=id_token"],
  ["POST", "/token?grant_type=pkce"],
  ["PUT", "/user"],
  ["POST", "/invite"],
  ["POST", "/admin/users"],
  ["POST", "/admin/generate_link"],
] as const;

const strange: [string, string | null][] = [
  ["no body", null],
  ["an empty body", ""],
  ["half an object", '{"email":'],
  ["a form", "email=a%40example.com&password=x"],
  ["an array", "[]"],
  ["a number", "7"],
  ["null", "null"],
  ["nothing in it", "{}"],
  [
    "numbers",
    '{"email":7,"phone":7,"password":7,"token":7,"type":7,"refresh_token":7,"id_token":7,"auth_code":7}',
  ],
  ["objects", '{"email":{},"phone":{},"password":{},"token":{},"type":{},"refresh_token":{},"id_token":{}}'],
  ["nulls", '{"email":null,"phone":null,"password":null,"token":null,"type":null,"refresh_token":null}'],
  ["wrong metadata", '{"email":"a@example.com","password":"password123","data":"x","user_metadata":[]}'],
  [
    "NUL",
    JSON.stringify({
      email: "a@example.com",
      password: "password\u0000 123",
      data: { a: "\0" },
      token_hash: "\0",
    }),
  ],
  [
    "a prototype",
    '{"__proto__":{"email":"a@example.com"},"constructor":1,"type":"constructor","token_hash":"x"}',
  ],
  ["nesting", `{"data":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`],
  ["brackets", "[".repeat(200_000)],
  [
    "a huge body",
    JSON.stringify({ email: "a@example.com", password: "password123", data: { a: "x".repeat(2_000_000) } }),
  ],
  ["a long address", JSON.stringify({ email: `${"a".repeat(300)}@example.com`, password: "password123" })],
  ["bad UTF-8", "\ufffd\ufffd"],
];

test("whatever a body is, the answer is a refusal in GoTrue's shape or a success, never a failure", async () => {
  const { client } = await signUp(stack.auth);
  const bearer = await accessToken(client);
  for (const [method, path] of bodyPaths) {
    for (const [what, body] of strange) {
      const isAdmin = path.startsWith("/admin") || path === "/invite";
      const headers = new Headers(path === "/user" ? { authorization: `Bearer ${bearer}` } : {});
      const answer = await stack.auth.fetch(path, {
        method,
        headers,
        body,
        key: isAdmin ? "secret" : "publishable",
      });
      const text = await answer.text();
      assert.ok(answer.status < 500, `${method} ${path} with ${what}: ${answer.status} ${text}`);
      if (answer.ok) continue;
      const refused = JSON.parse(text);
      assert.ok(
        typeof refused.error === "string" ||
          (refused.code === answer.status && refused.error_code && refused.msg),
        `${method} ${path} with ${what}: ${text}`,
      );
    }
  }
});

test("broken JSON is answered bad_json, whatever the content type", async () => {
  for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
    const answer = await stack.auth.fetch("/signup", {
      method: "POST",
      headers: { "content-type": type },
      body: "a=b",
    });
    assert.equal(answer.status, 400);
    const { error_code, msg } = await answer.json();
    assert.equal(error_code, "bad_json");
    assert.equal(
      msg,
      `Could not parse request body as JSON: invalid character "a" looking for beginning of value`,
    );
  }
});

test("JSON is read without any content type", async () => {
  const body = new TextEncoder().encode(JSON.stringify(person()));
  const answer = await stack.auth.fetch("/signup", { method: "POST", body });
  // Address and number together are too much, which only a parsed body can show.
  assert.equal(
    (await answer.json()).msg,
    "Only an email address or phone number should be provided on signup.",
  );
});

test("a wrong type is named as Go names it", async () => {
  const answer = await stack.auth.fetch("/signup", { method: "POST", body: '{"email":7}' });
  assert.match(
    (await answer.json()).msg,
    /json: cannot unmarshal number into Go struct field SignupParams\.email of type string$/,
  );
});

test("the refusal's shape follows the version that the client names", async () => {
  const ask = (headers: HeadersInit) => stack.auth.fetch("/signup", { method: "POST", headers, body: "{" });
  const old = await (await ask({})).json();
  assert.deepEqual([old.code, old.error_code], [400, "bad_json"]);
  const answer = await ask({ "x-supabase-api-version": "2024-01-01" });
  assert.equal(answer.headers.get("x-supabase-api-version"), "2024-01-01");
  assert.deepEqual(Object.keys(await answer.json()).sort(), ["code", "message"]);
});

test("text of every script survives, and half a character becomes the replacement", async () => {
  const { email, password } = person();
  const data = { "ключ": "значение", emoji: "👩🏽‍🏫", rtl: "مرحبا", half: "x\ud800y", quote: `'";--\\` };
  const answer = await stack.auth.fetch("/signup", {
    method: "POST",
    body: JSON.stringify({ email, password, data }),
  });
  const { user } = await answer.json();
  assert.equal(answer.status, 200);
  for (const [key, value] of Object.entries({ ...data, half: "x\ufffdy" })) {
    assert.equal(user.user_metadata[key], value);
  }
});

test("strange paths and queries are answered, never with a failure", async () => {
  const paths: [string, string][] = [
    ["GET", "/nowhere"],
    ["GET", "/signup"],
    ["DELETE", "/user"],
    ["POST", "/token"],
    ["POST", "/token?grant_type=constructor"],
    ["POST", "/token?grant_type=web3"],
    ["GET", "/verify"],
    ["GET", "/verify?type=constructor&token=x"],
    ["GET", "/verify?type=signup&token=%00"],
    ["GET", "/verify?type=signup&token=pkce_x&redirect_to=%00"],
    ["GET", "/authorize"],
    ["GET", "/callback"],
    ["GET", "/callback?state=%00&code=x"],
    ["GET", "/admin/users/%00"],
    ["GET", "/admin/users?filter=%00%25'"],
    ["POST", "/logout?scope=everywhere"],
    ["GET", "/user/identities/authorize?provider=google"],
    ["POST", "/factors"],
    ["POST", "/sso"],
  ];
  for (const [method, path] of paths) {
    const answer = await stack.auth.fetch(path, { method, key: "secret" });
    await answer.body?.cancel();
    assert.ok(answer.status < 500, `${method} ${path}: ${answer.status}`);
  }
});

test("thirty people at once sign up, in, refresh, change and sign out, each as themselves", async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, async () => {
    const { client, user, email, password } = await signUp(stack.auth);
    const other = stack.auth.client();
    const signIn = await other.auth.signInWithPassword({ email, password });
    const [refreshed, otherRefreshed] = await Promise.all([
      client.auth.refreshSession(),
      other.auth.refreshSession(),
    ]);
    const updated = await client.auth.updateUser({ data: { mine: user.id } });
    const read = await other.auth.getUser();
    const out = await client.auth.signOut({ scope: "global" });
    const after = await other.auth.refreshSession();
    const errors = [signIn, refreshed, otherRefreshed, updated, read, out].map(({ error }) =>
      error?.message ?? null
    );
    assert.deepEqual(errors, Array(6).fill(null));
    assert.equal(after.error?.code, "refresh_token_not_found");
    return [user.id, read.data.user?.id, read.data.user?.user_metadata.mine];
  }));
  for (const [id, read, mine] of answers) assert.deepEqual([read, mine], [id, id]);
});

test("one person's sign-ins, refreshes, password changes and sign-outs at once never fail otherwise than by refusal", async () => {
  const { client, user, email, password } = await signUp(stack.auth);
  const token = (await client.auth.getSession()).data.session!;
  const admin = stack.auth.admin().auth.admin;
  const post = (path: string, body: unknown, bearer?: string) =>
    stack.auth.fetch(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
    });
  const rounds = Array.from({ length: 8 }, (_, at) => [
    post("/token?grant_type=password", { email, password }),
    post("/token?grant_type=refresh_token", { refresh_token: token.refresh_token }),
    post("/logout?scope=others", {}, token.access_token),
    admin.updateUserById(user.id, { user_metadata: { at } }).then(() => new Response()),
    admin.updateUserById(user.id, at % 2 ? { password } : { ban_duration: "none" }).then(() =>
      new Response()
    ),
  ]);
  const answers = await Promise.all(rounds.flat());
  for (const answer of answers) {
    const text = await answer.text();
    assert.ok(answer.status < 500, text);
  }
});

test("a user deleted in the middle of everything leaves refusals only", async () => {
  const { client, user, email, password } = await signUp(stack.auth);
  const session = (await client.auth.getSession()).data.session!;
  const requests = Array.from({ length: 6 }, () => [
    stack.auth.fetch("/token?grant_type=password", {
      method: "POST",
      body: JSON.stringify({ email, password }),
    }),
    stack.auth.fetch("/token?grant_type=refresh_token", {
      method: "POST",
      body: JSON.stringify({ refresh_token: session.refresh_token }),
    }),
    stack.auth.fetch("/recover", { method: "POST", body: JSON.stringify({ email }) }),
    stack.auth.fetch("/user", { headers: { authorization: `Bearer ${session.access_token}` } }),
  ]).flat();
  const [, ...answers] = await Promise.all([stack.auth.admin().auth.admin.deleteUser(user.id), ...requests]);
  for (const answer of answers) assert.ok(answer.status < 500, await answer.text());
});
