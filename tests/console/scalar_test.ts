import assert from "node:assert/strict";
import { npmRegistry } from "../../local/console/reference/registry.ts";
import { scalarLoader } from "../../local/console/reference/scalar.ts";
import { fileOfTar } from "../../local/console/reference/tar.ts";
import { shutDown } from "../support/shut_down.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const script = "/* the script */".repeat(100);
const scriptPath = "package/dist/browser/standalone.js";

function tar(files: Record<string, string>): Uint8Array<ArrayBuffer> {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const header = new Uint8Array(512);
    header.set(encode(name));
    header.set(encode(encode(text).length.toString(8).padStart(11, "0")), 124);
    const body = new Uint8Array(Math.ceil(encode(text).length / 512) * 512);
    body.set(encode(text));
    return [...header, ...body];
  });
  return new Uint8Array([...blocks, ...new Uint8Array(1024)]);
}

/** The bytes in chunks of `size`. */
function stream(bytes: Uint8Array<ArrayBuffer>, size: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from((function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
  })());
}

const archive = tar({
  "package/first.js": "first".repeat(200),
  [scriptPath]: script,
  "package/last.js": "last",
});

/** A registry that serves the archive; `paths` are what it was asked for. */
function registry(answer: () => Response) {
  const paths: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    paths.push(new URL(request.url).pathname);
    return answer();
  });
  return {
    paths,
    url: new URL(`http://127.0.0.1:${server.addr.port}/npm/`),
    [Symbol.asyncDispose]: () => shutDown(server),
  };
}

const packed = () => new Response(stream(archive, 700).pipeThrough(new CompressionStream("gzip")));
const sha512 = async (text: string) =>
  new Uint8Array(await crypto.subtle.digest("SHA-512", encode(text))).toBase64();

Deno.test("a file is taken out of an archive whatever its chunks are", async () => {
  for (const size of [1, 511, 512, 513, 100_000]) {
    assert.equal(decode(await fileOfTar(stream(archive, size), scriptPath)), script, `chunks of ${size}`);
  }
});

Deno.test("an archive without the file, or one that breaks off, is an error", async () => {
  await assert.rejects(fileOfTar(stream(archive, 512), "package/none.js"), /has no package\/none.js/);
  await assert.rejects(fileOfTar(stream(archive.slice(0, 2500), 512), scriptPath), /ends too early/);
  await assert.rejects(fileOfTar(stream(new Uint8Array(), 512), scriptPath), /ends too early/);
});

Deno.test("Scalar comes from the registry once, and from the folder ever after", async () => {
  const folder = await Deno.makeTempDir();
  await using npm = registry(packed);
  const source = { registry: () => Promise.resolve(npm.url), sha512: await sha512(script) };
  const load = scalarLoader(folder, source);
  const scripts = await Promise.all([load(), load()]);
  assert.deepEqual(scripts.map(decode), [script, script]);
  assert.equal(decode(await scalarLoader(folder, source)()), script);
  assert.deepEqual(npm.paths, ["/npm/@scalar/api-reference/-/api-reference-1.72.1.tgz"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a script that is not the expected one is refused, from the registry and from the folder", async () => {
  const folder = await Deno.makeTempDir();
  await using npm = registry(packed);
  const source = { registry: () => Promise.resolve(npm.url), sha512: await sha512("another script") };
  await assert.rejects(scalarLoader(folder, source)(), /not the expected one/);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  const expected = { ...source, sha512: await sha512(script) };
  await Deno.writeTextFile(`${folder}/scalar-1.72.1.js`, "tampered");
  assert.equal(decode(await scalarLoader(folder, expected)()), script);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a registry that fails is asked again at the next view", async () => {
  let isUp = false;
  await using npm = registry(() => isUp ? packed() : new Response("down", { status: 503 }));
  const load = scalarLoader(null, { registry: () => Promise.resolve(npm.url), sha512: await sha512(script) });
  await assert.rejects(load(), /answered 503/);
  isUp = true;
  assert.equal(decode(await load()), script);
});

Deno.test("the registry is the variable's, else the first .npmrc's, else Deno's own", async () => {
  const npmrcs = ["fund=false\n", "registry = http://localhost:4873/npm\n", "registry=http://localhost:1/\n"];
  const find = async (variable: string | undefined, files: string[]) =>
    (await npmRegistry({ variable, npmrcs: files })).href;
  assert.equal(await find("http://localhost:5000/mirror/", npmrcs), "http://localhost:5000/mirror/");
  assert.equal(await find(undefined, npmrcs), "http://localhost:4873/npm/");
  assert.ok(import.meta.resolve("hono").includes(new URL(await find(undefined, [])).host));
});
