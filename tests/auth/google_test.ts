import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { decodeJwt, SignJWT } from "jose";
import { type OpenIdIssuer, startIssuer } from "./openid_issuer.ts";
import { accessToken, person, refusal, signUp, Stack, test, type TestAuth } from "./support.ts";

const stack = Stack.use();
let google: OpenIdIssuer;
let auth: TestAuth;

Deno.test.beforeAll(async () => {
  google = await startIssuer();
  auth = await startWith({});
});
Deno.test.afterAll(() => google.close());

function startWith(
  settings: { email?: { autoConfirm: boolean }; skipNonceCheck?: boolean; enabled?: boolean },
) {
  const { email, ...changes } = settings;
  const { issuer, jwksUrl, clientId } = google;
  return stack.start({
    ...(email ? { email } : {}),
    google: {
      enabled: true,
      issuer,
      jwksUrl,
      clientIds: ["other", clientId],
      skipNonceCheck: true,
      ...changes,
    },
  });
}

/** Somebody new at the provider. */
function account() {
  return { sub: String(crypto.getRandomValues(new Uint32Array(2)).join("")), ...person() };
}

function signIn(on: TestAuth, token: string, more: { nonce?: string; access_token?: string } = {}) {
  return on.client().auth.signInWithIdToken({ provider: "google", token, ...more });
}

test("a first sign-in makes the user from what Google says", async () => {
  const { sub, email, name } = account();
  const picture = "https://pictures.test/1";
  const { data, error } = await signIn(
    auth,
    await google.sign({ sub, email, name, picture, hd: "example.com" }),
  );
  assert.equal(error, null);
  const { user, session } = data;
  assert.deepEqual(user?.app_metadata, { provider: "google", providers: ["google"] });
  assert.ok(user?.email_confirmed_at);
  const described = {
    iss: google.issuer,
    sub,
    name,
    picture,
    email,
    avatar_url: picture,
    full_name: name,
    provider_id: sub,
    custom_claims: { hd: "example.com" },
    email_verified: true,
    phone_verified: false,
  };
  assert.deepEqual(user?.user_metadata, described);
  assert.deepEqual(user?.identities?.[0]?.identity_data, described);
  assert.equal(user?.identities?.[0]?.id, sub);
  assert.equal((decodeJwt(session!.access_token).amr as { method: string }[])[0]?.method, "oauth");
});

test("a second sign-in finds the user and takes over what has changed", async () => {
  const { sub, email, name } = account();
  const first = await signIn(auth, await google.sign({ sub, email, name }));
  const second = await signIn(auth, await google.sign({ sub, email, name: "Renamed" }));
  assert.equal(second.data.user?.id, first.data.user?.id);
  assert.equal(second.data.user?.user_metadata.full_name, "Renamed");
  assert.equal(second.data.user?.identities?.length, 1);
});

test("six simultaneous first sign-ins make one user", async () => {
  const { sub, email } = account();
  const token = await google.sign({ sub, email });
  const answers = await Promise.all(Array.from({ length: 6 }, () => signIn(auth, token)));
  assert.deepEqual(answers.map(({ error }) => error), Array(6).fill(null));
  assert.equal(new Set(answers.map(({ data }) => data.user?.id)).size, 1);
});

test("a verified address links the account to the user who has it, writing in GoTrue's order", async () => {
  const { client, user, email, password } = await signUp(auth);
  const { sub, name } = account();
  await auth.database.script(`
    create table public.writes (at serial, what text, providers jsonb, signed_in timestamptz);
    grant all on public.writes, public.writes_at_seq to public;
    create function public.note_write() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      if tg_table_name = 'users' then
        insert into public.writes (what, providers, signed_in)
        values (tg_table_name, new.raw_app_meta_data -> 'providers', new.last_sign_in_at);
      else
        insert into public.writes (what) values (tg_table_name);
      end if;
      return null;
    end $$;
    create trigger note_write after insert on auth.identities for each row execute function public.note_write();
    create trigger note_write after insert on auth.sessions for each row execute function public.note_write();
    create trigger note_write after update of raw_app_meta_data, last_sign_in_at on auth.users
      for each row execute function public.note_write();
  `);
  const { data } = await signIn(auth, await google.sign({ sub, email: email.toUpperCase(), name }));
  const writes = await auth.database.query<{ what: string; providers: string[] | null }>(
    "select what, providers from public.writes order by at",
  );
  await auth.database.script(`
    drop trigger note_write on auth.identities;
    drop trigger note_write on auth.sessions;
    drop trigger note_write on auth.users;
  `);
  assert.equal(data.user?.id, user.id);
  const both = ["email", "google"];
  assert.deepEqual(data.user?.app_metadata, { provider: "email", providers: both });
  assert.deepEqual(writes, [
    { what: "identities", providers: null },
    { what: "users", providers: both },
    { what: "sessions", providers: null },
    { what: "users", providers: both },
  ]);
  assert.equal((await client.auth.getUser(await accessToken(client))).error, null);
  assert.equal((await auth.client().auth.signInWithPassword({ email, password })).error, null);
});

test("linking to a never confirmed address removes its password and other identities", async () => {
  const strict = await startWith({ email: { autoConfirm: false } });
  const { sub, email, password } = account();
  await strict.client().auth.signUp({ email, password, options: { data: { planted: true } } });
  const { data } = await signIn(strict, await google.sign({ sub, email }));
  assert.deepEqual(data.user?.identities?.map(({ provider }) => provider), ["google"]);
  assert.equal(data.user?.user_metadata.planted, undefined);
  const attack = await strict.client().auth.signInWithPassword({ email, password });
  assert.deepEqual(refusal(attack.error), [400, "invalid_credentials"]);
});

test("an unverified address links to nobody where addresses need confirming", async () => {
  const strict = await startWith({ email: { autoConfirm: false } });
  const { user, email } = await signUp(stack.auth);
  const { error } = await signIn(
    strict,
    await google.sign({ sub: account().sub, email, email_verified: false }),
  );
  assert.deepEqual(refusal(error), [422, "provider_email_needs_verification"]);
  const [row] = await auth.database.query<{ count: number }>(
    "select count(*)::int as count from auth.identities where user_id = $1",
    [user.id],
  );
  assert.equal(row?.count, 1);
});

test("an unverified new address gets a confirmation mail instead of a session", async () => {
  const strict = await startWith({ email: { autoConfirm: false } });
  const { sub, email } = account();
  const { error } = await signIn(strict, await google.sign({ sub, email, email_verified: false }));
  assert.deepEqual(refusal(error), [422, "provider_email_needs_verification"]);
  const { text } = await strict.inbox.wait(({ to }) => to === email);
  const token = /\d{6}$/.exec(text)?.[0] ?? "";
  const { data } = await strict.client().auth.verifyOtp({ email, token, type: "signup" });
  assert.ok(data.session);
});

test("where addresses are confirmed automatically, GoTrue takes an unverified one for verified", async () => {
  const { sub, email } = account();
  const { data } = await signIn(auth, await google.sign({ sub, email, email_verified: false }));
  assert.ok(data.session);
  assert.equal(data.user?.user_metadata.email_verified, true);
  assert.equal(data.user?.identities?.[0]?.identity_data?.email_verified, false);
});

test("a token for another client is refused", async () => {
  const { error } = await signIn(auth, await google.sign({ sub: "1", aud: "somebody.else" }));
  assert.equal(error?.status, 400);
  assert.equal(error?.message, "Unacceptable audience in id_token: [somebody.else]");
});

test("a token of another issuer, an expired one and one without expiry are refused", async () => {
  const now = Math.floor(Date.now() / 1000);
  for (
    const claims of [{ iss: "https://evil.example" }, { exp: now - 10 }, { exp: undefined }, {
      sub: undefined,
    }]
  ) {
    const { error } = await signIn(auth, await google.sign({ sub: "1", email: person().email, ...claims }));
    assert.equal(error?.status, 400);
    assert.match(error?.message ?? "", /^(Bad ID token|Missing sub claim in id_token)$/);
  }
});

test("a token of another key, an unsigned one and one signed with a shared secret are refused", async () => {
  const claims = { sub: "1", email: person().email };
  const foreign = await google.sign(claims, { foreignKey: true });
  const [, payload] = (await google.sign(claims)).split(".");
  const unsigned = `${btoa(JSON.stringify({ alg: "none" })).replaceAll("=", "")}.${payload}.`;
  const shared = await new SignJWT({ ...claims, iss: google.issuer, aud: google.clientId })
    .setProtectedHeader({ alg: "HS256", kid: "one" })
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode("secret".repeat(10)));
  for (const token of [foreign, unsigned, shared, "nonsense", "a.b.c"]) {
    const { error } = await signIn(auth, token);
    assert.deepEqual([error?.status, error?.message], [400, "Bad ID token"]);
  }
});

test("the nonce of a token must be the hash of the given one, unless the project skips the check", async () => {
  const strict = await startWith({ skipNonceCheck: false });
  const nonce = crypto.randomUUID();
  const hashed = createHash("sha256").update(nonce).digest("hex");
  const { sub, email } = account();
  const token = await google.sign({ sub, email, nonce: hashed });
  assert.equal((await signIn(strict, token, { nonce })).error, null);
  const mismatch = await signIn(strict, token, { nonce: "another" });
  assert.equal(mismatch.error?.message, "Nonces mismatch");
  const missing = await signIn(strict, token);
  assert.equal(missing.error?.message, "Passed nonce and nonce in id_token should either both exist or not.");
  assert.equal((await signIn(auth, token)).error, null);
});

test("at_hash binds the token to its access token when that is given", async () => {
  const at_hash = createHash("sha256").update("access").digest().subarray(0, 16).toString("base64url");
  const token = await google.sign({ ...account(), at_hash });
  assert.equal((await signIn(auth, token, { access_token: "access" })).error, null);
  assert.equal((await signIn(auth, token, { access_token: "other" })).error?.message, "Bad ID token");
});

test("a banned user cannot come in through Google", async () => {
  const { sub, email } = account();
  const token = await google.sign({ sub, email });
  const { data } = await signIn(auth, token);
  await auth.admin().auth.admin.updateUserById(data.user!.id, { ban_duration: "1h" });
  assert.deepEqual(refusal((await signIn(auth, token)).error), [403, "user_banned"]);
});

test("other providers, and Google where it is off, are refused", async () => {
  const client = auth.client();
  const other = await client.auth.signInWithIdToken({ provider: "apple", token: "x" });
  assert.deepEqual(refusal(other.error), [400, "validation_failed"]);
  const off = await startWith({ enabled: false });
  assert.deepEqual(refusal((await signIn(off, "x")).error), [400, "provider_disabled"]);
});
