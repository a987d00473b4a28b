import assert from "node:assert/strict";
import { attachedUrl } from "../../support/attached.ts";
import { testStack } from "../../support/stack.ts";

const root = new URL("../../../", import.meta.url);

if (attachedUrl) {
  // deno-lint-ignore no-console -- the reader of the tests' output should know
  console.log("Skipped on a project of its own: its worker would have to call this process.");
}

Deno.test({
  name: "the program of docs/webhooks.md type-checks and runs",
  ignore: attachedUrl !== undefined,
  fn: async () => {
    await using stack = await testStack({ workerEveryMs: 200 });
    await stack.database.query("select admin.allow_webhook_host('127.0.0.1')");
    const text = await Deno.readTextFile(new URL("docs/webhooks.md", root));
    const program = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block).join("\n");
    const path = new URL("docs/.webhooks.example.ts", root);
    await Deno.writeTextFile(path, program);
    try {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--check", "--quiet", path.pathname],
        env: { SUPABASE_URL: stack.url, SUPABASE_PUBLISHABLE_KEY: stack.keys.publishableKey, NO_COLOR: "1" },
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      const printed = new TextDecoder().decode(stdout);
      assert.match(
        printed,
        /heard webhook\.test 1\nwebhook\.test\nthe old one signs until .+\n\[ "webhook\.test" \]/,
      );
    } finally {
      await Deno.remove(path);
    }
  },
});
