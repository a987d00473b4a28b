/** Waits for the work, at most so long; rejects if the work does. */
export async function settledWithin(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((resolve) => timer = setTimeout(resolve, limitMs));
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
