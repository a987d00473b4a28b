import assert from "node:assert/strict";
import { keys, openConsole, plantDelivery, plantPerson, type TestConsole, url } from "./support.ts";

let console: TestConsole;
Deno.test.beforeAll(async () => void (console = await openConsole()));
Deno.test.beforeEach(async () => {
  await console.database.script("delete from private.outbox");
});
Deno.test.afterAll(() => console.close());

const status = async () => await (await console.get("/console/status.json")).json();
const late = "Deliveries are late";

Deno.test("status.json tells the URL, the keys and the kind of database", async () => {
  const body = await status();
  assert.deepEqual(
    Object.keys(body),
    ["url", "publishable_key", "secret_key", "accounts", "functions", "database", "worker"],
  );
  assert.equal(body.url, url);
  assert.equal(body.publishable_key, keys.publishableKey);
  assert.equal(body.secret_key, keys.secretKey);
  assert.equal(body.database, console.database.kind);
});

Deno.test("status.json tells every function's addresses, its health only when it has one", async () => {
  const { functions } = await status();
  assert.deepEqual(functions, [{
    name: "bakery",
    url: `${url}/functions/v1/bakery`,
    reference: `${url}/console/reference/bakery`,
    openapi: `${url}/functions/v1/bakery/openapi.json`,
    health: `${url}/functions/v1/bakery/health`,
  }, {
    name: "broken",
    url: `${url}/functions/v1/broken`,
    reference: `${url}/console/reference/broken`,
    openapi: `${url}/functions/v1/broken/openapi.json`,
    health: null,
  }]);
});

Deno.test("status.json tells the people of the seed with their roles, and nobody else", async () => {
  await plantPerson(console.database, { email: "user@example.com", name: "Una" });
  await plantPerson(console.database, { email: "teacher@example.com", name: "Theo", provider: true });
  await plantPerson(console.database, { email: "other@example.com", name: "Otto", seeded: false });
  assert.deepEqual((await status()).accounts, [
    { email: "teacher@example.com", password: "password123", name: "Theo", role: "facilitator" },
    { email: "user@example.com", password: "password123", name: "Una", role: "user" },
  ]);
  const page = await console.text("/");
  for (const shown of ["teacher@example.com", "user@example.com", "password123"]) {
    assert.ok(page.includes(shown));
  }
});

Deno.test("the worker is healthy when nothing is due", async () => {
  await plantDelivery(console.database, { dueSeconds: -60 });
  assert.deepEqual((await status()).worker, {
    status: "healthy",
    oldest_due_seconds: 0,
    pending: 1,
    dead: 0,
  });
});

Deno.test("the page does not warn of a delivery that has been due for four minutes", async () => {
  await plantDelivery(console.database, { dueSeconds: 240 });
  assert.equal((await status()).worker.status, "healthy");
  assert.ok(!(await console.text("/")).includes(late));
});

Deno.test("the page and its live part warn of a delivery that has been due for more than five minutes", async () => {
  await plantDelivery(console.database, { dueSeconds: 301 });
  const { worker } = await status();
  assert.equal(worker.status, "unhealthy");
  assert.ok(worker.oldest_due_seconds >= 301);
  assert.ok((await console.text("/")).includes(late));
  assert.ok((await console.text("/console/live")).includes(late));
});

Deno.test("dead deliveries are counted", async () => {
  await plantDelivery(console.database, { dueSeconds: 900, status: "dead" });
  assert.deepEqual((await status()).worker, {
    status: "healthy",
    oldest_due_seconds: 0,
    pending: 0,
    dead: 1,
  });
});

Deno.test("the page shows the secret key as one for servers only", async () => {
  const page = await console.text("/");
  assert.match(page, /Secret key <span class="badge danger">servers only<\/span>/);
  assert.ok(page.includes(keys.secretKey));
});
