import assert from "node:assert/strict";
import { Events, type Member, password } from "./support.ts";

let events: Events;
let reader: Member;
Deno.test.beforeAll(async () => {
  events = await Events.start();
  reader = await events.member();
});
Deno.test.afterAll(() => events.close());

const get = (path: string) => events.call("GET", path, { token: reader.token });

Deno.test("GET /api/facilitators/ lists active facilitators by name, without contact data", async () => {
  const [zoe, abel] = [await events.provider("Zoe"), await events.provider("Abel")];
  await abel.client.from("providers").update({ bio: "Bakes", specialization: "Bread" }).eq("id", abel.id);
  const { status, body } = await get("/api/facilitators/?per_page=100");
  assert.equal(status, 200);
  const ids = body.facilitators.map(({ id }: { id: string }) => id);
  assert.ok(ids.indexOf(abel.id) < ids.indexOf(zoe.id) && ids.includes(abel.id));
  assert.deepEqual(body.facilitators[ids.indexOf(abel.id)], {
    id: abel.id,
    name: "Abel",
    bio: "Bakes",
    specialization: "Bread",
  });
  assert.equal(body.pagination.total, ids.length);
  assert.ok(!JSON.stringify(body).includes(abel.email));
});

Deno.test("GET /api/facilitators/{facilitator_id} answers one, and 404 for others and for one who left", async () => {
  const provider = await events.provider("Kenji");
  const { status, body } = await get(`/api/facilitators/${provider.id}`);
  assert.equal(status, 200);
  assert.equal(body.facilitator.name, "Kenji");
  await provider.client.rpc("delete_my_account");
  for (const id of [reader.id, provider.id, crypto.randomUUID(), "7"]) {
    const unknown = await get(`/api/facilitators/${id}`);
    assert.deepEqual([unknown.status, unknown.body], [404, { error: "Facilitator not found" }]);
  }
});

Deno.test("GET /api/facilitators/{facilitator_id}/events lists all of them, whatever their status", async () => {
  const provider = await events.provider();
  assert.deepEqual((await get(`/api/facilitators/${provider.id}/events`)).body.events, []);
  await events.event(provider, { title: "Kept" });
  await provider.client.rpc("cancel_event", { event_id: await events.event(provider, { title: "Off" }) });
  const { status, body } = await get(`/api/facilitators/${provider.id}/events`);
  assert.equal(status, 200);
  assert.deepEqual(
    body.events.map(({ title, status }: Record<string, string>) => [title, status]).sort(),
    [["Kept", "ACTIVE"], ["Off", "CANCELLED"]],
  );
  assert.equal((await get(`/api/facilitators/${reader.id}/events`)).status, 404);
});

Deno.test("POST /api/facilitators/login signs a facilitator in, and refuses others with 403", async () => {
  const provider = await events.provider("Lucía");
  const login = (email: string, password: string) =>
    events.call("POST", "/api/facilitators/login", { body: { email, password } });
  const { status, body } = await login(provider.email, provider.password);
  assert.equal(status, 200);
  assert.deepEqual([body.facilitator.id, body.user.id], [provider.id, provider.id]);
  assert.ok(body.access_token && body.refresh_token);
  const { email } = await events.member();
  assert.equal((await login(email, "securepassword123")).status, 403);
  assert.equal((await login(provider.email, "wrong password")).status, 401);
});

Deno.test("POST /api/facilitators/login leaves no session of somebody whom it refuses", async () => {
  const { id, email } = await events.member();
  const sessions = () =>
    events.stack.database.query<{ id: string }>(
      "select id from auth.sessions where user_id = $1 order by id",
      [
        id,
      ],
    );
  const before = await sessions();
  const { status } = await events.call("POST", "/api/facilitators/login", { body: { email, password } });
  assert.equal(status, 403);
  assert.ok(before.length > 0);
  assert.deepEqual(await sessions(), before);
});

Deno.test("GET /health tells that the database is connected", async () => {
  const { status, body } = await events.call("GET", "/health");
  assert.deepEqual([status, body], [200, { status: "healthy", database: "connected" }]);
});
