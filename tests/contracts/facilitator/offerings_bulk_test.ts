import assert from "node:assert/strict";
import type { Person } from "../../support/people.ts";
import { Offerings } from "./offerings_support.ts";

let offerings: Offerings;
let facilitator: Person;
let strangers: { id: string };
Deno.test.beforeAll(async () => {
  offerings = await Offerings.start();
  facilitator = await offerings.facilitator();
  strangers = await offerings.create(await offerings.facilitator());
});
Deno.test.afterAll(() => offerings.close());

const update = (list: unknown, headers = {}) =>
  offerings.call("PUT", "/api/offerings/bulk/update", {
    token: facilitator.token,
    headers,
    body: { offerings: list },
  });
const remove = (ids: unknown) =>
  offerings.call("DELETE", "/api/offerings/bulk/delete", {
    token: facilitator.token,
    body: { offering_ids: ids },
  });
const read = async (id: string) =>
  (await offerings.call("GET", `/api/offerings/${id}`, { token: facilitator.token })).body.offering;
const some = (count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, n) => offerings.create(facilitator, { title: `Title ${n}` })),
  );

Deno.test("bulk update changes what is given of each offering and answers them in the order asked", async () => {
  const [one, two] = await some(2);
  const { status, body } = await update([
    { id: two.id, description: "Updated Description 2", price_schedule: { price: 3 } },
    { id: one.id, title: "Updated Title 1", category: "Cooking" },
  ]);
  assert.equal(status, 200);
  assert.deepEqual([body.success, body.updated_count], [true, 2]);
  assert.deepEqual(body.offerings.map(({ id }: { id: string }) => id), [two.id, one.id]);
  assert.deepEqual(await read(one.id), body.offerings[1]);
  assert.deepEqual(
    [body.offerings[1].title, body.offerings[1].category, body.offerings[1].description],
    ["Updated Title 1", "Cooking", one.description],
  );
  assert.notEqual(body.offerings[1].category_id, one.category_id);
  assert.deepEqual([body.offerings[0].title, body.offerings[0].price], [two.title, 3]);
});

Deno.test("bulk update changes nothing when one is wrong, and names each problem by index", async () => {
  const [one, two] = await some(2);
  const unknown = crypto.randomUUID();
  const { status, body } = await update([
    { id: one.id, title: "Changed" },
    { id: strangers.id, title: "Mine" },
    { id: two.id, price_schedule: { price: -5 } },
    { id: unknown, title: "Nobody's" },
    { id: one.id, title: "Again" },
  ]);
  assert.equal(status, 400);
  assert.equal(body.success, false);
  assert.deepEqual(body.details, [
    { field: "offerings.1.id", reason: "is no offering of yours" },
    { field: "offerings.3.id", reason: "is no offering of yours" },
    { field: "offerings.4.id", reason: "must not be there twice" },
    {
      field: "offerings.2.price_schedule",
      reason: "must have a price between 0 and 100000000000 minor units",
    },
  ]);
  assert.equal((await read(one.id)).title, one.title);
});

Deno.test("bulk update names the field of a malformed entry by index", async () => {
  const [one] = await some(1);
  const { status, body } = await update([{ id: one.id }, { id: "7", title: "x" }, { title: "no id" }, {
    id: one.id,
    title: 5,
  }]);
  assert.equal(status, 400);
  assert.deepEqual(body.details.map(({ field }: { field: string }) => field), [
    "offerings.1.id",
    "offerings.2.id",
    "offerings.3.title",
  ]);
});

Deno.test("bulk update and delete refuse no entries, 1,001 and what is no list", async () => {
  const ids = Array.from({ length: 1001 }, () => crypto.randomUUID());
  for (const list of [[], ids, "all", null, {}]) {
    const updated = await update(Array.isArray(list) ? list.map((id) => ({ id, title: "x" })) : list);
    assert.deepEqual([updated.status, updated.body.details[0].field], [400, "offerings"]);
    const removed = await remove(list);
    assert.deepEqual([removed.status, removed.body.details[0].field], [400, "offering_ids"]);
  }
});

Deno.test("bulk delete deletes all of them", async () => {
  const ids = (await some(3)).map(({ id }) => id);
  const { status, body } = await remove(ids);
  assert.equal(status, 200);
  assert.deepEqual(body, { success: true, message: "3 offerings deleted successfully", deleted_count: 3 });
  for (const id of ids) assert.equal(await read(id), undefined);
  const single = await remove((await some(1)).map(({ id }) => id));
  assert.equal(single.body.message, "1 offering deleted successfully");
});

Deno.test("bulk delete deletes none when one is foreign, unknown, deleted already, repeated or no id", async () => {
  const [one, gone] = await some(2);
  await offerings.call("DELETE", `/api/offerings/${gone.id}`, { token: facilitator.token });
  for (
    const [bad, at] of [[strangers.id, 1], [crypto.randomUUID(), 1], [gone.id, 1], [one.id, 1], ["7", 1]]
  ) {
    const { status, body } = await remove([one.id, bad]);
    assert.equal(status, 400, String(bad));
    assert.deepEqual(body.details.map(({ field }: { field: string }) => field), [`offering_ids.${at}`]);
  }
  assert.ok(await read(one.id));
});

Deno.test("a thousand offerings are changed, and deleted, in one request", async () => {
  await offerings.stack.database.query(
    `insert into public.offerings (provider_id, title, currency)
     select $1, 'Bulk ' || n, 'USD' from generate_series(1, 1000) as n`,
    [facilitator.id],
  );
  const rows = await offerings.stack.database.query<{ id: string }>(
    "select id from public.offerings where title like 'Bulk %'",
  );
  const changed = await update(rows.map(({ id }) => ({ id, category: "Pottery", title: "Clay" })));
  assert.deepEqual([changed.status, changed.body.updated_count], [200, 1000]);
  assert.equal((await offerings.search({ title: "clay", limit: "1" })).body.pagination.total, 1000);
  const removed = await remove(rows.map(({ id }) => id));
  assert.deepEqual([removed.status, removed.body.deleted_count], [200, 1000]);
  assert.equal((await offerings.search({ title: "clay" })).body.pagination.total, 0);
});

Deno.test("a repeated bulk update with one Idempotency-Key is one update", async () => {
  const [one] = await some(1);
  const headers = { "idempotency-key": crypto.randomUUID() };
  const first = await update([{ id: one.id, title: "First" }], headers);
  await update([{ id: one.id, title: "Second" }]);
  assert.deepEqual((await update([{ id: one.id, title: "First" }], headers)).body, first.body);
  assert.equal((await read(one.id)).title, "Second");
});
