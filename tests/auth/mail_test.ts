import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { codeIn, linkIn, person, refusal, signUp, Stack, test, type TestAuth } from "./support.ts";

const stack = Stack.use();

/** The latest mail to an address. */
async function mailTo(auth: TestAuth, email: string, subject?: string): Promise<string> {
  const message = await auth.inbox.wait((one) => one.to === email && (!subject || one.subject === subject));
  return message.text;
}

/** Follows a mail's link; answers where it leads. */
async function follow(link: string): Promise<URL> {
  const answer = await fetch(link, { redirect: "manual" });
  await answer.body?.cancel();
  assert.equal(answer.status, 303);
  return new URL(answer.headers.get("location")!);
}

function fragment(url: URL): URLSearchParams {
  return new URLSearchParams(url.hash.slice(1));
}

test("a magic link leads to this API and from there back with a session", async () => {
  const { email, user } = await signUp(stack.auth);
  await stack.auth.client().auth.signInWithOtp({
    email,
    options: { emailRedirectTo: "http://127.0.0.1:3000/welcome?from=mail" },
  });
  const link = linkIn(await mailTo(stack.auth, email));
  assert.equal(new URL(link).origin, stack.auth.url);
  const target = await follow(link);
  assert.equal(target.origin + target.pathname + target.search, "http://127.0.0.1:3000/welcome?from=mail");
  const members = fragment(target);
  assert.equal(members.get("type"), "magiclink");
  assert.equal(decodeJwt(members.get("access_token")!).sub, user.id);
  const client = stack.auth.client();
  const { error } = await client.auth.setSession({
    access_token: members.get("access_token")!,
    refresh_token: members.get("refresh_token")!,
  });
  assert.equal(error, null);
});

test("a link works once", async () => {
  const { email } = await signUp(stack.auth);
  await stack.auth.client().auth.signInWithOtp({ email });
  const link = linkIn(await mailTo(stack.auth, email));
  await follow(link);
  const members = fragment(await follow(link));
  assert.deepEqual([members.get("error"), members.get("error_code")], ["access_denied", "otp_expired"]);
});

test("an empty token is nobody's, although used tokens are stored empty", async () => {
  const auth = await stack.start({ email: { autoConfirm: false } });
  const { email, password } = person();
  const client = auth.client();
  await client.auth.signUp({ email, password });
  await client.auth.verifyOtp({ email, token: codeIn(await mailTo(auth, email)), type: "signup" });
  for (const type of ["signup", "email", "invite", "recovery", "magiclink", "email_change"]) {
    const members = fragment(await follow(`${auth.url}/auth/v1/verify?type=${type}&token=%00`));
    assert.equal(members.get("error_code"), "otp_expired");
    for (const token_hash of ["", " ", "\0"]) {
      const answer = await auth.fetch("/verify", {
        method: "POST",
        body: JSON.stringify({ type, token_hash }),
      });
      await answer.body?.cancel();
      assert.ok(answer.status >= 400);
    }
  }
});

test("the code of the same mail signs in, once, with type email", async () => {
  const { email, user } = await signUp(stack.auth);
  const client = stack.auth.client();
  await client.auth.signInWithOtp({ email });
  const token = codeIn(await mailTo(stack.auth, email));
  const { data, error } = await client.auth.verifyOtp({ email, token, type: "email" });
  assert.equal(error, null);
  assert.equal(data.user?.id, user.id);
  assert.ok(data.session);
  assert.deepEqual(refusal((await client.auth.verifyOtp({ email, token, type: "email" })).error), [
    403,
    "otp_expired",
  ]);
});

test("of five simultaneous uses of one code one succeeds", async () => {
  const { email } = await signUp(stack.auth);
  await stack.auth.client().auth.signInWithOtp({ email });
  const token = codeIn(await mailTo(stack.auth, email));
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => stack.auth.client().auth.verifyOtp({ email, token, type: "email" })),
  );
  assert.equal(answers.filter(({ error }) => !error).length, 1);
});

test("a code ends after ten minutes", async () => {
  const auth = await stack.start({});
  const { email } = await signUp(auth);
  const client = auth.client();
  await client.auth.signInWithOtp({ email });
  const text = await mailTo(auth, email);
  auth.clock.advance(601);
  const { error } = await client.auth.verifyOtp({ email, token: codeIn(text), type: "email" });
  assert.deepEqual(refusal(error), [403, "otp_expired"]);
  const members = fragment(await follow(linkIn(text)));
  assert.equal(members.get("error_code"), "otp_expired");
});

test("the token hash of a link signs in through verifyOtp", async () => {
  const { email } = await signUp(stack.auth);
  const client = stack.auth.client();
  await client.auth.signInWithOtp({ email });
  const token_hash = new URL(linkIn(await mailTo(stack.auth, email))).searchParams.get("token")!;
  const { error } = await client.auth.verifyOtp({ token_hash, type: "email" });
  assert.equal(error, null);
});

test("a magic link for somebody new makes the account, unless shouldCreateUser forbids it", async () => {
  const { email, name } = person();
  const client = stack.auth.client();
  const refused = await client.auth.signInWithOtp({ email, options: { shouldCreateUser: false } });
  assert.deepEqual(refusal(refused.error), [422, "otp_disabled"]);
  const { error } = await client.auth.signInWithOtp({ email, options: { data: { name } } });
  assert.equal(error, null);
  const { data } = await client.auth.verifyOtp({
    email,
    token: codeIn(await mailTo(stack.auth, email)),
    type: "email",
  });
  assert.equal(data.user?.user_metadata.name, name);
});

test("a redirect that the project does not allow becomes the site's address", async () => {
  const auth = await stack.start({ redirectUrls: ["https://*.convene.test/**", "convene://**"] });
  const { email } = await signUp(auth);
  const targetOf = async (emailRedirectTo: string) => {
    auth.clock.advance(2);
    await auth.client().auth.signInWithOtp({ email, options: { emailRedirectTo } });
    const target = await follow(linkIn(await mailTo(auth, email)));
    return target.href.split("#")[0];
  };
  assert.equal(await targetOf("https://app.convene.test/a/b"), "https://app.convene.test/a/b");
  assert.equal(await targetOf("convene://callback"), "convene://callback");
  for (
    const foreign of [
      "https://evil.example/",
      "https://a.b.convene.test/",
      "http://2130706433/",
      "javascript:alert(1)",
    ]
  ) {
    assert.equal(await targetOf(foreign), "http://127.0.0.1:3000/");
  }
});

test("a recovery lets the user set a new password, and tells strangers nothing", async () => {
  const { email } = await signUp(stack.auth);
  const client = stack.auth.client();
  assert.equal((await client.auth.resetPasswordForEmail(person().email)).error, null);
  assert.equal((await client.auth.resetPasswordForEmail(email)).error, null);
  const token = codeIn(await mailTo(stack.auth, email, "Reset Your Password"));
  const { data, error } = await client.auth.verifyOtp({ email, token, type: "recovery" });
  assert.equal(error, null);
  assert.ok(data.session);
  await client.auth.updateUser({ password: "recovered password" });
  const signIn = await stack.auth.client().auth.signInWithPassword({ email, password: "recovered password" });
  assert.equal(signIn.error, null);
});

test("mails to one person keep their distance", async () => {
  const auth = await stack.start({});
  auth.clock.stop();
  const { email } = await signUp(auth);
  const client = auth.client();
  await client.auth.resetPasswordForEmail(email);
  const { error } = await client.auth.resetPasswordForEmail(email);
  assert.deepEqual(refusal(error), [429, "over_email_send_rate_limit"]);
});

test("where addresses need confirming, a sign-up gives no session until the code is used", async () => {
  const auth = await stack.start({ email: { autoConfirm: false } });
  const { email, password } = person();
  const client = auth.client();
  const registered = await client.auth.signUp({ email, password });
  assert.equal(registered.data.session, null);
  assert.ok(registered.data.user?.confirmation_sent_at);
  assert.equal(registered.data.user?.email_confirmed_at, undefined);
  const early = await client.auth.signInWithPassword({ email, password });
  assert.deepEqual(refusal(early.error), [400, "email_not_confirmed"]);
  auth.clock.advance(2);
  assert.equal((await client.auth.resend({ type: "signup", email })).error, null);
  const token = codeIn(await mailTo(auth, email));
  const { data } = await client.auth.verifyOtp({ email, token, type: "signup" });
  assert.ok(data.session);
  assert.equal(data.user?.identities?.[0]?.identity_data?.email_verified, true);
  assert.equal((await client.auth.signInWithPassword({ email, password })).error, null);
});

test("where addresses need confirming, a sign-up with a taken one answers an invented user", async () => {
  const auth = await stack.start({ email: { autoConfirm: false }, sms: { autoConfirm: false } });
  const { email, user } = await signUp(stack.auth);
  const { data, error } = await auth.client().auth.signUp({ email, password: "another password" });
  assert.equal(error, null);
  assert.notEqual(data.user?.id, user.id);
  assert.deepEqual(data.user?.identities, []);
});

test("a secure change of address needs both addresses", async () => {
  const auth = await stack.start({ email: { autoConfirm: false, secureChange: true } });
  const [{ email, password }, { email: next }] = [person(), person()];
  await auth.admin().auth.admin.createUser({ email, password, email_confirm: true });
  const changer = auth.client();
  await changer.auth.signInWithPassword({ email, password });
  const asked = await changer.auth.updateUser({ email: next });
  assert.deepEqual([asked.data.user?.email, asked.data.user?.new_email], [email, next]);
  const one = fragment(await follow(linkIn(await mailTo(auth, email, "Confirm Email Change"))));
  assert.match(one.get("message") ?? "", /^Confirmation link accepted/);
  const code = codeIn(await mailTo(auth, next, "Confirm Email Change"));
  const { data } = await changer.auth.verifyOtp({ email: next, token: code, type: "email_change" });
  assert.deepEqual([data.user?.email, data.user?.new_email], [next, undefined]);
  assert.equal(data.user?.identities?.[0]?.identity_data?.email, next);
});

test("an address that somebody else took before the change was confirmed stays theirs", async () => {
  const { client } = await signUp(stack.auth);
  const { email, password } = person();
  await client.auth.updateUser({ email });
  const token = codeIn(await mailTo(stack.auth, email));
  await stack.auth.client().auth.signUp({ email, password });
  const { error } = await client.auth.verifyOtp({ email, token, type: "email_change" });
  assert.deepEqual(refusal(error), [422, "email_exists"]);
});

test("a link of the PKCE flow leads to a code that only its client can exchange", async () => {
  const { email, user } = await signUp(stack.auth);
  const client = stack.auth.client({ flowType: "pkce" });
  await client.auth.signInWithOtp({ email, options: { emailRedirectTo: "http://127.0.0.1:3000/done" } });
  const target = await follow(linkIn(await mailTo(stack.auth, email)));
  assert.equal(target.hash, "");
  const code = target.searchParams.get("code")!;
  const stolen = await stack.auth.fetch("/token?grant_type=pkce", {
    method: "POST",
    body: JSON.stringify({ auth_code: code, code_verifier: "v".repeat(43) }),
  });
  assert.deepEqual([stolen.status, (await stolen.json()).error_code], [400, "bad_code_verifier"]);
  const { data, error } = await client.auth.exchangeCodeForSession(code);
  assert.equal(error, null);
  assert.equal(data.user?.id, user.id);
  const again = await stack.auth.fetch("/token?grant_type=pkce", {
    method: "POST",
    body: JSON.stringify({ auth_code: code, code_verifier: "v".repeat(43) }),
  });
  assert.deepEqual([again.status, (await again.json()).error_code], [404, "flow_state_not_found"]);
});
