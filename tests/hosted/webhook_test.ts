import assert from "node:assert/strict";
import { join } from "node:path";
import { verify, webhookReceiver } from "../support/webhook_receiver.ts";
import { hasNpx, hostedDeno, hostedDenoEnv, run } from "./commands.ts";

const sender = new URL("webhook_sender.ts", import.meta.url).pathname;
const root = new URL("../../", import.meta.url);
// deno-lint-ignore no-console -- the reader of the tests' output should know
if (!hasNpx) console.log("Skipped without npx: hosted Supabase's Deno 2.1.4 comes from npm.");

async function outputOf(command: string, args: string[], cwd: URL | string): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, { cwd, env: hostedDenoEnv });
  assert.equal(code, 0, stderr);
  return stdout;
}

/** Sends one webhook with Deno 2.1.4 and asserts that it arrived, signed. */
async function assertSends(module: string, cwd: URL | string): Promise<void> {
  const receiver = webhookReceiver();
  const secret = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;
  const webhook = {
    id: crypto.randomUUID(),
    url: receiver.url,
    private_host: "127.0.0.1",
    secrets: [secret],
    event: "webhook.test",
    occurred_at: "2030-01-15T09:30:00+00:00",
    data: { version: 1 },
  };
  const args = ["run", "-A", "--no-lock", module, JSON.stringify(webhook)];
  const printed = await outputOf(await hostedDeno(), args, cwd);
  assert.equal(JSON.parse(printed).outcome, "delivered");
  assert.deepEqual(verify(secret, receiver.requests[0]!), {
    type: "webhook.test",
    timestamp: "2030-01-15T09:30:00.000Z",
    version: 1,
    data: { version: 1 },
  });
  await receiver.close();
}

Deno.test({
  name: "webhooks are sent and signed by Deno 2.1.4 from the sources",
  ignore: !hasNpx,
  fn: () => assertSends(sender, root),
});

Deno.test({
  name: "webhooks are sent and signed by Deno 2.1.4 from the bundle",
  ignore: !hasNpx,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "convene-bundle-" });
    try {
      const options = ["--platform", "deno", "--minify", "--code-splitting", "--outdir", folder];
      await outputOf(Deno.execPath(), ["bundle", ...options, sender], root);
      await assertSends(join(folder, "webhook_sender.js"), folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
