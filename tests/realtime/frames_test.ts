import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeFrame, encodeBroadcast, encodeFrame } from "../../local/realtime/frames.ts";

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const ref = fc.option(fc.oneof(fc.string(), fc.integer()));
const payload = fc.dictionary(fc.string(), fc.jsonValue());

Deno.test("reading never throws, whatever arrives", () => {
  fc.assert(fc.property(fc.string(), fc.constantFrom("1.0.0" as const, "2.0.0" as const), (data, vsn) => {
    decodeFrame(data, vsn);
  }));
  fc.assert(fc.property(fc.json(), fc.constantFrom("1.0.0" as const, "2.0.0" as const), (data, vsn) => {
    decodeFrame(data, vsn);
  }));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(5), (bytes, kind) => {
    decodeFrame(new Uint8Array([kind, ...bytes]).buffer, "2.0.0");
  }));
});

Deno.test("a frame of version 2.0.0 is read as it was written", () => {
  fc.assert(fc.property(ref, ref, text, text, payload, (joinRef, ref, topic, event, payload) => {
    const read = decodeFrame(encodeFrame({ joinRef, ref, topic, event, payload }, "2.0.0"), "2.0.0");
    const written = JSON.parse(JSON.stringify({ joinRef, ref, topic, event, payload }));
    assert.deepEqual({ ...read, broadcast: undefined }, { ...written, broadcast: undefined });
  }));
});

Deno.test("a broadcast is written in the binary form that the official client reads", () => {
  fc.assert(fc.property(text, text, fc.uint8Array(), (topic, event, bytes) => {
    const message = { form: "message", event, encoding: "binary", payload: new Uint8Array(bytes) } as const;
    const encoded = encodeBroadcast(topic, message, "2.0.0");
    const size = (value: string) => new TextEncoder().encode(value).length;
    if (size(topic) > 255 || size(event) > 255) return assert.equal(encoded, null);
    assert.ok(encoded instanceof Uint8Array);
    assert.deepEqual([...encoded.subarray(0, 5)], [4, size(topic), size(event), 0, 0]);
    const head = new TextDecoder().decode(encoded.subarray(5, 5 + size(topic) + size(event)));
    assert.equal(head, topic + event);
    assert.deepEqual([...encoded.subarray(5 + size(topic) + size(event))], [...bytes]);
  }));
});

Deno.test("a message whose names are too long for the binary form goes out as text", () => {
  const payload = new TextEncoder().encode('{"n":1}');
  const event = "e".repeat(256);
  const encoded = encodeBroadcast(
    "t",
    { form: "message", event, encoding: "json", payload, id: "1" },
    "2.0.0",
  );
  assert.ok(typeof encoded === "string");
  const body = { type: "broadcast", event, payload: { n: 1 }, meta: { id: "1" } };
  assert.deepEqual(JSON.parse(encoded), [null, null, "t", "broadcast", body]);
});
