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

/** Longer than any test may take (tests/support/deadline.ts): who is silent for so long waits for nothing. */
const silenceMs = 420_000;
/** A file whose every test takes all of its time is not silent. */
const roundMs = 1_800_000;

let [passed, failed, exitCode] = [0, 0, 0];
for (const paths of rounds) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--parallel", "--preload=tests/support/deadline.ts", ...paths],
    clearEnv: true,
    env: { DENO_JOBS: "2", ...env, ...(isOnPostgres && DATABASE_URL ? { DATABASE_URL } : {}) },
    stdout: "piped",
  }).spawn();
  const giveUp = (why: string) => {
    say(`\n${why}: the run is given up`);
    child.kill("SIGKILL");
  };
  const round = setTimeout(giveUp, roundMs, `This takes over ${roundMs / 60_000} minutes`);
  let silence: ReturnType<typeof setTimeout> | undefined;
  const listen = () => {
    clearTimeout(silence);
    silence = setTimeout(giveUp, silenceMs, `Nothing was printed for ${silenceMs / 60_000} minutes`);
  };
  listen();
  let end = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    listen();
    await Deno.stdout.write(chunk);
    end = (end + decoder.decode(chunk, { stream: true })).slice(-2000);
  }
  const { code } = await child.status;
  clearTimeout(silence);
  clearTimeout(round);
  const counts = /(\d+) passed.* \| (\d+) failed/.exec(stripVTControlCharacters(end));
  passed += Number(counts?.[1] ?? 0);
  // A round that failed without a failed test did not run to its end.
  failed += Math.max(Number(counts?.[2] ?? 0), code === 0 ? 0 : 1);
  exitCode ||= code;
}
say(`${passed} passed, ${failed} failed`);
Deno.exit(exitCode);
