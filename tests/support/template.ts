import { join } from "node:path";
import postgres from "postgres";
import { migrate, readMigrations } from "../../local/database/migrations.ts";
import { PgliteDatabase } from "../../local/database/pglite.ts";
import { installPlatform } from "../../local/database/platform.ts";
import { PostgresDatabase } from "../../local/database/postgres.ts";

const cache = new URL("../../.convene/", import.meta.url).pathname;

/** A database of its own for one test file, with platform and migrations but no people. */
export interface TestDatabase {
  /** Set when the tests run on PostgreSQL. */
  databaseUrl: string | undefined;
  /** Data folder of the stack, with a copy of the migrated database when it runs on PGlite. */
  folder: string;
  drop(): Promise<void>;
}

/** The server that the tests use instead of PGlite. */
export const serverUrl = Deno.env.get("DATABASE_URL");

/** For `ignore` of tests that PGlite cannot run; says why, so that none is skipped in silence. */
export function isWithoutServer(reason: string): boolean {
  // deno-lint-ignore no-console -- the reader of the tests' output should know
  if (!serverUrl) console.log(`Skipped without DATABASE_URL: ${reason}`);
  return !serverUrl;
}

/** Copies the migrated template, which the first caller makes: much faster than migrating each time. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const folder = await Deno.makeTempDir({ prefix: "convene-test-" });
  const template = await withTemplate();
  if (!serverUrl) {
    await copyFolder(template, join(folder, "data"));
    return { databaseUrl: undefined, folder, drop: () => Deno.remove(folder, { recursive: true }) };
  }
  const name = `convene_test_${crypto.randomUUID().replaceAll("-", "")}`;
  await onServer((sql) => sql.unsafe(`create database ${name} template ${template} strategy wal_log`));
  return {
    databaseUrl: urlOf(name),
    folder,
    async drop() {
      await onServer((sql) => sql.unsafe(`drop database if exists ${name} with (force)`));
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The template's name (PostgreSQL) or folder (PGlite), made if this version of the migrations has none yet. */
async function withTemplate(): Promise<string> {
  await Deno.mkdir(cache, { recursive: true });
  const lock = await Deno.open(join(cache, "test-template.lock"), { create: true, write: true });
  await lock.lock(true);
  try {
    const version = await templateVersion();
    return serverUrl ? await postgresTemplate(`convene_template_${version}`) : await pgliteTemplate(version);
  } finally {
    lock.close();
  }
}

async function pgliteTemplate(version: string): Promise<string> {
  const folder = join(cache, `test-template-${version}`);
  if (await Deno.stat(join(folder, "done")).catch(() => null)) return join(folder, "data");
  for await (const entry of Deno.readDir(cache)) {
    if (entry.name.startsWith("test-template-")) {
      await Deno.remove(join(cache, entry.name), { recursive: true });
    }
  }
  const database = await PgliteDatabase.open(join(folder, "data"));
  await fill(database);
  await database.close();
  await Deno.writeTextFile(join(folder, "done"), "");
  return join(folder, "data");
}

async function postgresTemplate(name: string): Promise<string> {
  const found = await onServer((sql) => sql`select from pg_database where datname = ${name}`);
  if (found.length > 0) return name;
  const unfinished = `${name}_unfinished`;
  await onServer(async (sql) => {
    await sql.unsafe(`drop database if exists ${unfinished} with (force)`);
    await sql.unsafe(`create database ${unfinished}`);
  });
  const database = await PostgresDatabase.open(urlOf(unfinished));
  await fill(database);
  await database.close();
  await onServer((sql) => sql.unsafe(`alter database ${unfinished} rename to ${name}`));
  return name;
}

async function fill(database: PgliteDatabase | PostgresDatabase): Promise<void> {
  await database.transaction((sql) => installPlatform(sql, "old"));
  await migrate(database, await readMigrations());
}

/** Changes with every file that shapes the template. */
async function templateVersion(): Promise<string> {
  const local = new URL("../../local/", import.meta.url);
  const texts = [
    ...(await readMigrations()).map((migration) => migration.text),
    await Deno.readTextFile(new URL("database/platform.sql", local)),
    await Deno.readTextFile(new URL("database/platform.ts", local)),
  ];
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(texts.join("\0")));
  return new Uint8Array(hash).toHex().slice(0, 12);
}

/** Runs work on the server's maintenance database. */
export async function onServer<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(serverUrl ?? "", { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

/** The address of a database on the tests' server. */
export function urlOf(name: string): string {
  const url = new URL(serverUrl ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const entry of Deno.readDir(from)) {
    if (entry.isDirectory) await copyFolder(join(from, entry.name), join(to, entry.name));
    else await Deno.copyFile(join(from, entry.name), join(to, entry.name));
  }
}
