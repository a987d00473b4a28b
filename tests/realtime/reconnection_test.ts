import assert from "node:assert/strict";
import postgres from "postgres";
import { broadcastsOf, databaseUrl, type Project, startProject, subscribed, watch } from "./support.ts";

let project: Project;
Deno.test.beforeAll(async () => void (project = await startProject()));
Deno.test.afterAll(() => project.close());

const isPrivate = { config: { private: true } };
const needsServer = { ignore: !databaseUrl };
if (!databaseUrl) {
  // deno-lint-ignore no-console
  console.log("Skipped without DATABASE_URL: PGlite listens in this process, so its LISTEN cannot be lost.");
}

Deno.test("a client whose connection was dropped joins again with its current token and receives again", async () => {
  const { id, token } = await project.person();
  let current = token;
  await using client = project.client(() => current);
  const channel = client.channel(`user:${id}`, isPrivate);
  const received = broadcastsOf(channel);
  const statuses = await watch(channel);
  assert.equal((await statuses.next()).status, "SUBSCRIBED");
  current = await project.tokens.sign({ sub: id, role: "authenticated" }, 3600);
  await client.realtime.setAuth();
  project.realtime.dropSockets();
  assert.equal((await statuses.next()).status, "CHANNEL_ERROR");
  assert.equal((await statuses.next()).status, "SUBSCRIBED");
  await project.send(`user:${id}`, { n: 1 });
  assert.equal((await received.next()).payload.n, 1);
});

Deno.test("dropping the connections ends the presence of those who were on them", async () => {
  const topic = `room:${crypto.randomUUID()}`;
  await using client = project.client();
  const channel = client.channel(topic, { config: { presence: { key: "me", enabled: true } } });
  const statuses = await watch(channel);
  await statuses.next();
  await channel.track({ on: 1 });
  project.realtime.dropSockets();
  await statuses.find(({ status }) => status === "SUBSCRIBED");
  await using other = project.client();
  const observer = other.channel(topic, { config: { presence: { enabled: true } } });
  const synced = new Promise<void>((resolve) => observer.on("presence", { event: "sync" }, () => resolve()));
  await subscribed(observer);
  await synced;
  assert.deepEqual(observer.presenceState(), {});
});

/** Does something on the server, outside the project's own connections. */
async function onServer<Answer>(work: (sql: postgres.Sql, name: string) => Promise<Answer>): Promise<Answer> {
  const [row] = await project.database.query<{ name: string }>("select current_database() as name");
  const sql = postgres(databaseUrl!, { max: 1, onnotice: () => {} });
  try {
    return await work(sql, row!.name);
  } finally {
    await sql.end();
  }
}

Deno.test({
  ...needsServer,
  name: "messages sent while the LISTEN connection is lost arrive once, in order, when it is back",
  fn: async () => {
    const { id, token } = await project.person();
    await using client = project.client(() => token);
    const channel = client.channel(`user:${id}`, isPrivate);
    const received = broadcastsOf(channel);
    await subscribed(channel);
    await project.send(`user:${id}`, { n: 0 });
    assert.equal((await received.next()).payload.n, 0);
    await onServer(async (sql, name) => {
      await sql.unsafe(`alter database ${name} allow_connections false`);
      const ended = await sql`
        select pg_terminate_backend(pid, 5000)
        from pg_stat_activity
        where datname = ${name} and query ilike 'listen%realtime_messages%'`;
      assert.equal(ended.length, 1, "there was one listener");
      for (let n = 1; n <= 20; n++) await project.send(`user:${id}`, { n });
      await sql.unsafe(`alter database ${name} allow_connections true`);
    });
    const missed = await received.take(20);
    assert.deepEqual(missed.map((message) => message.payload.n), Array.from({ length: 20 }, (_, n) => n + 1));
    await project.send(`user:${id}`, { n: 21 });
    assert.equal((await received.next()).payload.n, 21, "and the new LISTEN works");
    assert.deepEqual(received.items, []);
  },
});

Deno.test({
  ...needsServer,
  name: "every committed message arrives exactly once while the server keeps ending our connections",
  fn: async () => {
    const { id, token } = await project.person();
    await using client = project.client(() => token);
    const channel = client.channel(`user:${id}`, isPrivate);
    const received = broadcastsOf(channel);
    await subscribed(channel);
    await onServer(async (sql, name) => {
      for (let round = 0; round < 10; round++) {
        // Not those that have just come: the driver does not stand losing a connection while it asks for the types.
        await sql`
          select pg_terminate_backend(pid)
          from pg_stat_activity
          where datname = ${name} and query <> '' and query not like '%pg_type%'`;
        await inOneSession(name, async (session) => {
          for (let n = 0; n < 10; n++) {
            await session`select realtime.send(${
              session.json({ n: round * 10 + n })
            }, 'note', ${`user:${id}`})`;
          }
        });
      }
    });
    const numbers = (await received.take(100)).map((message) => Number(message.payload.n));
    assert.deepEqual(numbers.toSorted((a, b) => a - b), Array.from({ length: 100 }, (_, n) => n));
    await project.send(`user:${id}`, { n: 100 });
    assert.equal((await received.next()).payload.n, 100);
    assert.deepEqual(received.items, []);
  },
});

async function inOneSession(name: string, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const url = new URL(databaseUrl!);
  url.pathname = name;
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  await work(sql);
  await sql.end();
}
