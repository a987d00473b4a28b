import assert from "node:assert/strict";
import { postPinned } from "../../functions/_shared/integrations/webhooks/post.ts";
import { within } from "../support/time_limit.ts";

/** Posts to somebody who answers these bytes, whatever is asked. */
async function statusOf(answer: string): Promise<number> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answered = listener.accept().then(async (connection) => {
    await connection.read(new Uint8Array(4096));
    const bytes = new TextEncoder().encode(answer);
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    connection.close();
  });
  try {
    return await postPinned(`http://127.0.0.1:${listener.addr.port}/`, {
      headers: {},
      body: "{}",
      signal: AbortSignal.timeout(5000),
      privateHost: "127.0.0.1",
    });
  } finally {
    await answered;
  }
}

const informational = "HTTP/1.1 100 \r\n\r\n";

Deno.test("the status of an answer is the first that is not informational", async () => {
  assert.equal(await statusOf("HTTP/1.1 204 No Content\r\n\r\n"), 204);
  assert.equal(
    await statusOf("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 410 Gone\r\n\r\n"),
    410,
  );
  assert.equal(await statusOf(`${informational.repeat(30)}HTTP/1.0 500 No\r\n\r\n`), 500);
});

Deno.test("an answer that is no HTTP, or never more than informational, is none", async () => {
  for (const answer of ["", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 600 \r\n\r\n", informational]) {
    await assert.rejects(statusOf(answer), new TypeError("The answer is not HTTP"));
  }
});

// The first are few enough that a pattern which tries every way ends at all, late.
for (const count of [30, 200]) {
  Deno.test(`${count} informational answers keep the worker busy for less than a second`, async () => {
    await within(1000, () => assert.rejects(statusOf(informational.repeat(count)), TypeError));
  });
}
