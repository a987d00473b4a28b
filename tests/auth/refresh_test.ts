import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { refusal, signUp, Stack, test, type TestAuth } from "./support.ts";

const stack = Stack.use();

interface Refreshed {
  status: number;
  access_token: string;
  refresh_token: string;
  error_code?: string;
}

async function refresh(auth: TestAuth, token: string): Promise<Refreshed> {
  const answer = await auth.fetch("/token?grant_type=refresh_token", {
    method: "POST",
    body: JSON.stringify({ refresh_token: token }),
  });
  return { status: answer.status, ...await answer.json() };
}

async function firstToken(auth: TestAuth): Promise<{ token: string; userId: string }> {
  const { client, user } = await signUp(auth);
  const { data: { session } } = await client.auth.getSession();
  return { token: session!.refresh_token, userId: user.id };
}

/** The tokens of a user's sessions that still refresh. */
async function liveTokens(auth: TestAuth, userId: string): Promise<string[]> {
  const rows = await auth.database.query<{ token: string }>(
    "select token from auth.refresh_tokens where user_id = $1 and not revoked",
    [userId],
  );
  return rows.map(({ token }) => token);
}

test("a refresh answers new tokens of the same session, with what has changed on the user", async () => {
  const { client, user } = await signUp(stack.auth);
  const before = (await client.auth.getSession()).data.session!;
  await stack.auth.admin().auth.admin.updateUserById(user.id, { app_metadata: { plan: "gold" } });
  const { data, error } = await client.auth.refreshSession();
  assert.equal(error, null);
  assert.notEqual(data.session!.refresh_token, before.refresh_token);
  const claims = decodeJwt(data.session!.access_token);
  assert.equal(claims.session_id, decodeJwt(before.access_token).session_id);
  assert.equal((claims.app_metadata as { plan?: string }).plan, "gold");
});

test("the parent of the live token gives the live token again, however late", async () => {
  const auth = await stack.start({});
  const { token, userId } = await firstToken(auth);
  const next = await refresh(auth, token);
  auth.clock.advance(3600);
  const again = await refresh(auth, token);
  assert.equal(again.refresh_token, next.refresh_token);
  assert.deepEqual(await liveTokens(auth, userId), [next.refresh_token]);
});

test("an older token used again after the reuse interval ends the session", async () => {
  const auth = await stack.start({});
  const { token, userId } = await firstToken(auth);
  const second = await refresh(auth, token);
  const third = await refresh(auth, second.refresh_token);
  auth.clock.advance(11);
  const stolen = await refresh(auth, token);
  assert.deepEqual([stolen.status, stolen.error_code], [400, "refresh_token_already_used"]);
  assert.deepEqual(await liveTokens(auth, userId), []);
  const last = await refresh(auth, third.refresh_token);
  assert.deepEqual([last.status, last.error_code], [400, "refresh_token_not_found"]);
  const answer = await auth.fetch("/user", { headers: { authorization: `Bearer ${third.access_token}` } });
  assert.equal((await answer.json()).error_code, "session_not_found");
});

test("an older token within the reuse interval is taken", async () => {
  const auth = await stack.start({});
  const { token } = await firstToken(auth);
  const second = await refresh(auth, token);
  await refresh(auth, second.refresh_token);
  auth.clock.advance(5);
  assert.equal((await refresh(auth, token)).status, 200);
});

test("ten simultaneous refreshes of one token give one child, the same to all", async () => {
  const { token, userId } = await firstToken(stack.auth);
  const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(stack.auth, token)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.equal(new Set(answers.map(({ refresh_token }) => refresh_token)).size, 1);
  assert.deepEqual(await liveTokens(stack.auth, userId), [answers[0]!.refresh_token]);
});

test("simultaneous refreshes through two processes give one child", async () => {
  const elsewhere = await stack.start({});
  const { token, userId } = await firstToken(stack.auth);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, at) => refresh(at % 2 ? elsewhere : stack.auth, token)),
  );
  assert.equal(new Set(answers.map(({ refresh_token }) => refresh_token)).size, 1);
  assert.deepEqual(await liveTokens(stack.auth, userId), [answers[0]!.refresh_token]);
});

test("unknown, empty and missing tokens are refused", async () => {
  const unknown = await refresh(stack.auth, "nosuchtoken");
  assert.deepEqual([unknown.status, unknown.error_code], [400, "refresh_token_not_found"]);
  const empty = await stack.auth.fetch("/token?grant_type=refresh_token", { method: "POST", body: "{}" });
  assert.deepEqual(await empty.json(), {
    error: "invalid_request",
    error_description: "refresh_token required",
  });
});

test("banned and deleted users are refused, and a ban that ended lets them back", async () => {
  const auth = await stack.start({});
  const { client, user } = await signUp(auth);
  const admin = auth.admin().auth.admin;
  const session = (await client.auth.getSession()).data.session!;
  await admin.updateUserById(user.id, { ban_duration: "10m" });
  const banned = await client.auth.refreshSession(session);
  assert.deepEqual(refusal(banned.error), [400, "user_banned"]);
  auth.clock.advance(601);
  const refreshed = await refresh(auth, session.refresh_token);
  assert.equal(refreshed.status, 200);
  await admin.deleteUser(user.id);
  const deleted = await refresh(auth, refreshed.refresh_token);
  assert.deepEqual([deleted.status, deleted.error_code], [400, "refresh_token_not_found"]);
});

test("a session that was not refreshed for seven days is over, one that was goes on", async () => {
  const auth = await stack.start({});
  const { token } = await firstToken(auth);
  const sixDays = 6 * 24 * 3600;
  auth.clock.advance(sixDays);
  const next = await refresh(auth, token);
  auth.clock.advance(sixDays);
  const third = await refresh(auth, next.refresh_token);
  assert.deepEqual([next.status, third.status], [200, 200]);
  auth.clock.advance(7 * 24 * 3600 + 1);
  const late = await refresh(auth, third.refresh_token);
  assert.deepEqual([late.status, late.error_code], [400, "session_expired"]);
});
