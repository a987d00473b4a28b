import { getAuthSchemaSql, getStorageSchemaSql } from "@supabase/lite";
import type { Sql } from "./database.ts";

/**
 * What a new table, function or sequence in `public` grants by default: hosted projects made before 2026 grant
 * everything to the API's roles, later ones nothing.
 */
export type DefaultPrivileges = "old" | "new";

const oldDefaultPrivileges = ["tables", "functions", "sequences"].map((objects) =>
  `alter default privileges for role migrator in schema public
     grant all on ${objects} to anon, authenticated, service_role;`
).join("\n");

/** Brings an empty database to the state of a new hosted project. */
export async function installPlatform(sql: Sql, defaultPrivileges: DefaultPrivileges): Promise<void> {
  await sql.script(getAuthSchemaSql());
  await sql.script(getStorageSchemaSql());
  await sql.script(await Deno.readTextFile(new URL("platform.sql", import.meta.url)));
  if (defaultPrivileges === "old") await sql.script(oldDefaultPrivileges);
}

/** Whether {@link installPlatform} has run on this database. */
export async function hasPlatform(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ found: boolean }>(
    "select to_regclass('supabase_migrations.schema_migrations') is not null as found",
  );
  return row?.found === true;
}

/**
 * Empties a database that {@link installPlatform} has filled; its roles stay, they belong to the server.
 *
 * @throws {Error} when the database holds somebody else's tables
 */
export async function dropPlatform(sql: Sql): Promise<void> {
  const [row] = await sql.query<{ foreign: boolean }>(
    `select exists (select from pg_catalog.pg_tables where schemaname = 'public')
       and not exists (select from pg_catalog.pg_namespace where nspname = 'private') as foreign`,
  );
  if (row?.foreign) {
    throw new Error("The database behind DATABASE_URL was not set up by Convene: it stays as it is.");
  }
  await sql.script(`
    drop schema if exists
      public, private, admin, auth, storage, realtime, extensions, supabase_migrations cascade;
    create schema public;
  `);
}
