import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { kill } from "../support/kill.ts";

export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: URL | string;
  env?: Record<string, string>;
}

/** Long enough to download what a command needs. */
const limitMs = 120_000;

/** Whether npx is installed here, which official programs come with. */
export const hasNpx = await new Deno.Command("npx", { args: ["--version"], stdout: "null", stderr: "null" })
  .output().then(({ success }) => success, () => false);

/**
 * Runs a command to its end. One that has no end is ended after two minutes and tried once more: a registry that does
 * not answer keeps a download waiting for ever.
 */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<Output> {
  for (let tries = 1;; tries++) {
    const child = new Deno.Command(command, { ...options, args, stdout: "piped", stderr: "piped" }).spawn();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      void killTree(child.pid);
    }, limitMs);
    const { code, stdout, stderr } = await child.output().finally(() => clearTimeout(timer));
    const decoder = new TextDecoder();
    const output = { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    if (!isLate) return output;
    assert.ok(tries < 2, `${command} ${args.join(" ")} did not end\n${output.stdout}${output.stderr}`);
  }
}

/** Runs a program of the npm registry; one that was downloaded before is not asked for again. */
export function npx(args: string[], { env, ...options }: RunOptions = {}): Promise<Output> {
  return run("npx", ["--prefer-offline", "-y", ...args], {
    ...options,
    env: { ...env, DO_NOT_TRACK: "1", SUPABASE_NO_UPDATE_NOTIFIER: "1" },
  });
}

/** What hosted Supabase's Deno needs to know of a machine that has a certificate authority of its own. */
export const hostedDenoEnv = { DENO_TLS_CA_STORE: "system,mozilla", NO_COLOR: "1" };

let found: Promise<string> | undefined;

/** The program of hosted Supabase's Deno, 2.1.4. */
export function hostedDeno(): Promise<string> {
  return found ??= (async () => {
    // Where no deno.json is found, which this version could not read.
    const { code, stdout, stderr } = await npx(["deno@2.1.4", "eval", "console.log(Deno.execPath())"], {
      cwd: tmpdir(),
      env: hostedDenoEnv,
    });
    assert.equal(code, 0, stderr);
    return stdout.trim();
  })();
}

/** npx stands between us and a program, and does not pass a kill on. */
async function killTree(pid: number): Promise<void> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "pid=", "--ppid", String(pid)] }).output();
  for (const child of new TextDecoder().decode(stdout).split(/\s+/).filter(Boolean)) {
    await killTree(Number(child));
  }
  kill({ kill: (signal) => Deno.kill(pid, signal) });
}
