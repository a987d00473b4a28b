import assert from "node:assert/strict";
import { createRealtime } from "../../local/realtime/server.ts";
import { broadcastsOf, RawSocket, startProject, subscribed } from "./support.ts";

const strict = { sanitizeOps: true, sanitizeResources: true, sanitizeExit: true };

Deno.test({
  ...strict,
  name: "close ends timers, the LISTEN and sockets, whatever was going on",
  fn: async () => {
    const project = await startProject();
    const { id, token } = await project.person();
    const client = project.client(() => token);
    const channel = client.channel(`user:${id}`, { config: { private: true } });
    const received = broadcastsOf(channel);
    await subscribed(channel);
    await project.send(`user:${id}`, {});
    await received.next();
    const raw = await RawSocket.open(project);
    raw.send(["1", "1", "realtime:room:1", "phx_join", { config: { private: true }, access_token: token }]);
    raw.send(["1", "2", "realtime:room:1", "broadcast", { event: "e" }]);
    await client[Symbol.asyncDispose]();
    await project.close();
    await raw.closed;
  },
});

Deno.test("a closed server refuses newcomers and leaves the database open", async () => {
  const project = await startProject();
  await project.realtime.close();
  await assert.rejects(RawSocket.open(project));
  const headers = { apikey: project.keys.publishableKey };
  const response = await fetch(`${project.url}/realtime/v1/api/broadcast`, {
    method: "POST",
    headers,
    body: "{}",
  });
  assert.deepEqual([response.status, await response.json()], [
    503,
    { message: "Realtime is restarting, please standby" },
  ]);
  assert.deepEqual(await project.database.query("select 1 as one"), [{ one: 1 }]);
  await project.close();
});

Deno.test("messages older than three days are deleted at start, younger ones stay", async () => {
  const project = await startProject();
  await project.database.query(`
    insert into realtime.messages (topic, extension, event, payload, inserted_at)
    select age, 'broadcast', 'old', '{}', localtimestamp - age::interval
    from unnest(array['1 year', '73 hours', '71 hours', '1 second']) as age`);
  const { database, tokens, keys } = project;
  const realtime = await createRealtime({ ...keys, database, tokens });
  const rows = await database.query<{ topic: string }>(
    "select topic from realtime.messages order by inserted_at",
  );
  assert.deepEqual(rows.map((row) => row.topic), ["71 hours", "1 second"]);
  await realtime.close();
  await project.close();
});
