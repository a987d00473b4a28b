import assert from "node:assert/strict";
import { SignJWT } from "jose";
import { createAuth } from "../../local/auth/auth.ts";
import { readAuthConfig } from "../../local/auth/config_file.ts";
import { signUp, Stack, test } from "./support.ts";

const stack = Stack.use();

test("a redirect to Google names our client and this API as its return", async () => {
  const redirecting = await stack.start({
    google: { enabled: true, clientIds: ["client"], secret: "secret" },
  });
  const answer = await redirecting.fetch("/authorize?provider=google&redirect_to=http://127.0.0.1:3000/in", {
    key: "none",
  });
  await answer.body?.cancel();
  assert.equal(answer.status, 302);
  const target = new URL(answer.headers.get("location")!);
  assert.equal(target.origin, "https://accounts.google.com");
  assert.equal(target.searchParams.get("client_id"), "client");
  assert.equal(target.searchParams.get("redirect_uri"), `${redirecting.url}/auth/v1/callback`);
  const unknown = await redirecting.fetch("/authorize?provider=nobody", { key: "none" });
  assert.equal(unknown.status, 400);
});

test("a session of a redirect leaves with a token of ours, and lite's stays inside", async () => {
  const { auth } = stack;
  const { user } = await signUp(auth);
  const sessionId = crypto.randomUUID();
  await auth.database.query("insert into auth.sessions (id, user_id, aal) values ($1, $2, 'aal1')", [
    sessionId,
    user.id,
  ]);
  const inner = await new SignJWT({ sub: user.id, session_id: sessionId })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(auth.keys.innerSecret));
  const location =
    `http://127.0.0.1:3000/in?a=b#access_token=${inner}&provider_token=g&refresh_token=r&token_type=bearer`;
  const { database, tokens, inbox, clock } = auth;
  const redirecting = createAuth({
    database,
    tokens,
    inbox,
    clock: clock.now,
    config: await readAuthConfig(),
    lite: { fetch: () => Promise.resolve(new Response(inner, { status: 302, headers: { location } })) },
  });
  const request = new Request(`${auth.url}/auth/v1/callback?code=x&state=y`);
  const answer = await redirecting.fetch(request, { key: null, address: "127.0.0.1" });
  assert.equal(await answer.text(), "");
  const target = new URL(answer.headers.get("location")!);
  assert.equal(target.origin + target.pathname + target.search, "http://127.0.0.1:3000/in?a=b");
  const members = new URLSearchParams(target.hash.slice(1));
  assert.deepEqual([members.get("provider_token"), members.get("refresh_token")], ["g", "r"]);
  const verification = await tokens.verify(members.get("access_token")!);
  assert.ok(verification.ok);
  assert.deepEqual([verification.claims.sub, verification.claims.session_id], [user.id, sessionId]);
  assert.equal((verification.claims.amr as { method: string }[])[0]?.method, "oauth");
});

test("a return from Google with a state that was never given leads to the site with an error", async () => {
  const answer = await stack.auth.fetch(`/callback?code=x&state=${crypto.randomUUID()}`, { key: "none" });
  await answer.body?.cancel();
  const target = new URL(answer.headers.get("location")!);
  assert.equal(target.origin, "http://127.0.0.1:3000");
  assert.ok(target.searchParams.get("error"));
});
