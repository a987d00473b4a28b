import assert from "node:assert/strict";
import { join } from "node:path";
import { postPinned } from "../../functions/_shared/integrations/webhooks/post.ts";
import { shutDown } from "../support/shut_down.ts";

const hasOpenssl = await new Deno.Command("openssl", { args: ["version"], stdout: "null", stderr: "null" })
  .output().then(({ success }) => success, () => false);
// deno-lint-ignore no-console -- the reader of the tests' output should know
if (!hasOpenssl) console.log("Skipped without openssl: it makes the certificates of this file.");

let folder: string;
let authority: string;
Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "convene-tls-" });
  if (!hasOpenssl) return;
  await openssl(
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=Test authority",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
  );
  authority = await Deno.readTextFile(join(folder, "ca.pem"));
});
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

async function openssl(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args, cwd: folder }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

/** Serves https on this machine with a certificate for a name; answers what it heard. */
async function secureReceiver(name: string) {
  await Deno.writeTextFile(join(folder, "names"), `subjectAltName=DNS:${name}`);
  await openssl(
    "req",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-subj",
    `/CN=${name}`,
    "-keyout",
    "leaf.key",
    "-out",
    "leaf.csr",
  );
  await openssl(
    "x509",
    "-req",
    "-in",
    "leaf.csr",
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-days",
    "2",
    "-extfile",
    "names",
    "-out",
    "leaf.pem",
  );
  const heard: { text: string; host: string | null }[] = [];
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
    cert: await Deno.readTextFile(join(folder, "leaf.pem")),
    key: await Deno.readTextFile(join(folder, "leaf.key")),
  }, async (request) => {
    heard.push({ text: await request.text(), host: request.headers.get("host") });
    return new Response(null, { status: 204 });
  });
  return { heard, port: server.addr.port, close: () => shutDown(server) };
}

const post = (port: number, caCerts: string[]) =>
  postPinned(`https://localhost:${port}/hook`, {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ long: "ä".repeat(100_000) }),
    signal: AbortSignal.timeout(5000),
    privateHost: "localhost",
    caCerts,
  });

Deno.test({
  name: "over TLS the whole message arrives at who has a certificate for the address's name",
  ignore: !hasOpenssl,
  async fn() {
    const { heard, port, close } = await secureReceiver("localhost");
    assert.equal(await post(port, [authority]), 204);
    assert.equal(JSON.parse(heard[0]!.text).long.length, 100_000);
    assert.equal(heard[0]!.host, `localhost:${port}`);
    await close();
  },
});

Deno.test({
  name: "who has a certificate for another name, or of an unknown authority, gets nothing",
  ignore: !hasOpenssl,
  async fn() {
    const other = await secureReceiver("hooks.example.com");
    await assert.rejects(post(other.port, [authority]), Deno.errors.InvalidData);
    const known = await secureReceiver("localhost");
    await assert.rejects(post(known.port, []), Deno.errors.InvalidData);
    assert.deepEqual([other.heard, known.heard], [[], []]);
    await Promise.all([other.close(), known.close()]);
  },
});
