/**
 * Runs the tests and ends with the line `N passed, N failed`.
 *
 *   deno run -A tests/run.ts [--postgres] [file or folder ...]
 */
const args = [...Deno.args];
const onPostgres = args[0] === "--postgres" && args.shift() !== undefined;

// deno-lint-ignore no-console -- this is a command; it talks to whoever runs it
const say = console.log;

if (onPostgres && !Deno.env.get("DATABASE_URL")) {
  say("DATABASE_URL must name a PostgreSQL server with pgvector, as superuser");
  Deno.exit(2);
}
const env = Deno.env.toObject();
if (!onPostgres) delete env.DATABASE_URL;

const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--parallel", ...(args.length > 0 ? args : ["tests"])],
  clearEnv: true,
  env: { DENO_JOBS: "2", ...env },
}).output();
await Deno.stdout.write(stdout);
await Deno.stderr.write(stderr);

const [, passed = "0", failed = "1"] =
  // deno-lint-ignore no-control-regex -- the summary is coloured
  /(\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed/.exec(
    new TextDecoder().decode(stdout).replaceAll(/\x1b\[\d+m/g, ""),
  ) ?? [];
say(`${passed} passed, ${code !== 0 && failed === "0" ? 1 : failed} failed`);
Deno.exit(code);
