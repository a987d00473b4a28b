import type { Runtime } from "../runtime.ts";

type Level = "info" | "warning" | "error";
type Fields = Record<string, unknown>;

/** Writes structured lines that all carry the same request id. Never pass personal data, tokens or bodies. */
export interface Logger {
  info(message: string, fields?: Fields): void;
  warning(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** Writes a line of JSON per message, each with the fields of its context; a cause as its stack. */
export function createLogger(runtime: Pick<Runtime, "now" | "write">, context: Fields): Logger {
  const line = (level: Level, message: string, { cause, ...fields }: Fields = {}) =>
    runtime.write(JSON.stringify({
      at: runtime.now().toISOString(),
      level,
      message,
      ...context,
      ...fields,
      ...(cause === undefined ? {} : { cause: describeCause(cause) }),
    }));
  return {
    info: (message, fields) => line("info", message, fields),
    warning: (message, fields) => line("warning", message, fields),
    error: (message, fields) => line("error", message, fields),
  };
}

/** One finished request. */
export interface RequestRecord {
  contract: string;
  method: string;
  route: string;
  status: number;
  ms: number;
  actorId: string | null;
}

/**
 * Logs finished requests: errors and slow ones always, others up to a number a second; how many were left out is
 * told with the next.
 */
export class RequestLog {
  #second = 0;
  #written = 0;
  #leftOut = 0;

  constructor(readonly runtime: Runtime) {}

  record(log: Logger, request: RequestRecord): void {
    const { slowMs, logPerSecond } = this.runtime.config;
    const second = Math.floor(this.runtime.now().getTime() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#written = 0;
    }
    const isNotable = request.status >= 500 || request.ms >= slowMs;
    if (!isNotable && this.#written >= logPerSecond) {
      this.#leftOut++;
      return;
    }
    this.#written++;
    const { actorId, ...fields } = request;
    log[request.status >= 500 ? "error" : "info"]("request", {
      ...fields,
      actor_id: actorId,
      ...(this.#leftOut > 0 ? { left_out: this.#leftOut } : {}),
    });
    this.#leftOut = 0;
  }
}

/** An error as text: name, message, stack and what caused it in turn. */
function describeCause(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  return {
    name: cause.name,
    message: cause.message,
    stack: cause.stack?.split("\n").slice(1, 6).map((frame) => frame.trim()),
    ...(cause.cause === undefined ? {} : { cause: describeCause(cause.cause) }),
  };
}
