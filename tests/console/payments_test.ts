import assert from "node:assert/strict";
import { openConsole, type TestConsole, url } from "./support.ts";
import { createStripeClient } from "../../functions/_shared/integrations/stripe_client.ts";

let console: TestConsole;
Deno.test.beforeAll(async () => void (console = await openConsole()));
Deno.test.afterAll(() => console.close());

const stripe = () => {
  const { secretKey, baseUrl } = console.stripe.credentials;
  return createStripeClient({
    secretKey,
    baseUrl,
    fetch: (input, init) => console.stripe.fetch(new Request(input, init)),
  });
};

const open = async (description = "Yoga") =>
  (await (await stripe()).paymentIntents.create({ amount: 2500, currency: "usd", description })).id;

const post = (path: string, headers: Record<string, string> = {}) =>
  console.fetch(new Request(url + path, { method: "POST", headers }));

/** Clicks a button of the page: only what the page offers can be clicked. */
async function click(id: string, action: string): Promise<void> {
  const path = `/console/stripe/${id}/${action}`;
  assert.ok(
    (await console.text("/console/stripe")).includes(`formaction="${path}"`),
    `no button for ${action}`,
  );
  const response = await post(path, { origin: "null", "sec-fetch-site": "same-origin" });
  assert.deepEqual([response.status, response.headers.get("location")], [303, `/console/stripe#${id}`]);
}

const status = async (id: string) => (await (await stripe()).paymentIntents.retrieve(id)).status;

Deno.test("the page lists what waits to be paid: amount, currency, description", async () => {
  const id = await open("A <b>bold</b> retreat");
  const html = await console.text("/console/stripe");
  assert.ok(html.includes(id) && html.includes("25.00 USD"));
  assert.ok(html.includes("A &#60;b&#62;bold&#60;/b&#62; retreat"));
});

Deno.test("a click pays, and what is paid has no button any more", async () => {
  const id = await open();
  await click(id, "pay");
  assert.equal(await status(id), "succeeded");
  assert.ok(!(await console.text("/console/stripe")).includes(`formaction="/console/stripe/${id}`));
});

Deno.test("a click declines, the page says why, and the payment can be tried again", async () => {
  const id = await open();
  await click(id, "decline");
  assert.equal(await status(id), "requires_payment_method");
  assert.ok((await console.text("/console/stripe")).includes("The card was declined"));
  await click(id, "pay");
  assert.equal(await status(id), "succeeded");
});

Deno.test("clicks require authentication, and give or refuse it", async () => {
  const [genuine, stranger] = [await open(), await open()];
  for (
    const [id, action, expected] of [
      [genuine, "authenticate", "succeeded"],
      [stranger, "refuse", "requires_payment_method"],
    ] as const
  ) {
    await click(id, "challenge");
    assert.equal(await status(id), "requires_action");
    await click(id, action);
    assert.equal(await status(id), expected);
  }
});

Deno.test("clicks let a slow payment arrive or fail", async () => {
  const [arriving, failing] = [await open(), await open()];
  for (const id of [arriving, failing]) console.stripe.pay(id, "pm_usBankAccount_processing");
  await click(arriving, "arrive");
  await click(failing, "fail");
  assert.deepEqual([await status(arriving), await status(failing)], ["succeeded", "requires_payment_method"]);
});

Deno.test("a click on what is no longer possible is answered 409 and changes nothing", async () => {
  const id = await open();
  await click(id, "pay");
  const response = await post(`/console/stripe/${id}/decline`);
  assert.equal(response.status, 409);
  assert.equal(await status(id), "succeeded");
});

Deno.test("no page of another site or port can pay: 403, and nothing is paid", async () => {
  const id = await open();
  for (
    const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: "http://127.0.0.1:3000" },
      { "sec-fetch-site": "none" },
      { origin: "https://evil.example" },
      { origin: "http://127.0.0.1:3000" },
      { origin: "null" },
    ]
  ) {
    assert.equal((await post(`/console/stripe/${id}/pay`, headers)).status, 403, JSON.stringify(headers));
  }
  assert.equal((await post(`/console/stripe/${id}/pay`, { host: "evil.example" })).status, 403);
  assert.equal(await status(id), "requires_payment_method");
});

Deno.test("a program of this machine can pay, and only with POST", async () => {
  const id = await open();
  const read = await console.get(`/console/stripe/${id}/pay`);
  assert.deepEqual([read.status, read.headers.get("allow")], [405, "POST"]);
  assert.equal(await status(id), "requires_payment_method");
  assert.equal((await post(`/console/stripe/${id}/pay`)).status, 303);
  assert.equal(await status(id), "succeeded");
});

Deno.test("what does not exist is answered 404", async () => {
  const id = await open();
  for (
    const path of [
      `/console/stripe/${id}/steal`,
      "/console/stripe/pi_none/pay",
      "/console/stripe/acct_none/onboard",
    ]
  ) {
    assert.equal((await post(path)).status, 404, path);
  }
  assert.equal((await console.get("/console/stripe/onboarding/acct_none")).status, 404);
});

Deno.test("an onboarding link's page finishes the onboarding and leads back to web addresses only", async () => {
  const client = await stripe();
  const { id } = await client.accounts.create({
    type: "express",
    capabilities: { transfers: { requested: true } },
  });
  const link = await client.accountLinks.create({
    account: id,
    type: "account_onboarding",
    refresh_url: "https://app.example/again",
    return_url: "https://app.example/back",
  });
  const path = link.url.slice(url.length);
  const action = /<form method="post" action="([^"]+)"/.exec(await console.text(path))?.[1]?.replaceAll(
    "&#38;",
    "&",
  );
  const response = await post(action ?? "", { origin: "null", "sec-fetch-site": "same-origin" });
  assert.equal(response.headers.get("location"), path);
  assert.equal((await client.accounts.retrieve(id)).payouts_enabled, true);
  const after = await console.text(path);
  assert.ok(after.includes("Onboarding is finished") && after.includes('href="https://app.example/back"'));
  const hostile = await console.text(`/console/stripe/onboarding/${id}?return_url=javascript:alert(1)`);
  assert.ok(!hostile.includes("javascript:"));
});

Deno.test("the home page tells how many payments wait", async () => {
  await open();
  const html = await console.text("/");
  assert.match(html, /(One payment waits|\d+ payments wait)\. <a href="\/console\/stripe">/);
});
