import assert from "node:assert/strict";
import { anonymousClient, makePerson, makeProvider, type Person, serviceClient } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { within } from "../support/time_limit.ts";

let stack: TestStack;
let provider: Person;
Deno.test.beforeAll(async () => {
  stack = await testStack();
  provider = await makeProvider(stack);
});
Deno.test.afterAll(() => stack.close());

async function create(person: Person, title = "Some Offering") {
  const { data, error } = await person.client.rpc("create_offering", {
    title,
    description: "Words",
    category: "Yoga",
    basic_info: { about: "me" },
    price_schedule: { price: 10 },
  });
  assert.equal(error, null);
  assert.ok(data);
  return data;
}

const told = (id: string) =>
  stack.database.query<{ event: string; version: number }>(
    "select event, version from private.outbox where key = $1 order by id",
    [id],
  );

Deno.test("each change of an offering tells one domain event with its version", async () => {
  const { id } = await create(provider);
  const { client } = provider;
  await client.rpc("update_offering", { offering_id: id, title: "Other" });
  await client.rpc("set_offering_active", { offering_id: id, active: false });
  await client.rpc("set_offering_active", { offering_id: id, active: false });
  await client.rpc("delete_offering", { offering_id: id });
  await client.rpc("set_offering_active", { offering_id: id, active: true });
  await client.rpc("bulk_update_offerings", { offerings: [{ id, title: "Third" }] });
  await client.rpc("bulk_delete_offerings", { offering_ids: [id] });
  assert.deepEqual(await told(id), [
    { event: "offering.created", version: 1 },
    { event: "offering.updated", version: 2 },
    { event: "offering.deactivated", version: 3 },
    { event: "offering.deleted", version: 4 },
    { event: "offering.activated", version: 5 },
    { event: "offering.updated", version: 6 },
    { event: "offering.deleted", version: 7 },
  ]);
});

Deno.test("the worker has nothing to deliver of offerings, and does not stumble over them", async () => {
  await create(provider);
  await stack.runWorker();
  const [row] = await stack.database.query<{ n: string }>(
    `select count(*)::text as n from private.deliveries as d join private.outbox as o on o.id = d.outbox_id
     where o.event like 'offering.%'`,
  );
  assert.equal(row?.n, "0");
});

Deno.test("inactive and deleted offerings are seen by their provider alone", async () => {
  const [off, gone] = [await create(provider), await create(provider)];
  await provider.client.rpc("set_offering_active", { offering_id: off.id, active: false });
  await provider.client.rpc("delete_offering", { offering_id: gone.id });
  const seen = async (client: Person["client"]) =>
    (await client.from("offerings").select("id").in("id", [off.id, gone.id])).data?.length;
  assert.equal(await seen(provider.client), 2);
  assert.equal(await seen((await makeProvider(stack)).client), 0);
  assert.equal(await seen((await makePerson(stack)).client), 0);
  assert.equal(await seen(anonymousClient(stack)), 0);
  assert.equal(await seen(serviceClient(stack)), 2);
});

Deno.test("nobody writes offerings but through commands", async () => {
  const { id } = await create(provider);
  const { error: updated } = await provider.client.from("offerings").update({ price_minor: 0 }).eq("id", id);
  const { error: inserted } = await provider.client.from("offerings").insert({
    provider_id: provider.id,
    title: "x",
    currency: "USD",
  });
  const { error: deleted } = await provider.client.from("offerings").delete().eq("id", id);
  assert.deepEqual([updated?.code, inserted?.code, deleted?.code], ["42501", "42501", "42501"]);
});

Deno.test("bulk_update_offerings refuses what is no list of objects", async () => {
  for (const offerings of [null, 5, {}, [], [1], ["x"], [null], [[]]]) {
    const { error, status } = await provider.client.rpc("bulk_update_offerings", { offerings });
    assert.deepEqual([status, error?.message], [400, "INVALID_INPUT"], JSON.stringify(offerings));
  }
});

Deno.test("bulk_update_offerings refuses values of another type, and tells each", async () => {
  const { id } = await create(provider);
  const { error } = await provider.client.rpc("bulk_update_offerings", {
    offerings: [{
      id,
      title: 5,
      description: {},
      category: [],
      details: "x",
      duration_minutes: "10",
      is_active: "yes",
      price_schedule: 3,
    }],
  });
  assert.deepEqual(
    JSON.parse(error?.details ?? "[]").map(({ field }: { field: string }) => field).sort(),
    ["category", "description", "details", "duration_minutes", "is_active", "price_schedule", "title"]
      .map((field) => `offerings.0.${field}`),
  );
});

Deno.test("two bulk updates of the same offerings in opposite order both succeed", async () => {
  const ids = (await Promise.all(Array.from({ length: 20 }, () => create(provider)))).map(({ id }) => id);
  const update = (order: string[], title: string) =>
    provider.client.rpc("bulk_update_offerings", { offerings: order.map((id) => ({ id, title })) });
  const answers = await Promise.all([update(ids, "One"), update([...ids].reverse(), "Two")]);
  assert.deepEqual(answers.map(({ error }) => error), [null, null]);
  const { data } = await provider.client.from("offerings").select("title").in("id", ids);
  assert.equal(new Set(data?.map(({ title }) => title)).size, 1);
});

Deno.test("an account's export has its offerings, deleted ones too", async () => {
  const host = await makeProvider(stack);
  const { id } = await create(host, "Exported");
  await host.client.rpc("delete_offering", { offering_id: id });
  const { data } = await host.client.rpc("export_my_data");
  assert.equal((data as { offerings: { title: string }[] }).offerings[0]?.title, "Exported");
});

Deno.test("deleting an account deletes its offerings, and of what was written leaves the title alone", async () => {
  const host = await makeProvider(stack);
  const { id } = await create(host, "What remains");
  await host.client.rpc("delete_my_account");
  const [row] = await stack.database.query<Record<string, unknown>>(
    `select title, description, category, basic_info::text, is_active, deleted_at is not null as deleted
     from public.offerings where id = $1`,
    [id],
  );
  assert.deepEqual(row, {
    title: "What remains",
    description: "",
    category: null,
    basic_info: "{}",
    is_active: false,
    deleted: true,
  });
});

Deno.test("the index of the search has exactly the listed offerings", async () => {
  const rows = await stack.database.query(
    `select coalesce(o.id, i.offering_id) from public.offerings as o
     full join private.offering_index as i on i.offering_id = o.id
     where (o.is_active and o.deleted_at is null) is distinct from (i.offering_id is not null)`,
  );
  assert.deepEqual(rows, []);
});

Deno.test("words that nobody uses find nothing, however many", async () => {
  const words = Array.from({ length: 30 }, (_, n) => `qz${n}xj`).join(" ");
  const { data, error } = await anonymousClient(stack).rpc("search_offerings", {
    description: words.slice(0, 200),
  });
  assert.equal(error, null);
  assert.equal(data?.total, 0);
});

Deno.test("a search that many offerings match ranks the first thousand, and says that there are more", async () => {
  await stack.database.query(
    `insert into public.offerings (provider_id, title, currency)
     select $1, 'Crowded field ' || n, 'USD' from generate_series(1, 1200) as n`,
    [provider.id],
  );
  const { data } = await anonymousClient(stack).rpc("search_offerings", {
    title: "crowded",
    page_size: 100000,
  });
  assert.deepEqual([data?.total, data?.total_is_exact], [1000, false]);
  assert.equal((data?.items as unknown[]).length, 100);
});

Deno.test("a category of forty thousand letters is looked for in no time, and found nowhere", async () => {
  const provider = await makeProvider(stack);
  for (let n = 0; n < 3; n++) {
    await provider.client.rpc("create_offering", { title: `Offering ${n}`, category: "Yoga" });
  }
  const total = (category: string) =>
    within(1000, async () => (await provider.client.rpc("list_my_offerings", { category })).data?.total);
  assert.deepEqual([await total("YOGA"), await total("a ".repeat(20_000))], [3, 0]);
});
