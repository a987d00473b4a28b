import { isLoopback } from "./guard.ts";
import type { Inbox, InboxMessage } from "../inbox.ts";

/**
 * Whose messages a URL asks for with `to`; null: everybody's. A plus that was not encoded arrives as a space and is
 * put back.
 */
export function recipientOf(url: URL): string | null {
  const to = url.searchParams.get("to") ?? "";
  return to.replace(/^ (?=\d)/, "+").trim() || null;
}

/** Everybody who got a message, in alphabetical order. */
export function recipients(inbox: Inbox): string[] {
  return [...new Set(inbox.list().map((message) => message.to))].sort();
}

/** The code that a message carries for its reader to enter. */
export function codeIn({ text }: InboxMessage): string | null {
  return /\bcode\b[^\d\n]{0,20}\b(\d{4,10})\b/i.exec(text)?.[1] ?? null;
}

/** The link of this project's Auth that a message asks its reader to follow; other links stay text. */
export function authLinkIn({ text }: InboxMessage, projectUrl: string): string | null {
  const found = /http:\/\/[\w.:[\]]+\/auth\/v1\/verify\?[\w:/.?&=%~+-]+/.exec(text)?.[0];
  if (!found || !URL.canParse(found)) return null;
  const link = new URL(found);
  return isLoopback(link.host) && link.port === new URL(projectUrl).port ? link.href : null;
}
