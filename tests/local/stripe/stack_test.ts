import assert from "node:assert/strict";
import { createStripeClient } from "../../../functions/_shared/integrations/stripe_client.ts";
import { functionEnvironment } from "../../../local/function_environment.ts";
import { loadKeys } from "../../../local/keys.ts";
import { testStack } from "../../support/stack.ts";
import { intentOf } from "./support.ts";

Deno.test("the stack's Stripe is reached below the project's URL, and its webhooks go to the consulting function", async () => {
  await using stack = await testStack();
  const { secretKey, baseUrl } = stack.stripe.credentials;
  assert.equal(baseUrl, `${stack.url}/simulators/stripe`);
  const stripe = await createStripeClient({ secretKey, baseUrl, fetch });
  const intent = await stripe.paymentIntents.create(intentOf(4000, { description: "Breathwork" }));
  const page = await (await fetch(`${stack.url}/console/stripe`)).text();
  assert.ok(page.includes(intent.id) && page.includes("40.00 USD") && page.includes("Breathwork"));
  await stack.stripe.webhooks.settled();
  assert.deepEqual(stack.stripe.webhooks.attempts.map(({ type }) => type), ["payment_intent.created"]);
  assert.notEqual(stack.stripe.webhooks.attempts[0]?.status, null);
});

Deno.test("functions are told of the stack's Stripe, unless the developer has a key of Stripe itself", async () => {
  const keys = await loadKeys(null);
  const url = "http://127.0.0.1:1";
  const credentials = {
    secretKey: "sk_test_1",
    webhookSecret: "whsec_1",
    connectWebhookSecret: "whsec_2",
    baseUrl: `${url}/simulators/stripe`,
  };
  const simulated = functionEnvironment(url, keys, {}, credentials);
  assert.deepEqual(
    [simulated.STRIPE_SECRET_KEY, simulated.STRIPE_WEBHOOK_SECRET, simulated.STRIPE_BASE_URL],
    ["sk_test_1", "whsec_1,whsec_2", `${url}/simulators/stripe`],
  );
  const own = functionEnvironment(url, keys, { STRIPE_SECRET_KEY: "sk_test_own" }, credentials);
  assert.deepEqual([own.STRIPE_SECRET_KEY, own.STRIPE_BASE_URL], ["sk_test_own", undefined]);
});

Deno.test("without a base URL the SDK goes to Stripe itself, through the fetch that it is given", async () => {
  const asked: string[] = [];
  const stripe = await createStripeClient({
    secretKey: "sk_test_1",
    fetch: (input) => {
      asked.push(String(input));
      return Promise.resolve(Response.json({ object: "balance" }));
    },
  });
  await stripe.balance.retrieve();
  assert.deepEqual(asked, ["https://api.stripe.com/v1/balance"]);
});

Deno.test("the stack loads no SDK of Stripe: nothing in local/ imports more of it than types", async () => {
  const root = new URL("../../../local/", import.meta.url);
  let imports = 0;
  const visit = async (folder: URL): Promise<void> => {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isDirectory) await visit(new URL(`${entry.name}/`, folder));
      if (!entry.name.endsWith(".ts")) continue;
      const code = await Deno.readTextFile(new URL(entry.name, folder));
      for (const [line] of code.matchAll(/^.*(?:from|import\()\s*"(?:npm:)?stripe[@/"].*$/gm)) {
        imports++;
        assert.match(line, /^import type /, entry.name);
      }
    }
  };
  await visit(root);
  assert.ok(imports > 0);
});
