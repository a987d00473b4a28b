import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { makePerson, makeProvider } from "../../support/people.ts";
import { PhonePerson } from "../../support/phones.ts";
import { type TestStack, testStack } from "../../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

Deno.test("GET /api/facilitator/dashboard shows profile, completeness, own offerings and session", async () => {
  const [person, stranger] = [new PhonePerson(stack), new PhonePerson(stack)];
  const facilitator = await person.onboard({ basic_info: { age: 30 } });
  await stranger.onboard();
  await stranger.call("POST", "/api/offerings", { body: { title: "Somebody else's" } });
  const titles = ["Yoga for Beginners", "Yoga for Experts"];
  for (const title of titles) await person.call("POST", "/api/offerings", { body: { title } });

  const { status, body } = await person.call("GET", "/api/facilitator/dashboard");
  assert.equal(status, 200);
  assert.deepEqual(body.profile, facilitator);
  assert.equal(body.completeness.overall_percentage, 63);
  assert.deepEqual(body.offerings.map(({ title }: { title: string }) => title), titles.toReversed());
  assert.equal(body.total_offerings, 2);
  const { body: { offerings } } = await person.call("GET", "/api/facilitator/offerings");
  assert.deepEqual(body.offerings, offerings);
  assert.deepEqual([body.session.user_id, body.session.via], [facilitator.id, "cookie"]);
});

Deno.test("GET /api/facilitator/dashboard counts offerings that are not active, and not deleted ones", async () => {
  const person = new PhonePerson(stack);
  await person.onboard();
  const ids: string[] = [];
  for (const title of ["Kept", "Deleted"]) {
    ids.push((await person.call("POST", "/api/offerings", { body: { title } })).body.offering.id);
  }
  await person.call("PUT", `/api/offerings/${ids[0]}`, { body: { is_active: false } });
  await person.call("DELETE", `/api/offerings/${ids[1]}`);
  const { body } = await person.call("GET", "/api/facilitator/dashboard");
  assert.deepEqual(
    body.offerings.map(({ title, is_active }: { title: string; is_active: boolean }) => [title, is_active]),
    [["Kept", false]],
  );
  assert.equal(body.total_offerings, 1);
});

Deno.test("GET /api/facilitator/dashboard answers 401 without a session and 403 to who is no facilitator", async () => {
  const call = contract(stack, "facilitator");
  assert.equal((await call("GET", "/api/facilitator/dashboard")).status, 401);
  const { token } = await makePerson(stack);
  const { status, body } = await call("GET", "/api/facilitator/dashboard", { token });
  assert.deepEqual([status, body.error], [403, "NOT_A_PROVIDER"]);
});

Deno.test("a token brings its own end as that of the session", async () => {
  const { token } = await makeProvider(stack);
  const { body } = await contract(stack, "facilitator")("GET", "/api/facilitator/dashboard", { token });
  const { exp } = JSON.parse(atob(token.split(".")[1] ?? ""));
  assert.equal(body.session.via, "token");
  assert.equal(Date.parse(body.session.expires_at), exp * 1000);
});

Deno.test("the copy of one's data has the profile's sections, and still the offerings", async () => {
  const provider = await makeProvider(stack);
  await provider.client.rpc("update_my_profile", { sections: { basic_info: { age: 30 } } });
  const { data } = await provider.client.rpc("export_my_data");
  const copy = data as {
    provider_profile: { basic_info: unknown };
    offerings: unknown[];
    exported_at: string;
  };
  assert.deepEqual([copy.provider_profile.basic_info, copy.offerings], [{ age: 30 }, []]);
});
