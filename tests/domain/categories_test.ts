import assert from "node:assert/strict";
import { anonymousClient } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

/** Slugs of the category and subcategory that a text means. */
async function meaning(text: string | null): Promise<(string | null)[]> {
  const [row] = await stack.database.query<{ category: string | null; subcategory: string | null }>(
    `select c.slug as category, s.slug as subcategory
     from private.match_category($1) as m
     left join public.categories as c on c.id = m.category_id
     left join public.subcategories as s on s.id = m.subcategory_id`,
    [text],
  );
  assert.ok(row);
  return [row.category, row.subcategory];
}

Deno.test("visitors read 22 categories with four to seven subcategories each, all with words to search for", async () => {
  const { data } = await anonymousClient(stack).from("categories")
    .select("name, slug, description, icon, subcategories (name, slug, description, keywords, position)")
    .order(
      "position",
    );
  assert.ok(data);
  assert.equal(data.length, 22);
  for (const { slug, icon, description, subcategories } of data) {
    assert.ok(icon && description.length > 20, slug);
    assert.ok(subcategories.length >= 4 && subcategories.length <= 7, slug);
    for (const each of subcategories) {
      assert.ok(each.description.length > 20 && each.keywords.length >= 8, each.slug);
    }
  }
  assert.deepEqual([data[0]?.name, data[0]?.slug, data[0]?.icon], [
    "Creativity & Arts",
    "creativity-arts",
    "palette",
  ]);
  const arts = data[0]?.subcategories.sort((a, b) => a.position - b.position);
  assert.deepEqual(arts?.slice(0, 2).map(({ name }) => name), [
    "Visual Arts",
    "Design & Media",
  ]);
  assert.equal(data[1]?.name, "Tech & Digital Innovation");
});

Deno.test("the ids of categories are the same in every project", async () => {
  const rows = await stack.database.query<{ id: string }>(
    `select id::text from public.categories where slug = 'creativity-arts'
     union all select id::text from public.subcategories where slug = 'visual-arts' order by 1`,
  );
  assert.deepEqual(rows.map(({ id }) => id), [
    "c0000000-0000-4000-8000-000000000001",
    "c0000000-0000-4000-8001-000000000101",
  ]);
});

Deno.test("no client writes categories", async () => {
  const { error } = await anonymousClient(stack).from("categories").update({ name: "Mine" }).eq(
    "position",
    1,
  );
  assert.equal(error?.code, "42501");
});

for (
  const [text, category, subcategory] of [
    ["Creativity & Arts", "creativity-arts", null],
    ["creativity and arts", "creativity-arts", null],
    ["creativity-arts", "creativity-arts", null],
    ["Fitness", "fitness-movement", null],
    ["Education", "education-academics", null],
    ["Yoga", "fitness-movement", "yoga-pilates"],
    ["  YOGA ", "fitness-movement", "yoga-pilates"],
    ["Yoga for runners", "fitness-movement", "yoga-pilates"],
    ["meditaton", "mind-wellbeing", "meditation-mindfulness"],
    ["Pottery classes for kids", "creativity-arts", "crafts-making"],
    ["ceramic", "creativity-arts", "crafts-making"],
    ["mobile design", "creativity-arts", "design-media"],
    ["Spanish lessons", "languages-cultures", "world-languages"],
    ["Public Speaking", "marketing-communication", "public-speaking"],
    ["tax", "finance-money", "accounting-tax"],
    ["job interviews", "career-growth", "job-search"],
    ["Machine Learning", "tech-digital-innovation", "data-ai"],
    ["dog training", "home-garden-animals", "pets-animals"],
    ["xyzzy", null, null],
    ["&", null, null],
    ["", null, null],
    [null, null, null],
  ] as const
) {
  Deno.test(`the category "${text}" means ${subcategory ?? category ?? "none of ours"}`, async () => {
    assert.deepEqual(await meaning(text), [category, subcategory]);
  });
}

Deno.test("every category is found by its own name and slug, every subcategory by its slug", async () => {
  const rows = await stack.database.query<{ name: string }>(`
    select c.slug as name from public.categories as c
    cross join lateral private.match_category(c.slug) as m1
    cross join lateral private.match_category(c.name) as m2
    where m1.category_id <> c.id or m2.category_id <> c.id or m1.subcategory_id is not null
    union all
    select s.slug from public.subcategories as s
    cross join lateral private.match_category(s.slug) as m
    where m.subcategory_id is distinct from s.id and not exists (
      select from public.categories as c where private.category_term(c.slug) = private.category_term(s.slug)
    )`);
  assert.deepEqual(rows, []);
});

Deno.test("a category that changes its name is found by the new one", async () => {
  await stack.database.script(`
    update public.subcategories set name = 'Zymurgy', keywords = keywords || array['mead'] where slug = 'drinks-tasting'`);
  assert.deepEqual(await meaning("zymurgy"), ["food-drink", "drinks-tasting"]);
  assert.deepEqual(await meaning("mead"), ["food-drink", "drinks-tasting"]);
});
