import assert from "node:assert/strict";
import { anonymousClient, makePerson, serviceClient } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => {
  stack = await testStack();
});
Deno.test.afterAll(() => stack.close());

const pdf = new Blob(["%PDF-1.7 nothing"], { type: "application/pdf" });

async function upload(path: string, file: Blob | string, contentType = "application/pdf") {
  const { error } = await serviceClient(stack).storage.from("receipts").upload(path, file, { contentType });
  assert.equal(error, null);
}

async function sign(path: string, options: { expiresIn?: number; download?: string | boolean } = {}) {
  const { expiresIn = 60, ...rest } = options;
  const { data, error } = await serviceClient(stack).storage.from("receipts").createSignedUrl(
    path,
    expiresIn,
    rest,
  );
  assert.equal(error, null);
  assert.ok(data);
  return data.signedUrl;
}

Deno.test("what the service uploads is read by a signed link, without a key", async () => {
  const path = `${crypto.randomUUID()}/a b.pdf`;
  await upload(path, pdf);
  const url = await sign(path);
  assert.ok(url.startsWith(`${stack.url}/storage/v1/object/sign/receipts/`), url);
  const response = await fetch(url);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/pdf");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(await response.text(), "%PDF-1.7 nothing");
});

Deno.test("a link to download says so, with its file name", async () => {
  const path = `${crypto.randomUUID()}/one.pdf`;
  await upload(path, pdf);
  const response = await fetch(await sign(path, { download: "receipt.pdf" }));
  await response.body?.cancel();
  assert.match(response.headers.get("content-disposition") ?? "", /^attachment; filename="receipt\.pdf"/);
});

Deno.test("a link with another's token, a broken one or none opens nothing", async () => {
  const [mine, other] = [`${crypto.randomUUID()}/1.pdf`, `${crypto.randomUUID()}/2.pdf`];
  await upload(mine, pdf);
  await upload(other, pdf);
  const url = new URL(await sign(mine));
  const token = url.searchParams.get("token");
  const base = `${stack.url}/storage/v1/object/sign/receipts/${other}`;
  for (const link of [`${base}?token=${token}`, `${base}?token=nonsense`, base]) {
    const response = await fetch(link);
    assert.ok(response.status >= 400 && response.status < 500, `${response.status}`);
    assert.doesNotMatch(await response.text(), /%PDF/);
  }
});

Deno.test("a link ends when it says", async () => {
  const path = `${crypto.randomUUID()}/1.pdf`;
  await upload(path, pdf);
  const response = await fetch(await sign(path, { expiresIn: -1 }));
  assert.equal(response.status, 400);
  assert.equal((await response.json()).error, "InvalidJWT");
});

Deno.test("nobody else uploads to, lists, signs or reads the receipts", async () => {
  const path = `${crypto.randomUUID()}/1.pdf`;
  await upload(path, pdf);
  const person = await makePerson(stack);
  for (const client of [anonymousClient(stack), person.client]) {
    const bucket = client.storage.from("receipts");
    assert.notEqual((await bucket.upload(`${crypto.randomUUID()}/x.pdf`, pdf)).error, null);
    assert.notEqual((await bucket.createSignedUrl(path, 60)).error, null);
    assert.notEqual((await bucket.download(path)).error, null);
    assert.deepEqual((await bucket.list(path.split("/")[0])).data ?? [], []);
  }
});

Deno.test("the bucket of receipts takes PDFs alone", async () => {
  const { error } = await serviceClient(stack).storage.from("receipts")
    .upload(`${crypto.randomUUID()}/x.html`, "<script>", { contentType: "text/html" });
  assert.notEqual(error, null);
});

Deno.test("a stored page is never served as one: the console has the same origin", async () => {
  const service = serviceClient(stack).storage;
  const name = crypto.randomUUID();
  assert.equal((await service.createBucket(name, { public: true })).error, null);
  for (const contentType of ["text/html", "image/svg+xml", "application/xhtml+xml"]) {
    const path = `${crypto.randomUUID()}.html`;
    const page = new Blob(["<script>alert(1)</script>"], { type: contentType });
    assert.equal((await service.from(name).upload(path, page, { contentType })).error, null);
    const response = await fetch(service.from(name).getPublicUrl(path).data.publicUrl);
    await response.body?.cancel();
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.match(response.headers.get("content-security-policy") ?? "", /sandbox/);
  }
});
