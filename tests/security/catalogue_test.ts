import assert from "node:assert/strict";
import { ERRORS } from "../../functions/_shared/http/errors.ts";
import { readMigrations } from "../../local/database/migrations.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

/** The names that a query finds, for comparison with the few that are meant to be there. */
async function names(query: string): Promise<string[]> {
  const rows = await stack.database.query<{ name: string }>(query);
  return rows.map((row) => row.name).sort();
}

const ours = "('public', 'private', 'admin')";

Deno.test("every table has Row Level Security and a policy", async () => {
  assert.deepEqual(
    await names(`
      select c.oid::regclass::text as name
      from pg_class as c
      join pg_namespace as n on n.oid = c.relnamespace
      where n.nspname in ${ours} and c.relkind in ('r', 'p')
        and not (c.relrowsecurity and exists (select from pg_policy as p where p.polrelid = c.oid))`),
    [],
  );
});

Deno.test("every view runs with the rights of who reads it", async () => {
  assert.deepEqual(
    await names(`
      select c.oid::regclass::text as name
      from pg_class as c
      join pg_namespace as n on n.oid = c.relnamespace
      where n.nspname in ${ours} and c.relkind in ('v', 'm')
        and not coalesce('security_invoker=true' = any(c.reloptions), false)`),
    [],
  );
});

Deno.test("every function fixes its search_path", async () => {
  assert.deepEqual(
    await names(`
      select p.oid::regprocedure::text as name
      from pg_proc as p
      join pg_namespace as n on n.oid = p.pronamespace
      where n.nspname in ${ours} and not coalesce('search_path=""' = any(p.proconfig), false)`),
    [],
  );
});

Deno.test("nothing in an exposed schema is security definer", async () => {
  assert.deepEqual(
    await names(`
      select p.oid::regprocedure::text as name
      from pg_proc as p
      join pg_namespace as n on n.oid = p.pronamespace
      where n.nspname = 'public' and p.prosecdef`),
    [],
  );
});

Deno.test("visitors can execute what lists and calendar feeds need, and nothing else", async () => {
  assert.deepEqual(
    await names(`
      select p.oid::regprocedure::text as name
      from pg_proc as p
      join pg_namespace as n on n.oid = p.pronamespace
      where n.nspname in ${ours} and has_function_privilege('anon', p.oid, 'execute')`),
    [
      "find_providers(text,text,numeric,numeric,text,boolean,integer,integer)",
      "list_events(text,text,uuid,text,integer,integer,boolean)",
      "list_open_events(integer,integer,boolean)",
      "list_providers(integer,integer,boolean)",
      "list_reviews(uuid,integer,text,integer,integer)",
      "list_slots(uuid,date,date,text,integer,uuid,integer,integer,boolean)",
      "open_recording(text,boolean)",
      "private.actor()",
      "private.find_providers(text,text,numeric,numeric,text,boolean,integer,integer)",
      "private.lapsed_seats(uuid)",
      "private.list_reviews(uuid,integer,text,integer,integer)",
      "private.list_slots(uuid,date,date,text,integer,uuid,integer,integer,boolean)",
      "private.matching_events(text,text,uuid,text[],timestamp with time zone,timestamp with time zone)",
      "private.open_recording(text,boolean)",
      "private.provider_calendar(uuid,date,text,uuid)",
      "private.read_calendar_feed(text)",
      "private.read_provider(uuid)",
      "private.search_candidates()",
      "private.search_offerings(text,text,text,integer,integer)",
      "private.search_providers(text,text,integer,integer)",
      "private.search_terms(text)",
      "provider_calendar(uuid,date,text,uuid)",
      "read_calendar_feed(text)",
      "read_provider(uuid)",
      "search_offerings(text,text,text,integer,integer)",
      "search_providers(text,text,integer,integer)",
    ],
  );
});

Deno.test("no function is executable by everybody", async () => {
  assert.deepEqual(
    await names(`
      select p.oid::regprocedure::text as name
      from pg_proc as p
      join pg_namespace as n on n.oid = p.pronamespace
      cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
      where n.nspname in ${ours} and a.grantee = 0`),
    [],
  );
});

Deno.test("no schema but public can be reached through the API, and admin not at all", async () => {
  assert.deepEqual(
    await names(`
      select r.rolname || ' ' || n.nspname as name
      from pg_namespace as n
      cross join pg_roles as r
      where n.nspname in ${ours} and r.rolname in ('anon', 'authenticated', 'service_role')
        and has_schema_privilege(r.oid, n.oid, 'usage')`),
    [
      "anon private",
      "anon public",
      "authenticated private",
      "authenticated public",
      "service_role private",
      "service_role public",
    ],
  );
  assert.deepEqual(
    await names(`
      select c.oid::regclass::text as name
      from pg_class as c
      join pg_namespace as n on n.oid = c.relnamespace
      cross join (values ('anon'), ('authenticated'), ('service_role')) as r (role)
      where n.nspname in ('private', 'admin') and c.relkind in ('r', 'v', 'S')
        and (has_table_privilege(r.role, c.oid, 'select') or has_any_column_privilege(r.role, c.oid, 'select'))`),
    [],
  );
});

Deno.test("every foreign key has an index that begins with its columns", async () => {
  assert.deepEqual(
    await names(`
      select k.conrelid::regclass::text || '.' || k.conname as name
      from pg_constraint as k
      join pg_namespace as n on n.oid = k.connamespace
      where n.nspname in ${ours} and k.contype = 'f'
        and not exists (
          select from pg_index as i
          where i.indrelid = k.conrelid
            and (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey
        )`),
    [],
  );
});

Deno.test("every table, view, function, type and schema says what it is", async () => {
  assert.deepEqual(
    await names(`
      select c.oid::regclass::text as name
      from pg_class as c
      join pg_namespace as n on n.oid = c.relnamespace
      where n.nspname in ${ours} and c.relkind in ('r', 'p', 'v', 'c') and obj_description(c.oid, 'pg_class') is null
        and not exists (select from pg_type as t where t.typrelid = c.oid and obj_description(t.oid, 'pg_type') is not null)
      union all
      select p.oid::regprocedure::text
      from pg_proc as p
      join pg_namespace as n on n.oid = p.pronamespace
      where n.nspname in ${ours} and obj_description(p.oid, 'pg_proc') is null
      union all
      select n.nspname from pg_namespace as n where n.nspname in ('private', 'admin') and obj_description(n.oid) is null`),
    [],
  );
});

Deno.test("every policy is for named roles and calls auth.uid() once per statement", async () => {
  const policies = await stack.database.query<{ name: string; roles: string[]; qual: string; check: string }>(
    `
    select p.schemaname || '.' || p.policyname as name, p.roles::text[] as roles,
      coalesce(p.qual, '') as qual, coalesce(p.with_check, '') as check
    from pg_policies as p
    where p.schemaname in ${ours} or p.policyname like 'convene%'`,
  );
  assert.ok(policies.length > 10);
  for (const { name, roles, qual, check } of policies) {
    if (qual === "false") continue;
    assert.ok(!roles.includes("public"), name);
    const bare = `${qual} ${check}`.replaceAll(/\( SELECT auth\.uid\(\) AS uid\)/g, "");
    assert.doesNotMatch(bare, /auth\.uid\(\)/, name);
  }
});

Deno.test("every code that SQL raises is in the table of errors, with the same status", async () => {
  const raised = new Map<string, string>();
  for (const { text } of await readMigrations()) {
    for (
      const [, status = "", code = ""] of text.matchAll(/sqlstate 'PT(\d{3})' using\s+message = '([A-Z_]+)'/g)
    ) {
      raised.set(code, status);
    }
    const all = text.match(/raise sqlstate/g)?.length ?? 0;
    assert.equal(all, text.match(/sqlstate 'PT\d{3}' using\s+message = '[A-Z_]+'/g)?.length ?? 0);
  }
  assert.ok(raised.size > 15);
  for (const [code, status] of raised) {
    assert.ok(Object.hasOwn(ERRORS, code), code);
    assert.equal(String(ERRORS[code as keyof typeof ERRORS][0]), status, code);
  }
});

Deno.test("no command catches every error", async () => {
  for (const { name, text } of await readMigrations()) assert.doesNotMatch(text, /when others/i, name);
});
