import assert from "node:assert/strict";
import { attachedUrl } from "./support/attached.ts";
import { testStack } from "./support/stack.ts";

const root = new URL("../", import.meta.url);

async function markdownFiles(): Promise<URL[]> {
  const files = [new URL("README.md", root)];
  for await (const entry of Deno.readDir(new URL("docs/", root))) {
    if (entry.name.endsWith(".md")) files.push(new URL(`docs/${entry.name}`, root));
  }
  return files;
}

Deno.test("every path that the documentation names exists", async () => {
  const missing: string[] = [];
  for (const file of await markdownFiles()) {
    const text = await Deno.readTextFile(file);
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path = ""]) =>
      new URL(path, file)
    );
    const code = [...text.matchAll(/`((?:functions|supabase|local|tests|docs|bench)\/[\w./-]*)`/g)]
      .map(([, path = ""]) => new URL(path, root));
    for (const url of [...links, ...code]) {
      if (!await Deno.stat(url).catch(() => null)) missing.push(`${file.pathname}: ${url.pathname}`);
    }
  }
  assert.deepEqual(missing, []);
});

Deno.test("the program of docs/supabase-js.md type-checks and runs", async () => {
  await using stack = await testStack();
  const text = await Deno.readTextFile(new URL("docs/supabase-js.md", root));
  const program = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block).join("\n");
  const path = new URL("docs/.supabase-js.example.ts", root);
  await Deno.writeTextFile(path, program);
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--check", "--quiet", path.pathname],
      env: { SUPABASE_URL: stack.url, SUPABASE_PUBLISHABLE_KEY: stack.keys.publishableKey, NO_COLOR: "1" },
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const printed = new TextDecoder().decode(stdout);
    for (
      const line of [
        "Jane S. Smith false",
        "confirmed",
        "booking.created",
        "cancelled",
        "Jane S. Smith",
        "John Doe confirmed",
      ]
    ) {
      assert.match(printed, new RegExp(line));
    }
  } finally {
    await Deno.remove(path);
  }
});

const hasCurl = Deno.build.os !== "windows" &&
  await new Deno.Command("curl", { args: ["--version"], stdout: "null" }).output()
    .then(({ success }) => success, () => false);

Deno.test({
  name: "the walk-through of docs/consulting.md runs on the sample data",
  ignore: !hasCurl || attachedUrl !== undefined,
  async fn() {
    await using stack = await testStack({ workerEveryMs: 200 });
    await stack.database.script(await Deno.readTextFile(new URL("supabase/seed.sql", root)));
    const text = await Deno.readTextFile(new URL("docs/consulting.md", root));
    const script = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block).join("\n")
      .replaceAll("http://127.0.0.1:54321", stack.url);
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: ["-euc", script],
      signal: AbortSignal.timeout(60_000),
    }).output();
    const printed = new TextDecoder().decode(stdout);
    assert.equal(code, 0, `${printed}\n${new TextDecoder().decode(stderr)}`);
    const steps = [
      /"generated":\d{3}/,
      /"message":"Payment successful".*"amount":10,"specialistPayout":8\.5/,
      /"receiptNumber":"10000000-\d{4}-000001"/,
      /"zoomLink":"https:\/\/[^"]+"/,
      /"specialistResponse":"Thank you"/,
      /"totalEarnings":8\.5,"totalBookings":1/,
    ];
    for (const step of steps) assert.match(printed, step);
    assert.doesNotMatch(printed, /"success":false/);
  },
});
