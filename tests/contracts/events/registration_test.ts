import assert from "node:assert/strict";
import { contract } from "../../support/http.ts";
import { startInstance } from "../../support/instance.ts";
import { Events, password } from "./support.ts";

let events: Events;
Deno.test.beforeAll(async () => void (events = await Events.start()));
Deno.test.afterAll(() => events.close());

type Project = (request: Request) => Response | null;

/** Registers through a function of its own, whose requests to the project `project` may answer. */
async function registerThrough(project: Project, account: Record<string, unknown>) {
  const instance = startInstance(events.stack, {}, { project });
  try {
    return await contract(instance, "events")("POST", "/api/auth/register", {
      body: { password, first_name: "Ana María", last_name: "de la Cruz", phone: "+12025550123", ...account },
    });
  } finally {
    await instance.close();
  }
}

const someEmail = () => `${crypto.randomUUID()}@example.com`;

/** The connection is gone before the second of the two requests. */
const interrupt: Project = ({ url }) =>
  url.includes("complete_registration") ? new Response(null, { status: 503 }) : null;

async function interrupted(): Promise<string> {
  const email = someEmail();
  assert.equal((await registerThrough(interrupt, { email })).status, 503);
  return email;
}

const taken = [409, { error: "Email already registered" }];

const userCount = async (email: string) =>
  (await events.stack.database.query("select from auth.users where email = $1", [email])).length;

Deno.test("registering asks the project twice: for the account, and for all else that it is told", async () => {
  const asked: string[] = [];
  const { status } = await registerThrough(({ url }) => {
    const { pathname } = new URL(url);
    if (!pathname.endsWith("take_rate_limit")) asked.push(pathname);
    return null;
  }, { email: someEmail() });
  assert.equal(status, 201);
  assert.deepEqual(asked, ["/auth/v1/signup", "/rest/v1/rpc/complete_registration"]);
});

Deno.test("a registration that was interrupted is finished when it is sent again, and then is taken", async () => {
  const email = await interrupted();
  const { status, body } = await events.register({ email, first_name: "Ana María", last_name: "de la Cruz" });
  assert.equal(status, 201);
  assert.deepEqual(
    [body.user.first_name, body.user.last_name, body.user.phone],
    ["Ana María", "de la Cruz", "+12025550123"],
  );
  const again = await events.register({ email, first_name: "Somebody", last_name: "Else" });
  assert.deepEqual([again.status, again.body], taken);
  const rows = await events.stack.database.query<{ sessions: number; given_name: string }>(
    `select (select count(*)::integer from auth.sessions where user_id = u.id) as sessions, p.given_name
     from auth.users as u join public.profiles as p on p.id = u.id where u.email = $1`,
    [email],
  );
  assert.deepEqual(rows, [{ sessions: 2, given_name: "Ana María" }], "a refusal leaves no session behind");
});

Deno.test("an interrupted registration is taken for another password, and for everybody after 15 minutes", async () => {
  const email = await interrupted();
  const other = await events.register({ email, password: "another password" });
  assert.deepEqual([other.status, other.body], taken);
  await events.stack.database.query(
    `update public.profiles set created_at = now() - interval '15 minutes'
     where id = (select id from auth.users where email = $1)`,
    [email],
  );
  const late = await events.register({ email });
  assert.deepEqual([late.status, late.body], taken);
});

Deno.test("what the database could not keep makes no account", async () => {
  for (
    const [field, value, reason] of [
      ["first_name", "An\0a", /first_name must not have a NUL character/],
      ["password", "pass\0word", /password must not have a NUL character/],
      ["password", "ä".repeat(40), /password must have at most 72 bytes/],
    ] as const
  ) {
    const email = someEmail();
    const { status, body } = await events.register({ email, [field]: value });
    assert.equal(status, 400, JSON.stringify(body));
    assert.match(body.error, reason);
    assert.equal(await userCount(email), 0);
  }
});

Deno.test("a refusal of Supabase Auth that nobody knows is no matter of credentials, nor of the e-mail address", async () => {
  const refuse = (status: number, code: string): Project => ({ url }) =>
    url.includes("/auth/v1/signup")
      ? Response.json({ code: status, error_code: code, msg: "Something" }, { status })
      : null;
  const answer = async (status: number, code: string) => {
    const { status: answered, body } = await registerThrough(refuse(status, code), { email: someEmail() });
    return [answered, body.error.replace(/ \(.*/, "")];
  };
  assert.deepEqual((await answer(422, "signup_disabled"))[0], 500);
  const [status, words] = await answer(422, "validation_failed");
  assert.equal(status, 400);
  assert.doesNotMatch(String(words), /email/);
  assert.match(String((await answer(400, "email_address_invalid"))[1]), /email is not valid/);
});
