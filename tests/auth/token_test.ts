import assert from "node:assert/strict";
import { verifyCredentials } from "@supabase/server/core";
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Claims } from "../../local/tokens.ts";
import { accessToken, codeIn, person, signUp, Stack, test } from "./support.ts";

const stack = Stack.use();

/** The answer to `GET /user` with a bearer token: status and code. */
async function askUser(authorization: string | null): Promise<[number, string | undefined]> {
  const answer = await stack.auth.fetch("/user", authorization ? { headers: { authorization } } : {});
  return [answer.status, (await answer.json()).error_code];
}

/** Claims that would let their bearer in, were they signed by the project. */
async function someonesClaims(): Promise<Claims> {
  const { client } = await signUp(stack.auth);
  return decodeJwt(await accessToken(client)) as Claims;
}

test("an access token is ES256 with key id and carries the claims of a hosted project", async () => {
  const { client, user, email } = await signUp(stack.auth);
  const token = await accessToken(client);
  const { publicJwk } = stack.auth.tokens;
  assert.deepEqual(decodeProtectedHeader(token), { alg: "ES256", kid: publicJwk.kid, typ: "JWT" });
  const { iat, exp, amr, session_id, ...claims } = decodeJwt(token);
  assert.equal(exp! - iat!, 86_400);
  assert.match(String(session_id), /^[0-9a-f-]{36}$/);
  const [method] = amr as { method: string; timestamp: number }[];
  assert.equal(method?.method, "password");
  assert.ok(Math.abs((method?.timestamp ?? 0) - iat!) <= 2);
  assert.deepEqual(claims, {
    iss: `${stack.auth.url}/auth/v1`,
    sub: user.id,
    aud: "authenticated",
    role: "authenticated",
    email,
    phone: "",
    app_metadata: { provider: "email", providers: ["email"] },
    user_metadata: user.user_metadata,
    aal: "aal1",
    is_anonymous: false,
  });
});

test("amr says how the session began, also after a refresh", async () => {
  const { phone } = person();
  const client = stack.auth.client();
  await client.auth.signInWithOtp({ phone });
  const { text } = await stack.auth.inbox.wait(({ to }) => to === phone);
  await client.auth.verifyOtp({ phone, token: codeIn(text), type: "sms" });
  const methods = async () =>
    (decodeJwt(await accessToken(client)).amr as { method: string }[]).map((m) => m.method);
  assert.deepEqual(await methods(), ["otp"]);
  await client.auth.refreshSession();
  assert.deepEqual(await methods(), ["otp"]);
});

test("getClaims verifies with one request, for the public keys", async () => {
  const { client, user } = await signUp(stack.auth);
  const before = stack.auth.requests.length;
  const first = await client.auth.getClaims();
  await client.auth.getClaims();
  assert.equal(first.data?.claims.sub, user.id);
  assert.deepEqual(stack.auth.requests.slice(before), ["GET /auth/v1/.well-known/jwks.json"]);
});

test("verifyCredentials of @supabase/server accepts the tokens", async () => {
  const { client, user } = await signUp(stack.auth);
  const { publicJwk } = stack.auth.tokens;
  const credentials = { token: await accessToken(client), apikey: stack.auth.keys.publishableKey };
  const { data, error } = await verifyCredentials(credentials, {
    auth: "user",
    env: {
      url: stack.auth.url,
      publishableKeys: { default: stack.auth.keys.publishableKey },
      secretKeys: { default: stack.auth.keys.secretKey },
      jwks: { keys: [publicJwk as JsonWebKey & { kty: string }] },
    },
  });
  assert.equal(error, null);
  assert.equal(data?.userClaims?.id, user.id);
});

test("the public document has no private part", async () => {
  const { keys } = await (await stack.auth.fetch("/.well-known/jwks.json", { key: "none" })).json();
  assert.equal(keys.length, 1);
  assert.equal(keys[0].d, undefined);
  const { issuer, jwks_uri } =
    await (await stack.auth.fetch("/.well-known/openid-configuration", { key: "none" })).json();
  assert.equal(issuer, stack.auth.tokens.issuer);
  assert.equal(jwks_uri, `${issuer}/.well-known/jwks.json`);
});

test("a request without bearer token is answered no_authorization", async () => {
  assert.deepEqual(await askUser(null), [401, "no_authorization"]);
  assert.deepEqual(await askUser("Basic abc"), [401, "no_authorization"]);
});

test("an API key is no user", async () => {
  assert.deepEqual(await askUser(`Bearer ${stack.auth.keys.publishableKey}`), [403, "bad_jwt"]);
});

test("what is no token is answered bad_jwt", async () => {
  assert.deepEqual(await askUser("Bearer nonsense"), [403, "bad_jwt"]);
  assert.deepEqual(await askUser("Bearer a.b.c"), [403, "bad_jwt"]);
});

test("a token with changed claims is answered bad_jwt", async () => {
  const { client } = await signUp(stack.auth);
  const [header, , signature] = (await accessToken(client)).split(".");
  const claims = { ...await someonesClaims(), role: "service_role" };
  const payload = new TextEncoder().encode(JSON.stringify(claims)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
  assert.deepEqual(await askUser(`Bearer ${header}.${payload}.${signature}`), [403, "bad_jwt"]);
});

test("an unsigned token is answered bad_jwt", async () => {
  const encode = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
  const claims = await someonesClaims();
  assert.deepEqual(await askUser(`Bearer ${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`), [
    403,
    "bad_jwt",
  ]);
});

test("a token signed with HS256 is answered bad_jwt, whichever secret signed it", async () => {
  const claims = await someonesClaims();
  const { publicJwk } = stack.auth.tokens;
  for (const secret of [stack.auth.keys.innerSecret, JSON.stringify(publicJwk), stack.auth.keys.secretKey]) {
    for (const header of [{ alg: "HS256" }, { alg: "HS256", kid: publicJwk.kid! }]) {
      const token = await new SignJWT(claims).setProtectedHeader(header).sign(
        new TextEncoder().encode(secret),
      );
      assert.deepEqual(await askUser(`Bearer ${token}`), [403, "bad_jwt"]);
    }
  }
});

test("a token of a foreign key is answered bad_jwt, with an unknown key id and with ours", async () => {
  const claims = await someonesClaims();
  const foreign = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(foreign.publicKey);
  for (const kid of ["unknown", stack.auth.tokens.publicJwk.kid!]) {
    for (const header of [{ alg: "ES256", kid }, { alg: "ES256", kid, jwk }]) {
      const token = await new SignJWT(claims).setProtectedHeader(header).sign(foreign.privateKey);
      assert.deepEqual(await askUser(`Bearer ${token}`), [403, "bad_jwt"]);
    }
  }
});

test("a token of another project is answered bad_jwt", async () => {
  const claims = await someonesClaims();
  const token = await new SignJWT({ ...claims, iss: "https://elsewhere.supabase.co/auth/v1" })
    .setProtectedHeader({ alg: "ES256", kid: stack.auth.tokens.publicJwk.kid! })
    .sign(stack.auth.tokens.privateKey);
  assert.deepEqual(await askUser(`Bearer ${token}`), [403, "bad_jwt"]);
});

test("an expired token is answered bad_jwt", async () => {
  const claims = await someonesClaims();
  const token = await stack.auth.tokens.sign({ ...claims, iat: Math.floor(Date.now() / 1000) - 7200 }, 3600);
  const answer = await stack.auth.fetch("/user", { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 403);
  const { error_code, msg } = await answer.json();
  assert.equal(error_code, "bad_jwt");
  assert.match(msg, /token is expired$/);
});

test("a token ends when the project's clock says so", async () => {
  const auth = await stack.start({});
  const { client } = await signUp(auth);
  const token = await accessToken(client);
  auth.clock.advance(86_401);
  const answer = await auth.fetch("/user", { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await answer.json()).error_code, "bad_jwt");
});

test("a signed token for nobody, or with a broken subject, is refused", async () => {
  const claims = await someonesClaims();
  const ask = async (changes: Partial<Claims>) =>
    await askUser(`Bearer ${await stack.auth.tokens.sign({ ...claims, ...changes }, 60)}`);
  assert.deepEqual(await ask({ sub: crypto.randomUUID() }), [403, "user_not_found"]);
  assert.deepEqual(await ask({ sub: "nobody" }), [400, "bad_jwt"]);
  assert.deepEqual(await ask({ sub: "" }), [403, "bad_jwt"]);
  assert.deepEqual(await ask({ session_id: "none" }), [403, "bad_jwt"]);
  assert.deepEqual(await ask({ session_id: crypto.randomUUID() }), [403, "session_not_found"]);
});
