import { fileURLToPath as fromFileUrl } from "node:url";
import { parseArgs } from "node:util";
import { FolderLockedError } from "./database/lock.ts";
import { type Stack, startStack } from "./stack.ts";

const usage = `Runs the whole of Convene on this machine.

  deno task dev [--port N] [--memory] [--fresh]

  --port N   listen on port N (default: PORT, else 54321)
  --memory   keep everything in memory; nothing remains
  --fresh    drop the data of earlier starts first

  DATABASE_URL selects a PostgreSQL server (15 or later, with pgvector, as superuser) instead of PGlite.
  CONVENE_DIR is where data and keys are kept (default: .convene in the project).`;

/** Data and keys of the embedded stack. */
const defaultFolder = fromFileUrl(new URL("../.convene", import.meta.url));

// deno-lint-ignore no-console -- this is a command; it talks to whoever typed it
const say = console.log;

async function main(): Promise<number> {
  const options = readArguments();
  if (typeof options === "string") {
    say(options);
    return options === usage ? 0 : 2;
  }
  const startedAt = performance.now();
  try {
    const stack = await startStack({
      port: options.port,
      folder: options.memory ? null : Deno.env.get("CONVENE_DIR") ?? defaultFolder,
      databaseUrl: options.databaseUrl,
      // Less than the functions wait for an answer: a request is told within three seconds that the server is down.
      connectTimeoutMs: 2000,
      fresh: options.fresh,
      seed: true,
      workerEveryMs: 1000,
      env: ownSettings(Deno.env.toObject()),
      write: (line) => sayLogLine(line),
      onProgress: (step) => say(`  ${step}`),
    });
    welcome(stack, performance.now() - startedAt);
    await untilInterrupted();
    say("\nStopping");
    await stack.close();
    return 0;
  } catch (error) {
    say(`\n${explain(error, options)}`);
    return 1;
  }
}

/** The environment without what names another project: the functions work on this one. */
function ownSettings(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("SUPABASE_")));
}

interface Options {
  port: number;
  memory: boolean;
  fresh: boolean;
  databaseUrl: string | undefined;
}

function readArguments(): Options | string {
  try {
    const { values } = parseArgs({
      args: Deno.args,
      options: {
        port: { type: "string" },
        memory: { type: "boolean", default: false },
        fresh: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return usage;
    const port = Number(values.port ?? Deno.env.get("PORT") ?? 54321);
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      return `${values.port} is not a port\n\n${usage}`;
    }
    return { port, memory: values.memory, fresh: values.fresh, databaseUrl: Deno.env.get("DATABASE_URL") };
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n\n${usage}`;
  }
}

function welcome({ url, keys, database }: Stack, ms: number): void {
  say(`
Convene is ready after ${(ms / 1000).toFixed(1)} s, on ${database.kind === "pglite" ? "PGlite" : "PostgreSQL"}

  Console          ${url}
  API              ${url}/functions/v1/sessions
  Publishable key  ${keys.publishableKey}
  Secret key       ${keys.secretKey}

Sign in as facilitator@example.com or user@example.com with password123. Ctrl-C stops.
`);
}

/** The functions' log for the eye: one short line per request, everything else as it is. */
function sayLogLine(line: string): void {
  const { at, message, contract, method, route, status, ms, ...rest } = JSON.parse(line);
  if (message !== "request") return say(line);
  if (contract === "worker" && status === 200) return;
  say(`${at.slice(11, 19)} ${status} ${method} ${route} ${ms} ms ${rest.request_id}`);
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
    const stop = () => {
      for (const signal of signals) Deno.removeSignalListener(signal, stop);
      resolve();
    };
    for (const signal of signals) Deno.addSignalListener(signal, stop);
  });
}

function explain(error: unknown, { port, databaseUrl }: Options): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return `Port ${port} is taken, perhaps by another Convene. Stop it, or choose another one with --port.`;
  }
  if (error instanceof FolderLockedError) return error.message;
  if (
    databaseUrl && error instanceof Error && "code" in error &&
    /^(E[A-Z]+|08|28|3D)/.test(String(error.code))
  ) {
    return `PostgreSQL at ${new URL(databaseUrl).host} cannot be used: ${error.message || error.code}`;
  }
  if (
    error instanceof Error &&
    /disk is full|No space left|cannot be written|Read-only|Permission denied/.test(error.message)
  ) {
    return `${error.message}. Free or choose another place with CONVENE_DIR, or start with --memory.`;
  }
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

if (import.meta.main) {
  Deno.exit(await main());
}
