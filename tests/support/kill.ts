/** Ends a process at once; one that has ended by itself has ended. */
export function kill(process: Pick<Deno.ChildProcess, "kill">): void {
  try {
    process.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
}
