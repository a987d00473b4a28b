import type { UserActor } from "../_shared/http/actor.ts";
import { AppError } from "../_shared/http/errors.ts";

/**
 * The document lets a client name the customer. It is the caller, whose e-mail address the verified token tells.
 *
 * @throws {AppError} INVALID_INPUT for somebody else's address
 */
export function checkCustomer({ token }: UserActor, customerEmail: string | undefined): void {
  if (customerEmail === undefined) return;
  if (customerEmail.trim().toLowerCase() === emailOf(token)) return;
  throw new AppError("INVALID_INPUT", {
    details: [{ field: "customerEmail", reason: "must be your own, or left out" }],
  });
}

function emailOf(token: string): string | null {
  const payload = token.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/") ?? "";
  const claims: Record<string, unknown> = JSON.parse(
    new TextDecoder().decode(Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))),
  );
  return typeof claims.email === "string" ? claims.email.toLowerCase() : null;
}
