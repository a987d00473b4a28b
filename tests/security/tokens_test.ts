import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { type CryptoKey, exportSPKI, importJWK, SignJWT } from "jose";
import { createLite } from "../../local/database/lite.ts";
import { createFiles } from "../../local/storage/files.ts";
import { contract } from "../support/http.ts";
import { makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
let person: Person;
Deno.test.beforeAll(async () => {
  stack = await testStack();
  person = await makePerson(stack);
});
Deno.test.afterAll(() => stack.close());

/** How each of the ways in answers a token. */
async function answers(token: string) {
  const [contractAnswer, dataApi, auth] = await Promise.all([
    contract(stack, "sessions")("GET", "/api/bookings/my", { token }),
    fetch(`${stack.url}/rest/v1/my_account`, {
      headers: { apikey: stack.keys.publishableKey, authorization: `Bearer ${token}` },
    }),
    fetch(`${stack.url}/auth/v1/user`, {
      headers: { apikey: stack.keys.publishableKey, authorization: `Bearer ${token}` },
    }),
  ]);
  await Promise.all([dataApi.body?.cancel(), auth.body?.cancel()]);
  return { contract: contractAnswer.status, dataApi: dataApi.status, auth: auth.status };
}

const claims = () => ({
  sub: person.id,
  role: "authenticated",
  aud: "authenticated",
  iss: stack.tokens.issuer,
  session_id: JSON.parse(atob(person.token.split(".")[1] ?? "")).session_id,
  iat: Math.floor(Date.now() / 1000),
  exp: Math.floor(Date.now() / 1000) + 600,
});

const refused = { contract: 401, dataApi: 401, auth: 403 };

Deno.test("the person's own token is accepted by every way in", async () => {
  assert.deepEqual(await answers(person.token), { contract: 200, dataApi: 200, auth: 200 });
});

Deno.test("a token without signature is refused by every way in", async () => {
  const part = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const unsigned = `${part({ alg: "none", typ: "JWT" })}.${part(claims())}.`;
  assert.deepEqual(await answers(unsigned), refused);
});

Deno.test("a token signed with the public key as HS256 secret is refused by every way in", async () => {
  const publicKey = await importJWK({ ...stack.keys.publicJwk, ext: true }, "ES256", { extractable: true });
  for (const secret of [JSON.stringify(stack.keys.publicJwk), await exportSPKI(publicKey as CryptoKey)]) {
    const token = await new SignJWT(claims())
      .setProtectedHeader({ alg: "HS256", kid: stack.keys.publicJwk.kid ?? "" })
      .sign(new TextEncoder().encode(secret));
    assert.deepEqual(await answers(token), refused);
  }
});

Deno.test("a token of an unknown key, or that names an unknown key, is refused by every way in", async () => {
  const other = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const { privateKey } = other as CryptoKeyPair;
  for (const kid of [stack.keys.publicJwk.kid ?? "", "unknown"]) {
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: "ES256", kid }).sign(privateKey);
    assert.deepEqual(await answers(token), refused, kid);
  }
});

Deno.test("a token of another issuer is refused by every way in, though its key is ours", async () => {
  const token = await new SignJWT({ ...claims(), iss: "https://other.example/auth/v1" })
    .setProtectedHeader({ alg: "ES256", kid: stack.keys.publicJwk.kid ?? "" })
    .sign(stack.tokens.privateKey);
  assert.deepEqual(await answers(token), refused);
});

Deno.test("an expired token is refused by every way in, also by a function that has just accepted it", async () => {
  const brief = await stack.tokens.sign({ ...claims(), iat: Math.ceil(Date.now() / 1000) }, 5);
  assert.equal((await answers(brief)).contract, 200);
  const expiresAt = JSON.parse(atob(brief.split(".")[1] ?? "")).exp * 1000;
  while (Date.now() <= expiresAt) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(await answers(brief), refused);
});

Deno.test("a token for the service role or for visitors opens no user's route", async () => {
  for (const role of ["service_role", "anon", "postgres", "migrator"]) {
    const token = await stack.tokens.sign({ ...claims(), role }, 60);
    assert.equal((await contract(stack, "sessions")("GET", "/api/bookings/my", { token })).status, 401, role);
  }
});

Deno.test("after signing out a token commands nothing any more, and renews nothing", async () => {
  const leaver = await makeProvider(stack);
  const event = await makeEvent(await makeProvider(stack));
  const own = await makeEvent(leaver);
  const { data: { session } } = await leaver.client.auth.getSession();
  await leaver.client.auth.signOut();

  const { body, status } = await contract(stack, "sessions")("POST", "/api/bookings", {
    token: leaver.token,
    body: { session_id: event.id },
  });
  assert.deepEqual([status, body], [401, { error: "Authentication is required" }]);
  const call = contract(stack, "sessions");
  for (
    const [method, path] of [
      ["POST", `/api/sessions/${own.id}/cancel`],
      ["GET", "/api/facilitator/dashboard"],
    ] as const
  ) {
    assert.equal((await call(method, path, { token: leaver.token })).status, 401, path);
  }
  assert.equal((await answers(leaver.token)).auth, 403);
  const renewed = await leaver.client.auth.refreshSession({ refresh_token: session?.refresh_token ?? "" });
  assert.notEqual(renewed.error, null);
});

Deno.test("after signing out a token changes no row and joins no topic, though it reads until it expires", async () => {
  const leaver = await makeProvider(stack, { name: "Before" });
  const attendee = await makePerson(stack);
  await attendee.client.rpc("book_event", { event_id: (await makeEvent(leaver)).id });
  await stack.runWorker();
  await leaver.client.auth.signOut();

  const old = createClient(stack.url, stack.keys.publishableKey, {
    accessToken: () => Promise.resolve(leaver.token),
  });
  const changed = await Promise.all([
    old.from("profiles").update({ name: "After" }).eq("id", leaver.id).select("name"),
    old.from("providers").update({ bio: "After" }).eq("id", leaver.id).select("bio"),
    old.from("contacts").update({ unverified_phone: "+4915112345678" }).eq("profile_id", leaver.id).select(
      "profile_id",
    ),
    old.from("notifications").update({ read_at: new Date().toISOString() }).eq("recipient_id", leaver.id)
      .select("id"),
    old.from("notifications").delete().eq("recipient_id", leaver.id).select("id"),
  ]);
  assert.deepEqual(changed.map(({ data, error }) => error?.message ?? data), [[], [], [], [], []]);
  const { data } = await old.from("notifications").select("read_at").eq("recipient_id", leaver.id);
  assert.deepEqual(data, [{ read_at: null }]);
  const joined = new Promise((resolve) =>
    old.channel(`user:${leaver.id}`, { config: { private: true } }).subscribe((status) => resolve(status))
  );
  assert.equal(await joined, "CHANNEL_ERROR");
  await old.removeAllChannels();
});

/** Refreshes one token ten times at once; how many different tokens come of it. */
async function raceRefreshes(refresh: (request: Request) => Promise<Response>): Promise<number> {
  const { client } = await makePerson(stack);
  const { data: { session } } = await client.auth.getSession();
  const tokens = await Promise.all(Array.from({ length: 10 }, async () => {
    const response = await refresh(
      new Request(`${stack.url}/auth/v1/token?grant_type=refresh_token`, {
        method: "POST",
        headers: { apikey: stack.keys.publishableKey, "content-type": "application/json" },
        body: JSON.stringify({ refresh_token: session?.refresh_token }),
      }),
    );
    return (await response.json()).refresh_token as string;
  }));
  return new Set(tokens).size;
}

Deno.test("ten refreshes of one token at once give one new token", async () => {
  assert.equal(await raceRefreshes((request) => fetch(request)), 1);
});

Deno.test("control: lite's own refresh, which takes no lock, gives several", async () => {
  const lite = await createLite(stack.database, {
    jwtSecret: stack.keys.innerSecret,
    files: createFiles(null),
    siteUrl: stack.url,
    jwtExpiry: 3600,
    auth: { enable_refresh_token_rotation: true },
    sendEmail: () => {},
  });
  const asVisitor = { key: "publishable", claims: { role: "anon" } } as const;
  assert.ok(await raceRefreshes((request) => lite.fetch(request, asVisitor)) > 1);
});
