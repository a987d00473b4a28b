import type { Database } from "./database.ts";

const folder = new URL("../../supabase/migrations/", import.meta.url);

export interface Migration {
  /** The UTC timestamp that the file's name starts with. */
  version: string;
  name: string;
  text: string;
}

/** The project's migrations in the order in which they apply. */
export async function readMigrations(): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const [, version, name] = /^(\d{14})_(\w+)\.sql$/.exec(entry.name) ?? [];
    if (!version || !name) continue;
    migrations.push({ version, name, text: await Deno.readTextFile(new URL(entry.name, folder)) });
  }
  return migrations.sort((a, b) => a.version.localeCompare(b.version));
}

/**
 * Applies what is missing, as the role that applies migrations on a hosted project, and records it as the CLI does,
 * so that either may continue where the other stopped. Answers how many were applied.
 */
export async function migrate(database: Database, migrations: Migration[]): Promise<number> {
  const rows = await database.query<{ version: string }>(
    "select version from supabase_migrations.schema_migrations",
  );
  const applied = new Set(rows.map((row) => row.version));
  const missing = migrations.filter((migration) => !applied.has(migration.version));
  for (const { version, name, text } of missing) {
    await database.transaction(async (sql) => {
      // PostgreSQL checks a function's body when it is made; the tests call them all, and the official CLI checks them.
      await sql.script(
        `set local role migrator; set local search_path = "$user", public, extensions; set local check_function_bodies = off;`,
      );
      await sql.script(text);
      await sql.query(
        "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, array[$3])",
        [version, name, text],
      );
    }).catch((cause) => {
      throw new Error(`Migration ${version}_${name} failed: ${cause.message}`, { cause });
    });
  }
  return missing.length;
}
