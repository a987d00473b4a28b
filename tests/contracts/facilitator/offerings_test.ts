import assert from "node:assert/strict";
import { makePerson, type Person } from "../../support/people.ts";
import { Offerings, someOffering } from "./offerings_support.ts";

let offerings: Offerings;
let facilitator: Person;
let other: Person;
Deno.test.beforeAll(async () => {
  offerings = await Offerings.start();
  [facilitator, other] = [await offerings.facilitator(), await offerings.facilitator()];
});
Deno.test.afterAll(() => offerings.close());

const call = (method: string, path: string, body?: unknown, token = facilitator.token) =>
  offerings.call(method, path, { token, ...(body === undefined ? {} : { body }) });

for (const base of ["/api/facilitator/offerings", "/api/offerings", "/api/offerings/"]) {
  const one = (id: string) => `${base.replace(/\/$/, "")}/${id}`;

  Deno.test(`POST ${base} answers 201 with the offering that GET then answers`, async () => {
    const { status, body } = await call("POST", base, someOffering());
    assert.equal(status, 201);
    const { offering, ...rest } = body;
    assert.deepEqual(rest, { success: true, message: "Offering created successfully" });
    const { id, category_id, created_at, updated_at, ...fields } = offering;
    assert.deepEqual(fields, {
      ...someOffering(),
      facilitator_id: facilitator.id,
      subcategory_id: null,
      price: 25.5,
      currency: "USD",
      duration_minutes: null,
      is_active: true,
    });
    assert.match(category_id, /^[0-9a-f-]{36}$/);
    assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(updated_at, created_at);
    assert.deepEqual((await call("GET", one(id))).body, { success: true, offering });
  });

  Deno.test(`PUT ${base}/{id} changes only what is given`, async () => {
    const before = await offerings.create(facilitator);
    const { status, body } = await call("PUT", one(before.id), {
      title: "Yoga at Dawn",
      details: { bring: [] },
    });
    assert.equal(status, 200);
    assert.equal(body.message, "Offering updated successfully");
    const { updated_at: _, ...after } = body.offering;
    const { updated_at: __, ...was } = before;
    assert.deepEqual(after, { ...was, title: "Yoga at Dawn", details: { bring: [] } });
  });

  Deno.test(`DELETE ${base}/{id} makes the offering answer 404 and appear in no list`, async () => {
    const { id } = await offerings.create(other, { title: "Soon gone" });
    const { status, body } = await call("DELETE", one(id), undefined, other.token);
    assert.equal(status, 200);
    assert.deepEqual(body, { success: true, message: "Offering deleted successfully" });
    for (
      const [method, given] of [["GET", undefined], ["PUT", { title: "Back" }], [
        "DELETE",
        undefined,
      ]] as const
    ) {
      assert.equal((await call(method, one(id), given, other.token)).status, 404, method);
    }
    for (const list of ["/api/facilitator/offerings", "/api/offerings/?active=false"]) {
      const listed = (await call("GET", list, undefined, other.token)).body.offerings;
      assert.ok(!listed.some((each: { id: string }) => each.id === id), list);
    }
    assert.deepEqual(await offerings.found({ title: "Soon gone" }), []);
  });

  for (
    const [method, body] of [["GET", undefined], ["PUT", { title: "Mine now" }], [
      "DELETE",
      undefined,
    ]] as const
  ) {
    Deno.test(`${method} ${base}/{id} answers 404 for somebody else's offering, an unknown one and no id`, async () => {
      const { id } = await offerings.create(facilitator);
      for (
        const [path, token] of [[id, other.token], [crypto.randomUUID(), facilitator.token], [
          "17",
          other.token,
        ]]
      ) {
        const answer = await call(method, one(path!), body, token);
        assert.equal(answer.status, 404, path);
        assert.deepEqual(answer.body, {
          success: false,
          message: "Offering not found",
          error: "OFFERING_NOT_FOUND",
        });
      }
      assert.equal((await call("GET", one(id))).body.offering.title, "Yoga for Beginners");
    });
  }

  Deno.test(`POST ${base} answers 403 to somebody who is no facilitator yet`, async () => {
    const { status, body } = await call(
      "POST",
      base,
      someOffering(),
      (await makePerson(offerings.stack)).token,
    );
    assert.equal(status, 403);
    assert.deepEqual(body, {
      success: false,
      message: "Complete your onboarding first",
      error: "NOT_A_PROVIDER",
    });
  });
}

Deno.test("POST takes a title alone, and asks for its price then", async () => {
  const { body } = await call("POST", "/api/offerings", { title: "  Something  " });
  const { title, description, category, category_id, basic_info, price, currency } = body.offering;
  assert.deepEqual({ title, description, category, category_id, basic_info, price, currency }, {
    title: "Something",
    description: "",
    category: null,
    category_id: null,
    basic_info: {},
    price: null,
    currency: "USD",
  });
});

const nested = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth));

for (
  const [problem, change, field] of [
    ["no title", { title: undefined }, "title"],
    ["an empty title", { title: "" }, "title"],
    ["a title of spaces", { title: "   " }, "title"],
    ["a title of 201 characters", { title: "t".repeat(201) }, "title"],
    ["a number for a title", { title: 5 }, "title"],
    ["a description of 10,001 characters", { description: "d".repeat(10_001) }, "description"],
    ["a category of 101 characters", { category: "c".repeat(101) }, "category"],
    ["a list for an object", { details: [] }, "details"],
    ["a text for an object", { basic_info: "{}" }, "basic_info"],
    ["an object of 200 kB", { basic_info: { text: "x".repeat(200_000) } }, "basic_info"],
    ["an object nested 100,000 levels deep", { details: { deep: nested(100_000) } }, "details"],
    ["a negative price", { price_schedule: { price: -1 } }, "price_schedule"],
    ["a price with three decimals", { price_schedule: { price: 9.995 } }, "price_schedule"],
    ["half a yen", { price_schedule: { amount: 0.5, currency: "JPY" } }, "price_schedule"],
    ["a price beyond all bounds", { price_schedule: { price: 1e15 } }, "price_schedule"],
    ["a currency that is none", { price_schedule: { price: 1, currency: "dollars" } }, "price_schedule"],
    ["a duration of nothing", { duration_minutes: 0 }, "duration_minutes"],
    ["half a minute", { duration_minutes: 0.5 }, "duration_minutes"],
  ] as const
) {
  Deno.test(`POST and PUT answer 400 for ${problem} and name ${field}`, async () => {
    const { id } = await offerings.create(facilitator);
    for (const [method, path] of [["POST", "/api/offerings"], ["PUT", `/api/offerings/${id}`]] as const) {
      if (method === "PUT" && problem === "no title") continue;
      const { status, body } = await call(method, path, { ...someOffering(), ...change });
      assert.equal(status, 400);
      assert.equal(body.error, "INVALID_INPUT");
      assert.equal(body.details[0].field, field);
      assert.match(body.message, new RegExp(`\\b${field}\\b`));
    }
  });
}

Deno.test("HTML in an offering is data: it comes back as it was sent", async () => {
  const evil = "<script>alert('x')</script> & <b>bold</b>";
  const offering = await offerings.create(facilitator, { title: evil, description: evil, details: { evil } });
  assert.deepEqual([offering.title, offering.description, offering.details], [evil, evil, { evil }]);
});

Deno.test("PUT with an empty category removes it, with an empty price schedule the price", async () => {
  const { id } = await offerings.create(facilitator);
  const { body } = await call("PUT", `/api/offerings/${id}`, { category: "", price_schedule: {} });
  const { category, category_id, price, price_schedule } = body.offering;
  assert.deepEqual({ category, category_id, price, price_schedule }, {
    category: null,
    category_id: null,
    price: null,
    price_schedule: {},
  });
});

Deno.test("PUT keeps the null members of a free-form object", async () => {
  const { id } = await offerings.create(facilitator);
  const details = { until: null, nested: { from: null } };
  assert.deepEqual((await call("PUT", `/api/offerings/${id}`, { details })).body.offering.details, details);
});

Deno.test("the same Idempotency-Key creates one offering", async () => {
  const headers = { "idempotency-key": crypto.randomUUID() };
  const post = (title: string) =>
    offerings.call("POST", "/api/offerings", { token: facilitator.token, headers, body: { title } });
  const first = await post("Once");
  assert.deepEqual((await post("Once")).body, first.body);
  const { status, body } = await post("Twice");
  assert.deepEqual([status, body.error], [422, "IDEMPOTENCY_KEY_REUSED"]);
});

Deno.test("activate brings a deleted offering back and lists one that was taken off; deactivate takes it off", async () => {
  const { id } = await offerings.create(facilitator, { title: "Fermentation Evening" });
  const act = (what: string) => call("PUT", `/api/offerings/${id}/${what}`);
  const isListed = async () => (await offerings.found({ title: "fermentation" })).length === 1;
  await call("DELETE", `/api/offerings/${id}`);
  const back = await act("activate");
  assert.deepEqual([back.status, back.body.offering.is_active], [200, true]);
  assert.equal(await isListed(), true);
  const off = await act("deactivate");
  assert.deepEqual([off.status, off.body.offering.is_active], [200, false]);
  assert.equal(await isListed(), false);
  assert.equal((await call("GET", `/api/offerings/${id}`)).status, 200);
  assert.equal(
    (await call("PUT", `/api/offerings/${id}`, { is_active: true })).body.offering.is_active,
    true,
  );
  assert.equal(await isListed(), true);
});

Deno.test("activate answers 404 for somebody else's offering, deactivate also for a deleted one", async () => {
  const { id } = await offerings.create(facilitator);
  await call("DELETE", `/api/offerings/${id}`);
  assert.equal((await call("PUT", `/api/offerings/${id}/activate`, undefined, other.token)).status, 404);
  assert.equal((await call("PUT", `/api/offerings/${id}/deactivate`)).status, 404);
});

Deno.test("GET /api/offerings/ lists active offerings, with active=false all, and those of a category", async () => {
  const host = await offerings.facilitator();
  const [yoga, cooking, off] = [
    await offerings.create(host, { title: "A", category: "Fitness" }),
    await offerings.create(host, { title: "B", category: "Cooking" }),
    await offerings.create(host, { title: "C", category: "FITNESS " }),
  ];
  await call("PUT", `/api/offerings/${off.id}`, { is_active: false }, host.token);
  const titles = async (path: string) =>
    (await call("GET", path, undefined, host.token)).body.offerings.map(({ title }: { title: string }) =>
      title
    );
  assert.deepEqual(await titles("/api/offerings/"), ["B", "A"]);
  assert.deepEqual(await titles("/api/offerings?active=TRUE"), ["B", "A"]);
  assert.deepEqual(await titles("/api/offerings/?active=false"), ["C", "B", "A"]);
  assert.deepEqual(await titles("/api/facilitator/offerings"), ["C", "B", "A"]);
  assert.deepEqual(await titles("/api/offerings/?category=fitness"), ["A"]);
  assert.deepEqual(await titles("/api/offerings/?category=fitness&active=false"), ["C", "A"]);
  assert.deepEqual(await titles("/api/offerings/?category=food-drink"), ["B"]);
  assert.deepEqual(await titles("/api/offerings/?category=%25"), []);
  assert.equal(yoga.category, "Fitness");
  assert.equal(cooking.is_active, true);
  assert.equal((await call("GET", "/api/offerings/?active=maybe", undefined, host.token)).status, 400);
});

Deno.test("lists come in pages, and tell how many there are", async () => {
  const host = await offerings.facilitator();
  for (const title of ["1", "2", "3"]) await offerings.create(host, { title });
  const { body } = await call("GET", "/api/facilitator/offerings?page=2&limit=2", undefined, host.token);
  assert.deepEqual(body.offerings.map(({ title }: { title: string }) => title), ["1"]);
  assert.deepEqual(body.pagination, { page: 2, limit: 2, total: 3, pages: 2 });
  const all = await call("GET", "/api/facilitator/offerings?limit=5000", undefined, host.token);
  assert.equal(all.body.pagination.limit, 100);
  for (const query of ["page=0", "limit=0", "limit=x", "page=1.5"]) {
    assert.equal((await call("GET", `/api/offerings?${query}`, undefined, host.token)).status, 400, query);
  }
});

Deno.test("GET /api/offerings/stats counts offerings and categories, without deleted ones", async () => {
  const host = await offerings.facilitator();
  for (const category of ["Fitness", "fitness", "Éducation", "Education", "Fitness"]) {
    await offerings.create(host, { category });
  }
  const [off, gone] = [await offerings.create(host, { category: "" }), await offerings.create(host)];
  await call("PUT", `/api/offerings/${off.id}/deactivate`, undefined, host.token);
  await call("DELETE", `/api/offerings/${gone.id}`, undefined, host.token);
  const { status, body } = await call("GET", "/api/offerings/stats", undefined, host.token);
  assert.equal(status, 200);
  assert.deepEqual(body, {
    success: true,
    statistics: {
      overall: { total_offerings: 6, active_offerings: 5, inactive_offerings: 1, unique_categories: 2 },
      categories: [{ category: "Fitness", count: 3 }, { category: "Education", count: 2 }],
    },
  });
});

Deno.test("GET /api/offerings/stats of somebody without offerings is all zero", async () => {
  const { body } = await call(
    "GET",
    "/api/offerings/stats",
    undefined,
    (await offerings.facilitator()).token,
  );
  assert.deepEqual(body.statistics, {
    overall: { total_offerings: 0, active_offerings: 0, inactive_offerings: 0, unique_categories: 0 },
    categories: [],
  });
});
