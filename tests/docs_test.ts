import assert from "node:assert/strict";
import { commandsFile, commandsPage } from "../tools/commands.ts";
import { attachedUrl } from "./support/attached.ts";
import { type TestStack, testStack } from "./support/stack.ts";

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

/** All blocks of one language in a page, one after the other. */
async function blocksOf(page: string, language: "ts" | "sh"): Promise<string> {
  const text = await Deno.readTextFile(new URL(page, root));
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, block]) => block)
    .join("\n");
}

/** Type-checks and runs a page's program against a stack; answers what it printed. */
async function runProgram(stack: TestStack, program: string): Promise<string> {
  const path = new URL(`docs/.${crypto.randomUUID()}.example.ts`, root);
  await Deno.writeTextFile(path, program);
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--check", "--quiet", path.pathname],
      env: { SUPABASE_URL: stack.url, SUPABASE_PUBLISHABLE_KEY: stack.keys.publishableKey, NO_COLOR: "1" },
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test({
  name: "the first program of README.md type-checks, and books on the sample data",
  ignore: attachedUrl !== undefined,
  async fn() {
    await using stack = await testStack();
    await stack.database.script(await Deno.readTextFile(new URL("supabase/seed.sql", root)));
    const program = (await blocksOf("README.md", "ts")).replace("http://127.0.0.1:54321", stack.url)
      .replace("<publishable key from the console>", stack.keys.publishableKey);
    assert.equal(await runProgram(stack, program), "confirmed\n");
  },
});

Deno.test("the program of docs/supabase-js.md type-checks and runs", async () => {
  await using stack = await testStack();
  const printed = await runProgram(stack, await blocksOf("docs/supabase-js.md", "ts"));
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
});

Deno.test({
  name: "docs/commands.md is what the migrations say, and docs/supabase-js.md has every kind of notification",
  ignore: attachedUrl !== undefined,
  async fn() {
    await using stack = await testStack();
    assert.ok(
      await Deno.readTextFile(commandsFile) === await commandsPage(stack.database),
      "docs/commands.md differs from the migrations: run deno task commands",
    );
    const routes = await stack.database.query<{ event: string; targets: string }>(`
      select event, string_agg(target, ', ' order by target) as targets
      from private.outbox_routes where destination = 'notification' group by event order by event
    `);
    const text = await Deno.readTextFile(new URL("docs/supabase-js.md", root));
    const rows = [...text.matchAll(/^\| `([a-z.]+)` +\| ([a-z, ]+?) +\|/gm)].map(([, event, targets]) => ({
      event,
      targets,
    }));
    assert.deepEqual(rows.sort((a, b) => a.event! < b.event! ? -1 : 1), routes);
  },
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
    const script = (await blocksOf("docs/consulting.md", "sh")).replaceAll(
      "http://127.0.0.1:54321",
      stack.url,
    );
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
