import { type Config, readConfig } from "./config.ts";

/** What a function needs from the world around it; everything else is passed down from here. */
export interface Runtime {
  /** Settings; read from the environment at the first request, never at import. */
  readonly config: Config;
  now(): Date;
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Writes one line of the log. */
  write(line: string): void;
  /** Lets work go on after the answer; the platform keeps the instance alive for it. */
  waitUntil(work: Promise<unknown>): void;
}

type Env = (name: string) => string | undefined;

/** The runtime over an environment; tests and the embedded stack give their own. */
export function createRuntime(env: Env, overrides: Partial<Omit<Runtime, "config">> = {}): Runtime {
  let config: Config | undefined;
  return {
    get config() {
      return config ??= readConfig(env);
    },
    now: () => new Date(),
    fetch: (input, init) => fetch(input, init),
    // deno-lint-ignore no-console -- the platform collects what a function prints
    write: (line) => console.log(line),
    waitUntil: (work) => edgeRuntime()?.waitUntil(work),
    ...overrides,
  };
}

/** The runtime of a deployed function. */
export function denoRuntime(): Runtime {
  return createRuntime((name) => Deno.env.get(name));
}

/** The hosted platform's own object; absent elsewhere. */
function edgeRuntime(): { waitUntil(work: Promise<unknown>): void } | undefined {
  return (globalThis as { EdgeRuntime?: { waitUntil(work: Promise<unknown>): void } }).EdgeRuntime;
}
