import assert from "node:assert/strict";
import { testStack } from "../support/stack.ts";

Deno.test("every link, script and style of the page answers", async () => {
  // The first request of a cold stack takes its time on a busy machine.
  await using stack = await testStack({ env: { DATABASE_TIMEOUT_MS: "30000" } });
  const page = await fetch(`${stack.url}/`, { headers: { accept: "text/html" } });
  assert.equal(page.status, 200);
  const html = await page.text();
  const links = [...html.matchAll(/(?:href|src)="([^"#][^"]*)"/g)].map(([, link = ""]) => link);
  for (const name of stack.functions.names) {
    assert.ok(links.includes(`${stack.url}/console/reference/${name}`), name);
  }
  for (const link of new Set(links)) {
    if (link.startsWith("data:")) continue;
    const response = await fetch(new URL(link, stack.url), { headers: { accept: "text/html" } });
    assert.equal(response.status, 200, link);
    await response.body?.cancel();
  }
  for (const [, id = ""] of html.matchAll(/href="\/?#([^"]+)"/g)) {
    assert.ok(html.includes(`id="${id}"`), `#${id}`);
  }
});

Deno.test("the page and its data answer while the database does not", async () => {
  const stack = await testStack();
  await using _ = stack;
  await stack.database.close();
  const status = await (await fetch(`${stack.url}/console/status.json`)).json();
  assert.deepEqual(status.worker, {
    status: "unhealthy",
    oldest_due_seconds: null,
    pending: null,
    dead: null,
  });
  const page = await fetch(`${stack.url}/`);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /The database does not answer/);
});
