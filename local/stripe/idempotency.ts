import { StripeFault } from "./fault.ts";

/** What was answered to a request. */
export interface Answer {
  status: number;
  body: unknown;
  requestId: string;
  /** Whether a later request with the same Idempotency-Key gets it again. */
  isKept: boolean;
}

/** Stripe keeps answers at least so long. */
const keptSeconds = 24 * 3600;

interface Entry {
  endpoint: string;
  params: string;
  at: number;
  /** Null while the first request runs. */
  answer: Answer | null;
}

/** What was answered to each Idempotency-Key. */
export class IdempotencyKeys {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Runs a request once per key; a repeated one gets the answer of the first.
   *
   * @throws {StripeFault} 400 for other parameters, 409 while the first still runs
   */
  async run(
    key: string,
    request: { endpoint: string; params: string },
    run: () => Promise<Answer>,
  ): Promise<{ answer: Answer; isReplayed: boolean }> {
    const known = this.#entries.get(key);
    if (known && this.#now() - known.at < keptSeconds) {
      return { answer: replay(key, known, request), isReplayed: true };
    }
    const entry: Entry = { ...request, at: this.#now(), answer: null };
    this.#entries.set(key, entry);
    try {
      const answer = await run();
      if (answer.isKept) entry.answer = answer;
      return { answer, isReplayed: false };
    } finally {
      if (!entry.answer) this.#entries.delete(key);
    }
  }
}

function replay(
  key: string,
  entry: Entry,
  { endpoint, params }: { endpoint: string; params: string },
): Answer {
  if (entry.endpoint !== endpoint || entry.params !== params) {
    const what = entry.endpoint === endpoint ? "with the parameters" : `for the endpoint (${entry.endpoint})`;
    throw new StripeFault(400, {
      type: "idempotency_error",
      message: `The idempotency key '${key}' can be used again only ${what} that it was first used with`,
    });
  }
  if (!entry.answer) {
    throw new StripeFault(409, {
      type: "idempotency_error",
      code: "idempotency_key_in_use",
      message: `A request with the idempotency key '${key}' is still running`,
    });
  }
  return entry.answer;
}
