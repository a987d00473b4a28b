import { compare, hash } from "bcryptjs";
import { randomText } from "./codes.ts";
import type { PasswordConfig } from "./config.ts";
import { AuthError, validationFailed } from "./errors.ts";

/** bcrypt sees no more bytes than these. */
const longest = 72;

/** Never call it in a transaction: it takes milliseconds on purpose. */
export function hashPassword(password: string, config: PasswordConfig): Promise<string> {
  return hash(password, config.hashCost);
}

/** What stands for a password that nobody knows: no password fits it. */
export function unknowablePassword(): string {
  return `!${randomText(40)}`;
}

/** Whether the password belongs to the hash; a hash of another kind fits none. */
export async function isPassword(password: string, encrypted: string | null): Promise<boolean> {
  if (!encrypted || !/^\$2[aby]\$/.test(encrypted) || byteLength(password) > longest) return false;
  return await compare(password, encrypted);
}

/** Why a password is too weak, or null. */
export function weakness(
  password: string,
  config: PasswordConfig,
): { message: string; reasons: string[] } | null {
  const reasons: string[] = [];
  const messages: string[] = [];
  if (byteLength(password) < config.minLength) {
    reasons.push("length");
    messages.push(`Password should be at least ${config.minLength} characters.`);
  }
  const sets = config.requiredCharacters;
  if (sets.some((set) => ![...set].some((character) => password.includes(character)))) {
    reasons.push("characters");
    messages.push(`Password should contain at least one character of each: ${sets.join(", ")}.`);
  }
  return reasons.length > 0 ? { message: messages.join(" "), reasons } : null;
}

/** @throws {AuthError} `weak_password`, or `validation_failed` when bcrypt could not tell two passwords apart */
export function checkPassword(password: string, config: PasswordConfig): void {
  checkLength(password);
  const weak = weakness(password, config);
  if (weak) {
    throw new AuthError(422, "weak_password", weak.message, { weak_password: { reasons: weak.reasons } });
  }
}

export function checkLength(password: string): void {
  if (byteLength(password) > longest) {
    throw validationFailed(`Password cannot be longer than ${longest} characters`);
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
