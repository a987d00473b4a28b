import assert from "node:assert/strict";
import { accessToken, person, refusal, signUp, Stack, test } from "./support.ts";

const stack = Stack.use();

test("a sign-up answers a session and the user as GoTrue writes it", async () => {
  const { email, password, name } = person();
  const { data, error } = await stack.auth.client().auth.signUp({
    email,
    password,
    options: { data: { name } },
  });
  assert.equal(error, null);
  const { user, session } = data;
  assert.ok(user && session);
  assert.deepEqual(Object.keys(user).sort(), [
    "app_metadata",
    "aud",
    "confirmed_at",
    "created_at",
    "email",
    "email_confirmed_at",
    "id",
    "identities",
    "is_anonymous",
    "last_sign_in_at",
    "phone",
    "role",
    "updated_at",
    "user_metadata",
  ]);
  assert.equal(user.phone, "");
  assert.match(user.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  assert.deepEqual(user.app_metadata, { provider: "email", providers: ["email"] });
  const metadata = { sub: user.id, email, name, email_verified: true, phone_verified: false };
  assert.deepEqual(user.user_metadata, metadata);
  assert.deepEqual(user.identities?.[0]?.identity_data, { ...metadata, email_verified: false });
  assert.equal(session.expires_in, 86_400);
});

test("a sign-up writes auth.users in GoTrue's order, so that triggers see the confirmation as an update", async () => {
  const { database } = stack.auth;
  await database.script(`
    create table public.seen (at serial, what text, confirmed boolean, providers jsonb);
    grant all on public.seen, public.seen_at_seq to public;
    create function public.see() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      insert into public.seen (what, confirmed, providers)
      values (tg_op, new.email_confirmed_at is not null, new.raw_app_meta_data -> 'providers');
      return null;
    end $$;
    create trigger see after insert or update of email_confirmed_at on auth.users
      for each row execute function public.see();
  `);
  await signUp(stack.auth);
  const seen = await database.query("select what, confirmed, providers from public.seen order by at");
  await database.script("drop trigger see on auth.users");
  assert.deepEqual(seen, [
    { what: "INSERT", confirmed: false, providers: ["email"] },
    { what: "UPDATE", confirmed: true, providers: ["email"] },
  ]);
});

test("a sign-up that a trigger refuses leaves nothing behind", async () => {
  const { database } = stack.auth;
  const { email, password } = person();
  await database.script(`
    create function public.refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
    create trigger refuse before insert on auth.identities for each row execute function public.refuse();
  `);
  const { error } = await stack.auth.client().auth.signUp({ email, password });
  await database.script("drop trigger refuse on auth.identities");
  assert.equal(error?.status, 500);
  assert.deepEqual(await database.query("select id from auth.users where email = $1", [email]), []);
});

test("a trigger that violates a constraint of the project is answered as GoTrue answers it", async () => {
  const { database } = stack.auth;
  const { email, password } = person();
  await database.script(`
    create table public.once (one int unique);
    insert into public.once values (1);
    grant all on public.once to public;
    create function public.twice() returns trigger language plpgsql security definer set search_path = '' as $$
    begin insert into public.once values (1); return new; end $$;
    create trigger twice before insert on auth.users for each row execute function public.twice();
  `);
  const { error } = await stack.auth.client().auth.signUp({ email, password });
  await database.script("drop trigger twice on auth.users");
  assert.deepEqual([error?.status, error?.message], [500, "Database error saving new user"]);
});

test("a password that a seed has hashed with pgcrypto signs in", async () => {
  const { email, password } = person();
  await stack.auth.database.query(
    `insert into auth.users (id, email, encrypted_password, email_confirmed_at)
     values (gen_random_uuid(), $1, extensions.crypt($2, extensions.gen_salt('bf', 4)), now())`,
    [email, password],
  );
  const { data, error } = await stack.auth.client().auth.signInWithPassword({ email, password });
  assert.equal(error, null);
  assert.deepEqual([data.user?.role, data.user?.identities], ["authenticated", []]);
});

test("a taken address is refused with user_already_exists", async () => {
  const { email } = await signUp(stack.auth);
  const { error } = await stack.auth.client().auth.signUp({
    email: email.toUpperCase(),
    password: "another password",
  });
  assert.deepEqual(refusal(error), [422, "user_already_exists"]);
});

test("of eight simultaneous sign-ups with one address one succeeds and none fails otherwise", async () => {
  const { email, password } = person();
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => stack.auth.client().auth.signUp({ email, password })),
  );
  assert.equal(answers.filter(({ error }) => !error).length, 1);
  assert.deepEqual(
    new Set(answers.flatMap(({ error }) => error ? [error.code] : [])),
    new Set(["user_already_exists"]),
  );
});

test("a short password is refused with weak_password and its reasons", async () => {
  const { email } = person();
  const { error } = await stack.auth.client().auth.signUp({ email, password: "seven77" });
  assert.deepEqual(refusal(error), [422, "weak_password"]);
  assert.deepEqual(error && "reasons" in error && error.reasons, ["length"]);
});

test("a sign-in with the password answers a new session", async () => {
  const { email, password, client } = await signUp(stack.auth);
  const { data, error } = await stack.auth.client().auth.signInWithPassword({
    email: email.toUpperCase(),
    password,
  });
  assert.equal(error, null);
  assert.notEqual(data.session?.access_token, await accessToken(client));
});

test("a wrong password and an unknown address get the same refusal", async () => {
  const { email } = await signUp(stack.auth);
  const client = stack.auth.client();
  const wrong = await client.auth.signInWithPassword({ email, password: "wrong password" });
  const unknown = await client.auth.signInWithPassword({ email: person().email, password: "wrong password" });
  assert.deepEqual(refusal(wrong.error), [400, "invalid_credentials"]);
  assert.deepEqual(refusal(unknown.error), [400, "invalid_credentials"]);
  assert.equal(wrong.error?.message, unknown.error?.message);
});

test("a phone number and a password sign in once the number is confirmed", async () => {
  const { phone, password } = person();
  const client = stack.auth.client();
  const registered = await client.auth.signUp({ phone, password });
  assert.equal(registered.error, null);
  assert.equal(registered.data.session, null);
  assert.deepEqual(refusal((await client.auth.signInWithPassword({ phone, password })).error), [
    400,
    "phone_not_confirmed",
  ]);
  const { user } = registered.data;
  await stack.auth.admin().auth.admin.updateUserById(user!.id, { phone_confirm: true });
  const { data } = await client.auth.signInWithPassword({ phone, password });
  assert.equal(data.user?.phone, phone.slice(1));
  assert.ok(data.user?.phone_confirmed_at);
  assert.equal(data.user?.email_confirmed_at, undefined);
});

test("a banned user can neither sign in nor read themselves", async () => {
  const { email, password, client, user } = await signUp(stack.auth);
  await stack.auth.admin().auth.admin.updateUserById(user.id, { ban_duration: "1h" });
  const signIn = await stack.auth.client().auth.signInWithPassword({ email, password });
  assert.deepEqual(refusal(signIn.error), [400, "user_banned"]);
  assert.deepEqual(refusal((await client.auth.getUser(await accessToken(client))).error), [
    403,
    "user_banned",
  ]);
  await stack.auth.admin().auth.admin.updateUserById(user.id, { ban_duration: "none" });
  assert.equal((await stack.auth.client().auth.signInWithPassword({ email, password })).error, null);
});

for (const softly of [false, true]) {
  test(`a ${softly ? "softly " : ""}deleted user can neither sign in nor use an old token`, async () => {
    const { email, password, client, user } = await signUp(stack.auth);
    const token = await accessToken(client);
    const { error } = await stack.auth.admin().auth.admin.deleteUser(user.id, softly);
    assert.equal(error, null);
    const signIn = await stack.auth.client().auth.signInWithPassword({ email, password });
    assert.deepEqual(refusal(signIn.error), [400, "invalid_credentials"]);
    assert.deepEqual(refusal((await client.auth.getUser(token)).error), [403, "user_not_found"]);
  });
}
