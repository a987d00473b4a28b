import type { Quota } from "../config.ts";
import { adminDb, call } from "../domain/db.ts";
import type { Runtime } from "../runtime.ts";
import type { Count, RateCounter } from "./rate_limit.ts";

const rememberedBuckets = 50_000;

/** Counts in this process: approximate, because every instance counts for itself. */
export class MemoryCounter implements RateCounter {
  #windows = new Map<string, { requests: number; resetAtMs: number }>();

  constructor(readonly nowMs: () => number) {}

  take(bucket: string, { max, windowSeconds }: Quota): Count {
    const now = this.nowMs();
    const widthMs = windowSeconds * 1000;
    let window = this.#windows.get(bucket);
    if (!window || window.resetAtMs <= now) {
      if (this.#windows.size >= rememberedBuckets) this.#forgetEnded(now);
      window = { requests: 0, resetAtMs: (Math.floor(now / widthMs) + 1) * widthMs };
      this.#windows.set(bucket, window);
    }
    window.requests++;
    return {
      allowed: window.requests <= max,
      remaining: Math.max(0, max - window.requests),
      resetAtMs: window.resetAtMs,
    };
  }

  #forgetEnded(now: number): void {
    for (const [bucket, window] of this.#windows) {
      if (window.resetAtMs <= now) this.#windows.delete(bucket);
    }
    if (this.#windows.size >= rememberedBuckets) this.#windows.clear();
  }
}

/** Counts in the project's database: exact across instances, one more round trip. */
class PostgresCounter implements RateCounter {
  constructor(readonly runtime: Runtime) {}

  async take(bucket: string, { max, windowSeconds }: Quota): Promise<Count> {
    const [row] = await call(adminDb(this.runtime), "take_rate_limit", {
      bucket: await digest(bucket),
      max_requests: max,
      window_seconds: windowSeconds,
    });
    if (!row) throw new Error("take_rate_limit answered nothing");
    return { allowed: row.allowed, remaining: row.remaining, resetAtMs: Date.parse(row.reset_at) };
  }
}

/** Counts in Upstash Redis. */
class UpstashCounter implements RateCounter {
  #limiters = new Map<string, Promise<import("@upstash/ratelimit").Ratelimit>>();

  constructor(readonly upstash: { url: string; token: string }, readonly timeoutMs: number) {}

  async take(bucket: string, quota: Quota): Promise<Count> {
    const limiter = await this.#limiter(quota);
    const { success, remaining, reset, reason } = await limiter.limit(await digest(bucket));
    // The SDK lets everything pass when Redis is late; whether that is right is the limit's to say.
    if (reason === "timeout") throw new Error("Upstash did not answer in time");
    return { allowed: success, remaining: Math.max(0, remaining), resetAtMs: reset };
  }

  #limiter({ max, windowSeconds }: Quota) {
    const name = `${max}/${windowSeconds}`;
    let limiter = this.#limiters.get(name);
    if (!limiter) this.#limiters.set(name, limiter = this.#create(max, windowSeconds));
    return limiter;
  }

  async #create(max: number, windowSeconds: number) {
    const [{ Ratelimit }, { Redis }] = await Promise.all([
      import("@upstash/ratelimit"),
      import("@upstash/redis"),
    ]);
    return new Ratelimit({
      redis: new Redis({ ...this.upstash, retry: false, enableTelemetry: false }),
      limiter: Ratelimit.fixedWindow(max, `${windowSeconds} s`),
      prefix: "convene",
      timeout: this.timeoutMs,
    });
  }
}

async function digest(bucket: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  return createHash("sha256").update(bucket).digest("base64url");
}

/** The counter for limits that must hold across instances: Upstash when configured, else the database. */
export function sharedCounter(runtime: Runtime): RateCounter {
  const { upstash, databaseTimeoutMs } = runtime.config;
  return upstash ? new UpstashCounter(upstash, databaseTimeoutMs) : new PostgresCounter(runtime);
}
