import { type Benchmark, median } from "./measure.ts";

const root = new URL("../", import.meta.url);

/** Listens first and loads the function with the first request, as hosted Supabase boots an instance. */
const host = `
  const { default: app } = await import(Deno.args[0]);
  Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.args[1]), onListen: () => {} }, (request) => app.fetch(request));
`;
const bareModule = `export default { fetch: () => Response.json({ status: "bare" }) };`;

export const coldStart: Benchmark = {
  name: "cold_start",
  says: "ms from the start of a process to the function's first answer, against a bare server",
  target: { atMost: 3 },
  async run(compare) {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/host.js`, host);
    await Deno.writeTextFile(`${folder}/bare.js`, bareModule);
    for await (const { name, isDirectory } of Deno.readDir(new URL("functions/", root))) {
      if (!isDirectory || name === "_shared") continue;
      const { success } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...[
            "bundle",
            "--quiet",
            "--platform",
            "deno",
            "--minify",
            "--code-splitting",
            "--outdir",
            `${folder}/${name}`,
          ],
          `functions/${name}/index.ts`,
        ],
        cwd: root,
      }).output();
      if (!success) throw new Error(`functions/${name} cannot be bundled`);
      const bundle = `${folder}/${name}/index.js`;
      await compare(
        () => medianStartMs(folder, bundle),
        () => medianStartMs(folder, `${folder}/bare.js`),
        name,
      );
    }
    await Deno.remove(folder, { recursive: true });
  },
};

/** Single starts scatter by half of what they take. */
async function medianStartMs(folder: string, module: string): Promise<number> {
  const starts: number[] = [];
  while (starts.length < 7) starts.push(await firstAnswerMs(folder, module));
  return median(starts);
}

async function firstAnswerMs(folder: string, module: string): Promise<number> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const startedAt = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", "--quiet", `${folder}/host.js`, module, String(port)],
    env: { SUPABASE_URL: "http://127.0.0.1:1", SUPABASE_ANON_KEY: "x", SUPABASE_SERVICE_ROLE_KEY: "x" },
    stdout: "null",
  }).spawn();
  for (;;) {
    try {
      // A path that does not exist goes through all of the kit, and to no database.
      const response = await fetch(`http://127.0.0.1:${port}/sessions/nothing`);
      await response.body?.cancel();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  const ms = performance.now() - startedAt;
  child.kill("SIGKILL");
  await child.status;
  return ms;
}
