import assert from "node:assert/strict";
import { kill } from "../support/kill.ts";
import { patientEnv, type TestStack, testStack } from "../support/stack.ts";
import { hasNpx, hostedDeno, hostedDenoEnv, run } from "./commands.ts";

const root = new URL("../../", import.meta.url);
const maxStartBytes = 1.2 * 1024 * 1024;

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

// deno-lint-ignore no-console -- the reader of the tests' output should know
if (!hasNpx) console.log("Skipped without npx: hosted Supabase's Deno 2.1.4 comes from npm.");

/** For each function: a route that validates its input, where it has one, and what it answers to what is not valid. */
const functions = [
  { name: "crm", probe: ["POST", "/crm/api/notify", 400] },
  { name: "events", probe: ["POST", "/events/api/auth/login", 400] },
  { name: "calendar", probe: ["POST", "/calendar/health", 405] },
  { name: "consulting", probe: ["GET", "/consulting/specialists?page=0", 400] },
  { name: "facilitator", probe: ["POST", "/facilitator/api/auth/send-otp", 400] },
  { name: "sessions", probe: ["POST", "/sessions/api/auth/login", 400] },
  { name: "worker", probe: ["POST", "/worker/deliver", 400] },
] as const;

/** Serves a module's default export as hosted Supabase does: each request is one call with one argument. */
const host = `
  const { default: app } = await import(Deno.args[0]);
  Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log("port " + port) }, (request) => app.fetch(request));
`;

async function whileServing(
  module: string,
  flags: string[],
  work: (url: string) => Promise<void>,
): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, host);
  const deno = await hostedDeno();
  // Downloads first, with a time limit of their own.
  const cached = await run(deno, ["cache", ...flags, file, module], { cwd: root, env: hostedDenoEnv });
  assert.equal(cached.code, 0, cached.stderr);
  const child = new Deno.Command(deno, {
    args: ["run", "-A", "--cached-only", ...flags, file, module],
    cwd: root,
    env: {
      SUPABASE_URL: stack.url,
      SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: stack.keys.publishableKey }),
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: stack.keys.secretKey }),
      WORKER_TOKEN: stack.keys.workerToken,
      CRM_BEARER_TOKEN: stack.keys.workerToken,
      COOKIE_KEY: stack.keys.cookieKey,
      DATABASE_TIMEOUT_MS: patientEnv.DATABASE_TIMEOUT_MS,
      ...hostedDenoEnv,
    },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) output += text;
  };
  const done = Promise.all([read(child.stdout), read(child.stderr), child.status]);
  try {
    const deadline = Date.now() + 120_000;
    while (!/port (\d+)/.test(output)) {
      assert.ok(Date.now() < deadline, output);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await work(`http://127.0.0.1:${/port (\d+)/.exec(output)?.[1]}`);
  } finally {
    kill(child);
    await done;
    await Deno.remove(file);
  }
}

async function assertAnswers(
  url: string,
  { name, probe: [method, path, status] }: (typeof functions)[number],
) {
  const health = await fetch(`${url}/${name}/health`);
  assert.equal(health.status, 200, await health.text());
  const probe = await fetch(`${url}${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${stack.keys.workerToken}` },
    ...(method === "GET" ? {} : { body: "{}" }),
  });
  assert.equal(probe.status, status, await probe.text());
}

for (const each of functions) {
  Deno.test({
    name: `${each.name}: its sources answer on hosted Supabase's Deno 2.1.4`,
    ignore: !hasNpx,
    fn: () =>
      whileServing(
        new URL(`functions/${each.name}/index.ts`, root).pathname,
        ["--no-lock", "--config", new URL("deno.json", root).pathname],
        (url) => assertAnswers(url, each),
      ),
  });

  Deno.test({
    name: `${each.name}: its bundle answers on Deno 2.1.4 alone, and what it loads at start is below 1.2 MiB`,
    ignore: !hasNpx,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      const options = ["--platform", "deno", "--minify", "--code-splitting", "--outdir", folder];
      const source = `functions/${each.name}/index.ts`;
      const { code, stderr } = await run(Deno.execPath(), ["bundle", ...options, source], { cwd: root });
      assert.equal(code, 0, stderr);
      const bytes = await startBytes(`${folder}/index.js`);
      assert.ok(bytes < maxStartBytes, `${bytes} bytes`);
      await whileServing(
        `${folder}/index.js`,
        ["--no-lock", "--no-config", "--no-npm"],
        (url) => assertAnswers(url, each),
      );
      await Deno.remove(folder, { recursive: true });
    },
  });
}

/** Bytes of a module and of everything that it imports statically. */
async function startBytes(path: string, seen = new Set<string>()): Promise<number> {
  if (seen.has(path)) return 0;
  seen.add(path);
  const text = await Deno.readTextFile(path);
  let bytes = new TextEncoder().encode(text).length;
  for (const [, chunk] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) {
    bytes += await startBytes(`${path.slice(0, path.lastIndexOf("/"))}/${chunk}`, seen);
  }
  return bytes;
}
