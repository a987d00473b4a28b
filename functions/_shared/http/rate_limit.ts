import type { Context } from "hono";
import type { ApiQuotas, Config, Quota } from "../config.ts";
import type { Runtime } from "../runtime.ts";
import { addressBucket, clientAddress } from "./client_address.ts";
import type { Actor } from "./actor.ts";
import type { Env, Step } from "./context.ts";
import { AppError } from "./errors.ts";
import { MemoryCounter } from "./rate_counters.ts";

/** What counting one request came to. */
export interface Count {
  allowed: boolean;
  remaining: number;
  /** When the window ends, in milliseconds since the epoch. */
  resetAtMs: number;
}

/**
 * Counts requests per bucket in fixed windows. A bucket's name tells whom it counts, so it may only be stored as a
 * digest. Throws when its store does not answer.
 */
export interface RateCounter {
  take(bucket: string, quota: Quota): Count | Promise<Count>;
}

/** Whom a limit counts: the signed-in user, or else the address. Null: nobody that could be named. */
type Subject = (c: Context<Env>) => string | null;

export interface Limit {
  /** Part of the bucket's name, so that limits do not share counters. */
  name: string;
  quota: Quota;
  subject: Subject;
  counter: RateCounter;
  /** What happens when the counter's store is down: sign-in and payments are refused, the rest goes on with a warning. */
  whenDown: "refuse" | "allow";
}

/** Counts the request before its handler runs, and tells the client where it stands. */
export function rateLimit(runtime: Runtime, limit: Limit): Step {
  return (c) => {
    const subject = limit.subject(c);
    if (subject !== null) return countRequest(c, runtime, limit, subject);
  };
}

/**
 * Counts one request of `subject`.
 *
 * @throws {AppError} RATE_LIMITED beyond the quota; TRY_AGAIN when the store is down and the limit refuses then
 */
export async function countRequest<A extends Actor>(
  c: Context<Env<A>>,
  runtime: Runtime,
  limit: Omit<Limit, "subject">,
  subject: string,
): Promise<void> {
  let count: Count;
  try {
    count = await limit.counter.take(`${limit.name}\n${subject}`, limit.quota);
  } catch (cause) {
    c.get("log").warning("rate limit store is down", { limit: limit.name, then: limit.whenDown, cause });
    if (limit.whenDown === "refuse") throw new AppError("TRY_AGAIN", { cause, retryAfterSeconds: 5 });
    return;
  }
  c.set("count", { ...count, limit: limit.quota.max });
  if (!count.allowed) {
    const waitMs = count.resetAtMs - runtime.now().getTime();
    throw new AppError("RATE_LIMITED", { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
  }
}

/**
 * The limit of every endpoint: per user where one is signed in, else per address, as also where the gate has refused;
 * counted in this process.
 *
 * @param quotas of a contract whose document sets its own; default: RATE_LIMIT_API for both
 */
export function apiLimit(
  runtime: Runtime,
  quotas: (config: Config) => ApiQuotas = ({ apiQuota }) => ({ user: apiQuota, address: apiQuota }),
): Step {
  const counter = new MemoryCounter(() => runtime.now().getTime());
  const subject: Subject = (c) => {
    const actor = entered(c);
    if (actor?.kind === "service") return null;
    if (actor?.kind === "user") return actor.id;
    const address = clientAddress(c, runtime.config);
    return address && addressBucket(address);
  };
  const limits: Partial<Record<keyof ApiQuotas, Step>> = {};
  return (c) => {
    const kind = entered(c)?.kind === "user" ? "user" : "address";
    const limited = limits[kind] ??= rateLimit(runtime, {
      name: "api",
      quota: quotas(runtime.config)[kind],
      counter,
      whenDown: "allow",
      subject,
    });
    return limited(c);
  };
}

/** Who is behind the gate; nobody when it has refused. */
function entered(c: Context<Env>): Actor | undefined {
  return c.get("actor") as Actor | undefined;
}
