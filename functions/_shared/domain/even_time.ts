/** Answers leave at multiples of this, so that a few milliseconds more of work do not show. */
const stepMs = 250;

/** Runs work whose duration must tell nothing: its result, or its error, comes at the next step. */
export async function evenly<T>(work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await work();
  } finally {
    await untilNextStep(startedAt);
  }
}

/** Throws an error at the next step after `startedAt`, a `performance.now()`. */
export async function endEvenly(startedAt: number, error: unknown): Promise<never> {
  await untilNextStep(startedAt);
  throw error;
}

function untilNextStep(startedAt: number): Promise<void> {
  const elapsedMs = performance.now() - startedAt;
  return new Promise((resolve) => setTimeout(resolve, Math.ceil(elapsedMs / stepMs) * stepMs - elapsedMs));
}
