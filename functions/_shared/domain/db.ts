import { PostgrestClient, type PostgrestSingleResponse } from "@supabase/postgrest-js";
import type { Database } from "../database.types.ts";
import { AppError } from "../http/errors.ts";
import type { Runtime } from "../runtime.ts";
import { databaseError } from "./db_error.ts";

/** The project's database through PostgREST, under one caller's role; its client is made when first called. */
export class Db {
  #client: PostgrestClient<Database> | undefined;

  constructor(readonly runtime: Runtime, readonly headers: () => Record<string, string>) {}

  get client(): PostgrestClient<Database> {
    return this.#client ??= createClient(this.runtime, this.headers());
  }
}

type Functions = Database["public"]["Functions"];
export type Tables = Database["public"]["Tables"];
export type Views = Database["public"]["Views"];

/** Headers of a request that its database calls carry on. */
export interface Carried {
  requestId?: string | undefined;
  idempotencyKey?: string | undefined;
}

/** The database as anybody sees it, or as the bearer of `token` does. */
export function openDb(runtime: Runtime, token: string | null, carried: () => Carried = () => ({})): Db {
  return new Db(runtime, () => {
    const { publishableKey } = runtime.config;
    const { requestId, idempotencyKey } = carried();
    return {
      ...credentials(publishableKey, token ?? publishableKey),
      ...(requestId ? { "x-request-id": requestId } : {}),
      ...(idempotencyKey ? { "idempotency-key": idempotencyKey } : {}),
    };
  });
}

const adminDbs = new WeakMap<Runtime, Db>();

/** The database without Row Level Security. For the service's own work only; one client per process. */
export function adminDb(runtime: Runtime): Db {
  let db = adminDbs.get(runtime);
  if (!db) {
    const { secretKey } = runtime.config;
    adminDbs.set(runtime, db = new Db(runtime, () => credentials(secretKey, secretKey)));
  }
  return db;
}

/**
 * Calls one SQL command or list and answers its result.
 *
 * @throws {AppError} with the code that the command raised; TRY_AGAIN when the database does not answer in time
 */
export async function call<Name extends keyof Functions & string>(
  db: Db,
  name: Name,
  args: Functions[Name]["Args"],
): Promise<Functions[Name]["Returns"]> {
  const { data, error } = await db.client.rpc(name, args);
  if (error) throw databaseError(error);
  return data as Functions[Name]["Returns"];
}

/** The rows of a query, or its error as ours. */
export async function rowsOf<Row>(query: PromiseLike<PostgrestSingleResponse<Row>>): Promise<Row> {
  const { data, error } = await query;
  if (error) throw databaseError(error);
  return data;
}

function credentials(apikey: string, bearer: string): Record<string, string> {
  if (!apikey) {
    throw new AppError("INTERNAL", { cause: new Error("The project's API keys are not configured") });
  }
  return { apikey, authorization: `Bearer ${bearer}` };
}

function createClient(runtime: Runtime, headers: Record<string, string>): PostgrestClient<Database> {
  const { supabaseUrl, databaseTimeoutMs } = runtime.config;
  return new PostgrestClient<Database>(`${supabaseUrl}/rest/v1`, {
    headers,
    fetch: runtime.fetch,
    timeout: databaseTimeoutMs,
    retry: false,
  });
}

/** A view's row as it really is: the generator calls every column of a view nullable, `Nullable` names those that are. */
export type ViewRow<Name extends keyof Views, Nullable extends keyof Views[Name]["Row"] = never> = {
  [Column in keyof Views[Name]["Row"]]: Column extends Nullable ? Views[Name]["Row"][Column]
    : NonNullable<Views[Name]["Row"][Column]>;
};
