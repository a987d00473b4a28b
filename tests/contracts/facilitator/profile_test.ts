import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { anonymousClient, makePerson, makeProvider } from "../../support/people.ts";
import { PhonePerson } from "../../support/phones.ts";
import { type TestStack, testStack } from "../../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const sections = [
  "basic_info",
  "professional_details",
  "bio_about",
  "experience",
  "certifications",
  "visual_profile",
] as const;

async function onboarded(profile: Record<string, unknown> = {}): Promise<PhonePerson> {
  const person = new PhonePerson(stack);
  await person.onboard(profile);
  return person;
}

const read = async (person: PhonePerson) =>
  (await person.call("GET", "/api/facilitator/profile")).body.profile;
const update = (person: PhonePerson, body: unknown) =>
  person.call("PUT", "/api/facilitator/profile", { body });
const updateSection = (person: PhonePerson, section: string, data: unknown) =>
  person.call("PUT", "/api/facilitator/profile/section", { body: { section, data } });
const completeness = async (person: PhonePerson) =>
  (await person.call("GET", "/api/facilitator/profile/check-completeness")).body.completeness;

Deno.test("POST /api/auth/complete-onboarding makes the facilitator with all that was given", async () => {
  const person = new PhonePerson(stack);
  await person.signIn();
  const given = Object.fromEntries(sections.map((name, index) => [name, { value: index, list: [name] }]));
  const { status, body } = await person.call("POST", "/api/auth/complete-onboarding", {
    body: { name: "  John Doe ", email: "john@example.com", ...given },
  });
  assert.equal(status, 201);
  const { id, created_at, updated_at, ...rest } = body.facilitator;
  assert.match(id, /^[0-9a-f-]{36}$/);
  for (const at of [created_at, updated_at]) assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.deepEqual(rest, {
    phone_number: person.phone,
    email: "john@example.com",
    name: "John Doe",
    ...given,
    is_active: true,
  });
  assert.deepEqual(await read(person), body.facilitator);
});

Deno.test("POST /api/auth/complete-onboarding answers 409 to who has done it, and changes nothing", async () => {
  const person = await onboarded({ name: "First" });
  const { status, body } = await person.call("POST", "/api/auth/complete-onboarding", {
    body: { name: "Second" },
  });
  assert.deepEqual([status, body.error], [409, "ALREADY_A_PROVIDER"]);
  assert.equal((await read(person)).name, "First");
});

Deno.test("of ten onboardings at once one succeeds", async () => {
  const person = new PhonePerson(stack);
  await person.signIn();
  const answers = await Promise.all(
    Array.from(
      { length: 10 },
      (_, i) => person.call("POST", "/api/auth/complete-onboarding", { body: { name: `Name ${i}` } }),
    ),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(9).fill(409)]);
});

Deno.test("the same Idempotency-Key gives the onboarding's first answer again", async () => {
  const person = new PhonePerson(stack);
  await person.signIn();
  const send = (name: string) =>
    person.call("POST", "/api/auth/complete-onboarding", {
      body: { name },
      headers: { "idempotency-key": "onboarding" },
    });
  const first = await send("Jane");
  assert.deepEqual((await send("Jane")).body, first.body);
  assert.equal((await send("Joan")).status, 422);
});

Deno.test("before onboarding, the profile's routes answer 403 and say what to do", async () => {
  const person = new PhonePerson(stack);
  await person.signIn();
  for (
    const answer of [
      await person.call("GET", "/api/facilitator/profile"),
      await person.call("GET", "/api/facilitator/profile/check-completeness"),
      await update(person, { name: "Jane" }),
      await updateSection(person, "basic_info", {}),
    ]
  ) {
    assert.deepEqual([answer.status, answer.body.error], [403, "NOT_A_PROVIDER"]);
    assert.match(answer.body.message, /onboarding/);
  }
});

Deno.test("PUT /api/facilitator/profile changes what is given and leaves the rest", async () => {
  const person = await onboarded({ bio_about: { bio: "Teaches" }, experience: { years: 3 } });
  const { status, body } = await update(person, {
    name: "John Doe Updated",
    email: "john.updated@example.com",
    experience: { years: 4 },
  });
  assert.equal(status, 200);
  assert.deepEqual(await read(person), body.profile);
  assert.deepEqual(
    [body.profile.name, body.profile.email, body.profile.bio_about, body.profile.experience],
    ["John Doe Updated", "john.updated@example.com", { bio: "Teaches" }, { years: 4 }],
  );
  assert.equal((await update(person, {})).body.profile.name, "John Doe Updated");
});

Deno.test("PUT /api/facilitator/profile/section merges by top-level key, replaces values whole, and null removes", async () => {
  const person = await onboarded();
  const send = async (data: unknown) =>
    (await updateSection(person, "basic_info", data)).body.profile.basic_info;
  const documented = { age: 30, location: "New York", languages: ["English", "Spanish"] };
  assert.deepEqual(await send(documented), documented);
  assert.deepEqual(await send({ languages: ["French"], extra: { a: 1, b: 2 } }), {
    ...documented,
    languages: ["French"],
    extra: { a: 1, b: 2 },
  });
  assert.deepEqual(await send({ extra: { c: 3 }, location: null }), {
    age: 30,
    languages: ["French"],
    extra: { c: 3 },
  });
  assert.deepEqual(await send({}), { age: 30, languages: ["French"], extra: { c: 3 } });
});

Deno.test("ten changes of different keys at once all arrive", async () => {
  const person = await onboarded();
  await Promise.all(
    Array.from({ length: 10 }, (_, i) => updateSection(person, "experience", { [`key${i}`]: i })),
  );
  assert.equal(Object.keys((await read(person)).experience).length, 10);
});

Deno.test("the six sections are the only ones", async () => {
  const person = await onboarded();
  for (const name of sections) assert.equal((await updateSection(person, name, { a: 1 })).status, 200);
  for (const name of ["other", "", "contact_email", "provider_id", "__proto__", null]) {
    const { status, body } = await updateSection(person, name as string, { a: 1 });
    assert.deepEqual([status, body.details[0].field], [400, "section"]);
  }
});

Deno.test("a section that is no object, or whose documented fields are of another type, is refused by name", async () => {
  const person = await onboarded();
  for (const data of ["text", 1, true, null, ["list"]]) {
    assert.equal((await updateSection(person, "bio_about", data)).status, 400, JSON.stringify(data));
  }
  for (
    const [field, value] of [
      ["age", "thirty"],
      ["age", 30.5],
      ["age", -1],
      ["location", 7],
      ["languages", "English"],
      ["languages", [1]],
    ] as const
  ) {
    const one = await updateSection(person, "basic_info", { [field]: value });
    assert.deepEqual([one.status, one.body.details[0].field.split(".").slice(0, 2).join(".")], [
      400,
      `data.${field}`,
    ]);
    const whole = await update(person, { basic_info: { [field]: value } });
    assert.deepEqual([whole.status, whole.body.details[0].field.split(".")[1]], [400, field]);
    assert.equal(one.body.details[0].reason, whole.body.details[0].reason);
    assert.doesNotMatch(one.body.details[0].reason, /Invalid|expected/);
  }
  assert.deepEqual((await read(person)).basic_info, {});
});

Deno.test("a section has at most 64 kB, merged or at once, and a body at most 1 MB", async () => {
  const person = await onboarded();
  const text = (kilobytes: number) => "x".repeat(kilobytes * 1000);
  for (
    const send of [
      () => updateSection(person, "bio_about", { text: text(200) }),
      () => update(person, { bio_about: { text: text(200) } }),
    ]
  ) {
    const { status, body } = await send();
    assert.deepEqual([status, body.details], [400, [{
      field: "bio_about",
      reason: "must not be larger than 64 kB",
    }]]);
  }
  assert.equal((await updateSection(person, "bio_about", { one: text(40) })).status, 200);
  assert.equal((await updateSection(person, "bio_about", { two: text(40) })).status, 400);
  assert.deepEqual(Object.keys((await read(person)).bio_about), ["one"]);
  assert.equal((await updateSection(person, "bio_about", { text: text(1100) })).status, 413);
});

Deno.test("nesting without end is refused, not run into", async () => {
  const person = await onboarded();
  const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);
  assert.equal((await updateSection(person, "bio_about", nested(20))).status, 200);
  const raw = `{"section": "bio_about", "data": ${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`;
  for (const body of [raw, JSON.stringify({ section: "bio_about", data: nested(40) })]) {
    const { status } = await person.call("PUT", "/api/facilitator/profile/section", { body });
    assert.equal(status, 400);
  }
});

Deno.test("html, scripts, quotes and emoji are stored as data and answered as they came", async () => {
  const data = {
    bio: "<script>alert(1)</script><img src=x onerror=alert(1)>",
    sql: "'; drop table public.providers; --",
    "<b>key</b>": "\u2028 \" \\ ' 🧘 \t",
  };
  const person = await onboarded({ bio_about: data, name: "<b>John</b>" });
  const { headers, body } = await person.call("GET", "/api/facilitator/profile");
  assert.deepEqual([body.profile.bio_about, body.profile.name], [data, "<b>John</b>"]);
  assert.match(headers.get("content-type") ?? "", /^application\/json/);
  assert.equal(headers.get("x-content-type-options"), "nosniff");
});

Deno.test("a NUL character, which the database cannot hold, is answered 400", async () => {
  const person = await onboarded();
  assert.equal((await updateSection(person, "bio_about", { text: "a\u0000b" })).status, 400);
});

Deno.test("a name that is empty or too long and an e-mail that is none are refused", async () => {
  const person = await onboarded();
  for (
    const body of [{ name: " " }, { name: "x".repeat(201) }, { email: "nobody" }, { email: "" }, {
      email: `${"a".repeat(250)}@example.com`,
    }]
  ) {
    const answer = await update(person, body);
    assert.deepEqual([answer.status, answer.body.details[0].field], [400, Object.keys(body)[0]]);
  }
});

Deno.test("the contact e-mail signs nobody in and links to nobody", async () => {
  const victim = await makePerson(stack);
  const person = await onboarded({ email: victim.email });
  assert.equal((await read(person)).email, victim.email);
  const [account] = await stack.database.query(
    "select u.email, c.email as contact from auth.users as u join public.contacts as c on c.profile_id = u.id where u.phone = $1",
    [person.phone.slice(1)],
  );
  assert.deepEqual(account, { email: null, contact: null });
  const { data } = await anonymousClient(stack).auth.signInWithPassword(victim);
  assert.equal(data.user?.id, victim.id);
  const unused = `${crypto.randomUUID()}@example.com`;
  await update(person, { email: unused });
  const { data: other } = await anonymousClient(stack).auth.signUp({
    email: unused,
    password: "password123",
  });
  assert.notEqual(other.user?.id, (await read(person)).id);
});

Deno.test("nobody else reads a profile: not its contact address, not its sections", async () => {
  const person = await onboarded({ basic_info: { age: 30 } });
  const { id } = await read(person);
  for (const client of [anonymousClient(stack), (await makeProvider(stack)).client]) {
    const { data: profile } = await client.from("provider_profiles").select().eq("provider_id", id);
    assert.deepEqual(profile ?? [], []);
    const { data: provider } = await client.from("providers").select().eq("id", id).single();
    assert.equal(JSON.stringify(provider).includes("john@example.com"), false);
  }
});

Deno.test("who became a provider elsewhere has a profile here, with the address they sign in with", async () => {
  const provider = await makeProvider(stack, { name: "Jane" });
  const call = contract(stack, "facilitator");
  const { body } = await call("GET", "/api/facilitator/profile", { token: provider.token });
  assert.deepEqual([
    body.profile.name,
    body.profile.email,
    body.profile.phone_number,
    body.profile.basic_info,
  ], [
    "Jane",
    provider.email,
    null,
    {},
  ]);
  const changed = await call("PUT", "/api/facilitator/profile/section", {
    token: provider.token,
    body: { section: "basic_info", data: { age: 41 } },
  });
  assert.deepEqual(changed.body.profile.basic_info, { age: 41 });
});

Deno.test("completeness is the document's 75 for name, e-mail and two of the four sections", async () => {
  const person = await onboarded({ basic_info: { age: 30 }, professional_details: { title: "Coach" } });
  assert.deepEqual(await completeness(person), {
    required_fields_complete: true,
    completed_sections: ["basic_info", "professional_details"],
    missing_sections: ["bio_about", "experience"],
    overall_percentage: 75,
  });
});

Deno.test("completeness follows its formula: 25 for name and e-mail each, 12.5 for each of four sections", async () => {
  const person = new PhonePerson(stack);
  await person.signIn();
  await person.call("POST", "/api/auth/complete-onboarding", { body: { name: "Jane" } });
  const percentages = [(await completeness(person)).overall_percentage];
  const step = async (change: Promise<unknown>) => {
    await change;
    percentages.push((await completeness(person)).overall_percentage);
  };
  await step(updateSection(person, "visual_profile", { photo: "x" }));
  await step(updateSection(person, "basic_info", { age: 30 }));
  await step(update(person, { email: "jane@example.com" }));
  await step(updateSection(person, "experience", { years: 0 }));
  await step(updateSection(person, "bio_about", { bio: "Teaches" }));
  await step(updateSection(person, "professional_details", { empty: "", none: [], nothing: {} }));
  await step(updateSection(person, "professional_details", { title: "Coach" }));
  await step(updateSection(person, "basic_info", { age: null }));
  assert.deepEqual(percentages, [25, 25, 38, 63, 75, 88, 88, 100, 88]);
  assert.deepEqual(await completeness(person), {
    required_fields_complete: true,
    completed_sections: ["professional_details", "bio_about", "experience", "visual_profile"],
    missing_sections: ["basic_info"],
    overall_percentage: 88,
  });
});

Deno.test("deleting the account deletes what it said of itself", async () => {
  const provider = await makeProvider(stack);
  await provider.client.rpc("update_my_profile", { contact_email: "x@example.com" });
  const count = async () =>
    (await stack.database.query("select 1 from public.provider_profiles where provider_id = $1", [
      provider.id,
    ]))
      .length;
  assert.equal(await count(), 1);
  await provider.client.rpc("delete_my_account");
  assert.equal(await count(), 0);
});

Deno.test("supabase-js callers meet the same rules", async () => {
  const { client } = await makeProvider(stack);
  const { error: unknown } = await client.rpc("update_my_profile", { sections: { other: {} } });
  assert.deepEqual([unknown?.message, JSON.parse(unknown?.details ?? "{}").field], [
    "INVALID_INPUT",
    "other",
  ]);
  const { error: noObject } = await client.rpc("update_my_profile", { sections: { basic_info: [] } });
  assert.equal(noObject?.message, "INVALID_INPUT");
  const { error: noEmail } = await client.rpc("update_my_profile", { contact_email: "nobody" });
  assert.equal(noEmail?.message, "INVALID_INPUT");
  const { data } = await client.rpc("update_my_profile", { sections: { basic_info: { age: 30 } } });
  assert.deepEqual(data?.basic_info, { age: 30 });
});
