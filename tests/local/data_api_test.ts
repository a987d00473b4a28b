import assert from "node:assert/strict";
import { anonymousClient, makeEvent, makePerson, makeProvider, serviceClient } from "../support/people.ts";
import { PgliteDatabase } from "../../local/database/pglite.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const privileges = () =>
  stack.database.query(`
    select 'schema ' || n.nspname as object, n.nspacl::text as acl from pg_namespace as n
    union all
    select c.oid::regclass::text, c.relacl::text from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union all
    select a.attrelid::regclass::text || '.' || a.attname, a.attacl::text from pg_attribute as a where a.attacl is not null
    union all
    select p.oid::regprocedure::text, p.proacl::text from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union all
    select 'default ' || d.oid::text, d.defaclacl::text from pg_default_acl as d
    order by 1`);

Deno.test("requests of every kind leave every privilege as the migrations set it", async () => {
  const before = await privileges();
  const provider = await makeProvider(stack);
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  await person.client.rpc("book_event", { event_id: event.id });
  await anonymousClient(stack).from("event_listings").select();
  await person.client.from("profiles").update({ name: "Other" }).eq("id", person.id);
  await person.client.from("notifications").delete().eq("recipient_id", person.id);
  await serviceClient(stack).from("bookings").select();
  await anonymousClient(stack).from("providers").insert({ id: person.id, display_name: "x" });
  await stack.runWorker();
  await person.client.auth.getUser();
  await person.client.auth.signOut();
  assert.ok(before.length > 100);
  assert.deepEqual(await privileges(), before);
});

Deno.test("parallel requests never run under each other's identity", async () => {
  const people = await Promise.all(Array.from({ length: 8 }, () => makePerson(stack)));
  const provider = await makeProvider(stack);
  const full = await makeEvent(provider, { capacity: 1 });
  await people[0]?.client.rpc("book_event", { event_id: full.id });
  await Promise.all(people.map(async (person) => {
    for (let round = 0; round < 10; round++) {
      const [account, failing, visitor, rename] = await Promise.all([
        person.client.from("my_account").select("id").single(),
        person.client.rpc("book_event", { event_id: full.id }),
        anonymousClient(stack).from("my_account").select("id"),
        person.client.from("profiles").update({ name: person.id }).eq("id", person.id).select("id, name")
          .single(),
      ]);
      assert.equal(account.data?.id, person.id);
      assert.match(failing.error?.message ?? "", /^(EVENT_FULL|ALREADY_BOOKED)$/);
      assert.ok((visitor.data ?? []).length === 0);
      assert.deepEqual(rename.data, { id: person.id, name: person.id });
    }
  }));
});

Deno.test("a statement of ours never runs inside a request's transaction", async () => {
  const person = await makePerson(stack);
  const requests = Array.from({ length: 30 }, () => person.client.from("my_account").select("id"));
  const roles = Array.from(
    { length: 30 },
    () =>
      stack.database.query<{ role: string; claims: string | null }>(
        "select current_setting('role') as role, current_setting('request.jwt.claims', true) as claims",
      ),
  );
  await Promise.all(requests);
  for (const [row] of await Promise.all(roles)) assert.ok(row?.role === "none" && !row.claims);
});

Deno.test("user metadata is stored as objects, as on hosted", async () => {
  const { id } = await makePerson(stack, { name: "Jane" });
  const [row] = await stack.database.query(
    `select jsonb_typeof(u.raw_user_meta_data) as users, u.raw_user_meta_data ->> 'name' as name,
       (select jsonb_typeof(i.identity_data) from auth.identities as i where i.user_id = u.id) as identities
     from auth.users as u where u.id = $1`,
    [id],
  );
  assert.deepEqual(row, { users: "object", name: "Jane", identities: "object" });
});

Deno.test("times come as ISO 8601 with an offset, as PostgREST writes them", async () => {
  const event = await makeEvent(await makeProvider(stack));
  const { data } = await anonymousClient(stack).from("events").select("starts_at").eq("id", event.id)
    .single();
  assert.match(data?.starts_at ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/);
});

Deno.test("a request without API key, with a wrong one, and with the secret key from a browser get 401", async () => {
  const get = async (headers: Record<string, string>) => {
    const response = await fetch(`${stack.url}/rest/v1/events?limit=1`, { headers });
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await get({}), 401);
  assert.equal(await get({ apikey: "sb_publishable_wrong" }), 401);
  assert.equal(await get({ apikey: stack.keys.secretKey, "user-agent": "Mozilla/5.0 (X11)" }), 401);
  assert.equal(await get({ apikey: stack.keys.publishableKey }), 200);
});

Deno.test("a page of any origin may send whatever a browser asks for first, also a command with arguments", async () => {
  for (
    const path of ["/rest/v1/rpc/book_event", "/rest/v1/events", "/storage/v1/object/x/y", "/auth/v1/token"]
  ) {
    const { status, headers } = await fetch(`${stack.url}${path}`, {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "apikey,authorization,content-profile,idempotency-key",
      },
    });
    assert.equal(status, 204, path);
    assert.equal(headers.get("access-control-allow-origin"), "*");
    assert.match(headers.get("access-control-allow-methods") ?? "", /POST/);
    assert.match(headers.get("access-control-allow-headers") ?? "", /idempotency-key/);
  }
});

Deno.test("a forged or expired token gets 401 from the Data API, also beside a good key", async () => {
  const { id } = await makePerson(stack);
  const claims = { sub: id, role: "authenticated", aud: "authenticated" };
  const expired = await stack.tokens.sign({ ...claims, iat: 1_700_000_000 }, 60);
  const [header = "", payload = ""] = (await stack.tokens.sign(claims, 60)).split(".");
  for (const token of [expired, `${header}.${payload}.AAAA`, "nonsense"]) {
    const response = await fetch(`${stack.url}/rest/v1/my_account`, {
      headers: { apikey: stack.keys.publishableKey, authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 401);
    assert.match((await response.json()).code, /^PGRST30[13]$/);
  }
});

Deno.test("a write that must be of one row and is not is answered 406 and changes nothing", async () => {
  const provider = await makeProvider(stack);
  for (const title of ["First", "Second"]) await provider.client.rpc("create_offering", { title });
  const { data: two } = await provider.client.from("offerings").select("id, title").eq(
    "provider_id",
    provider.id,
  );
  const bulk = await provider.client.rpc("bulk_update_offerings", {
    offerings: two!.map(({ id }) => ({ id, title: "Changed" })),
  }).single();
  assert.deepEqual([bulk.status, bulk.error?.code], [406, "PGRST116"]);
  const rename = (id: string) =>
    provider.client.from("profiles").update({ name: "Renamed" }).eq("id", id).select("name").single();
  assert.equal((await rename(crypto.randomUUID())).status, 406);
  const { data: still } = await provider.client.from("offerings").select("id, title")
    .eq("provider_id", provider.id);
  assert.deepEqual(still, two);
  assert.deepEqual((await rename(provider.id)).data, { name: "Renamed" });
});

Deno.test("PGlite's stack is after errors where it was before", async () => {
  const { database } = stack;
  if (!(database instanceof PgliteDatabase)) return;
  const { mod } = database.connection.driver as unknown as { mod: { ___stack_pointer: WebAssembly.Global } };
  const before = mod.___stack_pointer.value;
  for (const text of ["select 1 / 0", "select $1::uuid", "do $$ begin raise 'no'; end $$"]) {
    await assert.rejects(database.query(text, text.includes("$1") ? ["x"] : []));
  }
  assert.equal(mod.___stack_pointer.value, before);
});

for (
  const [what, path] of [
    ["an escape that is none", "/rest/v1/%E0%A4%A"],
    ["NUL", "/rest/v1/event_listings?order=id%00"],
    ["a quote that does not close", "/rest/v1/event_listings?select=%22"],
    ["a truth value for a time", "/rest/v1/event_listings?starts_at=eq.true"],
  ] as const
) {
  Deno.test(`the Data API answers 400 to ${what}`, async () => {
    const response = await fetch(stack.url + path, { headers: { apikey: stack.keys.publishableKey } });
    assert.equal(response.status, 400);
    assert.equal(typeof (await response.json()).code, "string");
  });
}

Deno.test("migrations are recorded as the CLI records them", async () => {
  const rows = await stack.database.query<{ version: string; name: string; statements: string[] }>(
    "select version, name, statements from supabase_migrations.schema_migrations order by version",
  );
  const files = [];
  for await (const { name } of Deno.readDir(new URL("../../supabase/migrations", import.meta.url))) {
    files.push(name);
  }
  assert.deepEqual(rows.map((row) => `${row.version}_${row.name}.sql`), files.sort());
  assert.ok(rows.every((row) => row.statements.length > 0));
});

Deno.test("the role that applies migrations is no superuser and owns what they make", async () => {
  const [role] = await stack.database.query("select rolsuper from pg_roles where rolname = 'migrator'");
  assert.deepEqual(role, { rolsuper: false });
  const owners = await stack.database.query(
    "select distinct tableowner as owner from pg_tables where schemaname in ('public', 'private', 'admin')",
  );
  assert.deepEqual(owners, [{ owner: "migrator" }]);
});
