import assert from "node:assert/strict";
import { type DevProcess, spawnDev, startDev } from "../support/process.ts";
import { within } from "../support/time_limit.ts";

const temporaryFolder = () => Deno.makeTempDir({ prefix: "convene-dev-" });

Deno.test("dev says what it does, is ready within 15 s, answers, and ends cleanly on Ctrl-C", async () => {
  const folders: string[] = [];
  let dev: DevProcess | undefined;
  dev = await within(15_000, async () => {
    dev?.kill("SIGKILL");
    await dev?.ended;
    const folder = await temporaryFolder();
    folders.push(folder);
    return dev = await startDev({ folder });
  });
  assert.match(
    dev.output(),
    /opening PGlite.*installing the platform.*applied \d+ migrations.*sample people/s,
  );
  assert.deepEqual(await (await fetch(`${dev.url}/health`)).json(), { status: "healthy" });
  const login = await fetch(`${dev.url}/functions/v1/sessions/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "facilitator@example.com", password: "password123" }),
  });
  const { access_token, user } = await login.json();
  assert.deepEqual([user.name, user.role], ["John Doe", "facilitator"]);
  const list = await fetch(`${dev.url}/functions/v1/sessions/api/sessions`, {
    headers: { authorization: `Bearer ${access_token}` },
  });
  const titles = (await list.json()).map((session: { title: string }) => session.title);
  assert.ok(
    titles.includes("Morning Meditation") && titles.includes("Weekend Retreat") && titles.length > 10,
  );
  const inbox = await (await fetch(`${dev.url}/console/inbox.json`)).json();
  // Whoever starts it 24 hours before a sample event sees its reminders.
  const letters = inbox.filter(({ subject }: { subject: string }) => !subject.startsWith("Reminder: "));
  assert.deepEqual(letters, [], "nobody hears of sample bookings");

  dev.kill("SIGINT");
  assert.equal(await dev.ended, 0);
  for (const folder of folders) await Deno.remove(folder, { recursive: true });
});

Deno.test("data and keys outlive the process; --fresh drops the data and keeps the keys", async () => {
  const folder = await temporaryFolder();
  const signIn = (url: string) =>
    fetch(`${url}/functions/v1/sessions/api/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "kept@example.com", password: "password123" }),
    });
  const statusOf = async (response: Promise<Response>) => {
    const { status, body } = await response;
    await body?.cancel();
    return status;
  };
  const run = async (args: string[], work: (url: string, key: string) => Promise<void>) => {
    const dev = await startDev({ folder, args: ["--port", "0", ...args] });
    await work(dev.url, dev.keys.publishableKey);
    dev.kill("SIGTERM");
    assert.equal(await dev.ended, 0);
  };
  let firstKey = "";
  await run([], async (url, key) => {
    firstKey = key;
    const response = await fetch(`${url}/functions/v1/sessions/api/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "kept@example.com", password: "password123", name: "Kept" }),
    });
    assert.equal(response.status, 201, await response.text());
  });
  await run([], async (url, key) => {
    assert.equal(key, firstKey);
    assert.equal(await statusOf(signIn(url)), 200);
  });
  await run(["--fresh"], async (url, key) => {
    assert.equal(key, firstKey);
    assert.equal(await statusOf(signIn(url)), 401);
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a second start on a busy port, or on a folder in use, explains itself", async () => {
  const [folder, other] = [await temporaryFolder(), await temporaryFolder()];
  const dev = await startDev({ folder });
  const { port } = new URL(dev.url);

  const busy = spawnDev({ folder: other, args: ["--port", port] });
  assert.equal(await busy.ended, 1);
  assert.match(busy.output(), new RegExp(`Port ${port} is taken`));
  assert.doesNotMatch(busy.output(), /\bat .*\.ts:\d+/);

  const locked = spawnDev({ folder });
  assert.equal(await locked.ended, 1);
  assert.match(locked.output(), /in use by process \d+/);

  const { status } = await fetch(`${dev.url}/health`);
  assert.equal(status, 200, "the first one goes on");
  dev.kill("SIGINT");
  await dev.ended;
  for (const each of [folder, other]) await Deno.remove(each, { recursive: true });
});

Deno.test("a folder whose process was killed can be opened again", async () => {
  const folder = await temporaryFolder();
  const first = await startDev({ folder });
  first.kill("SIGKILL");
  await first.ended;
  const second = await startDev({ folder });
  assert.equal((await fetch(`${second.url}/health`)).status, 200);
  second.kill("SIGINT");
  assert.equal(await second.ended, 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("dev ends on Ctrl-C although a client never finishes its request", async () => {
  const folder = await temporaryFolder();
  const dev = await startDev({ folder });
  const client = await Deno.connect({ port: Number(new URL(dev.url).port) });
  const head = "POST /functions/v1/sessions/api/auth/login HTTP/1.1\r\nhost: localhost\r\n" +
    "content-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
  await client.write(new TextEncoder().encode(head));
  await new Promise((resolve) => setTimeout(resolve, 500));

  const stoppedAt = performance.now();
  dev.kill("SIGINT");
  assert.equal(await dev.ended, 0);
  assert.ok(performance.now() - stoppedAt < 60_000, "the client is waited for a few seconds");
  client.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a wrong argument is answered with the usage", async () => {
  for (const args of [["--port", "none"], ["--unknown"]]) {
    const dev = spawnDev({ folder: "/nonexistent", args });
    assert.equal(await dev.ended, 2);
    assert.match(dev.output(), /deno task dev \[--port N\]/);
  }
});

Deno.test("a database that cannot be reached is explained", async () => {
  const folder = await temporaryFolder();
  const dev = spawnDev({ folder, databaseUrl: "postgres://nobody@127.0.0.1:1/none" });
  assert.equal(await dev.ended, 1);
  assert.match(dev.output(), /PostgreSQL.*127\.0\.0\.1:1/s);
  assert.doesNotMatch(dev.output(), /\bat .*\.ts:\d+/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "a disk that is full, or cannot be written, is explained",
  ignore: !await canMount(),
  fn: async () => {
    for (
      const [options, words] of [["size=20m", /disk is full/], [
        "size=20m,ro",
        /Read-only|cannot be written/,
      ]] as const
    ) {
      const folder = await temporaryFolder();
      await mount("-t", "tmpfs", "-o", options, "tmpfs", folder);
      const dev = spawnDev({ folder: `${folder}/data` });
      assert.equal(await dev.ended, 1);
      assert.match(dev.output(), words);
      assert.match(dev.output(), /--memory/);
      assert.doesNotMatch(dev.output(), /\bat .*\.ts:\d+/);
      await new Deno.Command("umount", { args: [folder] }).output();
    }
  },
});

async function mount(...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command("mount", { args, stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

/** A small disk is a mount of our own, which takes root. */
async function canMount(): Promise<boolean> {
  const folder = await temporaryFolder();
  const isMounted = await mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", folder);
  if (isMounted) await new Deno.Command("umount", { args: [folder] }).output();
  // deno-lint-ignore no-console -- the reader of the tests' output should know
  else console.log("Skipped without root: a disk that is full is a mount of the test's own.");
  return isMounted;
}
