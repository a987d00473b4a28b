import { type Stack, type StackOptions, startStack } from "../../local/stack.ts";
import { attach, attachedUrl } from "./attached.ts";
import { createTestDatabase } from "./template.ts";

/** The stack that a test file runs against, and what its functions logged. */
export interface TestStack extends Stack {
  readonly log: string[];
}

/**
 * What is not about outages should not fail because a busy machine was slow once; and nothing is delivered before a
 * test asks for it. The tests of outages, limits and wakes say otherwise.
 */
export const patientEnv = {
  CRM_WAIT_MS: "10000",
  DATABASE_TIMEOUT_MS: "10000",
  VENDOR_TIMEOUT_MS: "30000",
  WAKE_WORKER: "false",
};

/**
 * Starts a stack on a database of its own. Nothing runs by itself: tests call the worker when they want it.
 *
 * Use with `await using`.
 */
export async function testStack(
  options: Partial<StackOptions> = {},
): Promise<TestStack & AsyncDisposable> {
  const log: string[] = [];
  const write = (line: string) => void log.push(line);
  const env = { ...patientEnv, ...options.env };
  if (attachedUrl) {
    const attached = await attach({ write, ...options, env });
    // What an attached project cannot give (its signing keys, its sockets) is used by no test that runs on one.
    return { ...attached, log, [Symbol.asyncDispose]: attached.close } as unknown as
      & TestStack
      & AsyncDisposable;
  }
  const { databaseUrl, folder, drop } = await createTestDatabase();
  const stack = await startStack({
    port: 0,
    folder,
    databaseUrl,
    seed: false,
    workerEveryMs: null,
    write,
    ...options,
    env,
  });
  const close = async () => {
    await stack.close();
    await drop();
  };
  return { ...stack, log, close, [Symbol.asyncDispose]: close };
}
