import assert from "node:assert/strict";
import { parse } from "smol-toml";
import { readMigrations } from "../../local/database/migrations.ts";
import { type DefaultPrivileges, installPlatform } from "../../local/database/platform.ts";
import { PostgresDatabase } from "../../local/database/postgres.ts";
import { isWithoutServer, onServer, urlOf } from "../support/template.ts";
import { npx } from "./commands.ts";

const root = new URL("../../", import.meta.url);
const isIgnored = isWithoutServer("the official CLI needs a PostgreSQL server.");

/** Runs the official CLI against a database, as the role that applies migrations on a hosted project. */
async function cli(database: string, ...args: string[]) {
  const url = new URL(urlOf(database));
  url.username = "migrator";
  url.searchParams.set("sslmode", "disable");
  const { code, stdout, stderr } = await npx(["supabase@3.1.0", ...args, `--remote=${url.href}`], {
    cwd: root,
  });
  return { code, output: stdout + stderr };
}

/** A database bootstrapped as a hosted project is, before our first migration. */
async function withProject(
  privileges: DefaultPrivileges,
  work: (name: string, database: PostgresDatabase) => Promise<void>,
) {
  const name = `hosted_${crypto.randomUUID().replaceAll("-", "")}`;
  await onServer((sql) => sql.unsafe(`create database ${name}`));
  const database = await PostgresDatabase.open(urlOf(name));
  try {
    await database.transaction((sql) => installPlatform(sql, privileges));
    await work(name, database);
  } finally {
    await database.close();
    await onServer((sql) => sql.unsafe(`drop database ${name} with (force)`));
  }
}

for (const privileges of ["old", "new"] as const) {
  Deno.test({
    name:
      `the CLI applies every migration as a role that is no superuser, with the ${privileges} default privileges`,
    ignore: isIgnored,
    fn: () =>
      withProject(privileges, async (name, database) => {
        const applied = await cli(name, "migration", "up", "--yes");
        assert.equal(applied.code, 0, applied.output);
        assert.doesNotMatch(applied.output, /WARN|deprecated/, "the CLI reads config.toml without complaint");
        const rows = await database.query<{ version: string }>(
          "select version from supabase_migrations.schema_migrations order by version",
        );
        assert.deepEqual(
          rows.map((row) => row.version),
          (await readMigrations()).map(({ version }) => version),
        );

        const advice = await cli(name, "db", "advisors", "--fail-on", "warn");
        assert.equal(advice.code, 0, advice.output);
        assert.match(advice.output, /No issues found/);
      }),
  });
}

Deno.test({
  name: "control: the advisors see what is wrong in such a project",
  ignore: isIgnored,
  fn: () =>
    withProject("old", async (name, database) => {
      await database.script("set role migrator; create table public.open_to_all (id int primary key);");
      const advice = await cli(name, "db", "advisors", "--fail-on", "warn");
      assert.equal(advice.code, 1, advice.output);
      assert.match(advice.output, /rls_disabled_in_public|open_to_all/);
    }),
});

Deno.test({
  name: "migrations that the embedded stack applied count as applied for the CLI",
  ignore: isIgnored,
  fn: () =>
    withProject("old", async (name, database) => {
      const { migrate } = await import("../../local/database/migrations.ts");
      await migrate(database, await readMigrations());
      const { code, output } = await cli(name, "migration", "up", "--yes");
      assert.equal(code, 0, output);
      assert.match(output, /up to date/);
      assert.doesNotMatch(output, /Applying migration/);
    }),
});

Deno.test("config.toml names every function with an entrypoint that exists, and leaves tokens to our gates", async () => {
  const config = parse(await Deno.readTextFile(new URL("supabase/config.toml", root))) as {
    functions: Record<string, { verify_jwt: boolean; entrypoint: string; import_map: string }>;
  };
  const folders: string[] = [];
  for await (const entry of Deno.readDir(new URL("functions/", root))) {
    if (entry.isDirectory && entry.name !== "_shared") folders.push(entry.name);
  }
  assert.deepEqual(Object.keys(config.functions).sort(), folders.sort());
  for (const [name, { verify_jwt, entrypoint, import_map }] of Object.entries(config.functions)) {
    assert.equal(verify_jwt, false, name);
    for (const path of [entrypoint, import_map]) {
      assert.ok((await Deno.stat(new URL(path, new URL("supabase/", root)))).isFile, `${name}: ${path}`);
    }
  }
});

Deno.test("config.toml has nothing of development in it", async () => {
  const text = await Deno.readTextFile(new URL("supabase/config.toml", root));
  assert.doesNotMatch(text, /test_otp|sb_secret_|sb_publishable_|password123|eyJ|= "http/);
  for (const [, value = ""] of text.matchAll(/^\s*(?:secret|worker_token|auth_token)\s*=\s*"([^"]*)"/gm)) {
    assert.match(value, /^env\(/);
  }
});

Deno.test("functions import nothing of local/, of tests/, or of each other", async () => {
  const wrong: string[] = [];
  const walk = async (folder: URL) => {
    for await (const entry of Deno.readDir(folder)) {
      const url = new URL(entry.name + (entry.isDirectory ? "/" : ""), folder);
      if (entry.isDirectory) await walk(url);
      else if (entry.name.endsWith(".ts")) {
        const own = url.pathname.slice(new URL("functions/", root).pathname.length).split("/")[0];
        for (const [, path = ""] of (await Deno.readTextFile(url)).matchAll(/from "(\.[^"]+)"/g)) {
          const target = new URL(path, url).pathname.slice(root.pathname.length);
          const isOwn = target.startsWith(`functions/${own}/`);
          if (!isOwn && !target.startsWith("functions/_shared/")) {
            wrong.push(`${url.pathname} imports ${target}`);
          }
        }
      }
    }
  };
  await walk(new URL("functions/", root));
  assert.deepEqual(wrong, []);
});
