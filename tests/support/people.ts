import assert from "node:assert/strict";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "../../functions/_shared/database.types.ts";

/** Where a client finds a project, in this process or another. */
export interface Project {
  url: string;
  keys: { publishableKey: string; secretKey: string };
}

/** Somebody who signed up, with their own supabase-js client. */
export interface Person {
  id: string;
  email: string;
  password: string;
  name: string;
  token: string;
  client: SupabaseClient<Database>;
}

/** A supabase-js client as an application makes it; nothing of it outlives the test. */
export function anonymousClient(stack: Project): SupabaseClient<Database> {
  return createClient<Database>(stack.url, stack.keys.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
}

/** A client with the secret key. */
export function serviceClient(stack: Project): SupabaseClient<Database> {
  return createClient<Database>(stack.url, stack.keys.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
}

/** Signs a new person up through supabase-js. */
export async function makePerson(
  stack: Project,
  options: { provider?: boolean; name?: string; locale?: string; timezone?: string } = {},
): Promise<Person> {
  const { name = "Somebody", ...metadata } = options;
  const email = `${crypto.randomUUID()}@example.com`;
  const password = "correct horse battery";
  const client = anonymousClient(stack);
  const { data, error } = await client.auth.signUp({
    email,
    password,
    options: { data: { name, ...metadata } },
  });
  assert.equal(error, null);
  assert.ok(data.session && data.user);
  return { id: data.user.id, email, password, name, token: data.session.access_token, client };
}

/** Signs a new provider up. */
export function makeProvider(
  stack: Project,
  options: { name?: string } = {},
): Promise<Person> {
  return makePerson(stack, { name: "Some Provider", ...options, provider: true });
}

type NewEvent = Database["public"]["Functions"]["publish_event"]["Args"];
export type EventRow = Database["public"]["Tables"]["events"]["Row"];

/** Publishes an event a week ahead. */
export async function makeEvent(provider: Person, event: Partial<NewEvent> = {}): Promise<EventRow> {
  const { data, error } = await provider.client.rpc("publish_event", {
    kind: "session",
    title: "Some Session",
    starts_at: daysAhead(7),
    ends_at: daysAhead(7, 1),
    capacity: 10,
    ...event,
  });
  assert.equal(error, null);
  assert.ok(data);
  return data;
}

/** The instant so many days and hours from now, to the second. */
export function daysAhead(days: number, hours = 0): string {
  const instant = new Date(Date.now() + (days * 24 + hours) * 3_600_000);
  instant.setMilliseconds(0);
  return instant.toISOString();
}
