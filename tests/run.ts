/**
 * Runs the tests and ends with the line `N passed, N failed`.
 *
 *   deno run -A tests/run.ts [--postgres] [file or folder ...]
 */
import { stripVTControlCharacters } from "node:util";

const args = [...Deno.args];
const isOnPostgres = args[0] === "--postgres" && args.shift() !== undefined;

// deno-lint-ignore no-console -- this is a command; it talks to whoever runs it
const say = console.log;

if (isOnPostgres && !Deno.env.get("DATABASE_URL")) {
  say("DATABASE_URL must name a PostgreSQL server with pgvector, as superuser");
  Deno.exit(2);
}
const { DATABASE_URL, ...env } = Deno.env.toObject();

/** Files that measure time run by themselves, after the others. */
const alone = "tests/local/dev_test.ts";
const rounds = args.length > 0 ? [args] : [[`--ignore=${alone}`, "tests"], [alone]];

let [passed, failed, exitCode] = [0, 0, 0];
for (const round of rounds) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--parallel", ...round],
    clearEnv: true,
    env: { DENO_JOBS: "2", ...env, ...(isOnPostgres && DATABASE_URL ? { DATABASE_URL } : {}) },
    stdout: "piped",
  }).spawn();
  let end = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    await Deno.stdout.write(chunk);
    end = (end + decoder.decode(chunk, { stream: true })).slice(-2000);
  }
  const { code } = await child.status;
  const counts = /(\d+) passed.* \| (\d+) failed/.exec(stripVTControlCharacters(end));
  passed += Number(counts?.[1] ?? 0);
  // A round that failed without a failed test did not run to its end.
  failed += Math.max(Number(counts?.[2] ?? 0), code === 0 ? 0 : 1);
  exitCode ||= code;
}
say(`${passed} passed, ${failed} failed`);
Deno.exit(exitCode);
