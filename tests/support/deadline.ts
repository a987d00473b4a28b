/**
 * Loaded before every test file: a test or hook that does not end fails after five minutes, and is named, instead of
 * keeping the run waiting. Nothing here needs a minute on an idle machine.
 */
const limitMs = 300_000;

type Hook = (fn: () => void | Promise<void>) => void;

const { test } = Deno;

function withDeadline(...args: unknown[]): void {
  const [first, second, third] = args;
  const define = test as (...args: unknown[]) => void;
  if (typeof first !== "string") define({ timeout: limitMs, ...first as Deno.TestDefinition }, second);
  else if (typeof second === "function") define(first, { timeout: limitMs }, second);
  else define(first, { timeout: limitMs, ...second as Deno.TestDefinition }, third);
}

/** Hooks know no `timeout`; the error is made here because its stack names the file. */
function withHookDeadline(define: Hook): Hook {
  return (fn) => {
    const late = new Error(`A hook did not end within ${limitMs / 1000} s`);
    define(async () => {
      const { promise, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(late), limitMs);
      try {
        await Promise.race([fn(), promise]);
      } finally {
        clearTimeout(timer);
      }
    });
  };
}

const { beforeAll, beforeEach, afterEach, afterAll } = test;
const bounded = Object.assign(withDeadline, test, {
  beforeAll: withHookDeadline(beforeAll),
  beforeEach: withHookDeadline(beforeEach),
  afterEach: withHookDeadline(afterEach),
  afterAll: withHookDeadline(afterAll),
});
Object.defineProperty(Deno, "test", { value: bounded });
