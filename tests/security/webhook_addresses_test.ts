import assert from "node:assert/strict";
import {
  AddressRefusedError,
  isPublicAddress,
  publicAddresses,
} from "../../functions/_shared/integrations/webhooks/addresses.ts";
import { postPinned } from "../../functions/_shared/integrations/webhooks/post.ts";
import { makeEvent, makePerson, makeProvider } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { webhookReceiver } from "../support/webhook_receiver.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack({ env: { VENDOR_TIMEOUT_MS: "1000" } })));
Deno.test.afterAll(() => stack.close());

const refused = {
  loopback: ["127.0.0.1", "127.255.255.254", "::1"],
  unspecified: ["0.0.0.0", "0.1.2.3", "::"],
  private: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "fc00::1", "fec0::1"],
  "link-local": ["169.254.1.1", "fe80::1", "fe80::1%eth0"],
  "cloud metadata": ["169.254.169.254", "fd00:ec2::254", "168.63.129.16", "100.100.100.200"],
  "shared (CGNAT)": ["100.64.0.1", "100.127.255.255"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1"],
  reserved: [
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "240.0.0.1",
    "255.255.255.255",
    "2001:db8::1",
    "4000::1",
    "100::1",
  ],
  "IPv4 inside IPv6": [
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::1",
  ],
  "no address": ["", "localhost", "127.0.0.1 ", "1.2.3.4.5", "::1::"],
};
for (const [kind, addresses] of Object.entries(refused)) {
  Deno.test(`an address that is ${kind} is not public`, () => {
    for (const address of addresses) assert.equal(isPublicAddress(address), false, address);
  });
}

Deno.test("addresses of the internet are public", () => {
  for (
    const address of ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"]
  ) {
    assert.equal(isPublicAddress(address), true, address);
  }
});

const signal = () => AbortSignal.timeout(1000);
const resolvesTo = (...addresses: string[]) => () => Promise.resolve(addresses);

Deno.test("a name is refused when any of its addresses is not public, or when it has none", async () => {
  const host = "hooks.example.com";
  for (const addresses of [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["8.8.8.8", "::ffff:10.0.0.1"], []]) {
    await assert.rejects(publicAddresses(host, signal(), resolvesTo(...addresses)), AddressRefusedError);
  }
  assert.deepEqual(await publicAddresses(host, signal(), resolvesTo("8.8.8.8")), ["8.8.8.8"]);
});

Deno.test("a literal address is checked itself and never looked up, however it is written", async () => {
  const look = () => Promise.reject(new Error("looked up"));
  for (const text of ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0"]) {
    const { hostname } = new URL(`https://${text}/`);
    await assert.rejects(publicAddresses(hostname, signal(), look), AddressRefusedError, text);
  }
  assert.deepEqual(await publicAddresses("[2606:4700::1111]", signal(), look), ["2606:4700::1111"]);
});

Deno.test("nothing is sent to a name that resolves to this machine, and http only reaches the configured host", async () => {
  const receiver = webhookReceiver();
  const { port } = new URL(receiver.url);
  const post = (url: string, privateHost: string | null) =>
    postPinned(url, {
      headers: {},
      body: "{}",
      signal: signal(),
      privateHost,
      resolve: resolvesTo("127.0.0.1"),
    });
  await assert.rejects(post(`https://hooks.example.com:${port}/`, null), AddressRefusedError);
  await assert.rejects(post(`https://hooks.example.com:${port}/`, "127.0.0.1"), AddressRefusedError);
  await assert.rejects(post(`http://hooks.example.com:${port}/`, null), TypeError);
  await assert.rejects(post(`http://127.0.0.1:${port}/`, "localhost"), TypeError);
  assert.equal(receiver.requests.length, 0);
  assert.equal(await post(`http://127.0.0.1:${port}/`, "127.0.0.1"), 200);
  await receiver.close();
});

const literals = [
  "https://127.0.0.1/",
  "https://10.0.0.1/",
  "https://169.254.169.254/latest/meta-data",
  "https://8.8.8.8/",
  "https://2130706433/",
  "https://0x7f.0.0.1/",
  "https://0177.0.0.1/",
  "https://127.1/",
  "https://[::1]/",
  "https://[::ffff:10.0.0.1]/",
  "https://localhost/",
  "https://localhost./",
  "https://kong/",
  "https://db.internal/",
  "https://printer.local/",
  "https://a.localhost/",
  "https://%31%32%37.0.0.1/",
  "https://①②⑦.0.0.1/",
  "https://127。0。0。1/",
];
for (const url of literals) {
  Deno.test(`${url} cannot be registered`, async () => {
    const provider = await makeProvider(stack);
    const { error } = await provider.client.rpc("create_webhook_endpoint", {
      url,
      events: ["booking.created"],
    });
    assert.equal(error?.message, "INVALID_INPUT");
  });
}

Deno.test("an endpoint whose name leads to this machine gets nothing, and its owner learns no more than that", async () => {
  const receiver = webhookReceiver();
  const { port } = new URL(receiver.url);
  const provider = await makeProvider(stack);
  for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
    await stack.database.query("select admin.allow_webhook_host($1)", [host]);
    for (const scheme of ["http", "https"]) {
      const url = `${scheme}://${host}:${port}/`;
      const { error } = await provider.client.rpc("create_webhook_endpoint", {
        url,
        events: ["booking.created"],
      });
      assert.equal(error, null);
    }
    await stack.database.query("select admin.forbid_webhook_host($1)", [host]);
  }
  const attendee = await makePerson(stack);
  const event = await makeEvent(provider);
  await attendee.client.rpc("book_event", { event_id: event.id });
  await (await stack.runWorker()).body?.cancel();
  const { data: attempts } = await provider.client.from("webhook_attempts").select("http_status, error");
  assert.equal(attempts?.length, 6);
  assert.deepEqual(
    new Set(attempts?.map(({ error }) => error)),
    new Set(["cannot be reached at a public address"]),
  );
  assert.equal(receiver.requests.length, 0);
  await receiver.close();
});
