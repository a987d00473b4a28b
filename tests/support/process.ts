import assert from "node:assert/strict";
import { patientEnv } from "./stack.ts";
import { createTestDatabase, serverUrl, type TestDatabase } from "./template.ts";

/** `deno task dev` as a process of its own, as a developer runs it. */
export interface DevProcess {
  readonly url: string;
  readonly keys: { publishableKey: string; secretKey: string };
  /** Everything printed so far. */
  output(): string;
  kill(signal: Deno.Signal): void;
  /** The exit code, once it has ended. */
  ended: Promise<number>;
}

export interface DevOptions {
  folder: string;
  databaseUrl?: string | undefined;
  args?: string[];
  env?: Record<string, string>;
}

const root = new URL("../../", import.meta.url);
const { CRM_WAIT_MS, DATABASE_TIMEOUT_MS } = patientEnv;

/** Starts the process without waiting for anything. */
export function spawnDev({ folder, databaseUrl, args = ["--port", "0"], env = {} }: DevOptions) {
  const { DATABASE_URL: _, ...inherited } = Deno.env.toObject();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "local/dev.ts", ...args],
    cwd: root,
    clearEnv: true,
    env: {
      ...inherited,
      CONVENE_DIR: folder,
      CRM_WAIT_MS,
      DATABASE_TIMEOUT_MS,
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
      ...env,
    },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) output += text;
  };
  const read = Promise.all([collect(child.stdout), collect(child.stderr)]);
  const ended = child.status.then(async ({ code }) => {
    await read;
    return code;
  });
  return { output: () => output, kill: (signal: Deno.Signal) => child.kill(signal), ended };
}

/** Starts the process and waits until it says that it is ready. */
export async function startDev(options: DevOptions): Promise<DevProcess> {
  const process = spawnDev(options);
  const has = (pattern: RegExp) => pattern.exec(process.output())?.[1];
  const deadline = Date.now() + 120_000;
  let hasEnded = false;
  process.ended.then(() => hasEnded = true);
  while (!has(/(Ctrl-C stops)/)) {
    assert.ok(!hasEnded && Date.now() < deadline, `dev did not become ready:\n${process.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    ...process,
    url: has(/Console +(\S+)/) ?? "",
    keys: {
      publishableKey: has(/Publishable key +(\S+)/) ?? "",
      secretKey: has(/Secret key +(\S+)/) ?? "",
    },
  };
}

/** A database and folder for processes of one test; on PGlite a folder that the template was copied into. */
export async function processDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  return serverUrl ? database : { ...database, databaseUrl: undefined };
}
