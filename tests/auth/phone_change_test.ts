import assert from "node:assert/strict";
import { codeIn, person, refusal, signUp, Stack, test } from "./support.ts";

const stack = Stack.use();

test("a number is added to an account once its code is used", async () => {
  const { client, user } = await signUp(stack.auth);
  const { phone } = person();
  const asked = await client.auth.updateUser({ phone });
  assert.deepEqual([asked.data.user?.phone, asked.data.user?.new_phone], ["", phone.slice(1)]);
  const { text } = await stack.auth.inbox.wait(({ to }) => to === phone);
  const token = codeIn(text);
  const { data } = await client.auth.verifyOtp({ phone, token, type: "phone_change" });
  assert.deepEqual([data.user?.id, data.user?.phone, data.user?.new_phone], [
    user.id,
    phone.slice(1),
    undefined,
  ]);
  assert.deepEqual(data.user?.app_metadata.providers, ["email", "phone"]);
});

test("the number of somebody else cannot be taken over", async () => {
  const { phone } = person();
  await stack.auth.admin().auth.admin.createUser({ phone, phone_confirm: true });
  const { client } = await signUp(stack.auth);
  const { error } = await client.auth.updateUser({ phone });
  assert.deepEqual(refusal(error), [422, "phone_exists"]);
});

test("a number that somebody else took before the change was confirmed stays theirs", async () => {
  const { client } = await signUp(stack.auth);
  const { phone } = person();
  await client.auth.updateUser({ phone });
  const { text } = await stack.auth.inbox.wait(({ to }) => to === phone);
  await stack.auth.admin().auth.admin.createUser({ phone, phone_confirm: true });
  const { error } = await client.auth.verifyOtp({ phone, token: codeIn(text), type: "phone_change" });
  assert.deepEqual(refusal(error), [422, "phone_exists"]);
});

test("of two users who ask for one number the one with the code gets it", async () => {
  const [first, second] = [await signUp(stack.auth), await signUp(stack.auth)];
  const { phone } = person();
  await first.client.auth.updateUser({ phone });
  await second.client.auth.updateUser({ phone });
  const [later, earlier] = stack.auth.inbox.list(phone).map(({ text }) => codeIn(text));
  if (later === earlier) return;
  const { data } = await stack.auth.client().auth.verifyOtp({ phone, token: earlier!, type: "phone_change" });
  assert.equal(data.user?.id, first.user.id);
});

test("where phone sign-in is off, GoTrue's refusals say so", async () => {
  const auth = await stack.start({ sms: { enabled: false } });
  const { phone, password } = person();
  const client = auth.client();
  assert.deepEqual(refusal((await client.auth.signInWithOtp({ phone })).error), [
    400,
    "phone_provider_disabled",
  ]);
  assert.deepEqual(refusal((await client.auth.signUp({ phone, password })).error), [
    400,
    "phone_provider_disabled",
  ]);
  assert.deepEqual(refusal((await client.auth.signInWithPassword({ phone, password })).error), [
    422,
    "phone_provider_disabled",
  ]);
});
