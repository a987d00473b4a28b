import assert from "node:assert/strict";
import { Inbox } from "../../local/inbox.ts";
import { receiveMail } from "../../local/resend.ts";

const apiKey = "re_of_the_test";
let inbox: Inbox;
Deno.test.beforeEach(() => void (inbox = new Inbox()));

function send(mail: unknown, { headers = {} }: { headers?: Record<string, string> } = {}) {
  const request = new Request("http://127.0.0.1/simulators/resend/emails", {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", ...headers },
    body: typeof mail === "string" ? mail : JSON.stringify(mail),
  });
  return receiveMail(request, { inbox, apiKey });
}

const mail = { to: "user@example.com", subject: "Hello", text: "Some text" };

Deno.test("a message with the functions' key is in the inbox, once per Idempotency-Key", async () => {
  const ids: string[] = [];
  for (let time = 0; time < 2; time++) {
    const response = await send(mail, { headers: { "idempotency-key": "delivery-1" } });
    assert.equal(response.status, 200);
    ids.push((await response.json()).id);
  }
  assert.deepEqual(inbox.list().map(({ id }) => [id, id]), [ids]);
});

Deno.test("what any website could send, without the functions' key, is not in the inbox", async () => {
  for (const authorization of ["", "Bearer", "Bearer local", apiKey]) {
    const response = await send(mail, { headers: { authorization, "content-type": "text/plain" } });
    assert.equal(response.status, 401);
    assert.equal((await response.json()).statusCode, 401);
  }
  assert.deepEqual(inbox.list(), []);
});

for (const subject of ["Two\nlines", "Two\r\nlines", "Two\rlines"]) {
  Deno.test(`the subject ${JSON.stringify(subject)} is refused with 422, as Resend does`, async () => {
    const response = await send({ ...mail, subject });
    assert.equal(response.status, 422);
    assert.equal((await response.json()).name, "validation_error");
    assert.deepEqual(inbox.list(), []);
  });
}

Deno.test("a message without what it needs, or of too many bytes, is refused", async () => {
  assert.equal((await send({ to: "user@example.com" })).status, 422);
  assert.equal((await send("{")).status, 422);
  assert.equal((await send({ ...mail, text: "x".repeat(11 * 1024 * 1024) })).status, 413);
  assert.deepEqual(inbox.list(), []);
});

Deno.test("the oldest Idempotency-Keys are forgotten, the latest are known", () => {
  const add = (key: string) => inbox.addOnce(key, { kind: "email", ...mail });
  const [first, second] = [add("0"), add("1")];
  for (let count = 2; count <= 10_000; count++) add(String(count));
  assert.equal(add("1"), second);
  assert.notEqual(add("0"), first);
});
