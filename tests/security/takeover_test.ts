import assert from "node:assert/strict";
import { anonymousClient, makePerson } from "../support/people.ts";
import { type OpenIdIssuer, startIssuer } from "../support/issuer.ts";
import { contract } from "../support/http.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
let google: OpenIdIssuer;
Deno.test.beforeAll(async () => {
  google = await startIssuer();
  stack = await testStack({ auth: { google: google.config } });
});
Deno.test.afterAll(async () => {
  await stack.close();
  await google.close();
});

const sessions = (method: string, path: string, call?: { body?: unknown; token?: string }) =>
  contract(stack, "sessions")(method, path, call);
const someEmail = () => `${crypto.randomUUID()}@example.com`;
const verifiedAt = async (id: string) => {
  const [row] = await stack.database.query<{ at: string | null }>(
    "select email_verified_at as at from public.profiles where id = $1",
    [id],
  );
  return row?.at ?? null;
};

Deno.test("POST /api/auth/google signs in with an ID token that names the same account and e-mail", async () => {
  const [sub, email] = [crypto.randomUUID(), someEmail()];
  const token = await google.sign({ sub, email, email_verified: true, name: "John Doe" });
  const { status, body } = await sessions("POST", "/api/auth/google", {
    body: { google_id: sub, email, name: "Ignored", token },
  });
  assert.equal(status, 200);
  assert.deepEqual({ ...body.user, id: "" }, { id: "", email, name: "John Doe", role: "user" });
  const again = await sessions("POST", "/api/auth/google", {
    body: {
      google_id: sub,
      email,
      name: "John Doe",
      id_token: await google.sign({ sub, email, email_verified: true }),
    },
  });
  assert.equal(again.body.user.id, body.user.id);
  assert.notEqual(await verifiedAt(body.user.id), null);
});

Deno.test("POST /api/auth/google takes the client's name when Google tells none", async () => {
  const [sub, email] = [crypto.randomUUID(), someEmail()];
  const token = await google.sign({ sub, email, email_verified: true });
  const { body } = await sessions("POST", "/api/auth/google", {
    body: { google_id: sub, email, name: "Jane", token },
  });
  assert.equal(body.user.name, "Jane");
});

for (
  const [problem, change] of [
    ["names another account", { sub: "somebody else" }],
    ["names another e-mail", { email: "other@example.com" }],
    ["does not vouch for the e-mail", { email_verified: false }],
    ["is for another application", { aud: "another-app" }],
    ["has expired", { exp: 1_700_000_000 }],
    ["comes from another issuer", { iss: "https://evil.example" }],
  ] as const
) {
  Deno.test(`POST /api/auth/google answers 401 when the ID token ${problem}`, async () => {
    const [sub, email] = [crypto.randomUUID(), someEmail()];
    const token = await google.sign({ sub, email, email_verified: true, ...change });
    const { status, body } = await sessions("POST", "/api/auth/google", {
      body: { google_id: sub, email, name: "John", token },
    });
    assert.equal(status, 401);
    assert.deepEqual(Object.keys(body), ["error"]);
  });
}

Deno.test("POST /api/auth/google answers 401 to a token that somebody else signed, and to nonsense", async () => {
  const [sub, email] = [crypto.randomUUID(), someEmail()];
  const forged = await google.forge({ sub, email, email_verified: true });
  for (const token of [forged, "nonsense", `${forged.split(".").slice(0, 2).join(".")}.`]) {
    const { status } = await sessions("POST", "/api/auth/google", {
      body: { google_id: sub, email, name: "X", token },
    });
    assert.equal(status, 401);
  }
});

Deno.test("who registers with another's address is out when its owner comes with Google", async () => {
  const email = someEmail();
  const attacker = anonymousClient(stack);
  const { data } = await attacker.auth.signUp({
    email,
    password: "attackers password",
    options: { data: { name: "A" } },
  });
  const attackersRefreshToken = data.session?.refresh_token ?? "";

  const sub = crypto.randomUUID();
  const token = await google.sign({ sub, email, email_verified: true, name: "Owner" });
  const owner = await sessions("POST", "/api/auth/google", {
    body: { google_id: sub, email, name: "Owner", token },
  });
  assert.equal(owner.status, 200);
  assert.equal(owner.body.user.id, data.user?.id, "the owner gets the account of their address");

  const byPassword = await anonymousClient(stack).auth.signInWithPassword({
    email,
    password: "attackers password",
  });
  assert.equal(byPassword.error?.code, "invalid_credentials");
  const byRefresh = await anonymousClient(stack).auth.refreshSession({
    refresh_token: attackersRefreshToken,
  });
  assert.notEqual(byRefresh.error, null);
  assert.notEqual((await attacker.auth.getUser()).error, null);
  assert.equal((await sessions("GET", "/api/bookings/my", { token: owner.body.access_token })).status, 200);
});

Deno.test("who registers with another's address is out when its owner comes with a code by e-mail", async () => {
  const email = someEmail();
  const attacker = anonymousClient(stack);
  await attacker.auth.signUp({ email, password: "attackers password" });
  const owner = anonymousClient(stack);
  await owner.auth.signInWithOtp({ email });
  const mail = await stack.inbox.wait((message) => message.to === email);
  const token = /\b\d{6}\b/.exec(mail.text)?.[0] ?? "";
  const { data, error } = await owner.auth.verifyOtp({ email, token, type: "email" });
  assert.equal(error, null);
  assert.notEqual(await verifiedAt(data.user?.id ?? ""), null);
  assert.equal((await owner.auth.getUser()).error, null);
  assert.notEqual((await attacker.auth.getUser()).error, null);
  const byPassword = await anonymousClient(stack).auth.signInWithPassword({
    email,
    password: "attackers password",
  });
  assert.equal(byPassword.error?.code, "invalid_credentials");
});

Deno.test("a person who has proven their address keeps password and sessions at later proofs", async () => {
  const email = someEmail();
  const client = anonymousClient(stack);
  await client.auth.signInWithOtp({ email });
  const code = async () =>
    /\b\d{6}\b/.exec((await stack.inbox.wait((message) => message.to === email)).text)?.[0] ?? "";
  await client.auth.verifyOtp({ email, token: await code(), type: "email" });
  await client.auth.updateUser({ password: "owners own password" });

  const sub = crypto.randomUUID();
  const other = anonymousClient(stack);
  const { error } = await other.auth.signInWithIdToken({
    provider: "google",
    token: await google.sign({ sub, email, email_verified: true }),
  });
  assert.equal(error, null);
  assert.equal((await client.auth.getUser()).error, null);
  assert.equal((await other.auth.signInWithPassword({ email, password: "owners own password" })).error, null);
});

Deno.test("an unverified address at Google opens nobody's account", async () => {
  const victim = await makePerson(stack);
  const thief = anonymousClient(stack);
  const { data, error } = await thief.auth.signInWithIdToken({
    provider: "google",
    token: await google.sign({ sub: crypto.randomUUID(), email: victim.email, email_verified: false }),
  });
  assert.equal(data.session, null);
  assert.notEqual(error, null);
  const identities = await stack.database.query("select provider from auth.identities where user_id = $1", [
    victim.id,
  ]);
  assert.deepEqual(identities, [{ provider: "email" }]);
  assert.equal((await victim.client.auth.getUser()).error, null);
});

Deno.test("changing one's address to another's takes its proof away", async () => {
  const person = await makePerson(stack);
  await stack.database.query("update public.profiles set email_verified_at = now() where id = $1", [
    person.id,
  ]);
  await stack.database.query("update auth.users set email = $2 where id = $1", [person.id, someEmail()]);
  assert.equal(await verifiedAt(person.id), null);
});

Deno.test("metadata that a user writes proves nothing and grants nothing", async () => {
  const email = someEmail();
  const client = anonymousClient(stack);
  const { data } = await client.auth.signUp({
    email,
    password: "some password",
    options: {
      data: { name: "X", email_verified: true, role: "service_role", email_verified_at: "2020-01-01" },
    },
  });
  assert.equal(await verifiedAt(data.user?.id ?? ""), null);
  await client.auth.updateUser({ data: { email_verified: true, provider: true } });
  assert.equal(await verifiedAt(data.user?.id ?? ""), null);
  const { data: account } = await client.from("my_account").select("is_provider").single();
  assert.equal(account?.is_provider, false);
});
