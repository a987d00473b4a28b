import assert from "node:assert/strict";
import nodeIcal, { type VEvent } from "node-ical";
import type { InboxMessage } from "../../../local/inbox.ts";
import type { TestStack } from "../../support/stack.ts";

export interface Calendar {
  text: string;
  method: string | undefined;
  events: VEvent[];
}

/** A calendar as another program reads it. */
export function parseCalendar(text: string): Calendar {
  const parts = Object.values(nodeIcal.sync.parseICS(text));
  return {
    text,
    method: /^METHOD:(\w+)\r$/m.exec(text)?.[1],
    events: parts.filter((part): part is VEvent => part?.type === "VEVENT"),
  };
}

export function onlyEvent({ events }: Calendar): VEvent {
  assert.equal(events.length, 1);
  return events[0]!;
}

/** A raw line of the first entry, such as its SEQUENCE, after the property's name. */
export function lineOf({ text }: Calendar, name: string): string | undefined {
  return new RegExp(`^${name}[:;](.*)\r$`, "m").exec(
    text.slice(text.indexOf("BEGIN:VEVENT")).replaceAll("\r\n ", ""),
  )?.[1];
}

/** Fetches a path of the calendar function. */
export async function fetchCalendar(
  stack: Pick<TestStack, "url">,
  path: string,
  token?: string,
): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(`${stack.url}/functions/v1/calendar${path}`, {
    headers: token ? { authorization: `Bearer ${token}` } : {},
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The calendar that came with an e-mail. */
export function attachedCalendar({ attachments = [] }: InboxMessage): Calendar & { contentType: string } {
  assert.equal(attachments.length, 1);
  const { content, contentType } = attachments[0]!;
  return { ...parseCalendar(new TextDecoder().decode(Uint8Array.fromBase64(content))), contentType };
}
