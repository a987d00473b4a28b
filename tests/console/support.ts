import { type Console, createConsole } from "../../local/console/console.ts";
import type { Database } from "../../local/database/database.ts";
import { PgliteDatabase } from "../../local/database/pglite.ts";
import { PostgresDatabase } from "../../local/database/postgres.ts";
import { Inbox } from "../../local/inbox.ts";
import { StripeSimulator } from "../../local/stripe/simulator.ts";
import { createTestDatabase } from "../support/template.ts";

export const url = "http://127.0.0.1:54321";
export const keys = { publishableKey: "sb_publishable_of_tests", secretKey: "sb_secret_of_tests" };

const error = { type: "object", required: ["error"], properties: { error: { type: "string" } } };

/** The document of a function called bakery. */
export const bakery = {
  openapi: "3.1.0",
  info: { title: "Bakery", version: "1.0.0", description: "Sells <bread> & more" },
  paths: {
    "/bakery/health": { get: { summary: "Tell how it is", responses: { 200: { description: "Fine" } } } },
    "/bakery/loaves/{loaf_id}": {
      get: {
        summary: "Read a loaf",
        tags: ["Loaves"],
        parameters: [
          { name: "loaf_id", in: "path", required: true, schema: { type: "string", format: "uuid" } },
          { name: "slices", in: "query", description: "How many", schema: { type: "integer" } },
        ],
        responses: {
          200: {
            description: "The loaf",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Loaf" } } },
          },
          404: { description: "Sold out", content: { "application/json": { schema: error } } },
        },
      },
      delete: {
        summary: "Eat a loaf",
        security: [{ user: [] }],
        responses: { 204: { description: "Eaten" } },
      },
    },
  },
  components: {
    schemas: { Loaf: { type: "object", properties: { grain: { type: "string", enum: ["rye", "spelt"] } } } },
  },
};

/** A console over a database, an inbox and two functions, one of which does not answer. */
export interface TestConsole {
  database: Database;
  inbox: Inbox;
  stripe: StripeSimulator;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  text(path: string): Promise<string>;
  fetch: Console["fetch"];
  close(): Promise<void>;
}

export async function openConsole(): Promise<TestConsole> {
  const { databaseUrl, folder, drop } = await createTestDatabase();
  const database = databaseUrl
    ? await PostgresDatabase.open(databaseUrl)
    : await PgliteDatabase.open(`${folder}/data`);
  // PGlite's runtime sets it when it starts.
  Deno.exitCode = 0;
  const inbox = new Inbox();
  const stripe = new StripeSimulator(url, () => new Date());
  // Nobody listens at the console's address.
  stripe.webhooks.pause();
  const { fetch } = createConsole({
    url,
    keys,
    database,
    inbox,
    stripe,
    functions: {
      names: ["bakery", "broken"],
      fetch: (request) =>
        Promise.resolve(
          request.url.includes("/bakery/") ? Response.json(bakery) : new Response(null, { status: 500 }),
        ),
    },
    folder: null,
    loadScalar: () => Promise.resolve(new TextEncoder().encode("/* Scalar */")),
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(new Request(url + path, { headers }));
  return {
    database,
    inbox,
    stripe,
    get,
    text: async (path) => await (await get(path)).text(),
    fetch,
    async close() {
      await stripe.close();
      await database.close();
      await drop();
    },
  };
}

/** A person as the development seed makes one. */
export async function plantPerson(
  database: Database,
  { email, name, provider = false, seeded = true }: {
    email: string;
    name: string;
    provider?: boolean;
    seeded?: boolean;
  },
): Promise<void> {
  await database.query(
    `insert into auth.users (
       id, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at
     )
     values (gen_random_uuid(), $1, now(), $2::text::jsonb, $3::text::jsonb, now(), now())`,
    [email, JSON.stringify(seeded ? { seeded } : {}), JSON.stringify({ name, provider })],
  );
}

/** A delivery that has been due for so many seconds. */
export async function plantDelivery(
  database: Database,
  { dueSeconds, status = "pending" }: { dueSeconds: number; status?: "pending" | "dead" },
): Promise<void> {
  await database.query(
    `with event as (
       insert into private.outbox (event, key, version, payload, fanned_out_at)
       values ('booking.created', gen_random_uuid(), 1, '{}', now())
       returning id, key
     )
     insert into private.deliveries (outbox_id, destination, key, due_at, status, settled_at)
     select e.id, 'email', e.key, now() - make_interval(secs => $1::integer), $2,
       case when $2 <> 'pending' then now() end
     from event as e`,
    [dueSeconds, status],
  );
}
