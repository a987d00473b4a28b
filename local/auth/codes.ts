import { createHash, timingSafeEqual } from "node:crypto";

/** Codes whose failed tries are remembered; the oldest make room. */
const remembered = 10_000;
const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
/** Marks the tokens of flows with PKCE in mail links and columns. */
export const pkcePrefix = "pkce_";
/** Marks the hashes of SMS codes: a hash that somebody guessed must not pass for the token of a mail's link. */
export const smsPrefix = "sms_";

/** A code of so many digits, each equally likely. */
export function createCode(length: number): string {
  let code = "";
  while (code.length < length) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 250) code += String(byte % 10);
  }
  return code;
}

/** Random text of 5 bits per character, as refresh tokens and unknowable passwords need it. */
export function randomText(length: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => alphabet[byte % 32]).join("");
}

/** What GoTrue stores instead of a code: SHA-224 of the address it went to and the code. */
export function tokenHash(address: string, code: string): string {
  return createHash("sha224").update(address + code).digest("hex");
}

/** Compares without telling by its duration how much of the text fits. */
export function isEqual(given: string, expected: string): boolean {
  const [left, right] = [new TextEncoder().encode(given), new TextEncoder().encode(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** What is stored of a code that was sent. */
export interface StoredCode {
  hash: string | null;
  sentAt: string | null;
  expirySeconds: number;
}

/** Whether the hash belongs to the stored code and its time has not passed. */
export function isCodeValid(hash: string, stored: StoredCode, now: Date): boolean {
  if (!stored.hash || isExpired(stored.sentAt, stored.expirySeconds, now)) return false;
  return isEqual(hash, stored.hash) || isEqual(pkcePrefix + hash, stored.hash);
}

export function isExpired(sentAt: string | null, expirySeconds: number, now: Date): boolean {
  return !sentAt || now.getTime() > Date.parse(sentAt) + expirySeconds * 1000;
}

/** Counts the tries at each code, right or wrong, before they are compared: parallel tries gain nothing. */
export class Attempts {
  readonly #used = new Map<string, number>();

  constructor(readonly limit: number) {}

  /** Whether one more try is allowed. */
  take(key: string): boolean {
    const used = (this.#used.get(key) ?? 0) + 1;
    this.#set(key, used);
    return used <= this.limit;
  }

  /** A new code was sent. */
  reset(key: string): void {
    this.#set(key, 0);
  }

  #set(key: string, used: number): void {
    this.#used.delete(key);
    this.#used.set(key, used);
    const oldest = this.#used.keys().next();
    if (this.#used.size > remembered && !oldest.done) this.#used.delete(oldest.value);
  }
}
