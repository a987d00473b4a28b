import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { codeIn, person, refusal, Stack, test, type TestAuth } from "./support.ts";

const stack = Stack.use();

/** The latest code that went to a number. */
async function codeTo(auth: TestAuth, phone: string): Promise<string> {
  return codeIn((await auth.inbox.wait(({ kind, to }) => kind === "sms" && to === phone)).text);
}

function otherCode(code: string): string {
  return code === "123456" ? "654321" : "123456";
}

/** Somebody whose number is confirmed. */
async function confirmed(auth: TestAuth) {
  const { phone } = person();
  const client = auth.client();
  await client.auth.signInWithOtp({ phone });
  await client.auth.verifyOtp({ phone, token: await codeTo(auth, phone), type: "sms" });
  return { phone, client };
}

test("a code by SMS makes the user when it is sent and confirms when it is used, in GoTrue's columns", async () => {
  const { phone, name } = person();
  const client = stack.auth.client();
  const { error } = await client.auth.signInWithOtp({ phone, options: { data: { name } } });
  assert.equal(error, null);
  const stored = phone.slice(1);
  const code = await codeTo(stack.auth, phone);
  const columns = "phone, phone_confirmed_at, confirmed_at, confirmation_token, raw_app_meta_data";
  const [before] = await stack.auth.database.query(`select ${columns} from auth.users where phone = $1`, [
    stored,
  ]);
  assert.equal(before?.phone_confirmed_at, null);
  assert.match(String(before?.confirmation_token), /^sms_[0-9a-f]{56}$/);
  assert.deepEqual(before?.raw_app_meta_data, { provider: "phone", providers: ["phone"] });
  const { data } = await client.auth.verifyOtp({ phone, token: code, type: "sms" });
  assert.ok(data.session);
  assert.equal(data.user?.phone, stored);
  assert.equal(data.user?.email, "");
  assert.ok(data.user?.phone_confirmed_at);
  assert.equal(data.user?.email_confirmed_at, undefined);
  assert.equal(data.user?.user_metadata.name, name);
  const [after] = await stack.auth.database.query(`select ${columns} from auth.users where phone = $1`, [
    stored,
  ]);
  assert.ok(after?.phone_confirmed_at);
  assert.ok(after?.confirmed_at);
  assert.equal(after?.confirmation_token, "");
});

test("a trigger sees an unconfirmed insert and then the confirmation as an update", async () => {
  const { database } = stack.auth;
  await database.script(`
    create table public.phones (at serial, what text, confirmed boolean);
    grant all on public.phones, public.phones_at_seq to public;
    create function public.see_phone() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      insert into public.phones (what, confirmed) values (tg_op, new.phone_confirmed_at is not null);
      return null;
    end $$;
    create trigger see_phone after insert or update of phone_confirmed_at on auth.users
      for each row execute function public.see_phone();
  `);
  await confirmed(stack.auth);
  const seen = await database.query("select what, confirmed from public.phones order by at");
  await database.script("drop trigger see_phone on auth.users");
  assert.deepEqual(seen, [{ what: "INSERT", confirmed: false }, { what: "UPDATE", confirmed: true }]);
});

test("a number is one number however it is written", async () => {
  const { phone } = person();
  const client = stack.auth.client();
  await client.auth.signInWithOtp({ phone: `${phone.slice(0, 5)} ${phone.slice(5)}` });
  const token = await codeTo(stack.auth, phone);
  const { data } = await client.auth.verifyOtp({ phone: phone.slice(1), token, type: "sms" });
  assert.equal(data.user?.phone, phone.slice(1));
});

test("what is no number is refused", async () => {
  for (const phone of ["12", "+0123456789", "not a number", "+1 (555) 1234567", "+12345678901234567"]) {
    const { error } = await stack.auth.client().auth.signInWithOtp({ phone: phone === "12" ? "x12" : phone });
    assert.deepEqual(refusal(error), [400, "validation_failed"]);
  }
});

test("a second sign-in finds the same user", async () => {
  const auth = await stack.start({});
  const { phone, client } = await confirmed(auth);
  const first = (await client.auth.getUser()).data.user?.id;
  auth.clock.advance(61);
  await client.auth.signInWithOtp({ phone });
  const { data } = await client.auth.verifyOtp({ phone, token: await codeTo(auth, phone), type: "sms" });
  assert.equal(data.user?.id, first);
});

test("a code works once", async () => {
  const { phone } = person();
  const client = stack.auth.client();
  await client.auth.signInWithOtp({ phone });
  const token = await codeTo(stack.auth, phone);
  assert.equal((await client.auth.verifyOtp({ phone, token, type: "sms" })).error, null);
  assert.deepEqual(refusal((await client.auth.verifyOtp({ phone, token, type: "sms" })).error), [
    403,
    "otp_expired",
  ]);
});

test("of ten simultaneous uses of one code one succeeds", async () => {
  const auth = await stack.start({ sms: { attemptsPerCode: 100 } });
  const { phone } = person();
  await auth.client().auth.signInWithOtp({ phone });
  const token = await codeTo(auth, phone);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => auth.client().auth.verifyOtp({ phone, token, type: "sms" })),
  );
  assert.equal(answers.filter(({ error }) => !error).length, 1);
});

test("a code ends after ten minutes, not before", async () => {
  const auth = await stack.start({});
  auth.clock.stop();
  const { phone } = person();
  const client = auth.client();
  await client.auth.signInWithOtp({ phone });
  auth.clock.advance(599);
  assert.equal(
    (await client.auth.verifyOtp({ phone, token: await codeTo(auth, phone), type: "sms" })).error,
    null,
  );
  auth.clock.advance(61);
  await client.auth.signInWithOtp({ phone });
  auth.clock.advance(601);
  const late = await client.auth.verifyOtp({ phone, token: await codeTo(auth, phone), type: "sms" });
  assert.deepEqual(refusal(late.error), [403, "otp_expired"]);
});

test("the fifth try may be right, the sixth comes too late", async () => {
  const auth = await stack.start({});
  const { phone } = person();
  const client = auth.client();
  const tryWrong = async (times: number, code: string) => {
    for (let at = 0; at < times; at++) {
      const { error } = await client.auth.verifyOtp({ phone, token: otherCode(code), type: "sms" });
      assert.deepEqual(refusal(error), [403, "otp_expired"]);
    }
  };
  await client.auth.signInWithOtp({ phone });
  const first = await codeTo(auth, phone);
  await tryWrong(5, first);
  const sixth = await client.auth.verifyOtp({ phone, token: first, type: "sms" });
  assert.deepEqual(refusal(sixth.error), [403, "otp_expired"]);
  auth.clock.advance(61);
  await client.auth.signInWithOtp({ phone });
  const second = await codeTo(auth, phone);
  await tryWrong(4, second);
  assert.equal((await client.auth.verifyOtp({ phone, token: second, type: "sms" })).error, null);
});

test("simultaneous tries count one by one", async () => {
  const { phone } = person();
  await stack.auth.client().auth.signInWithOtp({ phone });
  const code = await codeTo(stack.auth, phone);
  const wrong = Array.from({ length: 5 }, () => otherCode(code));
  const answers = await Promise.all(
    [...wrong, code].map((token) => stack.auth.client().auth.verifyOtp({ phone, token, type: "sms" })),
  );
  const last = await stack.auth.client().auth.verifyOtp({ phone, token: code, type: "sms" });
  assert.ok(answers.filter(({ error }) => !error).length <= 1);
  assert.deepEqual(refusal(last.error), [403, "otp_expired"]);
});

test("the hash of a code is no link, so that guesses cannot go around the count", async () => {
  const { phone } = person();
  await stack.auth.client().auth.signInWithOtp({ phone });
  const hash = createHash("sha224").update(phone.slice(1) + await codeTo(stack.auth, phone)).digest("hex");
  for (const token_hash of [hash, `sms_${hash}`]) {
    for (const type of ["signup", "email", "invite", "magiclink"] as const) {
      const { error } = await stack.auth.client().auth.verifyOtp({ token_hash, type });
      assert.deepEqual(refusal(error), [403, "otp_expired"]);
    }
  }
});

test("a code belongs to its number", async () => {
  const [mine, yours] = [person().phone, person().phone];
  const client = stack.auth.client();
  await client.auth.signInWithOtp({ phone: mine });
  await client.auth.signInWithOtp({ phone: yours });
  const token = await codeTo(stack.auth, mine);
  if (token === await codeTo(stack.auth, yours)) return;
  assert.deepEqual(refusal((await client.auth.verifyOtp({ phone: yours, token, type: "sms" })).error), [
    403,
    "otp_expired",
  ]);
  assert.equal((await client.auth.verifyOtp({ phone: mine, token, type: "sms" })).error, null);
});

test("an unknown number gets the same answer as a wrong code", async () => {
  const { phone } = person();
  const unknown = await stack.auth.client().auth.verifyOtp({ phone, token: "123456", type: "sms" });
  await stack.auth.client().auth.signInWithOtp({ phone });
  const token = otherCode(await codeTo(stack.auth, phone));
  const wrong = await stack.auth.client().auth.verifyOtp({ phone, token, type: "sms" });
  assert.deepEqual(refusal(unknown.error), refusal(wrong.error));
  assert.equal(unknown.error?.message, wrong.error?.message);
});

test("codes to one number keep a minute's distance, for sign-in and resend alike", async () => {
  const auth = await stack.start({});
  const { phone } = person();
  const client = auth.client();
  await client.auth.signInWithOtp({ phone });
  const first = await codeTo(auth, phone);
  for (
    const again of [
      await client.auth.signInWithOtp({ phone }),
      await client.auth.resend({ type: "sms", phone }),
    ]
  ) {
    assert.deepEqual(refusal(again.error), [429, "over_sms_send_rate_limit"]);
    assert.match(
      again.error?.message ?? "",
      /^For security purposes, you can only request this after \d+ seconds\.$/,
    );
  }
  auth.clock.advance(61);
  assert.equal((await client.auth.resend({ type: "sms", phone })).error, null);
  const second = await codeTo(auth, phone);
  assert.equal(auth.inbox.list(phone).length, 2);
  if (first !== second) {
    assert.deepEqual(refusal((await client.auth.verifyOtp({ phone, token: first, type: "sms" })).error), [
      403,
      "otp_expired",
    ]);
  }
  assert.equal((await client.auth.verifyOtp({ phone, token: second, type: "sms" })).error, null);
});

test("eight simultaneous requests for a code send one", async () => {
  const { phone } = person();
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => stack.auth.client().auth.signInWithOtp({ phone })),
  );
  assert.equal(stack.auth.inbox.list(phone).length, 1);
  const codes = new Set(answers.map(({ error }) => error?.code));
  assert.deepEqual(codes, new Set([undefined, "over_sms_send_rate_limit"]));
});

test("an unknown number without shouldCreateUser is answered otp_disabled and gets nothing", async () => {
  const { phone } = person();
  const { error } = await stack.auth.client().auth.signInWithOtp({
    phone,
    options: { shouldCreateUser: false },
  });
  assert.deepEqual(refusal(error), [422, "otp_disabled"]);
  assert.deepEqual(stack.auth.inbox.list(phone), []);
});

test("a banned user's code is refused", async () => {
  const auth = await stack.start({});
  const { phone, client } = await confirmed(auth);
  const id = (await client.auth.getUser()).data.user!.id;
  auth.clock.advance(61);
  await client.auth.signInWithOtp({ phone });
  await auth.admin().auth.admin.updateUserById(id, { ban_duration: "1h" });
  const { error } = await client.auth.verifyOtp({ phone, token: await codeTo(auth, phone), type: "sms" });
  assert.deepEqual(refusal(error), [403, "user_banned"]);
});
