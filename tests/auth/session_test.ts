import assert from "node:assert/strict";
import { accessToken, person, refusal, signUp, Stack, test } from "./support.ts";

const stack = Stack.use();

/** A second session of the same person. */
async function signInAgain(email: string, password: string) {
  const client = stack.auth.client();
  await client.auth.signInWithPassword({ email, password });
  return client;
}

/** Whether the token's session still lives, asked from the server. */
async function isAlive(token: string): Promise<boolean> {
  const answer = await stack.auth.fetch("/user", { headers: { authorization: `Bearer ${token}` } });
  if (answer.ok) return true;
  assert.equal(answer.status, 403);
  assert.equal((await answer.json()).error_code, "session_not_found");
  return false;
}

test("getUser answers the user of the token", async () => {
  const { client, user } = await signUp(stack.auth);
  const { data } = await client.auth.getUser();
  assert.equal(data.user?.id, user.id);
});

test("updateUser merges metadata, and null removes a member", async () => {
  const { client } = await signUp(stack.auth);
  await client.auth.updateUser({ data: { first: 1, second: { deep: [true] } } });
  const { data } = await client.auth.updateUser({ data: { first: null, third: "ü😀" } });
  const { first, second, third } = data.user!.user_metadata;
  assert.deepEqual([first, second, third], [undefined, { deep: [true] }, "ü😀"]);
});

test("updateUser cannot write app_metadata", async () => {
  const { client } = await signUp(stack.auth);
  const answer = await stack.auth.fetch("/user", {
    method: "PUT",
    headers: { authorization: `Bearer ${await accessToken(client)}` },
    body: JSON.stringify({ app_metadata: { admin: true } }),
  });
  assert.equal(answer.status, 403);
  assert.equal((await answer.json()).error_code, "not_admin");
});

test("a new password replaces the old one and ends the other sessions", async () => {
  const { client, email, password } = await signUp(stack.auth);
  const other = await accessToken(await signInAgain(email, password));
  const { error } = await client.auth.updateUser({ password: "a new password" });
  assert.equal(error, null);
  assert.equal(await isAlive(other), false);
  assert.equal(await isAlive(await accessToken(client)), true);
  const old = await stack.auth.client().auth.signInWithPassword({ email, password });
  assert.deepEqual(refusal(old.error), [400, "invalid_credentials"]);
  assert.equal((await signInAgain(email, "a new password").then((c) => c.auth.getUser())).error, null);
});

test("the same password again is refused", async () => {
  const { client, password } = await signUp(stack.auth);
  const { error } = await client.auth.updateUser({ password });
  assert.deepEqual(refusal(error), [422, "same_password"]);
});

test("an address of somebody else is refused with email_exists", async () => {
  const { client } = await signUp(stack.auth);
  const { email } = await signUp(stack.auth);
  const { error } = await client.auth.updateUser({ email });
  assert.deepEqual(refusal(error), [422, "email_exists"]);
});

test("a local sign-out ends this session only", async () => {
  const { client, email, password } = await signUp(stack.auth);
  const [token, other] = [await accessToken(client), await accessToken(await signInAgain(email, password))];
  await client.auth.signOut({ scope: "local" });
  assert.deepEqual([await isAlive(token), await isAlive(other)], [false, true]);
});

test("a sign-out of the others spares this session", async () => {
  const { client, email, password } = await signUp(stack.auth);
  const [token, other] = [await accessToken(client), await accessToken(await signInAgain(email, password))];
  await client.auth.signOut({ scope: "others" });
  assert.deepEqual([await isAlive(token), await isAlive(other)], [true, false]);
});

test("a global sign-out ends every session and refresh token", async () => {
  const { client, email, password } = await signUp(stack.auth);
  const elsewhere = await signInAgain(email, password);
  const [token, other] = [await accessToken(client), await accessToken(elsewhere)];
  await client.auth.signOut({ scope: "global" });
  assert.deepEqual([await isAlive(token), await isAlive(other)], [false, false]);
  const { error } = await elsewhere.auth.refreshSession();
  assert.deepEqual(refusal(error), [400, "refresh_token_not_found"]);
});

test("an administrator signs a user out by the user's token", async () => {
  const { client } = await signUp(stack.auth);
  const token = await accessToken(client);
  const { error } = await stack.auth.admin().auth.admin.signOut(token, "global");
  assert.equal(error, null);
  assert.equal(await isAlive(token), false);
});

test("a secure password change needs the nonce from the mail once the session is older than a day", async () => {
  const auth = await stack.start({ email: { reauthenticateForPassword: true } });
  const { client, email } = await signUp(auth);
  await auth.database.query(
    "update auth.sessions set created_at = created_at - interval '1 day' where user_id = $1",
    [(await client.auth.getUser()).data.user?.id],
  );
  const without = await client.auth.updateUser({ password: "a new password" });
  assert.deepEqual(refusal(without.error), [400, "reauthentication_needed"]);
  await client.auth.reauthenticate();
  const message = await auth.inbox.wait(({ to, subject }) =>
    to === email && subject === "Confirm reauthentication"
  );
  const nonce = /\d{6}/.exec(message.text)?.[0] ?? "";
  const wrong = await client.auth.updateUser({
    password: "a new password",
    nonce: nonce === "000000" ? "1" : "000000",
  });
  assert.deepEqual(refusal(wrong.error), [422, "reauthentication_not_valid"]);
  assert.equal((await client.auth.updateUser({ password: "a new password", nonce })).error, null);
});

test("anonymous sign-ins are refused unless the project allows them", async () => {
  const refused = await stack.auth.client().auth.signInAnonymously();
  assert.deepEqual(refusal(refused.error), [422, "anonymous_provider_disabled"]);
  const auth = await stack.start({ anonymousEnabled: true });
  const client = auth.client();
  const { data } = await client.auth.signInAnonymously({ options: { data: { theme: "dark" } } });
  assert.equal(data.user?.is_anonymous, true);
  const { email } = person();
  const named = await client.auth.updateUser({ email });
  assert.equal(named.data.user?.email, email);
  assert.equal(named.data.user?.is_anonymous, false);
});
