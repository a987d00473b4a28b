import assert from "node:assert/strict";
import { makePerson, type Person } from "../../support/people.ts";
import { Offerings } from "./offerings_support.ts";

let offerings: Offerings;
let jose: Person;
let jane: Person;
Deno.test.beforeAll(async () => {
  offerings = await Offerings.start();
  [jose, jane] = [await offerings.facilitator("José Álvarez"), await offerings.facilitator("Jane Josephson")];
  await offerings.facilitator("100% Natalie");
  for (
    const [title, description, category] of [
      ["Yoga for Beginners", "Stretching and breathing in the morning", "Fitness"],
      ["Yoga for Runners", "What tired legs need", "Yoga"],
      ["Pottery for Everybody", "Throwing bowls on the wheel; yoga is not involved", "Ceramics"],
      ["Cuisine Française", "Crème brûlée, ratatouille", "Cooking"],
      ["100% Wool", "Knitting with a_b pattern and back\\slashes", "Crafts"],
      ["Teaching Teachers", "For those who teach", null],
    ]
  ) await offerings.create(jose, { title, description, ...(category ? { category } : { category: "" }) });
});
Deno.test.afterAll(() => offerings.close());

const found = (query: Record<string, string>) => offerings.found(query);
const facilitators = async (query: Record<string, string>, token?: string) =>
  await offerings.call("GET", `/api/facilitator/search?${new URLSearchParams(query)}`, { token });
const names = async (query: Record<string, string>, token?: string) =>
  (await facilitators(query, token)).body.facilitators.map(({ name }: { name: string }) => name);

for (
  const [what, query, titles] of [
    ["a word of the title", { title: "pottery" }, ["Pottery for Everybody"]],
    ["several words in any order", { title: "beginners yoga" }, ["Yoga for Beginners"]],
    ["another form of a word", { title: "teacher" }, ["Teaching Teachers"]],
    ["a word with a typo", { title: "potery" }, ["Pottery for Everybody"]],
    ["a word that lacks a letter", { title: "teching" }, ["Teaching Teachers"]],
    ["two words, both with a typo", { title: "yogaa beginers" }, ["Yoga for Beginners"]],
    ["the beginnings of words", { title: "yog beg" }, ["Yoga for Beginners"]],
    ["words of which one resembles nothing", { title: "yoga submarine" }, []],
    ["stop words alone", { title: "for the" }, []],
    ["two words, one with a typo", { title: "yoga beginers" }, ["Yoga for Beginners"]],
    ["the beginning of a word", { title: "pott" }, ["Pottery for Everybody"]],
    ["a word without its accents", { title: "francaise" }, ["Cuisine Française"]],
    ["a word in capitals and with accents", { title: "CUISINÉ" }, ["Cuisine Française"]],
    ["a word of the description", { description: "ratatouille" }, ["Cuisine Française"]],
    ["a typo in the description", { description: "ratatuille" }, ["Cuisine Française"]],
    ["title and description together", { title: "yoga", description: "legs" }, ["Yoga for Runners"]],
    ["a category's slug", { category: "food-drink" }, ["Cuisine Française"]],
    ["a subcategory's name", { category: "Crafts & Making" }, ["100% Wool", "Pottery for Everybody"]],
    ["what somebody calls a category", { category: "ceramics" }, ["100% Wool", "Pottery for Everybody"]],
    ["category and title", { category: "fitness-movement", title: "runners" }, ["Yoga for Runners"]],
    ["nothing that is there", { title: "submarine" }, []],
    ["a percent sign", { title: "%" }, ["100% Wool"]],
    ["a percent sign between letters", { title: "y%a" }, []],
    ["an underscore", { title: "_" }, []],
    ["a backslash", { description: "\\" }, ["100% Wool"]],
    ["an underscore in the description", { description: "_" }, ["100% Wool"]],
    ["a quote", { title: "'" }, []],
    ["operators of the query language", { title: "yoga & !beginners | (" }, ["Yoga for Beginners"]],
  ] as const
) {
  Deno.test(`offerings are found by ${what}`, async () => {
    assert.deepEqual((await found(query)).sort(), [...titles].sort());
  });
}

Deno.test("the links to other pages keep what was asked for", async () => {
  const { headers } = await facilitators({ name: "jose", limit: "1" });
  assert.match(headers.get("link") ?? "", /<\?name=jose&limit=1&page=2>; rel="next"/);
});

Deno.test("offerings are found without a token and without anything asked for, latest first", async () => {
  const { status, body } = await offerings.search({ limit: "2" });
  assert.equal(status, 200);
  assert.deepEqual(body.offerings.map(({ title }: { title: string }) => title), [
    "Teaching Teachers",
    "100% Wool",
  ]);
  assert.deepEqual(body.pagination, { page: 1, limit: 2, total: 6, pages: 3 });
  assert.equal(body.offerings[0].facilitator_name, "José Álvarez");
  assert.deepEqual((await offerings.search({ page: "50" })).body.offerings, []);
});

Deno.test("the offering that says a word more often comes first", async () => {
  await offerings.create(jane, { title: "Baking Bread", description: "Bread, bread and more bread" });
  await offerings.create(jane, {
    title: "Brunch",
    description: "Eggs, juice, a little bread, coffee and long talks",
  });
  assert.deepEqual(await found({ description: "bread" }), ["Baking Bread", "Brunch"]);
});

Deno.test("a change shows in the search at once", async () => {
  const { id } = await offerings.create(jane, { title: "Sailing" });
  await offerings.call("PUT", `/api/offerings/${id}`, { token: jane.token, body: { title: "Rowing" } });
  assert.deepEqual([await found({ title: "sailing" }), await found({ title: "rowing" })], [[], ["Rowing"]]);
});

for (
  const [path, field] of [["offerings/search", "title"], ["offerings/search", "description"], [
    "offerings/search",
    "category",
  ], ["search", "name"]]
) {
  Deno.test(`GET /api/facilitator/${path} answers 400 for a ${field} above 200 characters`, async () => {
    const get = (length: number) =>
      offerings.call("GET", `/api/facilitator/${path}?${field}=${"x".repeat(length)}`);
    assert.equal((await get(200)).status, 200);
    const { status, body } = await get(201);
    assert.deepEqual([status, body.details[0].field], [400, field]);
  });
}

for (const path of ["offerings/search", "search"]) {
  Deno.test(`GET /api/facilitator/${path} bounds the limit and refuses odd pages`, async () => {
    const get = (query: string) => offerings.call("GET", `/api/facilitator/${path}?${query}`);
    assert.equal((await get("limit=100000")).body.pagination.limit, 100);
    assert.equal((await get("")).body.pagination.limit, 10);
    for (const query of ["page=0", "page=-1", "limit=0", "limit=x", "page=1.5"]) {
      assert.equal((await get(query)).status, 400, query);
    }
  });
}

Deno.test("facilitators are found by name, whatever case and accents, best first", async () => {
  assert.deepEqual(await names({ name: "jose alvarez" }), ["José Álvarez"]);
  assert.deepEqual(await names({ name: "JOS" }), ["José Álvarez", "Jane Josephson"]);
  assert.deepEqual(await names({ name: "Álv" }), ["José Álvarez"]);
  assert.deepEqual(await names({ name: "josephsen" }), ["Jane Josephson"]);
  assert.deepEqual(await names({ name: "j" }), ["José Álvarez", "Jane Josephson"].sort());
  assert.deepEqual(await names({ name: "nobody" }), []);
});

Deno.test("%, _ and \\ in a name are themselves", async () => {
  assert.deepEqual(await names({ name: "100%" }), ["100% Natalie"]);
  for (const name of ["%", "_", "\\", "j%", "j_s"]) assert.deepEqual(await names({ name }), [], name);
});

Deno.test("a search for facilitators pages, and lists all when nothing is asked for", async () => {
  const { body } = await facilitators({ limit: "1", page: "2" });
  assert.equal(body.facilitators.length, 1);
  assert.deepEqual(body.pagination, { page: 2, limit: 1, total: 3, pages: 3 });
});

Deno.test("by e-mail only signed-in people search, and only by the whole address", async () => {
  const { status, body } = await facilitators({ email: jose.email });
  assert.deepEqual([status, body.error], [401, "SIGN_IN_REQUIRED"]);
  const { token } = await makePerson(offerings.stack);
  assert.deepEqual(await names({ email: jose.email }, token), ["José Álvarez"]);
  assert.deepEqual(await names({ email: jose.email.toUpperCase() }, token), ["José Álvarez"]);
  assert.deepEqual(await names({ email: jose.email, name: "jane" }, token), []);
  for (const email of [jose.email.slice(0, -1), "%", "@example.com", crypto.randomUUID()]) {
    assert.deepEqual(await names({ email }, token), [], email);
  }
});

Deno.test("a person who is no facilitator is not found by their e-mail", async () => {
  const person = await makePerson(offerings.stack);
  assert.deepEqual(await names({ email: person.email }, person.token), []);
});

Deno.test("an e-mail search with a bad token answers 401", async () => {
  assert.equal((await facilitators({ email: jose.email }, "nonsense")).status, 401);
});

Deno.test("no search tells an e-mail address or a phone", async () => {
  await offerings.stack.database.query(
    "update public.contacts set phone = '+14155550123' where profile_id = $1",
    [
      jose.id,
    ],
  );
  const answers = [
    await facilitators({ name: "jose" }),
    await facilitators({ email: jose.email }, jane.token),
    await offerings.search({ title: "yoga" }),
  ];
  for (const { body } of answers) {
    const text = JSON.stringify(body);
    assert.ok(text.includes(jose.id));
    assert.ok(!text.includes("@") && !text.includes("4155550123"), text);
  }
});

Deno.test("somebody who deletes their account is found no more, nor what they offered", async () => {
  const leaving = await offerings.facilitator("Quentin Leaving");
  await offerings.create(leaving, { title: "Quilting" });
  assert.deepEqual(await found({ title: "quilting" }), ["Quilting"]);
  await leaving.client.rpc("delete_my_account");
  assert.deepEqual(await found({ title: "quilting" }), []);
  assert.deepEqual(await names({ name: "quentin" }), []);
});
