import assert from "node:assert/strict";
import { join } from "node:path";
import type { Receipt } from "../../functions/_shared/domain/receipts.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { hasNpx, hostedDeno, hostedDenoEnv, run } from "./commands.ts";

const writer = new URL("receipt_writer.ts", import.meta.url).pathname;
const root = new URL("../../", import.meta.url);
// deno-lint-ignore no-console -- the reader of the tests' output should know
if (!hasNpx) console.log("Skipped without npx: hosted Supabase's Deno 2.1.4 comes from npm.");

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

/** Writes one receipt with Deno 2.1.4 and asserts that its link leads to a PDF. */
async function assertWrites(module: string, cwd: URL | string): Promise<void> {
  const receipt: Receipt = {
    payment_id: crypto.randomUUID(),
    booking_id: crypto.randomUUID(),
    receipt_number: "R-2030-000001",
    paid_at: "2030-01-01T12:00:00+00:00",
    seller_timezone: "Europe/Berlin",
    seller_name: "Sigrid",
    buyer_name: "Ada",
    title: "Breathing",
    starts_at: "2030-01-15T09:00:00+00:00",
    ends_at: "2030-01-15T10:00:00+00:00",
    amount_minor: 5000,
    tax_minor: 0,
    refunded_minor: 0,
    currency: "EUR",
    refunds: [],
  };
  const args = ["run", "-A", "--no-lock", module, JSON.stringify(receipt)];
  const { code, stdout, stderr } = await run(await hostedDeno(), args, {
    cwd,
    env: {
      SUPABASE_URL: stack.url,
      SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: stack.keys.publishableKey }),
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: stack.keys.secretKey }),
      ...hostedDenoEnv,
    },
  });
  assert.equal(code, 0, stderr);
  const file = await fetch(stdout.trim());
  assert.equal(file.status, 200);
  assert.match(await file.text(), /^%PDF-/);
}

Deno.test({
  name: "a receipt is written and stored by Deno 2.1.4 from the sources",
  ignore: !hasNpx,
  fn: () => assertWrites(writer, root),
});

Deno.test({
  name: "a receipt is written and stored by Deno 2.1.4 from the bundle",
  ignore: !hasNpx,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "convene-bundle-" });
    try {
      const options = ["--platform", "deno", "--minify", "--code-splitting", "--outdir", folder];
      const { code, stderr } = await run(Deno.execPath(), ["bundle", ...options, writer], { cwd: root });
      assert.equal(code, 0, stderr);
      await assertWrites(join(folder, "receipt_writer.js"), folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
