/** Runs tasks one after another; a failing task is reported and does not hold up the next. */
export class TaskQueue {
  #tail = Promise.resolve();
  #length = 0;

  constructor(readonly events: { onError(error: unknown): void; onIdle(): void }) {}

  run(task: () => void | Promise<void>): void {
    this.#length++;
    this.#tail = this.#tail.then(task).catch(this.events.onError).then(() => {
      if (--this.#length === 0) this.events.onIdle();
    });
  }

  /** Resolves when everything that was queued until now is done. */
  settled(): Promise<void> {
    return this.#tail;
  }
}
