/**
 * Writes functions/_shared/database.types.ts with the official CLI, from a scratch database that has the migrations.
 *
 *   DATABASE_URL=postgres://... deno task types            write
 *   DATABASE_URL=postgres://... deno task types --check    fail when the committed file differs
 */
import { createTestDatabase, serverUrl } from "../tests/support/template.ts";

// deno-lint-ignore no-console -- this is a command; it talks to whoever runs it
const say = console.log;

const file = new URL("../functions/_shared/database.types.ts", import.meta.url);

async function main(): Promise<number> {
  if (!serverUrl) {
    say("DATABASE_URL must name a PostgreSQL server with pgvector, as superuser");
    return 2;
  }
  const database = await createTestDatabase();
  try {
    const { code, stdout, stderr } = await new Deno.Command("npx", {
      args: [
        "-y",
        "supabase@3.1.0",
        "gen",
        "types",
        "typescript",
        "--schema",
        "public",
        `--remote=${database.databaseUrl}?sslmode=disable`,
      ],
      cwd: new URL("../", import.meta.url),
    }).output();
    if (code !== 0) {
      say(new TextDecoder().decode(stderr));
      return 1;
    }
    const types = new TextDecoder().decode(stdout);
    if (!Deno.args.includes("--check")) await Deno.writeTextFile(file, types);
    else if (await Deno.readTextFile(file) !== types) {
      say("functions/_shared/database.types.ts differs from the migrations: run deno task types");
      return 1;
    }
    return 0;
  } finally {
    await database.drop();
  }
}

Deno.exit(await main());
