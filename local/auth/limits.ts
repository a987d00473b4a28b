import type { RateLimits } from "./config.ts";
import { AuthError } from "./errors.ts";

/** What is counted per address. */
export type LimitedAction =
  | "token"
  | "verify"
  | "signup"
  | "anonymous"
  | "otp"
  | "magiclink"
  | "recover"
  | "resend"
  | "user";

const fiveMinutesMs = 300_000;
const hourMs = 3_600_000;
/** Addresses remembered per action; the longest unseen make room. */
const remembered = 10_000;

/** The limits of one project: token buckets per address, and hourly windows for what costs money. */
export class Limits {
  readonly #buckets = new Map<LimitedAction, TokenBuckets>();
  readonly #emails: Window;
  readonly #sms: Window;

  constructor(readonly limits: RateLimits, readonly clock: () => Date) {
    this.#emails = new Window(limits.emailsPerHour);
    this.#sms = new Window(limits.smsPerHour);
  }

  /** Counts a request; without an address there is nothing to count by, as in GoTrue. */
  take(action: LimitedAction, address: string): void {
    if (!address) return;
    let buckets = this.#buckets.get(action);
    if (!buckets) this.#buckets.set(action, buckets = new TokenBuckets(...this.#rate(action)));
    if (!buckets.take(address, this.clock().getTime())) {
      throw new AuthError(429, "over_request_rate_limit", "Request rate limit reached");
    }
  }

  takeEmail(): void {
    if (!this.#emails.take(this.clock().getTime())) {
      throw new AuthError(429, "over_email_send_rate_limit", "email rate limit exceeded");
    }
  }

  takeSms(): void {
    if (!this.#sms.take(this.clock().getTime())) {
      throw new AuthError(429, "over_sms_send_rate_limit", "SMS rate limit exceeded");
    }
  }

  /** Tokens per millisecond, and how many a full bucket holds. */
  #rate(action: LimitedAction): [number, number] {
    const { limits } = this;
    switch (action) {
      case "token":
        return [limits.tokensPerFiveMinutes / fiveMinutesMs, limits.burst];
      case "verify":
        return [limits.verificationsPerFiveMinutes / fiveMinutesMs, limits.burst];
      case "anonymous":
        return [limits.anonymousSignInsPerHour / hourMs, limits.anonymousSignInsPerHour];
      default:
        return [limits.signInsPerFiveMinutes / fiveMinutesMs, limits.burst];
    }
  }
}

/** A bucket per key that refills steadily: a burst at first, then the rate. */
class TokenBuckets {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(readonly perMs: number, readonly burst: number) {}

  take(key: string, now: number): boolean {
    const known = this.#buckets.get(key);
    const elapsedMs = known ? Math.max(0, now - known.at) : 0;
    const tokens = known ? Math.min(this.burst, known.tokens + elapsedMs * this.perMs) : this.burst;
    const allowed = tokens >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now });
    const oldest = this.#buckets.keys().next();
    if (this.#buckets.size > remembered && !oldest.done) this.#buckets.delete(oldest.value);
    return allowed;
  }
}

/** So many per hour, counted from the first of the hour. */
class Window {
  #startedAt = -Infinity;
  #used = 0;

  constructor(readonly perHour: number) {}

  take(now: number): boolean {
    if (now - this.#startedAt >= hourMs) {
      this.#startedAt = now;
      this.#used = 0;
    }
    this.#used += 1;
    return this.#used <= this.perHour;
  }
}
