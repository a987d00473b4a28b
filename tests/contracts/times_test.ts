import assert from "node:assert/strict";
import { z } from "@hono/zod-openapi";
import { utcDateTime } from "../../functions/_shared/http/times.ts";

const Body = z.object({ starts: utcDateTime });

for (
  const text of [
    "0000-06-01T00:00:00",
    "0000-06-01T00:00",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T24:00",
    "9999-12-31T23:59:59-00:01",
  ]
) {
  Deno.test(`${text} is refused with its field: in UTC it is in no year from 1 to 9999`, () => {
    const issues = Body.safeParse({ starts: text }).error?.issues;
    assert.deepEqual(issues?.map(({ path, message }) => [path, message]), [
      [["starts"], "must be a date and time such as 2030-01-15T09:00:00"],
    ]);
  });
}

for (
  const [text, instant] of [
    ["0001-01-01T00:00:00", "0001-01-01T00:00:00.000Z"],
    ["0000-12-31T23:59:00-00:01", "0001-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59", "9999-12-31T23:59:59.000Z"],
    ["2030-01-15 09:00:00.5+02:00", "2030-01-15T07:00:00.000Z"],
  ] as const
) {
  Deno.test(`${text} is the instant ${instant}`, () => {
    assert.equal(Body.parse({ starts: text }).starts, instant);
  });
}
