import assert from "node:assert/strict";
import { createRuntime } from "../../functions/_shared/runtime.ts";
import { attachedUrl } from "../support/attached.ts";
import { testStack } from "../support/stack.ts";

if (attachedUrl) {
  // deno-lint-ignore no-console -- the reader of the tests' output should know
  console.log("Skipped on a project of its own: its Vault and pg_net are in use.");
}

Deno.test({
  name: "the schedule calls the worker with the address and the token in Vault, and without them nobody",
  ignore: attachedUrl !== undefined,
  fn: async () => {
    await using stack = await testStack();
    // As far as our function uses them; a hosted project has Vault and pg_net.
    await stack.database.script(`
      create schema vault;
      create table vault.decrypted_secrets (name text, decrypted_secret text);
      create schema net;
      create table net.calls (url text, headers jsonb);
      create function net.http_post(url text, body jsonb, headers jsonb, timeout_milliseconds integer) returns bigint
      language sql security definer as 'insert into net.calls values (url, headers); select 1::bigint';
      grant usage on schema vault, net to migrator;
      grant select on vault.decrypted_secrets to migrator;`);
    const call = async () => {
      await stack.database.query("select private.call_worker()");
      return await stack.database.query("select url, headers from net.calls");
    };
    assert.deepEqual(await call(), []);
    await stack.database.script(`
      insert into vault.decrypted_secrets
      values ('worker_url', 'https://project.example/functions/v1/worker/run'), ('worker_token', 'the-token');`);
    assert.deepEqual(await call(), [{
      url: "https://project.example/functions/v1/worker/run",
      headers: { authorization: "Bearer the-token", "content-type": "application/json" },
    }]);
  },
});

Deno.test("on the platform, work beyond the answer is handed to its EdgeRuntime", async () => {
  const handed: Promise<unknown>[] = [];
  const platform = globalThis as { EdgeRuntime?: { waitUntil(work: Promise<unknown>): void } };
  platform.EdgeRuntime = { waitUntil: (work) => void handed.push(work) };
  try {
    const work = Promise.resolve("done");
    createRuntime(() => undefined).waitUntil(work);
    assert.deepEqual(handed, [work]);
  } finally {
    delete platform.EdgeRuntime;
  }
  await Promise.all(handed);
});
