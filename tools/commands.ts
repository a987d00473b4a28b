/**
 * Writes docs/commands.md from what the migrations say of each command.
 *
 *   deno task commands    (tests/docs_test.ts fails when the committed page differs)
 */
import type { Sql } from "../local/database/database.ts";
import { testStack } from "../tests/support/stack.ts";

interface Command {
  name: string;
  is_public: boolean;
  parameters: { name: string; type: string; is_optional: boolean }[];
  result: string;
  comment: string;
}

export const commandsFile = new URL("../docs/commands.md", import.meta.url);

const introduction = `# Commands

What supabase-js calls with \`rpc\`, for people; the HTTP contracts call the same. Parameters are passed by name,
those with a question mark may be left out. A refusal has its code as \`message\`, in brackets the HTTP status
that the contracts give it. \`functions/_shared/database.types.ts\` has every result's columns, and
[access.md](access.md) what each role may do. This page is written by \`deno task commands\` from the comments
in \`supabase/migrations/\`.
`;

/** The page about every command that visitors or signed-in people may execute. */
export async function commandsPage(database: Sql): Promise<string> {
  const commands = await database.query<Command>(`
    select
      p.proname as name,
      has_function_privilege('anon', p.oid, 'execute') as is_public,
      coalesce(
        (
          select
            jsonb_agg(
              jsonb_build_object(
                'name', p.proargnames[n],
                'type', format_type(p.proargtypes[n - 1], null),
                'is_optional', n > p.pronargs - p.pronargdefaults
              )
              order by n
            )
          from generate_series(1, p.pronargs) as n
        ),
        '[]'
      ) as parameters,
      pg_get_function_result(p.oid) as result,
      obj_description(p.oid, 'pg_proc') as comment
    from pg_proc as p
    where
      p.pronamespace = 'public'::regnamespace
      and (
        has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute')
      )
    order by p.proname collate "C"
  `);
  const section = (title: string, isPublic: boolean) =>
    `## ${title}\n\n${commands.filter(({ is_public }) => is_public === isPublic).map(entry).join("\n")}`;
  return [introduction, section("For everybody", true), section("For signed-in people", false)].join("\n");
}

function entry({ name, parameters, result, comment }: Command): string {
  const list = parameters.map(({ name, type, is_optional }) => `${name}${is_optional ? "?" : ""}: ${type}`);
  const call = `${name}(${list.join(", ")}): ${result}`;
  return `### ${name}\n\n\`\`\`text\n${wrap(call)}\n\`\`\`\n\n${comment.replaceAll("<", "\\<")}\n`;
}

/** A long signature has a line for each parameter. */
function wrap(call: string): string {
  if (call.length <= 100) return call;
  const open = call.indexOf("(") + 1;
  const close = call.lastIndexOf("):");
  const parameters = call.slice(open, close).split(", ").map((each) => `\n  ${each},`).join("");
  return `${call.slice(0, open)}${parameters}\n${call.slice(close)}`;
}

if (import.meta.main) {
  await using stack = await testStack();
  await Deno.writeTextFile(commandsFile, await commandsPage(stack.database));
}
